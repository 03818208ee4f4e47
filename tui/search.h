/* search.h - one box over the text of all records. */
#ifndef TUI_SEARCH_H
#define TUI_SEARCH_H

#include "tui/view.h"

void search_open(struct app *a, const char *words);

#endif
