/* command.h - a program's commands: found by their words, and their help. */
#ifndef COMMON_COMMAND_H
#define COMMON_COMMAND_H

#include "common/buf.h"
#include "common/options.h"
#include "common/status.h"

struct command {
	const char *name;    /* one word or two: member add */
	const char *usage;   /* what follows it; "" nothing */
	const char *summary; /* one line for the list of all */
	const char *details; /* lines for its own help; "" none */
	enum status (*run)(void *context, struct words *words, struct why *why);
};

struct program {
	const char *name;
	const char *usage;   /* after the name: [-r FILE] … COMMAND */
	const char *about;   /* lines before the list of commands */
	const char *options; /* lines after it */
	const struct command *commands; /* a NULL name ends them */
};

/*
 * The command that the first words name; those words are taken off. Other
 * than a known one is ST_USAGE, with the nearest name.
 */
MUST_CHECK enum status command_find(const struct program *p,
	struct words *words, const struct command **out, struct why *why);

/* Is `option` (--help) among the words, before a -- that ends options? */
bool words_ask(const struct words *words, const char *option);

/* Help on what the words name: a command, a group such as member, or all. */
void command_help(
	const struct program *p, const struct words *words, struct buf *out);

/* All words in one text, with blanks between. */
void words_join(const struct words *words, size_t from, struct buf *out);

/* Exactly this many words, at least `least` and at most `most`? ST_USAGE with
 * the command's usage. */
MUST_CHECK enum status words_count(const struct words *words, size_t least,
	size_t most, const char *usage, struct why *why);

/* Say on standard error what `why` holds, as "PROGRAM: what happened: what to
 * do", safe for a terminal. Nothing for ST_OK. */
void command_complain(
	const char *program, enum status st, const struct why *why);

/* Say there, in the same form, what is no failure: that an answer is empty. */
void command_note(const char *program, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
