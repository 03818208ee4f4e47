/* help.h - all actions with their keys: the help, and the palette. */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "tui/view.h"

/* About the screen on top. The palette is the same, begun by its name. */
void help_open(struct app *a, bool palette);

#endif
