#include "tui/paint.h"

#include <curses.h>

enum { PAIR_ALERT = 1, PAIR_HEAD };

void
paint_colours(const struct look *l)
{
	if (!l->colour || !has_colors())
		return;
	start_color();
	use_default_colors();
	init_pair(PAIR_ALERT, COLOR_RED, -1);
	init_pair(PAIR_HEAD, COLOR_CYAN, -1);
}

static attr_t
attributes(const struct look *l, enum ink ink, short *pair)
{
	bool colour = l->colour && has_colors();

	*pair = 0;
	switch (ink) {
	case INK_TITLE:
		return l->contrast ? A_BOLD | A_REVERSE : A_BOLD;
	case INK_HEAD:
		*pair = colour ? PAIR_HEAD : 0;
		return l->contrast ? A_BOLD : A_NORMAL;
	case INK_ALERT:
		*pair = colour ? PAIR_ALERT : 0;
		return A_BOLD;
	default:
		return A_NORMAL;
	}
}

static void
paint_row(const struct canvas *c, int row)
{
	const struct canvas_row *r = &c->lines[row];
	attr_t attr;
	short pair;

	wmove(stdscr, row, 0);
	for (int col = 0; col < r->end; col++) {
		const struct cell *cell = &r->cells[col];

		if (cell->width == CELL_COVERED)
			continue;
		attr = attributes(c->look, (enum ink)cell->ink, &pair);
		wattr_set(stdscr, attr, pair, NULL);
		waddstr(stdscr, cell->width ? cell->text : " ");
	}
	wattr_set(stdscr, A_NORMAL, 0, NULL);
}

void
paint(struct canvas *c)
{
	werase(stdscr);
	for (int row = 0; row < c->rows && row < LINES; row++)
		paint_row(c, row);
	if (c->anew)
		clearok(curscr, TRUE);
	c->anew = false;
	wmove(stdscr, c->cursor_row, c->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
}
