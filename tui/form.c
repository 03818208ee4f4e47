#include "tui/form.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/form_state.h"
#include "tui/show.h"
#include "tui/text_act.h"

#define PAGE_FIELDS 8

unsigned
form_version(const struct form *f)
{
	unsigned sum = 1;

	for (size_t i = 0; i < f->count; i++)
		sum += f->inputs[i].text.version;
	return sum;
}

bool
form_changed(const struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (input_changed(&f->inputs[i]))
			return true;
	return false;
}

struct input *
form_focused(struct view *v)
{
	struct form *f = v->state;

	return &f->inputs[f->focus];
}

void
form_touched(struct view *v)
{
	input_error(form_focused(v), NULL);
	v->app->typed_at = app_boot(v->app);
}

/* What was done last was to type a letter, or to take one away. */
static void
set_typing(struct form *f, bool typing)
{
	f->typing = typing;
	f->recount |= !typing;
}

/* The draft, and what to say where it could not be kept. */
static bool
keep(struct view *v)
{
	struct form *f = v->state;
	unsigned now = form_version(f);
	struct why why;

	set_typing(f, false);
	if (now == f->kept && !form_draft_gone(f, v->app->replica))
		return true;
	if (app_failed(v->app, form_draft_keep(f, v->app->replica, &why), &why))
		return false;
	f->kept = now;
	return true;
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct form *f = v->state;
	char when[WHEN_MAX];

	if (f->was) {
		buf_printf(left, "%s %s %s  ",
			f->settles && !f->settled ? "SETTLE" : "EDIT",
			f->kind->one, f->was->id);
		show_title(v->app->replica, f->kind->name, f->was->id, left);
	} else {
		buf_printf(left, "NEW %s", f->kind->one);
	}
	if (f->focus_line < f->top) { /* what stands there cannot be seen */
		buf_puts(right, form_focused(v)->counted);
	} else if (f->draft_at) {
		when_local_text(f->draft_at, when);
		buf_printf(right, "draft kept %s", when + 11);
	}
}

/* Shorthand that a type takes; "" none. */
static const char *
shorthand(const struct field *f)
{
	if (f->type == TYPE_DATE)
		return " (today, +3d, fri)";
	return f->type == TYPE_DATETIME ? " (now, 10:30, fri 18:00)" : "";
}

void
form_say_help(struct view *v)
{
	const struct field *field = form_focused(v)->field;
	struct buf help = BUF_INIT;

	show_help(field, &help);
	app_say(v->app, "%s%s", buf_text(&help), shorthand(field));
	buf_release(&help);
}

static void
to_field(struct view *v, size_t to)
{
	struct form *f = v->state;
	bool kept;

	form_check(v, form_focused(v));
	kept = keep(v);
	form_focused(v)->ahead[0] = '\0';
	f->focus = to < f->count ? to : f->count - 1;
	if (kept)
		form_say_help(v);
}

void
form_next_field(struct view *v, int by)
{
	struct form *f = v->state;

	to_field(v, (f->focus + f->count + (size_t)by) % f->count);
}

/* Leaving. */

static const char *
leave(struct view *v)
{
	struct form *f = v->state;
	struct why why;

	if (form_changed(f))
		return "Leave without saving? The draft is kept.";
	app_failed(v->app, form_draft_drop(f, v->app->replica, &why), &why);
	return NULL;
}

static void
drop_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct form *f = v->state;
	struct app *a = v->app;
	struct why why;
	enum status st;

	if (!answer)
		return;
	st = form_draft_drop(f, a->replica, &why);
	app_pop(a);
	app_changed(a);
	if (!app_failed(a, st, &why))
		app_say(a, "The draft is thrown away");
}

/* Keys. */

static void
say_full(struct view *v, size_t more)
{
	const struct input *in = form_focused(v);

	app_say(v->app, "%s holds %zu of %zu bytes: %zu bytes more do not fit",
		in->field->label, in->text.bytes.len, in->field->max, more);
}

/* Among few choices a letter chooses; among many it begins to find one. */
static void
type_choice(struct view *v, const char *text, size_t len)
{
	struct input *in = form_focused(v);
	bool yes_no = in->field->type == TYPE_BOOL;
	bool steps = yes_no || in->field->type == TYPE_ENUM;
	char first[5] = "";

	if (steps && text[0] == ' ') {
		input_step(in, 1);
	} else if (yes_no || form_radio(v->state, in->field)) {
		if (!input_jump(in, text[0]))
			app_say(v->app, "No choice begins with '%.*s'",
				(int)utf8_next(text, len, 0), text);
	} else {
		if (len < sizeof(first) && text[0] != ' ')
			memcpy(first, text, len);
		form_pick(v, first);
		return;
	}
	form_touched(v);
}

static void
type(struct view *v, const char *text, size_t len)
{
	struct input *in = form_focused(v);

	if (!input_is_text(in->field)) {
		type_choice(v, text, len);
		return;
	}
	if (!text_insert(&in->text, text, len))
		say_full(v, len);
	form_touched(v);
	set_typing(v->state, text[0] != '\n' && utf8_next(text, len, 0) == len);
}

static void
enter(struct view *v)
{
	struct input *in = form_focused(v);

	if (in->field->type == TYPE_LONG)
		type(v, "\n", 1);
	else if (input_is_text(in->field) || in->field->type == TYPE_BOOL)
		form_next_field(v, 1);
	else
		form_pick(v, NULL);
}

static void
up_down(struct view *v, int by)
{
	struct form *f = v->state;
	struct input *in = form_focused(v);

	if (in->field->type != TYPE_LONG ||
		!area_move(&in->area, &in->text, by, f->cells))
		form_next_field(v, by);
}

/* A page of a long text; then of fields. */
static void
page(struct view *v, int by)
{
	struct form *f = v->state;
	struct input *in = form_focused(v);
	size_t last = f->count - 1;

	if (in->field->type == TYPE_LONG &&
		area_move(&in->area, &in->text, by * (f->rows - 2), f->cells))
		return;
	if (by > 0)
		to_field(v, f->focus + PAGE_FIELDS > last
				    ? last
				    : f->focus + PAGE_FIELDS);
	else
		to_field(
			v, f->focus < PAGE_FIELDS ? 0 : f->focus - PAGE_FIELDS);
}

/* In a long text the line is that of the screen. */
static bool
line_ends(struct form *f, struct input *in, enum action a)
{
	if (in->field->type != TYPE_LONG)
		return false;
	if (a == ACT_LINE_START)
		return area_line_start(&in->area, &in->text, f->cells);
	return a == ACT_LINE_END &&
	       area_line_end(&in->area, &in->text, f->cells);
}

static bool
edit_text(struct view *v, enum action a)
{
	struct input *in = form_focused(v);

	return line_ends(v->state, in, a) || text_act(&in->text, a);
}

/* Actions that take something out of a text empty a value that is chosen. */
static bool
is_rub(enum action a)
{
	return a >= ACT_RUB_LEFT && a <= ACT_RUB_LINE_END;
}

/* A value that is chosen, not typed. */
static bool
edit_choice(struct view *v, enum action a)
{
	struct input *in = form_focused(v);
	bool steps =
		in->field->type == TYPE_ENUM || in->field->type == TYPE_BOOL;

	if (a == ACT_LEFT || a == ACT_RIGHT) {
		if (steps)
			input_step(in, a == ACT_RIGHT ? 1 : -1);
		return true;
	}
	if (is_rub(a))
		return text_replace(&in->text, "");
	return text_act(&in->text, a);
}

static bool
edit_key(struct view *v, enum action a)
{
	struct input *in = form_focused(v);
	unsigned before = in->text.version;
	bool done =
		input_is_text(in->field) ? edit_text(v, a) : edit_choice(v, a);

	if (in->text.version != before)
		form_touched(v);
	return done;
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	set_typing(v->state, a == ACT_RUB_LEFT || a == ACT_RUB_RIGHT);
	switch (a) {
	case ACT_PANE_NEXT:
	case ACT_PANE_PREV:
		form_next_field(v, a == ACT_PANE_NEXT ? 1 : -1);
		return true;
	case ACT_UP:
	case ACT_DOWN:
		up_down(v, a == ACT_DOWN ? 1 : -1);
		return true;
	case ACT_PAGE_UP:
	case ACT_PAGE_DOWN:
		page(v, a == ACT_PAGE_DOWN ? 1 : -1);
		return true;
	case ACT_OPEN:
		if (arg)
			return false;
		enter(v);
		return true;
	case ACT_SAVE:
		form_save(v);
		return true;
	case ACT_DRAFT_ASIDE:
		if (app_may_leave(v->app))
			form_another(v);
		return true;
	case ACT_DRAFT_DROP:
		prompt_yes(&v->app->prompt, "Throw away what you typed here?",
			drop_answer, v);
		return true;
	default:
		return edit_key(v, a);
	}
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct form *f = v->state;

	*kind = f->kind->name;
	*id = f->was ? f->was->id : NULL;
	return f->was != NULL;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct form *f = v->state;

	(void)why;
	return a == ACT_DRAFT_ASIDE && f->was ? "this is no new record" : NULL;
}

void
form_release(struct form *f)
{
	for (size_t i = 0; i < f->count; i++)
		input_release(&f->inputs[i]);
	free(f->inputs);
	free(f->draft);
	free(f->parent_field);
	free(f->parent_value);
	free(f->settles);
	record_free(f->was);
	record_free(f->now);
}

static void
close_form(struct view *v)
{
	form_release(v->state);
}

/* Enter does what the field is for; in a long text it is a new line. Another
 * record can be begun once this one is kept. */
static const char *
hint(struct view *v, enum action a)
{
	const struct form *f = v->state;
	const struct field *field = form_focused(v)->field;

	if (a == ACT_DRAFT_ASIDE && !f->draft_at)
		return NULL;
	if (a != ACT_OPEN)
		return action_brief(a);
	if (field->type == TYPE_LONG)
		return NULL;
	return input_is_text(field) || field->type == TYPE_BOOL ? "next field"
								: "choose";
}

static const enum action hints[] = {ACT_SAVE, ACT_PANE_NEXT, ACT_OPEN, ACT_BACK,
	ACT_TEXT_UNDO, ACT_DRAFT_ASIDE, ACT_PALETTE, ACT_HELP, ACT_NONE};

const struct view_ops form_ops = {
	.name = "Form",
	.context = CTX_FORM,
	.state_size = sizeof(struct form),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = form_draw,
	.act = act,
	.type = type,
	.why_off = why_off,
	.reload = form_meet,
	.keep = keep,
	.leave = leave,
	.subject = subject,
	.close = close_form,
	.passing = true,
};
