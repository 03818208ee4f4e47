#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/form_state.h"
#include "tui/show.h"

#define LABEL_COL 3
#define LABEL_WIDTH 18
#define LABEL_MOST 26
#define NARROW_CELLS 45 /* of a narrative, where labels are shorter */
#define NARROW_LABEL 10
#define NARROW_LABEL_MOST 16
#define LONG_MIN 3 /* lines of a long text that is being written */

/* The page: fields one below the other, some of several lines. */
struct page {
	struct view *v;
	struct form *f;
	struct canvas *c;
	int first, count; /* rows of the body */
	int line;	  /* of the page, where the next thing goes */
};

static int
row_of(const struct page *p, int line)
{
	int row = line - p->f->top;

	return row >= 0 && row < p->count ? p->first + row : -1;
}

/* Cells that every label has; a longer one takes more, up to a bound. */
static int
label_least(const struct form *f)
{
	return f->cells < NARROW_CELLS ? NARROW_LABEL : LABEL_WIDTH;
}

/* Where a value begins: in line with the others, or behind its longer label. */
static int
value_col(const struct form *f, const struct field *field)
{
	int least = label_least(f);
	int most = least == NARROW_LABEL ? NARROW_LABEL_MOST : LABEL_MOST;
	int width = utf8_width(field->label) + 2 * field->required;

	if (width < least)
		width = least;
	return LABEL_COL + (width < most ? width : most) + 1;
}

/* The rows that a long text takes. */
static int
long_lines(struct form *f, size_t i)
{
	struct area *a = &f->inputs[i].area;
	int lines;

	area_lay(a, &f->inputs[i].text, f->cells);
	lines = (int)a->count;
	return i == f->focus && lines < LONG_MIN ? LONG_MIN : lines;
}

static int
height(struct form *f, size_t i)
{
	const struct input *in = &f->inputs[i];
	int lines = 1;

	if (in->field->type == TYPE_LONG)
		lines += long_lines(f, i);
	return lines + (in->error != NULL) + in->clash;
}

/* Scroll so that the line the cursor is on can be seen, with its label and what
 * is said below it, and no row stays empty while there are fields above. */
static void
scroll(struct form *f, int count)
{
	const struct input *in = &f->inputs[f->focus];
	int line = f->voided, from, to, last;

	for (size_t i = 0; i < f->focus; i++)
		line += height(f, i);
	from = to = f->focus_line = line;
	if (in->field->type == TYPE_LONG) {
		long_lines(f, f->focus);
		to = line + 1 + (int)in->area.row;
		if (in->area.row > 0)
			from = to;
	}
	last = line + height(f, f->focus) - 1;
	if ((in->error || in->clash) && last - line < count)
		to = last;
	if (to >= f->top + count)
		f->top = to - count + 1;
	if (from < f->top)
		f->top = from;
	for (size_t i = f->focus; i < f->count; i++)
		line += height(f, i);
	if (f->top > line - count)
		f->top = line > count ? line - count : 0;
}

bool
form_radio(const struct form *f, const struct field *field)
{
	int need = 0;

	for (size_t i = 0; i < field->choice_count; i++)
		need += utf8_width(field->choices[i].label) + 6;
	need += value_col(f, field) - LABEL_COL - 1 - label_least(f);
	return field->type == TYPE_ENUM && need <= f->room;
}

/* (o) one  ( ) another. */
static int
draw_radio(struct page *p, const struct input *in, int row)
{
	const struct field *f = in->field;
	int col = value_col(p->f, in->field), room = p->c->cols - col;

	for (size_t i = 0; i < f->choice_count; i++) {
		bool on = strcmp(f->choices[i].value, text_get(&in->text)) == 0;

		col += canvas_printf(p->c, row, col, room, INK_PLAIN, "(%c) %s",
			       on ? 'o' : ' ', f->choices[i].label) +
		       2;
	}
	return col;
}

/* Gives the column behind the value. */
static int
draw_choice(struct page *p, const struct input *in, int row, bool focus)
{
	int col = value_col(p->f, in->field), end;
	struct buf b = BUF_INIT;

	if (focus)
		canvas_cursor(p->c, row, col);
	if (form_radio(p->f, in->field))
		return draw_radio(p, in, row);
	show_value(p->v->app->replica, in->field, text_get(&in->text), &b);
	end = col + canvas_text(p->c, row, col, p->c->cols - col, INK_PLAIN,
			    b.len ? buf_text(&b) : "-");
	buf_release(&b);
	return end;
}

static int
draw_line(struct page *p, const struct input *in, int row, bool focus)
{
	int col = value_col(p->f, in->field), room = p->c->cols - col, at;
	size_t from = 0;

	if (focus)
		from = field_window(&in->text, room, &at);
	if (focus)
		canvas_cursor(p->c, row, col + at);
	return col + canvas_text(p->c, row, col, room, INK_PLAIN,
			     text_get(&in->text) + from);
}

/* The day that is meant, at once: "+3d" is Fri 27 Nov 2026, in 3 days. */
static void
put_day(struct page *p, const struct input *in, struct buf *out)
{
	struct app *a = p->v->app;
	struct buf printed = BUF_INIT;
	char *value = NULL;
	struct why why;
	bool in_full;

	if (!text_get(&in->text)[0] || form_read(p->v, in, &value, &why))
		return;
	value_print(in->field, value, &printed);
	in_full = input_says(in, value);
	if (in->field->type == TYPE_DATETIME && !in_full && printed.len > 10)
		buf_printf(out, "%s ", buf_text(&printed) + 11);
	show_day(buf_text(&printed), app_now(a), in_full, out);
	buf_release(&printed);
	free(value);
}

/* What a word beside the value helps with. */
static void
draw_aside(struct page *p, const struct input *in, int row, int col)
{
	struct buf b = BUF_INIT;

	if (in->field->type == TYPE_DATE || in->field->type == TYPE_DATETIME)
		put_day(p, in, &b);
	else if (in->carried && !input_changed(in))
		buf_puts(&b, "carried over");
	if (b.len)
		canvas_text(p->c, row, col + 2, p->c->cols - col - 2, INK_FAINT,
			buf_text(&b));
	buf_release(&b);
}

/* "line 3 of 12, 27 words": while one types, what was said before stands, or
 * each word would cost a way there and back on a slow line. */
static void
draw_count(struct page *p, size_t i, int row)
{
	struct input *in = &p->f->inputs[i];
	bool focus = i == p->f->focus;

	if (!focus || !p->f->typing || p->f->recount || !in->counted[0])
		input_count(in, focus);
	canvas_text(p->c, row, value_col(p->f, in->field),
		p->c->cols - value_col(p->f, in->field), INK_FAINT,
		in->counted);
}

/* Only the lines on the screen, however long the text is. */
static void
draw_long(struct page *p, size_t i)
{
	const struct input *in = &p->f->inputs[i];
	const struct area *a = &in->area;
	struct buf b = BUF_INIT;
	int lines = long_lines(p->f, i), n = p->f->top - p->line;

	for (n = n > 0 ? n : 0; n < lines; n++) {
		int row = row_of(p, p->line + n);

		if (row < 0)
			break;
		canvas_text(p->c, row, LABEL_COL, 1, INK_FAINT, "|");
		if (n >= (int)a->count)
			continue;
		buf_clear(&b);
		buf_add(&b, text_get(&in->text) + a->lines[n].start,
			a->lines[n].len);
		canvas_text(p->c, row, LABEL_COL + 2, p->f->cells, INK_PLAIN,
			buf_text(&b));
	}
	if (i == p->f->focus)
		canvas_cursor(p->c, row_of(p, p->line + (int)a->row),
			LABEL_COL + 2 + a->col);
	p->line += lines;
	buf_release(&b);
}

void
form_put_clash(struct view *v, const struct input *in, struct buf *out)
{
	struct form *f = v->state;
	const struct record_value *now = &f->now->values[in->field->index];

	form_whose(v, now, out);
	buf_puts(out, " set: ");
	if (now->text[0])
		show_value(v->app->replica, in->field, now->text, out);
	else
		buf_puts(out, "(empty)");
}

static void
draw_clash(struct page *p, const struct input *in)
{
	struct buf b = BUF_INIT;

	form_put_clash(p->v, in, &b);
	canvas_printf(p->c, row_of(p, p->line++), LABEL_COL,
		p->c->cols - LABEL_COL, INK_ALERT, "! %s", buf_text(&b));
	buf_release(&b);
}

static void
draw_voided(struct page *p)
{
	const struct record_value *now = &p->f->now->void_value;
	struct buf b = BUF_INIT;

	form_whose(p->v, now, &b);
	canvas_printf(p->c, row_of(p, p->line++), LABEL_COL,
		p->c->cols - LABEL_COL, INK_ALERT, "! %s made it void: %s",
		buf_text(&b), now->text);
	buf_release(&b);
}

static void
draw_input(struct page *p, size_t i)
{
	const struct input *in = &p->f->inputs[i];
	bool focus = i == p->f->focus;
	int row = row_of(p, p->line++);
	int room = value_col(p->f, in->field) - LABEL_COL - 1;

	canvas_printf(p->c, row, LABEL_COL, room, INK_HEAD, "%s%s",
		in->field->label, in->field->required ? " *" : "");
	canvas_pick(p->c, row, focus);
	if (focus)
		canvas_text(p->c, row, 0, 1, INK_PLAIN, ">");
	if (in->field->type == TYPE_LONG) {
		draw_long(p, i);
		draw_count(p, i, row);
	} else if (input_is_text(in->field)) {
		draw_aside(p, in, row, draw_line(p, in, row, focus));
	} else {
		draw_aside(p, in, row, draw_choice(p, in, row, focus));
	}
	if (in->error)
		canvas_printf(p->c, row_of(p, p->line++), LABEL_COL,
			p->c->cols - LABEL_COL, INK_ALERT, "! %s", in->error);
	if (in->clash)
		draw_clash(p, in);
}

void
form_draw(struct view *v, struct canvas *c, int first, int count)
{
	struct form *f = v->state;
	struct page p = {v, f, c, first, count, 0};

	f->cells = c->cols - LABEL_COL - 2;
	f->rows = count;
	f->room = c->cols - LABEL_COL - 1 - label_least(f);
	scroll(f, count);
	if (f->voided)
		draw_voided(&p);
	for (size_t i = 0; i < f->count; i++)
		draw_input(&p, i);
	f->recount = false;
}
