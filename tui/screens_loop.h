/*
 * screens_loop.h - the parts of screens_run(), for it and for tests that have
 * no terminal.
 */
#ifndef TUI_SCREENS_LOOP_H
#define TUI_SCREENS_LOOP_H

#include <stdio.h>

#include "tui/screens.h"
#include "tui/syncing.h"
#include "tui/term.h"
#include "tui/view.h"

struct screens {
	struct app app;
	struct term *term;
	struct syncing sync;
	int64_t refreshed_at; /* boot ms, while a sync is under way */
	bool hidden;	      /* what was shown is wiped off the terminal */
};

/* Take the terminal and open the first screen; nothing is painted yet. */
MUST_CHECK enum status screens_begin(struct screens *s, struct replica *r,
	const struct screens_options *o, FILE *in, FILE *out, const char *type,
	struct why *why);
void screens_end(struct screens *s); /* drafts are kept */
void screens_paint(struct screens *s);
/* A key. One that came before its screen was painted, with others in one burst,
 * finds the rows that would have been there. */
void screens_key(struct screens *s, key k);

#endif
