/* done.h - a promise that is kept: its status and day set in one edit. */
#ifndef TUI_DONE_H
#define TUI_DONE_H

#include "tui/view.h"

struct kind;

/* Set the record that is meant on the top view done today, after a question. */
void done_ask(struct app *a);
/* Why that cannot be, maybe in `why`; NULL: it can. */
const char *done_why_off(struct view *v, struct why *why);
bool done_is_for(const struct kind *k); /* are such ones done, or answered? */

#endif
