/* export.h - what the screen shows, as a file of one's own. */
#ifndef TUI_EXPORT_H
#define TUI_EXPORT_H

#include "tui/view.h"

/*
 * The list as CSV, all its rows; any other screen as text, all its lines. The
 * file is in this account's folder of exports and nowhere else, under a name
 * made here that no file has yet; it is said where it is.
 */
void export_screen(struct app *a);

#endif
