/* records.h - the records of one kind as a list with a filter. */
#ifndef TUI_RECORDS_H
#define TUI_RECORDS_H

#include "tui/view.h"

void records_open(struct app *a, const char *kind, const char *query);

#endif
