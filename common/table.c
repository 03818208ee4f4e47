#include "common/table.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define GAP 2
#define LEAST 16 /* cells that a clipped column keeps: a local time whole */
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

/* Cells of a row whose columns but the first are at most `most` wide. */
static int
row_width(const int *widths, size_t columns, int most)
{
	int total = widths[0];

	for (size_t i = 1; i < columns; i++)
		total += GAP + (widths[i] < most ? widths[i] : most);
	return total;
}

/* Leave out the last where even narrow ones have no room, then narrow the
 * widest; returns the columns shown. */
static size_t
fit_columns(size_t columns, int widths[TABLE_COLUMNS_MAX])
{
	int most = TABLE_WIDTH;

	while (columns > 1 && row_width(widths, columns, LEAST) > TABLE_WIDTH)
		columns--;
	while (most > LEAST && row_width(widths, columns, most) > TABLE_WIDTH)
		most--;
	for (size_t i = 1; i < columns; i++)
		widths[i] = widths[i] < most ? widths[i] : most;
	return columns;
}

static void
print_row(
	char *const *cells, size_t columns, const int *widths, struct buf *out)
{
	for (size_t i = 0; i < columns; i++) {
		int used = put_shown(out, cells[i], widths[i]);

		while (i + 1 < columns && used++ < widths[i] + GAP)
			buf_putc(out, ' ');
	}
	while (out->len && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	buf_putc(out, '\n');
}

void
table_print(const struct table *t, struct buf *out)
{
	int widths[TABLE_COLUMNS_MAX];
	size_t columns;

	measure(t, widths);
	columns = fit_columns(t->columns, widths);
	for (size_t i = 0; i + t->columns <= t->count; i += t->columns)
		print_row(t->cells + i, columns, widths, out);
}
