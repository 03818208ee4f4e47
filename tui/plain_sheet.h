/*
 * plain_sheet.h - a view as lines, for plain.h: what can be chosen has a
 * number, which it keeps while the view is there, whatever comes before it.
 */
#ifndef TUI_PLAIN_SHEET_H
#define TUI_PLAIN_SHEET_H

#include "tui/view.h"

struct sheet_line {
	char *text;
	int pick;   /* its place among the canvas's picks; -1: none */
	int number; /* from 1; 0 none */
	bool fresh; /* it was not there before */
};
struct sheet {
	unsigned nth; /* of the view that it is of */
	char *title;
	struct sheet_line *lines;
	size_t count, cap;
	size_t from;   /* those before were not printed */
	size_t shown;  /* up to here they were */
	size_t rows;   /* that the view has to draw on */
	size_t page;   /* that many more at a time */
	bool scrolled; /* the view shows a later part of itself */
	int next;      /* the number that the next new line gets */
	int chosen;    /* the chosen line's number when it was made; 0 none */
	bool complete; /* the view has no line beyond them */
};
void sheet_release(struct sheet *s);

enum sheet_read { SHEET_CHANGES, SHEET_RETURN, SHEET_ALL };
/*
 * Draw the view on top and make its lines anew. Numbers stay with their lines.
 * Adds what is to be read to `out`: all of it where the sheet is another view's
 * or most of it changed, else the lines that changed, or the chosen one where
 * only the choice moved. SHEET_RETURN: its title too. SHEET_ALL: what was shown
 * of it, numbered anew.
 */
void sheet_show(
	struct sheet *s, struct app *a, enum sheet_read how, struct buf *out);
/* The next page, or a move to it where the view is scrolled; false: there is no
 * more. */
bool sheet_more(struct sheet *s, struct app *a, struct buf *out);
enum sheet_chosen { SHEET_CHOSEN, SHEET_NONE, SHEET_CHANGED };
/* Choose the line with a number, as the view is now. None: no line got it.
 * Changed: it is gone, or reads otherwise than it did; what changed is added to
 * `out`, and nothing is chosen. */
enum sheet_chosen sheet_choose(
	struct sheet *s, struct app *a, int number, struct buf *out);

#endif
