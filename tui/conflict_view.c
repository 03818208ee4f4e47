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
#define NAME_CELLS 20 /* of a writer, in a hint */
#define WIDE 60	      /* cells of a screen whose hints have room for verbs */

/* Of a row: the conflict's head, or which side it shows. */
enum { ROW_HEAD, ROW_WON, ROW_LOST /* and on: the losing ones */ };

struct conflict_view {
	struct page page;
	char *kind, *id; /* NULL: of all records */
	uint32_t number; /* the file's, when the id was this */
	struct conflicts all;
	struct buf word; /* the hint that was asked for last */
};

static const struct conflict *
chosen(const struct view *v)
{
	const struct conflict_view *cv = v->state;
	const struct row *row = rows_chosen(&cv->page.rows);

	return row && cv->all.count ? &cv->all.items[row->index] : NULL;
}

/* Of more than two sides each can be chosen. */
static void
tag_side(struct rows *r, size_t from, const struct conflict *c,
	const struct side *s, int tag)
{
	char id[EDIT_ID_TEXT];

	for (size_t i = from; i < r->count; i++) {
		r->items[i].tag = tag;
		r->items[i].pick = i == from && c->lost_count > 1;
	}
	row_stands_for(&r->items[from], c->kind, c->id);
	edit_id_text(s->edit, id);
	row_set_key(
		&r->items[from], "%s/%s %s %s", c->kind, c->id, c->field, id);
}

static void
add_side(
	struct view *v, const struct conflict *c, const struct side *s, int tag)
{
	struct conflict_view *cv = v->state;
	size_t from = cv->page.rows.count;
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
	if (tag == ROW_WON)
		buf_puts(&value, "  <- in force, written later");
	rows_wrap(&cv->page.rows, buf_text(&head), buf_text(&value),
		cv->page.cols, VALUE_LINES);
	tag_side(&cv->page.rows, from, c, s, tag);
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
	row_set_key(row, "%s/%s %s", c->kind, c->id, c->field);
	add_side(v, c, &c->won, ROW_WON);
	for (size_t i = 0; i < c->lost_count; i++)
		add_side(v, c, &c->lost[i], ROW_LOST + (int)i);
	for (size_t i = from; i < cv->page.rows.count; i++)
		cv->page.rows.items[i].index = index;
	buf_release(&name);
}

static void
fill(struct view *v)
{
	struct conflict_view *cv = v->state;
	bool several = false;
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
	for (size_t i = 0; i < cv->all.count; i++) {
		add_conflict(v, i);
		several |= cv->all.items[i].lost_count > 1;
	}
	if (several)
		rows_add(&cv->page.rows, "Of more than two values, first "
					 "choose the one to take.");
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

/* The side this person wrote; where there is none, what is in force. */
static const struct side *
first_side(const struct view *v, const struct conflict *c)
{
	const char *me = app_me(v->app);

	if (strcmp(c->won.by, me) == 0)
		return &c->won;
	for (size_t i = 0; i < c->lost_count; i++)
		if (strcmp(c->lost[i].by, me) == 0)
			return &c->lost[i];
	return &c->won;
}

/* The side beside that one; of several the chosen one, or NULL. */
static const struct side *
other_side(const struct view *v, const struct conflict *c)
{
	const struct conflict_view *cv = v->state;
	const struct side *first = first_side(v, c), *side = &c->lost[0];
	int tag = rows_chosen(&cv->page.rows)->tag;

	if (c->lost_count > 1 && tag == ROW_HEAD)
		return NULL;
	if (c->lost_count > 1 && tag >= ROW_LOST)
		side = &c->lost[tag - ROW_LOST];
	else if (c->lost_count > 1 || first != &c->won)
		side = &c->won;
	return side == first ? NULL : side;
}

static const struct side *
side_of(const struct view *v, const struct conflict *c, enum action a)
{
	return a == ACT_MINE ? first_side(v, c) : other_side(v, c);
}

/* Did its writer write another side too? */
static bool
wrote_several(const struct conflict *c, const struct side *s)
{
	bool several = s != &c->won && strcmp(c->won.by, s->by) == 0;

	for (size_t i = 0; i < c->lost_count; i++)
		several |=
			s != &c->lost[i] && strcmp(c->lost[i].by, s->by) == 0;
	return several;
}

/* "keep Chen's", "take yours"; "Chen" where the screen is narrow. */
static void
put_choice(const struct view *v, const struct conflict *c, const struct side *s,
	struct buf *out)
{
	bool wide = v->app->look.plain || v->app->canvas.cols >= WIDE;
	bool in_force = s == &c->won;
	struct buf name = BUF_INIT;

	if (wide)
		buf_puts(out, in_force ? "keep " : "take ");
	if (strcmp(s->by, app_me(v->app)) == 0) {
		buf_puts(&name, "yours");
	} else {
		show_member(v->app->replica, s->by, &name);
		buf_puts(&name, wide ? "'s" : "");
	}
	if (!wrote_several(c, s))
		show_clipped(buf_text(&name), NAME_CELLS, &v->app->look, out);
	else if (in_force)
		buf_puts(out, wide ? "what is in force" : "in force");
	else
		buf_puts(out, c->lost_count > 1 ? "the chosen" : "the other");
	buf_release(&name);
}

static const char *
hint(struct view *v, enum action a)
{
	struct conflict_view *cv = v->state;
	const struct conflict *c = chosen(v);
	const struct side *side = NULL;

	if (c && (a == ACT_MINE || a == ACT_THEIRS))
		side = side_of(v, c, a);
	if (!side)
		return action_brief(a);
	buf_clear(&cv->word);
	put_choice(v, c, side, &cv->word);
	return buf_text(&cv->word);
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
	if (a == ACT_MINE || a == ACT_THEIRS)
		settle(v, side_of(v, c, a));
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
	side = side_of(v, c, a);
	if (!side)
		return "first choose the value to take";
	return side->known ? NULL : "that value was not sent to this device";
}

static void
close_conflicts(struct view *v)
{
	struct conflict_view *cv = v->state;

	conflicts_release(&cv->all);
	page_release(&cv->page);
	buf_release(&cv->word);
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
	.hint = hint,
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
