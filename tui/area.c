#include "tui/area.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

void
area_release(struct area *a)
{
	free(a->lines);
	memset(a, 0, sizeof(*a));
}

static int
width_of(const char *s, size_t len)
{
	struct buf part = BUF_INIT;
	int width;

	buf_add(&part, s, len);
	width = utf8_width(buf_text(&part));
	buf_release(&part);
	return width;
}

static void
add_line(struct area *a, size_t start, size_t len)
{
	MEM_ROOM(a->lines, a->count, a->cap);
	a->lines[a->count++] = (struct area_line){start, len};
}

/* The last line that begins at or before the cursor. */
static void
find_cursor(struct area *a, const struct text *t)
{
	const char *s = text_get(t);
	const struct area_line *l;
	size_t in;

	a->row = 0;
	while (a->row + 1 < a->count && a->lines[a->row + 1].start <= t->at)
		a->row++;
	l = &a->lines[a->row];
	in = t->at - l->start;
	a->col = width_of(s + l->start, in > l->len ? l->len : in);
}

void
area_lay(struct area *a, const struct text *t, int cells)
{
	const char *s = text_get(t);
	size_t len = t->bytes.len, at = 0, skip, n;

	if (cells < 2)
		cells = 2;
	a->count = 0;
	while (at < len) {
		n = utf8_wrap(s + at, len - at, cells - 1, &skip);
		if (!n && !skip)
			n = utf8_next(s, len, at) - at;
		add_line(a, at, n);
		at += n + skip;
	}
	if (!len || s[len - 1] == '\n' ||
		a->lines[a->count - 1].start + a->lines[a->count - 1].len < len)
		add_line(a, len, 0);
	find_cursor(a, t);
}

bool
area_move(struct area *a, struct text *t, int by, int cells)
{
	const struct area_line *l;
	struct buf part = BUF_INIT;
	size_t row;
	int used;

	area_lay(a, t, cells);
	row = a->row + (size_t)by;
	if (row >= a->count) /* before the first wraps round, too */
		return false;
	l = &a->lines[row];
	buf_add(&part, text_get(t) + l->start, l->len);
	text_move(t, l->start + utf8_fit(buf_text(&part), a->col, &used));
	buf_release(&part);
	area_lay(a, t, cells);
	return true;
}

size_t
field_window(const struct text *t, int cells, int *col)
{
	const char *s = text_get(t);
	size_t from = t->at;
	int width = 0;

	/* walk back from the cursor as far as the window reaches */
	while (from > 0) {
		size_t before = utf8_prev(s, from);
		int w = width_of(s + before, from - before);

		if (width + w > cells - 1)
			break;
		width += w;
		from = before;
	}
	*col = width;
	return from;
}
