/* hints.h - the last row: what can be done here, and by which key. */
#ifndef TUI_HINTS_H
#define TUI_HINTS_H

#include "tui/view.h"

int hints_rows(const struct look *l); /* 1, or 2 where they are big */
/*
 * The view's own as many as fit, in its order, then the palette and the help,
 * which always do where the view names them.
 */
void hints_draw(struct app *a, struct canvas *c, int row);
/* What does an action on a screen, for a sentence: its first key there, such as
 * F2; its name where it has none, or where keys are none (a plain look). */
void hints_key(const struct view *v, enum action act, char out[CHORD_NAME_MAX]);
/* The same of another screen than the one that is shown. */
void hints_key_in(const struct app *a, enum context c, enum action act,
	char out[CHORD_NAME_MAX]);

#endif
