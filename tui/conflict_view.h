/* conflict_view.h - both values of each open conflict, and settling it. */
#ifndef TUI_CONFLICT_VIEW_H
#define TUI_CONFLICT_VIEW_H

#include "tui/view.h"

/* Of one record, or of all (NULL). */
void conflict_open(struct app *a, const char *kind, const char *id);

#endif
