/* record_view.h - one record: its fields, timeline and related records. */
#ifndef TUI_RECORD_VIEW_H
#define TUI_RECORD_VIEW_H

#include "tui/view.h"

void record_open(struct app *a, const char *kind, const char *id);

#endif
