/* sync_view.h - what waits to be sent, what is held, how the last try went. */
#ifndef TUI_SYNC_VIEW_H
#define TUI_SYNC_VIEW_H

#include "tui/syncing.h"
#include "tui/view.h"

void sync_open(struct app *a, const struct syncing *s);

#endif
