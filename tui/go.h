/* go.h - actions that no screen takes for itself: from anywhere to any. */
#ifndef TUI_GO_H
#define TUI_GO_H

#include "tui/syncing.h"
#include "tui/view.h"

/* For app->act and app->why_off; app->loop is the struct syncing. */
bool go_act(struct app *a, enum action act, const char *arg);
const char *go_why_off(struct view *v, enum action act, struct why *why);

#endif
