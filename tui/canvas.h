/*
 * canvas.h - the cells of the screen. The only file that adds any.
 *
 * Text is clipped by cells, control characters are shown as ^X, bytes that
 * are no UTF-8 as ?. What is drawn twice costs nothing: only cells that
 * differ are sent, all at once, by canvas_end().
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "common/status.h"
#include "tui/look.h"

struct canvas {
	int rows, cols; /* cols: usable ones, the last column stays empty */
	const struct look *look;
	int cursor_row, cursor_col;
};

void canvas_colours(const struct look *l); /* once, when curses has begun */
void canvas_begin(struct canvas *c, const struct look *l);
void canvas_end(struct canvas *c);
void canvas_repaint(struct canvas *c); /* all cells anew, at the next end */

/* Text within `width` cells from row, col. Returns the cells it took. What
 * does not fit ends in an ellipsis. */
int canvas_text(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *text);
int canvas_printf(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *fmt, ...) PRINTF_LIKE(6, 7);
/* The whole row anew: text from its second cell on. */
void canvas_line(struct canvas *c, int row, enum ink ink, const char *text);
/* "--- label -----" over the whole row. */
void canvas_rule(struct canvas *c, int row, const char *label);
/* The > of the chosen row and the mark of any; the cursor goes to chosen. */
void canvas_mark(struct canvas *c, int row, bool chosen, char mark);
void canvas_cursor(struct canvas *c, int row, int col);

#endif
