/* records.h - the records of one kind as a list with a filter. */
#ifndef TUI_RECORDS_H
#define TUI_RECORDS_H

#include "tui/view.h"

void records_open(struct app *a, const char *kind, const char *query);
/* The same as a place that is gone to: with the filter that it was left with,
 * or the usual one. */
void records_place(struct app *a, const char *kind, const char *usual);

#endif
