#include "tui/canvas.h"

#include <curses.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/utf8.h"

enum { PAIR_ALERT = 1, PAIR_HEAD };

void
canvas_colours(const struct look *l)
{
	if (!l->colour || !has_colors())
		return;
	start_color();
	use_default_colors();
	init_pair(PAIR_ALERT, COLOR_RED, -1);
	init_pair(PAIR_HEAD, COLOR_CYAN, -1);
}

static attr_t
attributes(const struct look *l, enum ink ink, short *pair)
{
	bool colour = l->colour && has_colors();

	*pair = 0;
	switch (ink) {
	case INK_TITLE:
		return l->contrast ? A_BOLD | A_REVERSE : A_BOLD;
	case INK_HEAD:
		*pair = colour ? PAIR_HEAD : 0;
		return l->contrast ? A_BOLD : A_NORMAL;
	case INK_ALERT:
		*pair = colour ? PAIR_ALERT : 0;
		return A_BOLD;
	default:
		return A_NORMAL;
	}
}

void
canvas_begin(struct canvas *c, const struct look *l)
{
	c->rows = LINES;
	c->cols = COLS - 1;
	c->look = l;
	c->cursor_row = LINES - 1;
	c->cursor_col = 0;
	werase(stdscr);
}

void
canvas_end(struct canvas *c)
{
	wmove(stdscr, c->cursor_row, c->cursor_col);
	wnoutrefresh(stdscr);
	doupdate();
}

void
canvas_repaint(struct canvas *c)
{
	(void)c;
	clearok(curscr, TRUE);
}

void
canvas_cursor(struct canvas *c, int row, int col)
{
	if (row < 0 || row >= c->rows || col < 0)
		return;
	c->cursor_row = row;
	c->cursor_col = col < c->cols ? col : c->cols;
}

/* What stands for a code point on this terminal. */
static int
shown(const struct look *l, uint32_t code, char out[8])
{
	size_t n;

	if (code < 0x20 || code == 0x7f) {
		snprintf(out, 8, "^%c", (char)(code ^ 0x40));
		return 2;
	}
	if (code >= 0x80 && code < 0xa0) {
		snprintf(out, 8, "^%c", (char)(code - 0x40));
		return 2;
	}
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

int
canvas_text(struct canvas *c, int row, int col, int width, enum ink ink,
	const char *text)
{
	size_t len = strlen(text), at = 0;
	char out[8];
	short pair;
	attr_t attr = attributes(c->look, ink, &pair);
	int used = 0, fit;

	if (width > c->cols - col)
		width = c->cols - col;
	if (row < 0 || row >= c->rows || width <= 0)
		return 0;
	utf8_fit(text, width, &fit);
	if (utf8_width(text) > width)
		utf8_fit(text, width - 1, &fit);
	wattr_set(stdscr, attr, pair, NULL);
	wmove(stdscr, row, col);
	while (at < len) {
		uint32_t code = 0xfffd;
		size_t n = utf8_decode(text + at, len - at, &code);
		int cells = shown(c->look, code, out);

		if (used + cells > fit)
			break;
		waddstr(stdscr, out);
		used += cells;
		at += n ? n : 1;
	}
	if (at < len && used < width) {
		waddstr(stdscr, look_ellipsis(c->look));
		used++;
	}
	wattr_set(stdscr, A_NORMAL, 0, NULL);
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
	wmove(stdscr, row, 0);
	wclrtoeol(stdscr);
	canvas_text(c, row, 1, c->cols - 1, ink, text);
}

void
canvas_rule(struct canvas *c, int row, const char *label)
{
	char line[512];
	int at = 0;

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
canvas_mark(struct canvas *c, int row, bool chosen, char mark)
{
	char text[2] = {mark, '\0'};

	if (mark && mark != ' ')
		canvas_text(c, row, 2, 1, mark == '*' ? INK_PLAIN : INK_ALERT,
			text);
	if (!chosen)
		return;
	canvas_text(c, row, 0, 1, INK_PLAIN, ">");
	canvas_cursor(c, row, 0);
}
