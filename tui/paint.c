#include "tui/paint.h"

#include <curses.h>

#define COLOURS 8    /* pair n is colour n - 1 on the terminal's own ground */
#define FIRST_WORD 4 /* where the words of a row begin that can be chosen */

void
paint_colours(struct look *l)
{
	l->colour = l->colour && has_colors();
	if (!l->colour)
		return;
	start_color();
	use_default_colors();
	for (short i = 0; i < COLOURS; i++)
		init_pair((short)(i + 1), i, -1);
}

static attr_t
attributes(const struct style *s)
{
	return (s->bold ? A_BOLD : A_NORMAL) |
	       (s->reverse ? A_REVERSE : A_NORMAL) |
	       (s->underline ? A_UNDERLINE : A_NORMAL);
}

/* The cells that are shown as chosen: from `from`, up to `to`. */
static void
chosen_cells(const struct canvas *c, int row, int *from, int *to)
{
	const struct canvas_row *r = &c->lines[row];

	*from = *to = 0;
	if (row != c->marked || c->look->selection == SELECT_MARK)
		return;
	if (c->look->selection == SELECT_ROW) {
		*to = c->cols;
		return;
	}
	for (*from = *to = FIRST_WORD; *to < r->end; ++*to)
		if (!r->cells[*to].width || r->cells[*to].text[0] == ' ')
			return;
}

static void
set_style(const struct look *l, int ink, bool chosen)
{
	const struct style *own = &l->styles[ink];
	const struct style *over = &l->styles[INK_CHOSEN];
	attr_t attr = attributes(own) | (chosen ? attributes(over) : A_NORMAL);
	int colour = own->colour;

	if (chosen && over->colour >= 0)
		colour = over->colour;
	wattr_set(stdscr, attr, l->colour ? (short)(colour + 1) : 0, NULL);
}

static void
paint_row(const struct canvas *c, int row)
{
	static const struct cell blank = {"", 0, INK_PLAIN};
	const struct canvas_row *r = &c->lines[row];
	int from, to;

	chosen_cells(c, row, &from, &to);
	wmove(stdscr, row, 0);
	for (int col = 0; col < r->end || col < to; col++) {
		const struct cell *cell =
			col < r->end ? &r->cells[col] : &blank;

		if (cell->width == CELL_COVERED)
			continue;
		set_style(c->look, cell->ink, col >= from && col < to);
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
