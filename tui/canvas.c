#include "tui/canvas.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define SHOWN_MAX 12 /* bytes that one code point becomes */
#define NUMBERS 10   /* digits there are */

static void
free_rows(struct canvas *c)
{
	for (int row = 0; row < c->room; row++)
		free(c->lines[row].cells);
	free(c->lines);
	c->lines = NULL;
	c->room = 0;
}

void
canvas_begin(struct canvas *c, int rows, int cols, const struct look *look)
{
	if (c->cols != cols)
		free_rows(c);
	if (c->room < rows) {
		c->lines = mem_grow(c->lines, (size_t)rows, sizeof(*c->lines));
		memset(c->lines + c->room, 0,
			(size_t)(rows - c->room) * sizeof(*c->lines));
		c->room = rows;
	}
	for (int row = 0; row < rows; row++) {
		c->lines[row].end = 0;
		c->lines[row].sign = 0;
	}
	c->rows = rows;
	c->cols = cols;
	c->look = look;
	c->cursor_row = rows - 1;
	c->cursor_col = 0;
	c->pick_count = 0;
	c->chosen = c->marked = -1;
	c->numbered = false;
}

void
canvas_forget(struct canvas *c)
{
	free(c->painted.cells);
	free(c->painted.row);
	memset(&c->painted, 0, sizeof(c->painted));
}

void
canvas_release(struct canvas *c)
{
	free_rows(c);
	canvas_forget(c);
	free(c->picks);
	memset(c, 0, sizeof(*c));
}

void
canvas_repaint(struct canvas *c)
{
	c->anew = true;
}

void
canvas_cursor(struct canvas *c, int row, int col)
{
	if (row < 0 || row >= c->rows || col < 0)
		return;
	c->cursor_row = row;
	c->cursor_col = col < c->cols ? col : c->cols;
}

static int
blanks(int cells, char out[SHOWN_MAX])
{
	snprintf(out, SHOWN_MAX, "%*s", cells, "");
	return cells;
}

/* What stands for a code point on this terminal, `used` cells from where the
 * text begins. */
static int
shown(const struct look *l, uint32_t code, int used, char out[SHOWN_MAX])
{
	size_t n;

	if (code >= 0x20 && code < 0x7f) {
		out[0] = (char)code;
		out[1] = '\0';
		return 1;
	}
	if (code == '\t')
		return blanks(utf8_tab(used), out);
	if (utf8_silent(code))
		return blanks(0, out);
	if (code < 0x20 || code == 0x7f) {
		snprintf(out, SHOWN_MAX, "^%c", (char)(code ^ 0x40));
		return 2;
	}
	if (code >= 0x80 && code < 0xa0) {
		snprintf(out, SHOWN_MAX, "^%c", (char)(code - 0x40));
		return 2;
	}
	if (!utf8_known(code))
		code = 0xfffd;
	if (code < 0x80 || l->utf8) {
		n = utf8_encode(code, out);
		out[n] = '\0';
		return utf8_cells(code);
	}
	n = (size_t)utf8_cells(code);
	memset(out, '?', n);
	out[n] = '\0';
	return (int)n;
}

void
canvas_put_lines(const struct look *look, const char *text, struct buf *out)
{
	size_t len = strlen(text), n;
	char one[SHOWN_MAX];
	int used = 0;

	for (; len; text += n, len -= n) {
		uint32_t code = 0xfffd;

		n = utf8_decode(text, len, &code);
		n = n ? n : 1;
		if (code == '\n') {
			buf_putc(out, '\n');
			used = 0;
		} else {
			used += shown(look, code, used, one);
			buf_puts(out, one);
		}
	}
}

/* The cells of a row with room for `width` from `col` on, those before them
 * blank where nothing was drawn. Plain rows are as long as their text. */
static struct cell *
row_cells(struct canvas *c, int row, int col, int width)
{
	struct canvas_row *r = &c->lines[row];

	if (r->room < col + width) {
		r->room = c->look->plain ? (col + width) * 2 : c->cols;
		r->cells =
			mem_grow(r->cells, (size_t)r->room, sizeof(*r->cells));
	}
	if (r->end < col) {
		memset(r->cells + r->end, 0,
			(size_t)(col - r->end) * sizeof(*r->cells));
		r->end = col;
	}
	return r->cells;
}

/* Half of a wide character is none. */
static void
blank_halves(struct cell *cells, int col, int width, int end)
{
	if (col < end && cells[col].width == CELL_COVERED)
		memset(&cells[col - 1], 0, sizeof(*cells));
	if (col + width < end && cells[col + width].width == CELL_COVERED)
		memset(&cells[col + width], 0, sizeof(*cells));
}

/* One character of `width` cells, or a pair of single ones such as ^X. */
static void
put(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *text)
{
	struct cell *cells = row_cells(c, row, col, width);
	bool wide = width == 2 && (unsigned char)text[0] >= 0x80;

	blank_halves(cells, col, width, c->lines[row].end);
	for (int i = 0; i < width; i++) {
		struct cell *cell = &cells[col + i];

		*cell = (struct cell){.width = 1, .ink = (unsigned char)ink};
		if (wide && i)
			cell->width = CELL_COVERED;
		else if (wide || width == 1)
			memcpy(cell->text, text, strnlen(text, CELL_BYTES - 1));
		else
			cell->text[0] = text[i];
	}
	if (wide)
		cells[col].width = 2;
	if (c->lines[row].end < col + width)
		c->lines[row].end = col + width;
}

/* A combining mark joins the character before it, while there is room. */
static void
put_upon(struct canvas *c, int row, int col, const char *mark)
{
	struct cell *cell = &c->lines[row].cells[col - 1];
	size_t len;

	if (cell->width == CELL_COVERED)
		cell--;
	len = strlen(cell->text);
	if (len + strlen(mark) < CELL_BYTES)
		strncat(cell->text, mark, CELL_BYTES - 1 - len);
}

/* As many characters as fit; *len gets the bytes they are. */
static int
put_fitting(struct canvas *c, int row, int col, int fit, enum ink ink,
	const char *text, size_t *len)
{
	size_t size = strlen(text), at = 0;
	char out[SHOWN_MAX];
	int used = 0;

	while (at < size) {
		uint32_t code = 0xfffd;
		size_t n = utf8_decode(text + at, size - at, &code);
		int cells = shown(c->look, code, used, out);

		if (used + cells > fit)
			break;
		if (cells)
			put(c, row, col + used, cells, ink, out);
		else if (used)
			put_upon(c, row, col + used, out);
		used += cells;
		at += n ? n : 1;
	}
	*len = at;
	return used;
}

int
canvas_text(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *text)
{
	int used, fit;
	size_t len;

	if (width > c->cols - col)
		width = c->cols - col;
	if (row < 0 || row >= c->rows || width <= 0)
		return 0;
	if (text[utf8_fit(text, width, &fit)])
		utf8_fit(text, width - 1, &fit);
	used = put_fitting(c, row, col, fit, ink, text, &len);
	if (text[len] && used < width) {
		put(c, row, col + used, 1, ink, look_ellipsis(c->look));
		used++;
	}
	return used;
}

int
canvas_printf(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	utf8_mend_tail(text);
	return canvas_text(c, row, col, width, ink, text);
}

void
canvas_line(struct canvas *c, int row, enum ink ink, const char *text)
{
	if (row < 0 || row >= c->rows)
		return;
	c->lines[row].end = 0;
	canvas_text(c, row, 1, c->cols - 1, ink, text);
}

void
canvas_rule(struct canvas *c, int row, const char *label)
{
	char line[512];
	int at = 0;

	if (c->look->plain) {
		canvas_text(c, row, 4, c->cols, INK_HEAD, label);
		return;
	}
	if (row < 0 || row >= c->rows || c->cols >= (int)sizeof(line))
		return;
	memset(line, '-', (size_t)c->cols);
	line[c->cols] = '\0';
	canvas_text(c, row, 0, c->cols, INK_FAINT, line);
	if (label[0])
		at = canvas_text(c, row, 4, c->cols - 8, INK_HEAD, label);
	if (at) {
		canvas_text(c, row, 3, 1, INK_PLAIN, " ");
		canvas_text(c, row, 4 + at, 1, INK_PLAIN, " ");
	}
}

void
canvas_pick(struct canvas *c, int row, bool chosen)
{
	if (row < 0 || row >= c->rows)
		return;
	if (chosen)
		c->chosen = (int)c->pick_count;
	MEM_ROOM(c->picks, c->pick_count, c->pick_cap);
	c->picks[c->pick_count++] = row;
}

void
canvas_sign(struct canvas *c, int row, char mark)
{
	char text[2] = {mark, '\0'};

	if (!mark || mark == ' ' || row < 0 || row >= c->rows)
		return;
	c->lines[row].sign = mark;
	if (!c->look->plain)
		canvas_text(c, row, 2, 1, mark == '*' ? INK_PLAIN : INK_ALERT,
			text);
}

void
canvas_mark(struct canvas *c, int row, bool chosen, char mark)
{
	canvas_pick(c, row, chosen);
	canvas_sign(c, row, mark);
	if (c->numbered && c->pick_count <= NUMBERS)
		canvas_printf(c, row, 1, 1, INK_HEAD, "%d",
			(int)(c->pick_count % NUMBERS));
	if (!chosen)
		return;
	c->marked = row;
	if (!c->look->plain)
		canvas_text(c, row, 0, 1, INK_PLAIN, ">");
	canvas_cursor(c, row, 0);
}

/* The ink of the first word of a row; INK_COUNT: it is blank. */
static enum ink
first_ink(const struct canvas *c, int row)
{
	const struct canvas_row *r = &c->lines[row];

	for (int col = 0; col < r->end; col++)
		if (r->cells[col].width && r->cells[col].text[0] != ' ')
			return (enum ink)r->cells[col].ink;
	return INK_COUNT;
}

/* Is a blank row wanted before the i-th pick? */
static bool
wants_gap(const struct canvas *c, size_t i, int first)
{
	int above = c->picks[i] - 1;
	enum ink ink;

	if (!i || above < first)
		return false;
	ink = first_ink(c, above);
	return ink != INK_COUNT &&
	       (ink != INK_HEAD || above == c->picks[i - 1]);
}

int
canvas_gaps(const struct canvas *c, int first)
{
	int gaps = 0;

	for (size_t i = 0; i < c->pick_count; i++)
		gaps += wants_gap(c, i, first);
	return gaps;
}

/* Move a row down, to one that is blank. */
static void
move_row(struct canvas *c, int from, int to)
{
	struct canvas_row below = c->lines[to];

	if (from == to)
		return;
	below.end = 0;
	below.sign = 0;
	c->lines[to] = c->lines[from];
	c->lines[from] = below;
	if (c->cursor_row == from)
		c->cursor_row = to;
	if (c->marked == from)
		c->marked = to;
}

void
canvas_spread(struct canvas *c, int first, int room)
{
	int gaps = canvas_gaps(c, first);
	size_t i = c->pick_count;

	for (int row = first + room - 1 - gaps; gaps > 0; row--) {
		bool pick = i > 0 && c->picks[i - 1] == row;
		bool gap = pick && wants_gap(c, i - 1, first);

		move_row(c, row, row + gaps);
		if (pick)
			c->picks[--i] = row + gaps;
		gaps -= gap;
	}
}

void
canvas_cells_text(
	const struct canvas *c, int row, int from, int to, struct buf *out)
{
	const struct canvas_row *r = &c->lines[row];
	size_t end = out->len;

	for (int col = from; col < to && col < r->end; col++) {
		const struct cell *cell = &r->cells[col];

		if (cell->width == CELL_COVERED)
			continue;
		buf_puts(out, cell->width ? cell->text : " ");
		if (cell->width && strcmp(cell->text, " ") != 0)
			end = out->len;
	}
	buf_cut(out, end);
}

void
canvas_row_text(const struct canvas *c, int row, struct buf *out)
{
	canvas_cells_text(c, row, 0, c->cols, out);
}
