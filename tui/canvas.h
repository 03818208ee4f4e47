/*
 * canvas.h - the cells that a screen is drawn into: memory, no terminal.
 *
 * Text is clipped by cells, control characters are shown as ^X, bytes that
 * are no UTF-8 as ?. What is drawn over is gone. paint.h sends it to a
 * terminal; canvas_row_text() gives it as text.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "common/buf.h"
#include "tui/look.h"

#define CELL_BYTES 16	/* a character and the marks upon it, with a NUL */
#define CELL_COVERED -1 /* by the wide character before it */
struct cell {
	char text[CELL_BYTES];
	signed char width; /* 0 blank, 1, 2, or CELL_COVERED */
	unsigned char ink;
};
struct canvas_row {
	struct cell *cells; /* NULL until something is drawn there */
	int room;	    /* cells there are */
	int end;	    /* those from here on are blank */
	char sign;	    /* the mark it got; 0 none */
};

/* What the terminal was given last: paint.h's own. */
struct painted {
	int rows, cols; /* 0 and 0: nothing is known */
	struct look look;
	struct cell *cells; /* of all rows */
	struct painted_row {
		int end;
		int from, to; /* shown as chosen */
	} * row;
};

struct canvas {
	int rows, cols; /* as asked */
	const struct look *look;
	struct canvas_row *lines;
	int room; /* rows that `lines` has */
	int cursor_row, cursor_col;
	/* Rows that can be chosen, in the order they were drawn; `chosen` is
	 * the place of the chosen one among them, -1 none. */
	int *picks;
	size_t pick_count, pick_cap;
	int chosen;
	int marked;    /* the row that got the >, -1 none */
	bool numbered; /* picks show their number, 1 to 9 and 0, before them */
	bool anew;     /* all cells are to be sent, whatever is there */
	struct painted painted;
};

/* Empty, of this size; any number of rows, memory only where it is drawn. */
void canvas_begin(
	struct canvas *c, int rows, int cols, const struct look *look);
void canvas_release(struct canvas *c);
void canvas_repaint(struct canvas *c); /* all cells anew, the next time */
/* What was painted may be gone: the next time all rows are compared with what
 * the terminal shows, cell by cell. */
void canvas_forget(struct canvas *c);

/* Text within `width` cells from row, col. Returns the cells it took. What
 * does not fit ends in an ellipsis. */
int canvas_text(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *text);
int canvas_printf(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *fmt, ...) PRINTF_LIKE(6, 7);
/* The whole row anew: text from its second cell on. */
void canvas_line(struct canvas *c, int row, enum ink ink, const char *text);
/* "--- label -----" over the whole row; where the look is plain the label. */
void canvas_rule(struct canvas *c, int row, const char *label);
/* A row that can be chosen: noted among the picks. */
void canvas_pick(struct canvas *c, int row, bool chosen);
/* The same with > before the chosen one, which gets the cursor, and with its
 * mark; where the look is plain both are noted alone. */
void canvas_mark(struct canvas *c, int row, bool chosen, char mark);
/*
 * Blank rows that the items from `first` on want between them, one before each
 * row that can be chosen but the first, where there is none yet; and to put
 * them there, in `room` rows.
 */
int canvas_gaps(const struct canvas *c, int first);
void canvas_spread(struct canvas *c, int first, int room);
/* The mark alone, of a row that cannot be chosen. 0 and blank: none. */
void canvas_sign(struct canvas *c, int row, char mark);
void canvas_cursor(struct canvas *c, int row, int col);

/* Adds the row as text, without the blanks at its end; and of its cells from
 * one column to before another. */
void canvas_row_text(const struct canvas *c, int row, struct buf *out);
void canvas_cells_text(
	const struct canvas *c, int row, int from, int to, struct buf *out);

/* Adds lines of text as they may be sent to a terminal that has no canvas. */
void canvas_put_lines(
	const struct look *look, const char *text, struct buf *out);

#endif
