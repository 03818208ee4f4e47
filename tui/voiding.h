/* voiding.h - hiding a record, and bringing it back, from any screen. */
#ifndef TUI_VOIDING_H
#define TUI_VOIDING_H

#include "tui/view.h"

/* Ask for the reason, and void the record that is meant on the top view. */
void void_ask(struct app *a);
/* Bring it back, after a question. */
void unvoid_ask(struct app *a);
/* Why it cannot be brought back, by whether it is void; NULL: it can. */
const char *unvoid_why_off(bool is_void);

#endif
