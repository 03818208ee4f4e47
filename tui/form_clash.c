/* Before a save: what others set while one typed, and both values of each. */
#include <stdlib.h>

#include "tui/form_state.h"
#include "tui/page.h"
#include "tui/show.h"

#define VALUE_LINES 8

enum { ROW_MINE = 1, ROW_THEIRS, ROW_BOTH, ROW_BACK };
#define OF_VOID ((size_t)-1) /* index of a row about the record's void */

struct clash {
	struct page page; /* first: page.h */
	size_t taken;	  /* fields that got the others' value */
};

/* The view of the form, which lies below. */
static struct view *
form_of(struct view *v)
{
	return app_below(v->app);
}

static void
choice(struct rows *r, size_t from, int tag, size_t index)
{
	for (size_t i = from; i < r->count; i++) {
		r->items[i].tag = tag;
		r->items[i].index = index;
		r->items[i].pick = i == from;
	}
}

static void
add_value(struct view *v, const char *head, const struct field *f,
	const char *text)
{
	struct clash *c = v->state;
	struct buf value = BUF_INIT;

	if (text[0])
		show_whole(v->app->replica,
			catalog_kind(replica_catalog(v->app->replica), f->kind),
			f->name, text, &value);
	else
		buf_puts(&value, "(empty)");
	rows_wrap(&c->page.rows, head, buf_text(&value), c->page.cols,
		VALUE_LINES);
	buf_release(&value);
}

static void
add_field(struct view *v, size_t index)
{
	struct clash *c = v->state;
	struct form *f = form_of(v)->state;
	const struct input *in = &f->inputs[index];
	const struct record_value *now = &f->now->values[in->field->index];
	struct buf theirs = BUF_INIT;
	size_t from;

	rows_head(&c->page.rows, "%s", in->field->label);
	from = c->page.rows.count;
	add_value(v, "mine    ", in->field, text_get(&in->text));
	choice(&c->page.rows, from, ROW_MINE, index);
	from = c->page.rows.count;
	buf_puts(&theirs, "theirs  ");
	form_whose(v, now, &theirs);
	buf_puts(&theirs, ": ");
	add_value(v, buf_text(&theirs), in->field, now->text);
	choice(&c->page.rows, from, ROW_THEIRS, index);
	if (in->field->type == TYPE_LONG) {
		from = c->page.rows.count;
		rows_add(&c->page.rows,
			"both    theirs below mine, to edit in the form");
		choice(&c->page.rows, from, ROW_BOTH, index);
	}
	buf_release(&theirs);
}

static void
add_void(struct view *v)
{
	struct clash *c = v->state;
	struct form *f = form_of(v)->state;
	struct buf who = BUF_INIT;
	size_t from;

	form_whose(v, &f->now->void_value, &who);
	rows_head(&c->page.rows, "%s made this %s void: %s", buf_text(&who),
		f->kind->one, f->now->void_value.text);
	from = c->page.rows.count;
	rows_add(&c->page.rows, "save it all the same; it stays void");
	choice(&c->page.rows, from, ROW_MINE, OF_VOID);
	buf_release(&who);
}

static void
fill(struct view *v)
{
	struct clash *c = v->state;
	struct form *f = form_of(v)->state;
	size_t from;

	rows_clear(&c->page.rows);
	if (f->voided)
		add_void(v);
	for (size_t i = 0; i < f->count; i++)
		if (f->inputs[i].clash)
			add_field(v, i);
	rows_add(&c->page.rows, "%s", "");
	from = c->page.rows.count;
	rows_add(&c->page.rows, "back to the form; nothing is saved yet");
	choice(&c->page.rows, from, ROW_BACK, 0);
	rows_settle(&c->page.rows);
}

/* Nothing is left to choose: save, or look again at what was taken. */
static void
go_on(struct view *v)
{
	struct app *a = v->app;
	struct clash *c = v->state;
	struct view *form = form_of(v);
	size_t taken = c->taken;

	if (form_clashes(form->state)) {
		fill(v);
		return;
	}
	app_pop(a);
	if (taken)
		app_say(a, "Taken into the form; in a field, undo brings yours "
			   "back. Nothing is saved yet");
	else
		form_save(form);
}

static void
settle(struct view *v, int tag, size_t index)
{
	struct clash *c = v->state;
	struct form *f = form_of(v)->state;

	if (index == OF_VOID) {
		if (tag != ROW_MINE)
			return;
		form_keep_void(f);
	} else if (tag == ROW_MINE) {
		form_keep_mine(f, &f->inputs[index]);
	} else if (tag == ROW_BOTH) {
		if (!form_take_both(f, &f->inputs[index])) {
			app_say(v->app, "Both do not fit into one text");
			return;
		}
		c->taken++;
	} else {
		form_take_theirs(f, &f->inputs[index]);
		c->taken++;
	}
	go_on(v);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct clash *c = v->state;
	const struct row *row = rows_chosen(&c->page.rows);

	if (a == ACT_MINE || a == ACT_THEIRS || (a == ACT_OPEN && !arg)) {
		if (!row || row->tag == ROW_BACK)
			app_back(v->app);
		else if (a == ACT_OPEN)
			settle(v, row->tag, row->index);
		else
			settle(v, a == ACT_MINE ? ROW_MINE : ROW_THEIRS,
				row->index);
		return true;
	}
	return page_act(v, a, arg);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct form *f = form_of(v)->state;

	buf_printf(left, "CHANGED MEANWHILE  %s ", f->was->id);
	show_title(v->app->replica, f->kind->name, f->was->id, left);
	buf_puts(right, "not saved yet");
}

static void
close_clash(struct view *v)
{
	struct clash *c = v->state;

	page_release(&c->page);
}

static const enum action hints[] = {ACT_OPEN, ACT_MINE, ACT_THEIRS, ACT_BACK,
	ACT_PALETTE, ACT_HELP, ACT_NONE};

static const char *
hint(struct view *v, enum action a)
{
	(void)v;
	return a == ACT_OPEN ? "choose" : action_brief(a);
}

static const struct view_ops ops = {
	.name = "Changed meanwhile",
	.context = CTX_CONFLICT,
	.state_size = sizeof(struct clash),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = page_draw,
	.act = act,
	.reload = page_reload,
	.close = close_clash,
	.passing = true,
};

void
form_ask_clashes(struct view *v)
{
	struct view *asking = app_push(v->app, &ops);
	struct clash *c = asking->state;

	c->page.fill = fill;
	c->page.cols = v->app->canvas.cols;
	c->page.rows.whole = v->app->look.plain;
	fill(asking); /* a key may come before it is painted */
	app_say(v->app, "Others changed what you changed: which is it to be?");
}
