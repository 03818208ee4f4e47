/* screens.h - everything a person sees, from start to end. */
#ifndef TUI_SCREENS_H
#define TUI_SCREENS_H

#include <stdbool.h>

#include "common/replica.h"
#include "tui/look.h"

struct screens_options {
	struct wishes look;
	bool restricted;  /* no suspending: nothing of the machine in reach */
	int lock_minutes; /* without a key; 0 never */
	const char *kind, *id, *query; /* what to open; NULL kind: Today */
	/* The user's files; NULL: the usual places. */
	const char *keymap_file, *theme_file;
};

/*
 * Run the screens on this terminal until the person leaves or the line is
 * gone; drafts are kept either way. ST_USAGE: the terminal cannot show
 * screens.
 */
MUST_CHECK enum status screens_run(
	struct replica *r, const struct screens_options *o, struct why *why);

#endif
