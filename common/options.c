#include "common/options.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/nearest.h"

/* The option that `word` names, with what follows its = in *value. */
static const struct option_word *
find_option(
	const struct option_word *known, const char *word, const char **value)
{
	size_t len = strcspn(word, "=");

	if (word[1] != '-')
		len = strlen(word);
	*value = word[len] ? word + len + 1 : NULL;
	for (; known->name; known++)
		if (strlen(known->name) == len &&
			memcmp(known->name, word, len) == 0)
			return known;
	return NULL;
}

static enum status
unknown_option(
	const struct option_word *known, const char *word, struct why *why)
{
	struct nearest near = {.typed = word};
	char hint[NEAREST_HINT_MAX];

	for (; known->name; known++)
		nearest_offer(&near, known->name);
	nearest_hint(&near, hint);
	return why_set(why, ST_USAGE, "unknown option %.60s: %s", word,
		hint[0] ? hint + 2 : "see --help");
}

/* Take one option at words[*i]; *i is left at its last word. */
static enum status
take_option(struct words *words, size_t *i, const struct option_word *o,
	const char *value, struct why *why)
{
	if (!o->value && value)
		return why_set(why, ST_USAGE, "%s takes no value: leave it out",
			o->name);
	if (o->value && !value) {
		if (*i + 1 >= words->count)
			return why_set(why, ST_USAGE,
				"%s lacks its value: write it after the option",
				o->name);
		value = words->items[++*i];
	}
	if (o->value)
		*o->value = value;
	if (o->given)
		*o->given = true;
	return ST_OK;
}

enum status
options_take(struct words *words, const struct option_word *known, bool leading,
	struct why *why)
{
	size_t kept = 0, i = 0;

	for (; i < words->count; i++) {
		const struct option_word *o = NULL;
		char *word = words->items[i];
		const char *value = NULL;
		enum status st;

		if (strcmp(word, "--") == 0) {
			i++;
			break;
		}
		if (word[0] == '-' && word[1])
			o = find_option(known, word, &value);
		if (o) {
			st = take_option(words, &i, o, value, why);
			if (st)
				return st;
		} else if (strncmp(word, "--", 2) == 0) {
			return unknown_option(known, word, why);
		} else if (leading) {
			break;
		} else {
			words->items[kept++] = word;
		}
	}
	while (i < words->count)
		words->items[kept++] = words->items[i++];
	words->count = kept;
	return ST_OK;
}

char *
options_path(const char *given, const char *variable, const char *below)
{
	const char *named = variable ? getenv(variable) : NULL;
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (given)
		return mem_text(given);
	if (named && *named)
		return mem_text(named);
	if (data && *data)
		return mem_printf("%s/%s", data, below);
	return mem_printf("%s/.local/share/%s", home ? home : "", below);
}
