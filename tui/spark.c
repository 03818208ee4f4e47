#include "tui/spark.h"

#include <string.h>

#include "common/utf8.h"

#define LEVELS 8	  /* of a column, and of a bar's last cell */
#define COLUMN_ONE 0x2581 /* lower one eighth block; the next are higher */
#define BAR_ONE 0x258f	  /* left one eighth block; those before, longer */
#define BAR_FULL 0x2588

static const char ascii_levels[] = "_-=+*oO#";

static void
put_code(uint32_t code, struct buf *out)
{
	char text[4];

	buf_add(out, text, utf8_encode(code, text));
}

/* 1 to `steps` as `value` is of `max`: rounded, and never 0. */
static int
scaled(int64_t value, int64_t max, int steps)
{
	double part = max > 0 ? (double)value / (double)max : 0;
	int step;

	if (part >= 1)
		return steps;
	step = (int)(part * steps + 0.5);
	return step < 1 ? 1 : step;
}

void
spark_line(const int64_t *counts, size_t count, const struct look *l,
	struct buf *out)
{
	int64_t max = 0;

	if (l->plain)
		return;
	for (size_t i = 0; i < count; i++)
		if (counts[i] > max)
			max = counts[i];
	for (size_t i = 0; i < count; i++) {
		int level;

		if (counts[i] <= 0) {
			buf_putc(out, '.');
			continue;
		}
		level = scaled(counts[i], max, LEVELS);
		if (l->glyphs)
			put_code(COLUMN_ONE + (uint32_t)level - 1, out);
		else
			buf_putc(out, ascii_levels[level - 1]);
	}
}

void
spark_bar(int64_t value, int64_t max, int cells, const struct look *l,
	struct buf *out)
{
	int steps = l->glyphs ? cells * LEVELS : cells;
	int length = value > 0 && !l->plain ? scaled(value, max, steps) : 0;

	if (!l->glyphs) {
		while (length-- > 0)
			buf_putc(out, '#');
		return;
	}
	for (; length >= LEVELS; length -= LEVELS)
		put_code(BAR_FULL, out);
	if (length)
		put_code(BAR_ONE - (uint32_t)length + 1, out);
}
