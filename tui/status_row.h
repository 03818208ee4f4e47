/* status_row.h - how the hub is, what waits, who works here and in which mode:
 * words only, to the minute. */
#ifndef TUI_STATUS_ROW_H
#define TUI_STATUS_ROW_H

#include "tui/syncing.h"
#include "tui/view.h"

/* What does not fit is left out whole, the least needed first. */
void status_row_draw(
	struct app *a, const struct syncing *s, struct canvas *c, int row);

#endif
