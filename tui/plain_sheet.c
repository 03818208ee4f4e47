#include "tui/plain_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "tui/keystroke.h"

#define COLS 16000 /* rows take memory for their text alone */
#define GAP 2	   /* blanks that stay of more */

static void
drop_lines(struct sheet_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(lines[i].text);
	free(lines);
}

void
sheet_release(struct sheet *s)
{
	drop_lines(s->lines, s->count);
	free(s->title);
	memset(s, 0, sizeof(*s));
}

/* What a mark says. */
static const char *
sign_word(char sign)
{
	switch (sign) {
	case '*':
		return "not sent";
	case 'x':
		return "conflict";
	case '-':
		return "void";
	case '+':
		return "chosen";
	default:
		return "attention";
	}
}

/* Text without the blanks that only line it up with other rows. */
static void
put_squeezed(struct buf *out, const char *text)
{
	text += strspn(text, " ");
	while (*text) {
		size_t blanks = strspn(text, " ");
		size_t len = strcspn(text + blanks, " ");

		if (len)
			buf_printf(out, "%*s",
				(int)(blanks < GAP ? blanks : GAP), "");
		buf_add(out, text + blanks, len);
		text += blanks + len;
	}
}

static void
put_cells(const struct canvas *c, int row, struct buf *out)
{
	struct buf text = BUF_INIT;

	canvas_row_text(c, row, &text);
	put_squeezed(out, buf_text(&text));
	buf_release(&text);
}

static void
add_line(struct sheet *s, const struct canvas *c, int row, int pick)
{
	char sign = c->lines[row].sign;
	struct buf text = BUF_INIT;

	put_cells(c, row, &text);
	if (sign)
		buf_printf(&text, " (%s)", sign_word(sign));
	if (!text.len && pick < 0)
		return;
	MEM_ROOM(s->lines, s->count, s->cap);
	s->lines[s->count++] = (struct sheet_line){
		.text = mem_text(buf_text(&text)), .pick = pick};
	buf_release(&text);
}

/* Draw a page more than is shown, so that it is known whether there is one. */
static void
draw(struct sheet *s, struct app *a)
{
	struct canvas *c = &a->canvas;
	struct view *v = app_top(a);
	int rows = (int)s->rows;
	size_t pick = 0;

	canvas_begin(c, rows, COLS, &a->look);
	v->ops->draw(v, c, 0, rows);
	a->drawn = true;
	for (int row = 0; row < rows; row++) {
		bool is_pick = pick < c->pick_count && c->picks[pick] == row;

		add_line(s, c, row, is_pick ? (int)pick : -1);
		pick += is_pick;
	}
}

static void
make_title(struct sheet *s, struct app *a)
{
	struct view *v = app_top(a);
	struct buf left = BUF_INIT, right = BUF_INIT, title = BUF_INIT;

	v->ops->title(v, &left, &right);
	put_squeezed(&title, buf_text(&left));
	if (right.len) {
		buf_puts(&title, ". ");
		put_squeezed(&title, buf_text(&right));
	}
	free(s->title);
	s->title = buf_take(&title);
	buf_release(&left);
	buf_release(&right);
}

static bool
same_line(const struct sheet_line *a, const struct sheet_line *b)
{
	return strcmp(a->text, b->text) == 0 && (a->pick < 0) == (b->pick < 0);
}

/* Lines of two sheets between two that they share. */
struct gap {
	const struct sheet *was;
	struct sheet *now;
	size_t was_from, was_to, now_from, now_to;
};

static size_t
count_picks(const struct sheet *s, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += s->lines[i].pick >= 0;
	return n;
}

/* As many lines as there were took their places: their numbers go on. */
static void
replace_lines(const struct gap *g)
{
	size_t at = g->was_from;

	if (count_picks(g->was, g->was_from, g->was_to) !=
		count_picks(g->now, g->now_from, g->now_to))
		return;
	for (size_t i = g->now_from; i < g->now_to; i++) {
		if (g->now->lines[i].pick < 0)
			continue;
		while (g->was->lines[at].pick < 0)
			at++;
		g->now->lines[i].number = g->was->lines[at++].number;
	}
}

/* Where a line was, not above `from`; the count: nowhere. */
static size_t
place_of(const struct sheet *was, size_t from, const struct sheet_line *line)
{
	while (from < was->count && !same_line(&was->lines[from], line))
		from++;
	return from;
}

/* A line that moved up keeps its number too. */
static void
follow_moved(const struct sheet *was, struct sheet *now)
{
	for (size_t i = 0; i < now->count; i++) {
		struct sheet_line *line = &now->lines[i];
		size_t at = place_of(was, 0, line);
		bool taken = at == was->count || line->pick < 0 || line->number;

		for (size_t k = 0; k < now->count && !taken; k++)
			taken = now->lines[k].number == was->lines[at].number;
		if (!taken)
			line->number = was->lines[at].number;
	}
}

/* Lines that are there still keep their numbers; the others are fresh. Numbers
 * of lines that are gone are not used again. */
static void
take_numbers(struct sheet *now, const struct sheet *was)
{
	struct gap g = {was, now, 0, 0, 0, 0};

	for (size_t i = 0; i < now->count; i++) {
		size_t at = place_of(was, g.was_from, &now->lines[i]);

		now->lines[i].fresh = at == was->count;
		if (now->lines[i].fresh)
			continue;
		now->lines[i].number = was->lines[at].number;
		g.was_to = at;
		g.now_to = i;
		replace_lines(&g);
		g.was_from = at + 1;
		g.now_from = i + 1;
	}
	g.was_to = was->count;
	g.now_to = now->count;
	replace_lines(&g);
	follow_moved(was, now);
}

/* Lines get their number when they are about to be read. */
static void
number_shown(struct sheet *s)
{
	for (size_t i = s->from; i < s->count && i < s->shown; i++)
		if (s->lines[i].pick >= 0 && !s->lines[i].number)
			s->lines[i].number = s->next++;
}

static void
put_line(const struct sheet_line *line, struct buf *out)
{
	if (line->number)
		buf_printf(out, "%d. ", line->number);
	buf_printf(out, "%s\n", line->text);
}

static void
put_lines(struct sheet *s, size_t from, size_t to, struct buf *out)
{
	for (size_t i = from; i < to && i < s->count; i++)
		put_line(&s->lines[i], out);
	s->complete = s->count <= s->shown;
	if (to >= s->shown && !s->complete)
		buf_puts(out, "There is more: more\n");
}

/* Where the chosen line is; the count: nowhere. */
static size_t
chosen_at(const struct sheet *s, const struct app *a)
{
	size_t i = 0;

	while (i < s->count &&
		(s->lines[i].pick < 0 || s->lines[i].pick != a->canvas.chosen))
		i++;
	return i;
}

static const struct sheet_line *
chosen_line(const struct sheet *s, const struct app *a)
{
	size_t at = chosen_at(s, a);

	return at < s->count ? &s->lines[at] : NULL;
}

/* Begin anew for the view on top. */
static void
begin(struct sheet *s, struct app *a, size_t shown)
{
	size_t page = s->page;

	sheet_release(s);
	s->page = page;
	s->nth = app_top(a)->nth;
	s->shown = shown;
	s->rows = shown + page + 2; /* to know whether there is more */
	s->next = 1;
}

/* The choice is beyond what was read: read on to it. */
static void
reach_chosen(struct sheet *s, const struct app *a)
{
	size_t at = chosen_at(s, a);

	if (at == s->count || at < s->shown)
		return;
	s->shown = at + 1;
	if (!s->scrolled && s->rows < s->shown + s->page + 2)
		s->rows = s->shown + s->page + 2;
}

/* The sheet as it is now, with the numbers it had; *was gets it as it was. */
static void
make_anew(struct sheet *s, struct app *a, struct sheet *was)
{
	*was = *s;
	s->lines = NULL;
	s->count = s->cap = 0;
	draw(s, a);
	take_numbers(s, was);
	reach_chosen(s, a);
	number_shown(s);
}

/* Is it better read as a whole? Most of it changed; or, as by a filter, lines
 * went and the title says so. */
static bool
is_another(const struct sheet *s, const struct sheet *was, bool titled)
{
	size_t changed = 0;

	for (size_t i = 0; i < s->count; i++)
		changed += s->lines[i].fresh;
	return !was->count || (changed > 3 && changed * 2 > s->count) ||
	       (titled && s->count < was->count);
}

/* What was shown of it, or, where the choice is beyond that, the page that ends
 * with it. */
static void
put_all(struct sheet *s, struct app *a, struct buf *out)
{
	size_t at;

	begin(s, a, s->shown < s->page || s->scrolled ? s->page : s->shown);
	draw(s, a);
	at = chosen_at(s, a);
	if (at < s->count && at >= s->shown) {
		s->scrolled = true;
		s->shown = at + 1;
		s->from = s->shown - s->page;
	}
	number_shown(s);
	make_title(s, a);
	buf_printf(out, "%s\n", s->title);
	put_lines(s, s->from, s->shown, out);
}

/* Does a scrolled view begin with another line now? */
static bool
scrolled_on(const struct sheet *s, const struct sheet *was)
{
	return s->scrolled && s->count && was->count &&
	       !same_line(&s->lines[0], &was->lines[0]);
}

static void
put_changes(struct sheet *s, struct app *a, bool titled, struct buf *out)
{
	const struct sheet_line *chosen = chosen_line(s, a);
	size_t before;

	if (titled)
		buf_printf(out, "%s\n", s->title);
	before = out->len;
	for (size_t i = s->from; i < s->count && i < s->shown; i++)
		if (s->lines[i].fresh)
			put_line(&s->lines[i], out);
	if (out->len == before && chosen && chosen->number != s->chosen)
		put_line(chosen, out);
}

static void
note_chosen(struct sheet *s, const struct app *a)
{
	const struct sheet_line *chosen = chosen_line(s, a);

	s->chosen = chosen ? chosen->number : 0;
}

/* Did its title change? It is made anew. */
static bool
title_changed(struct sheet *s, struct app *a)
{
	char *was = mem_text(s->title);
	bool changed;

	make_title(s, a);
	changed = strcmp(was, s->title) != 0;
	free(was);
	return changed;
}

/* What there is to read after it was drawn anew. */
static void
put_difference(struct sheet *s, struct app *a, bool titled, struct buf *out)
{
	struct sheet was;
	bool other_title;

	make_anew(s, a, &was);
	other_title = title_changed(s, a);
	if (is_another(s, &was, other_title) || scrolled_on(s, &was))
		put_all(s, a, out);
	else
		put_changes(s, a, titled || other_title, out);
	drop_lines(was.lines, was.count);
}

void
sheet_show(struct sheet *s, struct app *a, enum sheet_read how, struct buf *out)
{
	bool another = s->nth != app_top(a)->nth;

	if (another)
		s->shown = 0;
	if (another || how == SHEET_ALL)
		put_all(s, a, out);
	else
		put_difference(s, a, how == SHEET_RETURN, out);
	note_chosen(s, a);
}

static bool
scroll_on(struct sheet *s, struct app *a, struct buf *out)
{
	struct sheet was;
	bool moved;

	app_act(a, ACT_PAGE_DOWN, NULL);
	make_anew(s, a, &was);
	moved = scrolled_on(s, &was);
	drop_lines(was.lines, was.count);
	if (moved)
		put_all(s, a, out);
	note_chosen(s, a);
	return moved;
}

bool
sheet_more(struct sheet *s, struct app *a, struct buf *out)
{
	struct sheet was;
	size_t from = s->shown;

	if (s->scrolled)
		return scroll_on(s, a, out);
	if (s->complete)
		return false;
	s->shown += s->page;
	s->rows += s->page;
	make_anew(s, a, &was);
	drop_lines(was.lines, was.count);
	put_lines(s, from, s->shown, out);
	note_chosen(s, a);
	return true;
}

/* NULL: no line has that number. */
static const struct sheet_line *
numbered(const struct sheet *s, int number)
{
	for (size_t i = 0; i < s->count && number; i++)
		if (s->lines[i].number == number)
			return &s->lines[i];
	return NULL;
}

enum sheet_chosen
sheet_choose(struct sheet *s, struct app *a, int number, struct buf *out)
{
	const struct sheet_line *line = numbered(s, number);
	char *read = mem_text(line ? line->text : NULL);
	enum sheet_chosen outcome = SHEET_NONE;

	if (read) {
		put_difference(s, a, false, out);
		line = numbered(s, number);
		outcome = SHEET_CHANGED;
		if (line && strcmp(line->text, read) == 0 &&
			app_choose(a, (size_t)line->pick + 1))
			outcome = SHEET_CHOSEN;
	}
	free(read);
	return outcome;
}
