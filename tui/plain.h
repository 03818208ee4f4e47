/*
 * plain.h - the screens as numbered lines and questions, for screen readers,
 * terminals without a cursor, and scripts. The same views as on the screens are
 * drawn into memory; what is read is what changed or is asked.
 */
#ifndef TUI_PLAIN_H
#define TUI_PLAIN_H

#include "tui/screens.h"

/*
 * Take lines from standard input and print what they do, until the person
 * leaves or the input ends; drafts are kept either way. Either may be a
 * terminal, a pipe or a file. ST_FILE: standard output cannot be written.
 */
MUST_CHECK enum status plain_run(
	struct replica *r, const struct screens_options *o, struct why *why);

#endif
