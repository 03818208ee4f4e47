/* history_view.h - who set what and when on one record, from the log. */
#ifndef TUI_HISTORY_VIEW_H
#define TUI_HISTORY_VIEW_H

#include "tui/view.h"

void history_open(struct app *a, const char *kind, const char *id);

#endif
