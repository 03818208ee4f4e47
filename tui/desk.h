/*
 * desk.h - what every front end works at, whether it paints a screen or prints
 * lines: the app with its keys and its first screen, and the syncs beside it.
 */
#ifndef TUI_DESK_H
#define TUI_DESK_H

#include "tui/screens.h"
#include "tui/syncing.h"
#include "tui/view.h"

/* Fill in `a`, zeroed but for its look, read the person's own files, and open
 * the first screen. */
void desk_open(struct app *a, struct syncing *s, struct replica *r,
	const struct screens_options *o);
/* Before the end: what was typed as drafts. ST_FILE: it is lost. */
MUST_CHECK enum status desk_keep(struct app *a, struct why *why);
void desk_close(struct app *a, struct syncing *s); /* drafts are kept */

/* Keep the draft once nobody types: after a wait, and before what is painted
 * then, which says so. */
void desk_pause(struct app *a);
/* Begin the sync that is due. Returns ms until there is something to do without
 * a key. */
int desk_due(struct app *a, struct syncing *s);
/* Something was saved: a sync follows soon. */
void desk_saved(struct app *a, struct syncing *s);

/* The shorter of two waits, of which the second may be -1, none. */
int desk_shorter(int wait, int other);

#endif
