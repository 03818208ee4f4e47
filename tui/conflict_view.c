#include "tui/conflict_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "tui/form.h"
#include "tui/record_view.h"
#include "tui/page.h"
#include "tui/show.h"

#define VALUE_LINES 12

struct conflict_view {
	struct page page;
	char *kind, *id; /* NULL: of all records */
	uint32_t number; /* the file's, when the id was this */
	struct conflicts all;
};

static const struct conflict *
chosen(const struct view *v)
{
	const struct conflict_view *cv = v->state;
	const struct row *row = rows_chosen(&cv->page.rows);

	return row && cv->all.count ? &cv->all.items[row->index] : NULL;
}

static void
add_side(struct view *v, const struct conflict *c, const struct side *s,
	bool won)
{
	struct conflict_view *cv = v->state;
	struct replica *r = v->app->replica;
	const struct kind *k = catalog_kind(replica_catalog(r), c->kind);
	struct buf head = BUF_INIT, value = BUF_INIT;
	char at[WHEN_MAX];

	show_time(s->at, app_now(v->app), at);
	if (strcmp(s->by, app_me(v->app)) == 0)
		buf_puts(&head, "yours");
	else
		show_member(r, s->by, &head);
	buf_printf(&head, " %s: ", s->known ? at : "");
	if (!s->known)
		buf_puts(&value, "(not sent to this device)");
	else if (s->deed[0])
		buf_puts(&value, s->deed);
	else if (!s->value[0])
		buf_puts(&value, "(empty)");
	else
		show_whole(r, k, c->field, s->value, &value);
	if (won)
		buf_puts(&value, "  <- in force, written later");
	rows_wrap(&cv->page.rows, buf_text(&head), buf_text(&value),
		cv->page.cols, VALUE_LINES);
	buf_release(&head);
	buf_release(&value);
}

static void
add_conflict(struct view *v, size_t index)
{
	struct conflict_view *cv = v->state;
	const struct conflict *c = &cv->all.items[index];
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), c->kind);
	struct buf name = BUF_INIT;
	size_t from = cv->page.rows.count;
	struct row *row;

	show_title(v->app->replica, c->kind, c->id, &name);
	row = rows_head(&cv->page.rows, "%s: %s %s", show_label(k, c->field),
		c->id, buf_text(&name));
	row->pick = true;
	row_stands_for(row, c->kind, c->id);
	add_side(v, c, &c->won, true);
	for (size_t i = 0; i < c->lost_count; i++)
		add_side(v, c, &c->lost[i], false);
	for (size_t i = from; i < cv->page.rows.count; i++) {
		cv->page.rows.items[i].index = index;
		cv->page.rows.items[i].pick = i == from;
	}
	buf_release(&name);
}

static void
fill(struct view *v)
{
	struct conflict_view *cv = v->state;
	struct why why;

	conflicts_release(&cv->all);
	memset(&cv->all, 0, sizeof(cv->all));
	rows_clear(&cv->page.rows);
	if (cv->id)
		app_follow(v->app, &cv->number, cv->kind, &cv->id);
	app_failed(v->app,
		conflicts_read(
			v->app->replica, cv->kind, cv->id, &cv->all, &why),
		&why);
	for (size_t i = 0; i < cv->all.count; i++)
		add_conflict(v, i);
	if (cv->all.count)
		rows_add(&cv->page.rows,
			"What is not chosen stays in the log. Esc leaves the "
			"later value in force.");
	else
		rows_add(&cv->page.rows, "No open conflicts.");
	rows_settle(&cv->page.rows);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct conflict_view *cv = v->state;
	const struct row *row = rows_chosen(&cv->page.rows);

	buf_puts(left, "CONFLICT");
	if (cv->all.count && row)
		buf_printf(left, " %zu of %zu", row->index + 1, cv->all.count);
	buf_puts(right, "set without seeing each other's value");
}

/* The side this person wrote, or NULL. */
static const struct side *
my_side(const struct view *v, const struct conflict *c)
{
	const char *me = app_me(v->app);

	if (strcmp(c->won.by, me) == 0)
		return &c->won;
	for (size_t i = 0; i < c->lost_count; i++)
		if (strcmp(c->lost[i].by, me) == 0)
			return &c->lost[i];
	return NULL;
}

/* The side that another wrote: the one in force, unless that is ours. */
static const struct side *
their_side(const struct view *v, const struct conflict *c)
{
	const struct side *mine = my_side(v, c);

	if (mine != &c->won)
		return &c->won;
	return c->lost_count ? &c->lost[0] : NULL;
}

static void
settle(struct view *v, const struct side *side)
{
	const struct conflict *c = chosen(v);
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), c->kind);
	const char *value = side == &c->won ? NULL : side->value;
	char *said = mem_printf("Settled %s of %s: not sent yet, u undoes it",
		show_label(k, c->field), c->id);
	struct why why;
	enum status st = conflict_resolve(
		v->app->replica, c->kind, c->id, c->field, value, &why);

	if (!app_failed(v->app, st, &why))
		app_saved(v->app, said);
	free(said);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct conflict_view *cv = v->state;
	const struct conflict *c = chosen(v);

	if (rows_act(&cv->page.rows, a))
		return true;
	if (arg || !c)
		return false;
	if (a == ACT_MINE)
		settle(v, my_side(v, c));
	else if (a == ACT_THEIRS)
		settle(v, their_side(v, c));
	else if (a == ACT_EDIT)
		form_settle(v->app, c->kind, c->id, c->field);
	else if (a == ACT_OPEN)
		record_open(v->app, c->kind, c->id);
	else
		return false;
	return true;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	const struct conflict *c = chosen(v);
	const struct side *side;

	(void)why;
	if (a != ACT_MINE && a != ACT_THEIRS && a != ACT_EDIT && a != ACT_OPEN)
		return NULL;
	if (!c)
		return "there is no conflict";
	if (a == ACT_EDIT || a == ACT_OPEN)
		return NULL;
	side = a == ACT_MINE ? my_side(v, c) : their_side(v, c);
	if (!side)
		return "no side is yours: t keeps what is in force, e writes "
		       "another value";
	return side->known ? NULL : "that value was not sent to this device";
}

static void
close_conflicts(struct view *v)
{
	struct conflict_view *cv = v->state;

	conflicts_release(&cv->all);
	page_release(&cv->page);
	free(cv->kind);
	free(cv->id);
}

static const enum action hints[] = {ACT_MINE, ACT_THEIRS, ACT_EDIT, ACT_OPEN,
	ACT_UNDO, ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Conflict",
	.context = CTX_CONFLICT,
	.state_size = sizeof(struct conflict_view),
	.hints = hints,
	.title = title,
	.draw = page_draw,
	.act = act,
	.why_off = why_off,
	.reload = page_reload,
	.subject = page_subject,
	.close = close_conflicts,
};

void
conflict_open(struct app *a, const char *kind, const char *id)
{
	struct view *v = app_push(a, &ops);
	struct conflict_view *cv = v->state;

	cv->kind = mem_text(kind);
	cv->id = mem_text(id);
	cv->number = replica_identity(a->replica)->number;
	page_open(v, fill);
}
