#include "tui/bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/hints.h"
#include "tui/status_row.h"

int
bar_body_rows(const struct canvas *c)
{
	return c->rows - 3 - hints_rows(c->look);
}

void
bar_title(struct app *a, struct canvas *c)
{
	struct view *v = app_top(a);
	struct buf left = BUF_INIT, right = BUF_INIT;
	int room, width;

	v->ops->title(v, &left, &right);
	width = utf8_width(buf_text(&right));
	room = c->cols - 1 - (width ? width + 2 : 0);
	if (room < 20) {
		room = c->cols - 1;
		width = 0;
	}
	canvas_text(c, 0, 1, room, INK_TITLE, buf_text(&left));
	if (width)
		canvas_text(c, 0, c->cols - width, width, INK_PLAIN,
			buf_text(&right));
	buf_release(&left);
	buf_release(&right);
}

/* Bytes of what is to be said that go into a row of their own, *skip those
 * between it and the rest; 0: it fits in one. */
static size_t
first_row(const struct app *a, const struct canvas *c, size_t *skip)
{
	size_t len = a->notice.len, first;

	first = utf8_wrap(buf_text(&a->notice), len, c->cols - 1, skip);
	return first + *skip < len ? first : 0;
}

int
bar_covered_rows(const struct app *a, const struct canvas *c)
{
	size_t skip = 0;

	if (!a->notice.len)
		return 0;
	return a->prompt.on + (first_row(a, c, &skip) > 0);
}

/* What is to be said ends in `row`; a long text begins in the row above. */
static void
draw_notice(struct app *a, struct canvas *c, int row)
{
	const char *text = buf_text(&a->notice);
	size_t skip = 0, first = first_row(a, c, &skip);

	if (first) {
		char *above = mem_printf("%.*s", (int)first, text);

		canvas_line(c, row - 1, a->notice_ink, above);
		free(above);
		text += first + skip;
	}
	canvas_line(c, row, a->notice_ink, text);
}

void
bar_bottom(struct app *a, const struct syncing *s, struct canvas *c)
{
	int row = BAR_BODY_FIRST + bar_body_rows(c);
	char keys[CHORD_NAME_MAX];

	status_row_draw(a, s, c, row + 1);
	if (!a->prompt.on || !a->prompt.tab ||
		!completing_draw(a->prompt.tab, &a->prompt.text, c, row + 2))
		hints_draw(a, c, row + 2);
	if (a->notice.len)
		draw_notice(a, c, a->prompt.on ? row - 1 : row);
	if (a->prompt.on) {
		prompt_draw(&a->prompt, c, row);
	} else if (a->notice.len) {
		return;
	} else if (a->pending.count) {
		chord_name(&a->pending, keys);
		canvas_printf(c, row, 1, c->cols - 1, INK_PLAIN,
			"%s and the next key; Esc leaves it", keys);
	}
}
