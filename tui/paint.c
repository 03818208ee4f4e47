#include "tui/paint.h"

#include <curses.h>
#include <string.h>

#define COLOURS 8 /* pair n is colour n - 1 on the terminal's own ground */
#define RUN_BYTES 512
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

/* Cells side by side that are shown the same way. */
struct run {
	char text[RUN_BYTES]; /* no NUL at its end */
	size_t len;
	int ink;
	bool chosen;
};

static void
put_run(const struct look *l, struct run *run)
{
	if (!run->len)
		return;
	set_style(l, run->ink, run->chosen);
	waddnstr(stdscr, run->text, (int)run->len);
	run->len = 0;
}

static void
add_to_run(const struct look *l, struct run *run, const struct cell *cell,
	bool chosen)
{
	const char *text = cell->width ? cell->text : " ";
	size_t len = strlen(text);

	if (cell->ink != run->ink || chosen != run->chosen ||
		run->len + len > RUN_BYTES)
		put_run(l, run);
	run->ink = cell->ink;
	run->chosen = chosen;
	memcpy(run->text + run->len, text, len);
	run->len += len;
}

/* Know what this frame gives each row; nothing, if the last one was of another
 * size or look. */
static void
begin_painted(struct canvas *c)
{
	struct painted *p = &c->painted;

	if (!c->anew && p->rows == c->rows && p->cols == c->cols &&
		memcmp(&p->look, c->look, sizeof(p->look)) == 0)
		return;
	canvas_forget(c);
	p->rows = c->rows;
	p->cols = c->cols;
	p->look = *c->look;
	p->cells = mem_alloc(
		(size_t)c->rows * (size_t)c->cols * sizeof(*p->cells));
	p->row = mem_alloc((size_t)c->rows * sizeof(*p->row));
	for (int row = 0; row < c->rows; row++)
		p->row[row].end = -1;
}

/* Was this row painted just so the last time? If not, it is noted. */
static bool
is_painted(struct canvas *c, int row, int from, int to)
{
	const struct canvas_row *r = &c->lines[row];
	struct painted_row *was = &c->painted.row[row];
	struct cell *cells =
		c->painted.cells + (size_t)row * (size_t)c->painted.cols;
	size_t size = (size_t)r->end * sizeof(*cells);

	if (was->end == r->end && was->from == from && was->to == to &&
		(!size || memcmp(cells, r->cells, size) == 0))
		return true;
	*was = (struct painted_row){r->end, from, to};
	if (size)
		memcpy(cells, r->cells, size);
	return false;
}

static void
paint_row(struct canvas *c, int row)
{
	static const struct cell blank = {"", 0, INK_PLAIN};
	const struct canvas_row *r = &c->lines[row];
	struct run run = {.len = 0};
	int from, to;

	chosen_cells(c, row, &from, &to);
	if (is_painted(c, row, from, to))
		return;
	wmove(stdscr, row, 0);
	for (int col = 0; col < r->end || col < to; col++) {
		const struct cell *cell =
			col < r->end ? &r->cells[col] : &blank;

		if (cell->width != CELL_COVERED)
			add_to_run(
				c->look, &run, cell, col >= from && col < to);
	}
	put_run(c->look, &run);
	wattr_set(stdscr, A_NORMAL, 0, NULL);
	wclrtoeol(stdscr);
}

void
paint(struct canvas *c)
{
	begin_painted(c);
	for (int row = 0; row < c->rows && row < LINES; row++)
		paint_row(c, row);
	if (c->anew)
		clearok(curscr, TRUE);
	c->anew = false;
	wmove(stdscr, c->cursor_row, c->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
}
