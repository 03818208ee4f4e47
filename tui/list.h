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

/* Does the row that was at `was` stand for what the one at `now` stands for? */
typedef bool list_same(const void *arg, size_t was, size_t now);
/* The rows were made anew, there are `count` now: what was chosen stays chosen
 * wherever it is; where it is gone, what came next behind it and is left, or
 * else what came before it. False: it is gone. */
bool list_follow(
	struct list *l, size_t count, list_same *same, const void *arg);
void list_fit(struct list *l, int rows); /* before drawing `rows` rows */

#endif
