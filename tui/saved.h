/* saved.h - searches that a person keeps by a name: kept, run, dropped. */
#ifndef TUI_SAVED_H
#define TUI_SAVED_H

#include "tui/view.h"

/* Keep the text by this name; NULL: ask for one. */
void saved_ask(struct app *a, const char *text, const char *name);
void saved_run(struct app *a, const char *name);
/* Asks before; NULL says how it is named. */
void saved_drop(struct app *a, const char *name);

/* A search that begins with in:KIND is that list, with the rest as its filter.
 * False: it is none, nothing was opened. */
bool saved_as_list(struct app *a, const char *text);

#endif
