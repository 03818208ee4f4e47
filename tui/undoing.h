/* undoing.h - the newest unsent save is taken back; its text stays a draft. */
#ifndef TUI_UNDOING_H
#define TUI_UNDOING_H

#include "tui/view.h"

/* Ask, with the beginning of what it says, and undo it. */
void undo_ask(struct app *a);

#endif
