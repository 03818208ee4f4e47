#include "common/table.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define GAP 2
#define CLIPPED ".."

void
table_release(struct table *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->cells[i]);
	free(t->cells);
	*t = (struct table){0};
}

void
table_cell(struct table *t, const char *text)
{
	MEM_ROOM(t->cells, t->count, t->cap);
	t->cells[t->count++] = mem_text(text);
}

void
table_heads(struct table *t, const char *const heads[])
{
	for (size_t i = 0; i < t->columns; i++)
		table_cell(t, heads[i]);
}

/* Bytes of the longest prefix that fits; *used gets its cells. */
static size_t
fit(const char *text, int cells, int *used)
{
	size_t whole = utf8_fit(text, cells ? cells : 1 << 28, used);

	if (!text[whole] || cells <= (int)strlen(CLIPPED))
		return whole;
	return utf8_fit(text, cells - (int)strlen(CLIPPED), used);
}

static void
put_bytes(struct buf *out, const char *s, size_t len)
{
	uint32_t code;

	for (size_t n; len; s += n, len -= n) {
		n = utf8_decode(s, len, &code);
		if (!n) {
			buf_puts(out, "\xef\xbf\xbd");
			n = 1;
		} else if (code == '\n' || code == '\t') {
			buf_putc(out, ' ');
		} else if (code < 0x20 || code == 0x7f) {
			buf_putc(out, '^');
			buf_putc(out, (char)(code ^ 0x40));
		} else if (code >= 0x80 && code < 0xa0) {
			buf_puts(out, "^?");
		} else {
			buf_add(out, s, n);
		}
	}
}

int
put_shown(struct buf *out, const char *text, int cells)
{
	int used;
	size_t len = fit(text, cells, &used);

	put_bytes(out, text, len);
	if (!text[len] || cells <= (int)strlen(CLIPPED))
		return used;
	buf_puts(out, CLIPPED);
	return used + (int)strlen(CLIPPED);
}

void
put_wrapped(struct buf *out, const char *text, int indent)
{
	size_t len = strlen(text), skip;

	for (bool first = true; first || len; first = false) {
		size_t n = utf8_wrap(text, len, TABLE_WIDTH - indent, &skip);

		if (!first && n)
			for (int i = 0; i < indent; i++)
				buf_putc(out, ' ');
		put_bytes(out, text, n);
		buf_putc(out, '\n');
		text += n + skip;
		len -= n + skip;
		if (!n && !skip)
			break;
	}
}

static void
measure(const struct table *t, int widths[TABLE_COLUMNS_MAX])
{
	memset(widths, 0, sizeof(int) * TABLE_COLUMNS_MAX);
	for (size_t i = 0; i < t->count; i++) {
		int w = utf8_width(t->cells[i]);

		if (w > widths[i % t->columns])
			widths[i % t->columns] = w;
	}
}

/* Which columns are shown, how wide their texts are, and how wide they get. */
struct layout {
	bool shown[TABLE_COLUMNS_MAX];
	int widths[TABLE_COLUMNS_MAX], cells[TABLE_COLUMNS_MAX];
};

static int
larger(int a, int b)
{
	return a > b ? a : b;
}

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* Cells that a column cannot do without. */
static int
cells_needed(const struct table *t, const struct layout *l, size_t column)
{
	if (column == 0)
		return larger(l->widths[0], t->room[0]);
	if (t->room[column])
		return larger(t->room[column], utf8_width(t->cells[column]));
	return smaller(l->widths[column], TABLE_CLIP);
}

static int
row_width(const struct table *t, const struct layout *l)
{
	int total = -GAP;

	for (size_t i = 0; i < t->columns; i++)
		if (l->shown[i])
			total += GAP + cells_needed(t, l, i);
	return total;
}

/* Leave out the last ones, but neither the first nor the lead; a narrow one
 * stays where the wide one before it had no room. */
static void
choose_columns(const struct table *t, struct layout *l)
{
	for (size_t i = 0; i < t->columns; i++)
		l->shown[i] = true;
	for (size_t i = t->columns; i-- > 1;)
		if (i != t->lead && row_width(t, l) > TABLE_WIDTH)
			l->shown[i] = false;
	for (size_t i = 1; i < t->columns; i++) {
		bool was = l->shown[i];

		l->shown[i] = true;
		l->shown[i] = was || row_width(t, l) <= TABLE_WIDTH;
	}
}

/* A column grows to its text as far as there is room. */
static void
grow(struct layout *l, size_t column, int *left)
{
	int more = smaller(l->widths[column] - l->cells[column], *left);

	if (!l->shown[column] || more <= 0)
		return;
	l->cells[column] += more;
	*left -= more;
}

static void
share_room(const struct table *t, struct layout *l)
{
	int left = TABLE_WIDTH + GAP;

	for (size_t i = 0; i < t->columns; i++) {
		l->cells[i] = smaller(l->widths[i], cells_needed(t, l, i));
		if (l->shown[i])
			left -= l->cells[i] + GAP;
	}
	if (t->lead && left < 0)
		l->cells[t->lead] = larger(l->cells[t->lead] + left, 1);
	grow(l, t->lead, &left);
	for (size_t i = 1; i < t->columns; i++)
		grow(l, i, &left);
}

static void
print_row(const struct table *t, char *const *cells, const struct layout *l,
	struct buf *out)
{
	size_t start = out->len;
	int gap = 0;

	for (size_t i = 0; i < t->columns; i++) {
		if (!l->shown[i])
			continue;
		for (; gap > 0; gap--)
			buf_putc(out, ' ');
		gap = GAP + l->cells[i];
		if (l->cells[i])
			gap -= put_shown(out, cells[i], l->cells[i]);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	buf_putc(out, '\n');
}

void
table_print(const struct table *t, struct buf *out)
{
	struct layout l;

	measure(t, l.widths);
	choose_columns(t, &l);
	share_room(t, &l);
	for (size_t i = 0; i + t->columns <= t->count; i += t->columns)
		print_row(t, t->cells + i, &l, out);
}
