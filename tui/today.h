/* today.h - the first screen: what is due, one's projects, what is new. */
#ifndef TUI_TODAY_H
#define TUI_TODAY_H

#include "tui/view.h"

void today_open(struct app *a);

#endif
