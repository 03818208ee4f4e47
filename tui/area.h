/*
 * area.h - where edited text stands in cells: one line, or many wrapped.
 *
 * An area belongs to one text. It keeps its lines from one laying to the next
 * and lays anew only those that a change can have moved, so a key in a long
 * narrative costs what a key in a short one does.
 */
#ifndef TUI_AREA_H
#define TUI_AREA_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/text.h"

struct area_line {
	size_t start, len; /* bytes of the text */
};
struct area {
	struct area_line *lines; /* never none after area_lay() */
	size_t count, cap;
	size_t row; /* the cursor's line */
	int col;    /* its cells from the left */
	/* What they are laid for: cells 0, not yet. */
	int cells;
	unsigned version;
	size_t len;
	size_t laid; /* lines that the last laying wrapped */
	/* The column that moves from line to line go for, as long as the
	 * cursor is where the last one left it. */
	int goal;
	size_t goal_at;
};

void area_release(struct area *a);
void area_lay(struct area *a, struct text *t, int cells);
/* Move the cursor some lines, as far as there are any; false: it stays. */
bool area_move(struct area *a, struct text *t, int by, int cells);
/* To the start or the end of its line; false: it is there already. */
bool area_line_start(struct area *a, struct text *t, int cells);
bool area_line_end(struct area *a, struct text *t, int cells);

/* One line in a window: first byte to show, and the cursor's column in it. */
size_t field_window(const struct text *t, int cells, int *col);

#endif
