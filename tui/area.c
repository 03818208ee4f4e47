#include "tui/area.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define CELLS_MIN 2 /* one wide letter */

/*
 * Where a line breaks depends on the first character that does not fit. That
 * is one of the next line, whose words begin at least a blank further left;
 * or, where it is a wide one, the first of the line after that.
 */
#define LINES_BEFORE 2

void
area_release(struct area *a)
{
	free(a->lines);
	memset(a, 0, sizeof(*a));
}

/* The last line that begins at or before `at`. */
static size_t
line_of(const struct area *a, size_t at)
{
	size_t low = 0, high = a->count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (a->lines[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void
find_cursor(struct area *a, const struct text *t)
{
	const struct area_line *l;
	size_t in;

	a->row = line_of(a, t->at);
	l = &a->lines[a->row];
	in = t->at - l->start;
	a->col = utf8_width_of(
		text_get(t) + l->start, in > l->len ? l->len : in);
}

/* Lines being laid from a byte on, until they fall in with the old ones. */
struct laying {
	const char *s;
	size_t len, at;
	int cells;
	bool open; /* the text ends with a line that nothing stands in yet */
};

static struct area_line
next_line(struct laying *l)
{
	struct area_line line = {l->at, 0};
	size_t skip = 0;

	if (l->at < l->len)
		line.len = utf8_wrap(
			l->s + l->at, l->len - l->at, l->cells - 1, &skip);
	l->at += line.len + skip;
	l->open = skip > 0;
	return line;
}

static bool
more_lines(const struct laying *l)
{
	return l->at < l->len || l->open;
}

/* `count` fresh lines for the old ones in [from, to); those behind move on by
 * so many bytes. */
static void
splice_lines(struct area *a, size_t from, size_t to,
	const struct area_line *fresh, size_t count, size_t by)
{
	size_t behind = a->count - to;

	while (a->cap < from + count + behind) {
		a->cap = a->cap ? a->cap * 2 : 8;
		a->lines = mem_grow(a->lines, a->cap, sizeof(*a->lines));
	}
	if (behind)
		memmove(a->lines + from + count, a->lines + to,
			behind * sizeof(*a->lines));
	if (count)
		memcpy(a->lines + from, fresh, count * sizeof(*fresh));
	a->count = from + count + behind;
	for (size_t i = from + count; i < a->count; i++)
		a->lines[i].start += by;
}

/* The first of the old lines that begins in the text's unchanged tail. */
static size_t
first_behind(const struct area *a, size_t tail)
{
	size_t at = a->len - tail, line = line_of(a, at);

	return line < a->count && a->lines[line].start < at ? line + 1 : line;
}

/* Does an old line from *old on, moved by so many bytes, begin at `at`? */
static bool
falls_in(const struct area *a, size_t *old, size_t at, size_t by)
{
	while (*old < a->count && a->lines[*old].start + by < at)
		++*old;
	return *old < a->count && a->lines[*old].start + by == at;
}

/*
 * Lay anew from the first line that the change can have moved on, until a line
 * begins where one did behind the change: from there on they are as they were.
 */
static void
lay_changed(struct area *a, const struct text *t)
{
	struct laying l = {text_get(t), t->bytes.len, 0, a->cells, true};
	size_t by = t->bytes.len - a->len; /* modulo: they may be fewer */
	size_t old = first_behind(a, t->tail), first = line_of(a, t->head);
	struct area_line *fresh = NULL;
	size_t count = 0, cap = 0;
	bool in = false;

	first = first > LINES_BEFORE ? first - LINES_BEFORE : 0;
	l.at = a->count ? a->lines[first].start : 0;
	while (!in && more_lines(&l)) {
		MEM_ROOM(fresh, count, cap);
		fresh[count++] = next_line(&l);
		in = more_lines(&l) && falls_in(a, &old, l.at, by);
	}
	splice_lines(a, first, in ? old : a->count, fresh, count, by);
	a->laid = count;
	free(fresh);
}

void
area_lay(struct area *a, struct text *t, int cells)
{
	if (cells < CELLS_MIN)
		cells = CELLS_MIN;
	if (a->cells != cells || a->version != t->laid) {
		a->count = a->len = t->head = t->tail = 0;
		a->cells = cells;
		lay_changed(a, t);
	} else if (a->version != t->version) {
		lay_changed(a, t);
	} else {
		a->laid = 0;
	}
	a->version = t->version;
	a->len = t->bytes.len;
	text_laid(t);
	find_cursor(a, t);
}

/* Where the line ends and the cursor still stands in it. */
static size_t
end_of(const struct area *a, const struct text *t, size_t row)
{
	size_t end = a->lines[row].start + a->lines[row].len;

	if (row + 1 < a->count && a->lines[row + 1].start == end)
		return utf8_prev(text_get(t), end);
	return end;
}

bool
area_move(struct area *a, struct text *t, int by, int cells)
{
	size_t row, at, end;
	int used;

	area_lay(a, t, cells);
	if (by < 0)
		row = a->row < (size_t)-by ? 0 : a->row - (size_t)-by;
	else
		row = a->row + (size_t)by;
	if (row >= a->count)
		row = a->count - 1;
	if (row == a->row)
		return false;
	if (a->goal_at != t->at)
		a->goal = a->col;
	at = a->lines[row].start;
	at += utf8_fit_of(text_get(t) + at, a->lines[row].len, a->goal, &used);
	end = end_of(a, t, row);
	text_move(t, at < end ? at : end);
	a->goal_at = t->at;
	find_cursor(a, t);
	return true;
}

static bool
move_to(struct area *a, struct text *t, size_t at)
{
	if (at == t->at)
		return false;
	text_move(t, at);
	find_cursor(a, t);
	return true;
}

bool
area_line_start(struct area *a, struct text *t, int cells)
{
	area_lay(a, t, cells);
	return move_to(a, t, a->lines[a->row].start);
}

bool
area_line_end(struct area *a, struct text *t, int cells)
{
	area_lay(a, t, cells);
	return move_to(a, t, end_of(a, t, a->row));
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
		int w = utf8_width_of(s + before, from - before);

		if (width + w > cells - 1)
			break;
		width += w;
		from = before;
	}
	*col = width;
	return from;
}
