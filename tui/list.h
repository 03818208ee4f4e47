/* list.h - which row of many is chosen, and which are on the screen. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct list {
	size_t count, chosen, top;
	int rows; /* on the screen when last drawn */
};

/* UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST; false: another action. */
bool list_act(struct list *l, enum action a);
/* The next row (by > 0) or the one before; false: there is none. */
bool list_step(struct list *l, int by);
void list_set_count(struct list *l, size_t count); /* keeps what it can */
void list_fit(struct list *l, int rows); /* before drawing `rows` rows */

#endif
