/*
 * sending.h - what is painted, on its way to a terminal that may lag.
 *
 * Curses writes a frame in one go and waits where the line does not take it: a
 * hung link would stop keys, syncs and drafts. So it writes into a file in
 * memory, and from there the line is given what it takes. While it lags no
 * frame is painted: the next one, whenever it can be, is the newest.
 */
#ifndef TUI_SENDING_H
#define TUI_SENDING_H

#include <stdbool.h>

#include "common/buf.h"

struct sending {
	int tray; /* the file in memory; -1: curses writes to the line itself */
	int line; /* the terminal */
	struct buf waiting; /* taken from the tray, not yet by the line */
};

/*
 * From now on what is written to `fd`, which is a terminal, waits in the tray;
 * `fd` is no terminal any more. Where there is no memory for it, all stays as
 * it is and `tray` is -1.
 */
void sending_begin(struct sending *s, int fd);
/* Curses writes to the line itself again, and waits for it. */
void sending_end(struct sending *s, int fd);
void sending_release(struct sending *s);

/* Add to what was painted. Nothing is done where tray is -1. */
void sending_add(struct sending *s, const char *bytes);
/* Give the line what it takes. False: it lags, and some is left. */
bool sending_go(struct sending *s);
/* The same, waiting for it at most so long. */
void sending_finish(struct sending *s, int patience_ms);

#endif
