/* held_view.h - held edits: what was not applied and why, what stands now,
 * and, for a sergeant and above, deciding about it. */
#ifndef TUI_HELD_VIEW_H
#define TUI_HELD_VIEW_H

#include "tui/view.h"

void held_open(struct app *a);
/* The same, with this one chosen. */
void held_open_at(struct app *a, struct edit_id id);

#endif
