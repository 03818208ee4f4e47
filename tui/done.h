/* done.h - a promise that is kept: its status and day set in one edit. */
#ifndef TUI_DONE_H
#define TUI_DONE_H

#include "tui/view.h"

/* Set the chosen record of the top view done today, after a question. */
void done_ask(struct app *a);
/* Why that cannot be; NULL: it can. */
const char *done_why_off(struct view *v);

#endif
