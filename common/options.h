/*
 * options.h - a command line's words and options, as both programs take them.
 *
 * Options are words that begin with --, and -r, -d and the like where they are
 * known; any other word with one dash is an ordinary word (-field:value). A
 * value follows as the next word or after =. The word -- ends the options.
 */
#ifndef COMMON_OPTIONS_H
#define COMMON_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

struct option_word {
	const char *name;   /* --sort, -r; NULL ends an array of them */
	const char **value; /* where its value goes; NULL: it takes none */
	bool *given;	    /* set when it is there; may be NULL */
};

struct words {
	char **items; /* borrowed from argv */
	size_t count;
};

/*
 * Take the options out of `words`, leaving the others in their order. With
 * `leading` it stops at the first ordinary word: the command's own options
 * stay. ST_USAGE: unknown (with the nearest), or a value lacks.
 */
MUST_CHECK enum status options_take(struct words *words,
	const struct option_word *known, bool leading, struct why *why);

/*
 * Where a program's own file is: as given, as the variable of the environment
 * says (NULL: none), or at `below` in this account's data folder
 * (XDG_DATA_HOME, else ~/.local/share). A new string.
 */
char *options_path(const char *given, const char *variable, const char *below);

#endif
