#include "common/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "common/table.h"

#define NAME_COLUMN 17 /* where summaries begin, if the name leaves room */

/* How many of the words spell the command's whole name; 0: they do not. */
static size_t
words_of_name(const struct command *c, const struct words *words)
{
	const char *name = c->name;
	size_t n = 0;

	while (*name) {
		size_t len = strcspn(name, " ");

		if (n >= words->count || strlen(words->items[n]) != len ||
			memcmp(words->items[n], name, len) != 0)
			return 0;
		n++;
		name += len + strspn(name + len, " ");
	}
	return n;
}

/* Is `word` the first of this command's two? */
static bool
in_group(const struct command *c, const char *word)
{
	size_t len = strlen(word);

	return strncmp(c->name, word, len) == 0 && c->name[len] == ' ';
}

static enum status
unknown_command(
	const struct program *p, const struct words *words, struct why *why)
{
	struct nearest near = {.typed = words->items[0]};
	struct buf typed = BUF_INIT, choices = BUF_INIT;
	char hint[NEAREST_HINT_MAX];
	enum status st;

	for (const struct command *c = p->commands; c->name; c++)
		if (in_group(c, words->items[0]))
			buf_printf(&choices, "%s%s", choices.len ? ", " : "",
				c->name);
	words_join(words, 0, &typed);
	if (choices.len && words->count > 1)
		near.typed = buf_text(&typed);
	for (const struct command *c = p->commands; c->name; c++)
		nearest_offer(&near, c->name);
	nearest_hint(&near, hint);
	if (choices.len)
		st = why_set(why, ST_USAGE, "'%.60s' is no command: choose %s",
			buf_text(&typed), buf_text(&choices));
	else
		st = why_set(why, ST_USAGE, "'%.60s' is no command: %s",
			words->items[0], hint[0] ? hint + 2 : "see --help");
	buf_release(&typed);
	buf_release(&choices);
	return st;
}

enum status
command_find(const struct program *p, struct words *words,
	const struct command **out, struct why *why)
{
	for (const struct command *c = p->commands; c->name; c++) {
		size_t n = words_of_name(c, words);

		if (!n)
			continue;
		words->items += n;
		words->count -= n;
		*out = c;
		return ST_OK;
	}
	*out = NULL;
	return unknown_command(p, words, why);
}

bool
words_ask(const struct words *words, const char *option)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->items[i], "--") == 0)
			return false;
		if (strcmp(words->items[i], option) == 0)
			return true;
	}
	return false;
}

static void
help_line(const struct command *c, struct buf *out)
{
	size_t len = strlen(c->name);

	buf_printf(out, "  %s", c->name);
	while (len++ < NAME_COLUMN)
		buf_putc(out, ' ');
	buf_printf(out, "%s\n", c->summary);
}

/* The next piece of a usage: a word, or a whole [group of words]. */
static size_t
usage_piece(const char *usage)
{
	size_t len = 0;
	int depth = 0;

	while (usage[len] && (depth || usage[len] != ' ')) {
		depth += usage[len] == '[';
		depth -= usage[len] == ']';
		len++;
	}
	return len;
}

/* "usage: NAME" and what follows it, which goes on below its beginning. */
static void
put_usage(const char *name, const char *usage, struct buf *out)
{
	size_t indent = strlen("usage: ") + strlen(name), at = indent;

	buf_printf(out, "usage: %s", name);
	while (*usage) {
		size_t len = usage_piece(usage);

		if (at > indent && at + 1 + len > TABLE_WIDTH) {
			buf_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		}
		buf_putc(out, ' ');
		buf_add(out, usage, len);
		at += 1 + len;
		usage += len + strspn(usage + len, " ");
	}
	buf_putc(out, '\n');
}

static void
help_of(const struct program *p, const struct command *c, struct buf *out)
{
	char *name = mem_printf("%s %s", p->name, c->name);

	put_usage(name, c->usage, out);
	buf_printf(out, "\n%s.\n", c->summary);
	free(name);
	if (c->details[0])
		buf_printf(out, "\n%s", c->details);
}

static void
help_all(const struct program *p, const char *group, struct buf *out)
{
	put_usage(p->name, p->usage, out);
	buf_putc(out, '\n');
	if (!group)
		buf_printf(out, "%s\n", p->about);
	for (const struct command *c = p->commands; c->name; c++)
		if (!group || in_group(c, group))
			help_line(c, out);
	if (!group)
		buf_printf(out, "\n%s", p->options);
}

void
command_help(
	const struct program *p, const struct words *words, struct buf *out)
{
	const char *group = NULL;

	for (const struct command *c = p->commands; c->name; c++) {
		if (words_of_name(c, words)) {
			help_of(p, c, out);
			return;
		}
		if (words->count && in_group(c, words->items[0]))
			group = words->items[0];
	}
	help_all(p, group, out);
}

void
words_join(const struct words *words, size_t from, struct buf *out)
{
	for (size_t i = from; i < words->count; i++)
		buf_printf(out, "%s%s", i > from ? " " : "", words->items[i]);
}

/* "-r", "-d": an option of the program's own, behind the command. NULL: none. */
static const char *
program_option(const struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *w = words->items[i];

		if (w[0] == '-' && isalpha((unsigned char)w[1]) && !w[2])
			return w;
	}
	return NULL;
}

enum status
words_count(const struct words *words, size_t least, size_t most,
	const char *usage, struct why *why)
{
	const char *late = program_option(words);

	if (words->count >= least && words->count <= most)
		return ST_OK;
	if (words->count > most && late)
		return why_set(why, ST_USAGE,
			"%s stands before the command: write it there, and "
			"then %s",
			late, usage);
	return why_set(why, ST_USAGE, "%s: write %s",
		words->count < least ? "something is missing"
				     : "there is a word too many",
		usage);
}

static void
say(const char *program, const char *text)
{
	struct buf line = BUF_INIT;

	put_shown(&line, text, 0);
	fprintf(stderr, "%s: %s\n", program, buf_text(&line));
	buf_release(&line);
}

void
command_complain(const char *program, enum status st, const struct why *why)
{
	if (st && why->text[0])
		say(program, why->text);
}

void
command_note(const char *program, const char *fmt, ...)
{
	struct why said;
	va_list ap;

	va_start(ap, fmt);
	why_put(&said, fmt, ap);
	va_end(ap);
	say(program, said.text);
}
