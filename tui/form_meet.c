/* A form that is open while its record is changed by others. */
#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "tui/form_state.h"
#include "tui/show.h"

static const struct record_value *
value_of(const struct record *rec, const struct input *in)
{
	return &rec->values[in->field->index];
}

static bool
same_cell(const struct input *a, const struct input *b)
{
	return strcmp(a->field->cell, b->field->cell) == 0;
}

/* What became of a field and of those that win together with it. */
struct meeting {
	bool set;      /* by somebody, since */
	bool differs;  /* and to other values */
	bool touched;  /* changed here */
	bool the_same; /* what is typed here is what they set */
};

static struct meeting
look_at_cell(const struct form *f, const struct input *in)
{
	struct meeting m = {.the_same = true};

	for (size_t i = 0; i < f->count; i++) {
		const struct input *mate = &f->inputs[i];
		const struct record_value *was, *now;

		if (!same_cell(in, mate))
			continue;
		was = value_of(f->was, mate);
		now = value_of(f->now, mate);
		m.differs |= strcmp(was->text, now->text) != 0;
		m.set |= !edit_id_same(was->edit, now->edit);
		m.touched |= input_changed(mate);
		m.the_same &= input_says(mate, now->text);
	}
	m.set |= m.differs;
	return m;
}

/* The form begins from what stands now. */
static void
rebase(struct form *f, struct input *in)
{
	struct record_value *was = &f->was->values[in->field->index];
	const struct record_value *now = value_of(f->now, in);

	record_value_copy(was, now);
	input_rebase(in, now->text);
	in->clash = false;
}

/* Counts the untouched fields that have another value now. */
static void
meet_field(struct form *f, struct input *in, size_t *news, size_t *clashes)
{
	struct meeting m = look_at_cell(f, in);
	bool differs = strcmp(value_of(f->was, in)->text,
			       value_of(f->now, in)->text) != 0;

	/* who settled it decided against other values, this one or not */
	m.differs |= f->settled && m.set;
	if (m.touched && m.differs && !m.the_same) {
		bool clash = !input_says(in, value_of(f->now, in)->text);

		*clashes += clash && !in->clash;
		in->clash = clash;
		return;
	}
	in->clash = false;
	if (!m.set)
		return;
	rebase(f, in);
	if (m.touched || !differs)
		return;
	++*news;
	text_set(&in->text, in->before);
}

/* A void that others took back needs no word: the record is as before. */
static void
meet_void(struct form *f)
{
	struct record_value *was = &f->was->void_value;
	const struct record_value *now = &f->now->void_value;

	f->voided = now->text[0] && !edit_id_same(was->edit, now->edit);
	if (!now->text[0])
		record_put(&was->text, "");
}

static void
say_news(struct view *v, size_t news, size_t clashes)
{
	struct form *f = v->state;
	struct buf who = BUF_INIT;

	show_member(v->app->replica, f->now->updated_by, &who);
	if (clashes)
		app_say(v->app, "%s changed what you are changing: see below",
			buf_text(&who));
	else if (news)
		app_say(v->app, "%zu field%s ha%s a new value: %s", news,
			news > 1 ? "s" : "", news > 1 ? "ve" : "s",
			buf_text(&who));
	buf_release(&who);
}

/* Fields of a cell are looked at together: all are judged before any takes a
 * new value. */
static void
meet_fields(struct view *v)
{
	struct form *f = v->state;
	bool was_void = f->voided;
	size_t news = 0, clashes = 0;

	for (size_t i = 0; i < f->count; i++)
		meet_field(f, &f->inputs[i], &news, &clashes);
	meet_void(f);
	if (clashes || (f->voided && !was_void))
		say_news(v, news, 1);
	else
		say_news(v, news, 0);
}

/* Somebody else may settle what a third value is typed for. */
static enum status
meet_conflict(struct form *f, struct replica *r, struct why *why)
{
	bool open = true;
	enum status st = ST_OK;

	if (f->settles)
		st = conflict_is_open(
			r, f->kind->name, f->was->id, f->settles, &open, why);
	f->settled = !st && !open;
	return st;
}

void
form_meet(struct view *v)
{
	struct form *f = v->state;
	struct record *now;
	struct why why;

	if (!f->was)
		return;
	if (app_failed(v->app, form_follow(f, v->app->replica, &why), &why) ||
		app_failed(v->app, meet_conflict(f, v->app->replica, &why),
			&why) ||
		record_load(
			v->app->replica, f->kind->name, f->was->id, &now, &why))
		return; /* it left this device: the save says so */
	record_free(f->now);
	f->now = now;
	meet_fields(v);
}

bool
form_clashes(const struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->inputs[i].clash)
			return true;
	return f->voided;
}

void
form_whose(struct view *v, const struct record_value *now, struct buf *out)
{
	char at[WHEN_MAX];

	if (strcmp(now->by ? now->by : "", app_me(v->app)) == 0)
		buf_puts(out, "you, elsewhere,");
	else
		show_member(v->app->replica, now->by ? now->by : "", out);
	show_time(now->at, app_now(v->app), at);
	buf_printf(out, " %s", at);
}

void
form_keep_mine(struct form *f, const struct input *in)
{
	for (size_t i = 0; i < f->count; i++)
		if (same_cell(in, &f->inputs[i]))
			rebase(f, &f->inputs[i]);
}

void
form_take_theirs(struct form *f, const struct input *in)
{
	for (size_t i = 0; i < f->count; i++) {
		struct input *mate = &f->inputs[i];

		if (!same_cell(in, mate))
			continue;
		rebase(f, mate);
		input_say(mate, value_of(f->now, mate)->text);
	}
}

bool
form_take_both(struct form *f, struct input *in)
{
	char *both = mem_printf(
		"%s\n%s", text_get(&in->text), value_of(f->now, in)->text);
	bool fits = text_replace(&in->text, both);

	if (fits)
		form_keep_mine(f, in);
	free(both);
	return fits;
}

void
form_keep_void(struct form *f)
{
	struct record_value *was = &f->was->void_value;
	const struct record_value *now = &f->now->void_value;

	record_value_copy(was, now);
	f->voided = false;
}
