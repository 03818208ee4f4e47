/*
 * term.h - the terminal: start, wait for keys, signals and descriptors, end.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/status.h"
#include "tui/key.h"
#include "tui/look.h"

struct term; /* opaque: there is one at a time */

/*
 * Take the terminal on `in` and `out` (a type of NULL is TERM's); one without
 * colours has its look say so. *out_term belongs to the caller. ST_USAGE: the
 * terminal cannot show screens.
 */
MUST_CHECK enum status term_start(FILE *in, FILE *out, const char *type,
	struct look *look, struct term **out_term, struct why *why);
void term_end(struct term *t); /* gives the terminal back; NULL is fine */

struct term_news {
	bool keys;    /* term_key() has some */
	bool resized; /* the screen has its new size already */
	bool repaint; /* back from a stop */
	bool suspend; /* told to stop for a while */
	bool hangup;  /* line gone, or told to end: keep drafts and leave */
};
/* Wait for any of it, or for the first `count` of fds (their revents are
 * filled in), at most timeout_ms (-1: no limit). */
void term_wait(struct term *t, struct pollfd *fds, int count, int timeout_ms,
	struct term_news *news);

/*
 * Send what was painted. False: the line lags and has not taken all of it, so
 * the next frame waits; term_wait() ends when it takes more.
 */
bool term_ready(struct term *t);
/* Stop as Ctrl-Z does, with the shell's terminal as it was. All cells are to be
 * sent anew afterwards. */
void term_suspend(struct term *t);
/* Lines of ours that scrolled off this terminal's screen are erased. */
void term_forget(struct term *t);

void term_size(const struct term *t, int *rows, int *cols);
key term_key(struct term *t); /* 0: no more for now */

#endif
