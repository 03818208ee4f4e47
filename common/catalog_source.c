#include "common/catalog_source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

enum status
source_parse(struct source *s, struct why *why)
{
	struct why inner;
	enum status st = json_parse(s->text, s->len, true, &s->tree, &inner);

	if (st)
		return why_set(why, st, "%s: %.400s", s->file, inner.text);
	if (cJSON_IsObject(s->tree))
		return ST_OK;
	source_release(s);
	return why_set(
		why, ST_DATA, "%s:1: an object in { } is needed", s->file);
}

void
source_release(struct source *s)
{
	cJSON_Delete(s->tree);
	s->tree = NULL;
}

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *
find_word(const char *from, const char *word)
{
	char *quoted = mem_printf("\"%s\"", word);
	const char *at = strstr(from, quoted);

	free(quoted);
	return at;
}

/* Where `"name": "NAME"` stands after `from`, or NULL. */
static const char *
find_named(const char *from, const char *name)
{
	size_t len = strlen(name);

	while ((from = find_word(from, "name"))) {
		const char *p = skip_blanks(from + strlen("\"name\""));

		from += 1;
		if (*p != ':')
			continue;
		p = skip_blanks(p + 1);
		if (*p == '"' && strncmp(p + 1, name, len) == 0 &&
			p[len + 1] == '"')
			return p;
	}
	return NULL;
}

static size_t
line_of(const struct place *at)
{
	const char *p = at->source->text, *next;
	size_t line = 1;

	if (at->kind && (next = find_named(p, at->kind)))
		p = next;
	if (at->field && (next = find_named(p, at->field)))
		p = next;
	if (at->word && (next = find_word(p, at->word)))
		p = next;
	for (const char *q = at->source->text; q < p; q++)
		line += *q == '\n';
	return line;
}

enum status
source_wrong(const struct place *at, struct why *why, const char *fmt, ...)
{
	char text[WHY_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return why_set(why, ST_DATA, "%s:%zu: %s%s%s%s%s", at->source->file,
		line_of(at), at->kind ? at->kind : "", at->field ? "." : "",
		at->field ? at->field : "", at->kind ? ": " : "", text);
}

static bool
all_items(const cJSON *array, bool objects)
{
	const cJSON *item;

	if (!cJSON_IsArray(array))
		return false;
	cJSON_ArrayForEach (item, array)
		if (!(objects ? cJSON_IsObject(item) : cJSON_IsString(item)))
			return false;
	return true;
}

static const char *
shape_wrong(const cJSON *member, const struct member_rule *rule)
{
	int64_t number;

	switch (rule->shape) {
	case MEMBER_TEXT:
		return cJSON_IsString(member) ? NULL : "a text";
	case MEMBER_TRUE:
		return cJSON_IsBool(member) ? NULL : "true or false";
	case MEMBER_INT:
		return json_is_int(member, &number) ? NULL : "a whole number";
	case MEMBER_TEXTS:
		return all_items(member, false) ? NULL : "a list of texts";
	case MEMBER_OBJECTS:
		return all_items(member, true) ? NULL : "a list of objects";
	default:
		return cJSON_IsObject(member) ? NULL : "an object";
	}
}

static const struct member_rule *
rule_of(const struct member_rule *rules, const char *name)
{
	for (; rules->name; rules++)
		if (strcmp(rules->name, name) == 0)
			return rules;
	return NULL;
}

enum status
source_members(const struct place *at, const cJSON *object,
	const struct member_rule *rules, struct why *why)
{
	struct place here = *at;
	const cJSON *member;

	cJSON_ArrayForEach (member, object) {
		const struct member_rule *rule = rule_of(rules, member->string);
		const char *wrong = rule ? shape_wrong(member, rule) : NULL;

		here.word = member->string;
		if (!rule)
			return source_wrong(&here, why,
				"'%.60s' means nothing here: remove it or "
				"correct its spelling",
				member->string);
		if (wrong)
			return source_wrong(&here, why, "'%s' must be %s",
				member->string, wrong);
	}
	for (; rules->name; rules++)
		if (rules->required && !json_get(object, rules->name))
			return source_wrong(
				at, why, "'%s' is missing", rules->name);
	return ST_OK;
}
