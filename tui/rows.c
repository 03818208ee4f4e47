#include "tui/rows.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"
#include "tui/show.h"

#define TEXT_COL 4

static void
row_release(struct row *row)
{
	free(row->text);
	free(row->kind);
	free(row->id);
	free(row->key);
	memset(row, 0, sizeof(*row));
}

static void
forget_was(struct rows *r)
{
	for (size_t i = 0; i < r->was_count; i++)
		row_release(&r->was[i]);
	free(r->was);
	r->was = NULL;
	r->was_count = 0;
}

void
rows_clear(struct rows *r)
{
	forget_was(r);
	r->was = r->items;
	r->was_count = r->count;
	r->items = NULL;
	r->count = r->cap = 0;
}

void
rows_anew(struct rows *r)
{
	rows_clear(r);
	forget_was(r);
	row_release(&r->lost);
	r->list.chosen = r->list.top = r->list.count = 0;
}

void
rows_release(struct rows *r)
{
	rows_anew(r);
	memset(r, 0, sizeof(*r));
}

/* A row is one line, also of a text that goes on below it. */
static char *
one_line(char *text)
{
	struct buf line = BUF_INIT;

	if (!strpbrk(text, "\n\t"))
		return text;
	show_one_line(text, &line);
	free(text);
	return buf_take(&line);
}

static struct row *
add(struct rows *r, char *text)
{
	struct row *row;

	MEM_ROOM(r->items, r->count, r->cap);
	row = &r->items[r->count++];
	memset(row, 0, sizeof(*row));
	row->text = one_line(text);
	return row;
}

static char *
formatted(const char *fmt, va_list ap)
{
	char *text;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = mem_alloc((size_t)(len < 0 ? 0 : len) + 1);
	vsnprintf(text, (size_t)(len < 0 ? 0 : len) + 1, fmt, ap);
	return text;
}

struct row *
rows_add(struct rows *r, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = formatted(fmt, ap);
	va_end(ap);
	return add(r, text);
}

struct row *
rows_head(struct rows *r, const char *fmt, ...)
{
	struct row *row;
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = formatted(fmt, ap);
	va_end(ap);
	row = add(r, text);
	row->head = true;
	row->ink = INK_HEAD;
	return row;
}

size_t
rows_wrap(
	struct rows *r, const char *head, const char *text, int cells, int max)
{
	size_t first = r->count, len = strlen(text), at = 0, skip = 0, n;
	int indent = utf8_width(head), lines = 0;
	int room = cells - TEXT_COL - indent;
	struct row *row;

	if (room < 10)
		room = 10;
	if (r->whole)
		max = INT_MAX;
	do {
		n = utf8_wrap(text + at, len - at, room, &skip);
		if (++lines == max && at + n + skip < len)
			n = len - at; /* the canvas shows that it goes on */
		row = rows_add(r, "%*s%.*s", lines == 1 ? 0 : indent,
			lines == 1 ? head : "", (int)n, text + at);
		row->pick = lines == 1;
		at += n + skip;
	} while (at < len && lines < max);
	return first;
}

void
row_stands_for(struct row *row, const char *kind, const char *id)
{
	row->kind = mem_text(kind);
	row->id = mem_text(id);
}

void
row_set_key(struct row *row, const char *fmt, ...)
{
	va_list ap;

	free(row->key);
	va_start(ap, fmt);
	row->key = formatted(fmt, ap);
	va_end(ap);
}

static bool
can_pick(const struct rows *r, size_t i)
{
	return i < r->count && r->items[i].pick;
}

/* The nearest row that can be chosen, looking `by` ways first. */
static void
step_to_pick(struct rows *r, int by)
{
	size_t i = r->list.chosen;

	while (i < r->count && !r->items[i].pick)
		i += (size_t)by;
	if (i >= r->count)
		for (i = r->list.chosen; i < r->count && !r->items[i].pick;)
			i -= (size_t)by;
	if (i < r->count)
		r->list.chosen = i;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
stands_for_same(const struct row *a, const struct row *b)
{
	if (!a->pick || !b->pick)
		return false;
	if (a->key || b->key)
		return same_text(a->key, b->key);
	return a->head == b->head && a->tag == b->tag && a->index == b->index &&
	       same_text(a->kind, b->kind) && same_text(a->id, b->id);
}

/* How many before a row stand for the same. */
static size_t
same_before(const struct row *items, size_t at)
{
	size_t count = 0;

	for (size_t i = 0; i < at; i++)
		count += stands_for_same(&items[i], &items[at]);
	return count;
}

static bool
same_row(const void *arg, size_t was, size_t now)
{
	const struct rows *r = arg;

	return stands_for_same(&r->was[was], &r->items[now]) &&
	       same_before(r->was, was) == same_before(r->items, now);
}

/* Takes its text and names. */
static void
note_lost(struct rows *r, struct row *row)
{
	row_release(&r->lost);
	r->lost = *row;
	memset(row, 0, sizeof(*row));
}

static void
choose_lost(struct rows *r)
{
	for (size_t i = 0; r->lost.pick && i < r->count; i++) {
		if (!stands_for_same(&r->lost, &r->items[i]))
			continue;
		r->list.chosen = i;
		row_release(&r->lost);
	}
}

void
rows_settle(struct rows *r)
{
	size_t was = r->list.chosen;

	r->list.count = r->was_count;
	r->gone = !list_follow(&r->list, r->count, same_row, r) &&
		  was < r->was_count && r->was[was].pick;
	if (r->gone)
		note_lost(r, &r->was[was]);
	if (r->undone)
		choose_lost(r);
	r->undone = false;
	forget_was(r);
	step_to_pick(r, 1);
}

const struct row *
rows_chosen(const struct rows *r)
{
	return can_pick(r, r->list.chosen) ? &r->items[r->list.chosen] : NULL;
}

/* The first row that can be chosen of the section that begins at `from`;
 * count: it has none. */
static size_t
first_pick(const struct rows *r, size_t from)
{
	for (size_t i = from; i < r->count && (i == from || !r->items[i].head);
		i++)
		if (r->items[i].pick)
			return i;
	return r->count;
}

/* Where the section begins whose first choice comes next behind a row, or
 * before it; count: none does. */
static size_t
section_beside(const struct rows *r, long row, int by)
{
	size_t found = r->count;

	for (size_t i = 0; i < r->count; i++) {
		size_t pick =
			i && !r->items[i].head ? r->count : first_pick(r, i);

		if (pick == r->count)
			continue;
		if (by > 0 && (long)pick > row)
			return i;
		if (by < 0 && (long)pick < row)
			found = i;
	}
	return found;
}

/* The next section that has something to choose, around the end; a jump down
 * shows it from its head on. */
static void
next_section(struct rows *r, int by)
{
	size_t at = section_beside(r, (long)r->list.chosen, by);

	if (at == r->count)
		at = section_beside(r, by > 0 ? -1 : (long)r->count, by);
	if (at == r->count)
		return;
	r->list.chosen = first_pick(r, at);
	if (by > 0)
		r->list.top = at;
}

bool
rows_act(struct rows *r, enum action a)
{
	size_t was = r->list.chosen;
	bool up = a == ACT_UP || a == ACT_PAGE_UP || a == ACT_LAST;

	if (!r->count)
		return false;
	if (a == ACT_PANE_NEXT || a == ACT_PANE_PREV) {
		row_release(&r->lost);
		next_section(r, a == ACT_PANE_NEXT ? 1 : -1);
		return true;
	}
	if (!list_act(&r->list, a))
		return false;
	row_release(&r->lost);
	step_to_pick(r, up ? -1 : 1);
	if (a == ACT_DOWN && r->list.chosen < was)
		r->list.chosen = was;
	/* what cannot be chosen above the first choice is shown with it */
	if (up && r->list.chosen == was && r->list.top)
		r->list.top--;
	return true;
}

/* Keep lines above the first choice, and below the last, in reach. */
static void
fit(struct rows *r, int count)
{
	size_t i;

	if (r->from_top) {
		r->list.top = 0;
		if (r->list.chosen >= (size_t)count)
			r->list.chosen = 0;
		step_to_pick(r, 1);
		r->from_top = false;
	}
	list_fit(&r->list, count);
	i = r->list.chosen;
	while (i > 0 && !r->items[i - 1].pick)
		i--;
	if (i < r->list.top && r->list.chosen - i < (size_t)count)
		r->list.top = i;
}

/* Heads stand out to the left; not where their number would lie. */
static int
text_col(const struct row *row, const struct canvas *c)
{
	return row->head && !(row->pick && c->numbered) ? 1 : TEXT_COL;
}

void
rows_draw(struct rows *r, struct canvas *c, int first, int count)
{
	fit(r, count);
	for (int i = 0; i < count; i++) {
		size_t at = r->list.top + (size_t)i;
		const struct row *row = &r->items[at];
		bool chosen = at == r->list.chosen;

		if (at >= r->count)
			break;
		if (row->head && row->pick && !row->bare) {
			canvas_rule(c, first + i, row->text);
			canvas_mark(c, first + i, chosen, 0);
			continue;
		}
		canvas_text(c, first + i, text_col(row, c), c->cols, row->ink,
			row->text);
		if (row->pick)
			canvas_mark(c, first + i, chosen, row->mark);
		else
			canvas_sign(c, first + i, row->mark);
	}
}
