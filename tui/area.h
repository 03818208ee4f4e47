/* area.h - where edited text stands in cells: one line, or many wrapped. */
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
};

void area_release(struct area *a);
void area_lay(struct area *a, const struct text *t, int cells);
/* Move the cursor a line; false: there is none, it stays. Lays anew. */
bool area_move(struct area *a, struct text *t, int by, int cells);

/* One line in a window: first byte to show, and the cursor's column in it. */
size_t field_window(const struct text *t, int cells, int *col);

#endif
