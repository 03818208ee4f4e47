#include "tui/history_view.h"

#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/history.h"
#include "common/record.h"
#include "tui/asked.h"
#include "tui/news_view.h"
#include "tui/page.h"
#include "tui/put_back.h"
#include "tui/show.h"

#define ENTRIES_MAX 500
#define VALUE_LINES 12

struct history {
	struct page page;
	char *kind, *id;
	uint32_t number; /* the file's, when the id was this */
	struct past past;
	struct edit_id asked; /* the edit and its field that a question is */
	char *asked_field;    /* about */
};

static const struct lost *
lost_field(const struct entry *e, const char *field)
{
	for (size_t i = 0; i < e->verdict.lost_count; i++)
		if (strcmp(e->verdict.lost[i].field, field) == 0)
			return &e->verdict.lost[i];
	return NULL;
}

/* A row's index is that of its entry; its tag that of its change, from 1. */
static void
add_change(struct view *v, size_t index, size_t nth)
{
	struct history *h = v->state;
	const struct entry *e = &h->past.items[index];
	const struct change *c = &e->edit.changes[nth];
	struct replica *r = v->app->replica;
	const struct kind *k = catalog_kind(replica_catalog(r), h->kind);
	const struct lost *lost = lost_field(e, c->field);
	char against[EDIT_ID_TEXT], id[EDIT_ID_TEXT];
	struct buf head = BUF_INIT, value = BUF_INIT;
	struct row *row;
	size_t first;

	buf_puts(&head, "  ");
	show_padded(show_label(k, c->field), 18, &v->app->look, &head);
	buf_putc(&head, ' ');
	if (!c->value[0])
		buf_puts(&value, "(emptied)");
	else
		show_whole(r, k, c->field, c->value, &value);
	if (lost) {
		edit_id_text(lost->against, against);
		buf_printf(&value, "  (lost to %s)", against);
	}
	edit_id_text(e->edit.id, id);
	first = rows_wrap(&h->page.rows, buf_text(&head), buf_text(&value),
		h->page.cols, VALUE_LINES);
	row = &h->page.rows.items[first];
	row->index = index;
	row->tag = (int)nth + 1;
	row_set_key(row, "%s %s", id, c->field);
	buf_release(&head);
	buf_release(&value);
}

/* What became of a held edit. */
static void
add_decision(struct view *v, const struct entry *e)
{
	struct history *h = v->state;
	struct held held;
	struct buf who = BUF_INIT;
	char at[WHEN_MAX];
	struct why why;

	if (!e->verdict.held ||
		held_find(v->app->replica, e->edit.id, &held, &why))
		return;
	show_time(held.decided_at, app_now(v->app), at);
	show_member(v->app->replica, held.decider, &who);
	buf_printf(&who, ", %s", at);
	if (held.decided)
		rows_wrap(&h->page.rows,
			held.accepted ? "  accepted: " : "  declined: ",
			buf_text(&who), h->page.cols, 1);
	held_release(&held);
	buf_release(&who);
}

static void
add_entry(struct view *v, size_t index)
{
	struct history *h = v->state;
	const struct entry *e = &h->past.items[index];
	char id[EDIT_ID_TEXT], at[WHEN_MAX];
	struct buf who = BUF_INIT;
	struct row *row;

	edit_id_text(e->edit.id, id);
	show_time(e->at, app_now(v->app), at);
	show_member(v->app->replica, e->by, &who);
	if (e->seq)
		row = rows_head(&h->page.rows, "%s  %s  edit %s, place %lld%s",
			at, buf_text(&who), id, (long long)e->seq,
			e->unsure ? ", time unsure" : "");
	else
		row = rows_head(&h->page.rows, "%s  %s  edit %s, not sent yet",
			at, buf_text(&who), id);
	row->index = index;
	row_set_key(row, "%s", id);
	buf_release(&who);
	if (e->verdict.held)
		rows_wrap(&h->page.rows, "! held: ", e->verdict.held,
			h->page.cols, 3);
	add_decision(v, e);
	if (e->edit.reason)
		rows_wrap(&h->page.rows, "  reason: ", e->edit.reason,
			h->page.cols, 3);
	for (size_t i = 0; i < e->edit.count; i++)
		add_change(v, index, i);
	for (size_t i = 0; i < e->edit.settle_count; i++) {
		edit_id_text(e->edit.settles[i].loser, id);
		rows_add(&h->page.rows, "  settles %s against %s",
			e->edit.settles[i].field, id);
	}
}

static void
fill(struct view *v)
{
	struct history *h = v->state;
	struct why why;
	enum status st;

	past_release(&h->past);
	memset(&h->past, 0, sizeof(h->past));
	app_follow(v->app, &h->number, h->kind, &h->id);
	st = history_read(v->app->replica, h->kind, h->id, 0, ENTRIES_MAX,
		&h->past, &why);
	rows_clear(&h->page.rows);
	if (!app_failed(v->app, st, &why))
		for (size_t i = 0; i < h->past.count; i++)
			add_entry(v, i);
	if (!h->page.rows.count)
		rows_add(
			&h->page.rows, "No entry of this record is held here.");
	for (size_t i = 0; i < h->page.rows.count; i++) {
		struct row *row = &h->page.rows.items[i];

		row->pick = row->head || row->tag;
	}
	rows_settle(&h->page.rows);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct history *h = v->state;

	buf_printf(left, "HISTORY %s  ", h->id);
	show_title(v->app->replica, h->kind, h->id, left);
	buf_puts(right, "newest first");
}

/* The change that is chosen, and its entry; of an entry its only one. NULL:
 * none. */
static const struct change *
chosen(const struct view *v, const struct entry **entry)
{
	const struct history *h = v->state;
	const struct row *row = rows_chosen(&h->page.rows);
	const struct entry *e;

	if (!row || row->index >= h->past.count)
		return NULL;
	*entry = e = &h->past.items[row->index];
	if (row->tag)
		return &e->edit.changes[row->tag - 1];
	return e->edit.count == 1 ? &e->edit.changes[0] : NULL;
}

static void
save_asked(struct view *v)
{
	struct history *h = v->state;
	struct app *a = v->app;
	struct entry e;
	struct why why;

	if (app_failed(a, history_edit(a->replica, h->asked, &e, &why), &why))
		return;
	if (!app_failed(a, put_back_save(a->replica, &e, h->asked_field, &why),
		    &why)) {
		app_saved(a, "Put back, not sent yet: u undoes it");
		page_anew(v); /* from the new one on */
	}
	entry_release(&e);
}

static void
put_back_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct record *rec = answer ? asked_record(v->app) : NULL;

	if (rec && !asked_changed(v->app, rec))
		save_asked(v);
	record_free(rec);
}

static void
ask_put_back(struct view *v)
{
	struct history *h = v->state;
	const struct entry *e;
	const struct change *c = chosen(v, &e);
	struct record *rec = c ? asked_about(v->app, ACT_PUT_BACK) : NULL;
	struct buf question = BUF_INIT;

	if (!rec)
		return;
	h->asked = e->edit.id;
	free(h->asked_field);
	h->asked_field = mem_text(c->field);
	put_back_question(v->app, rec, c, &question);
	prompt_yes(&v->app->prompt, buf_text(&question), put_back_answer, v);
	buf_release(&question);
	record_free(rec);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct history *h = v->state;

	if (rows_act(&h->page.rows, a))
		return true;
	if (a != ACT_PUT_BACK || arg)
		return false;
	ask_put_back(v);
	return true;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	const struct entry *e = NULL;
	const struct change *c;

	if (a == ACT_PUT_BACK) {
		c = chosen(v, &e);
		return put_back_why_off(v->app, e, c, why);
	}
	if (a == ACT_OPEN)
		return "an entry is all here; KIND/ID opens";
	if (a == ACT_HISTORY)
		return "it is open";
	if (a == ACT_NOTE)
		return "go back to the record first";
	return NULL;
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct history *h = v->state;

	*kind = h->kind;
	*id = h->id;
	return true;
}

static void
close_history(struct view *v)
{
	struct history *h = v->state;

	page_release(&h->page);
	past_release(&h->past);
	free(h->asked_field);
	free(h->kind);
	free(h->id);
}

static const enum action hints[] = {ACT_PUT_BACK, ACT_PANE_NEXT, ACT_PAGE_DOWN,
	ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "History",
	.context = CTX_HISTORY,
	.state_size = sizeof(struct history),
	.hints = hints,
	.title = title,
	.draw = page_draw,
	.act = act,
	.why_off = why_off,
	.reload = page_reload,
	.subject = subject,
	.close = close_history,
};

void
history_open(struct app *a, const char *kind, const char *id)
{
	struct view *v = app_push(a, &ops);
	struct history *h = v->state;

	h->kind = mem_text(kind);
	h->id = mem_text(id);
	h->number = replica_identity(a->replica)->number;
	page_open(v, fill);
	news_looked(a, kind, id);
}
