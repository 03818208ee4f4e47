#include "tui/held_view.h"

#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/record.h"
#include "tui/asked.h"
#include "tui/record_view.h"
#include "tui/page.h"
#include "tui/show.h"

#define VALUE_LINES 12
#define DECIDED_MAX 20
#define TITLE_CELLS 36 /* in a question */

struct held_view {
	struct page page;
	struct helds open, decided;
	struct edit_id asked; /* what the question is about */
	bool is_made;	      /* its record was here then */
	char *question;	      /* in words, and the bytes of its title */
	size_t title_at, title_len;
};

/* Rows of open ones come first, and count on in those that were decided. */
static const struct held *
held_of(const struct held_view *hv, const struct row *row)
{
	size_t open = hv->open.count;

	if (!row || row->index >= open + hv->decided.count)
		return NULL;
	return row->index < open ? &hv->open.items[row->index]
				 : &hv->decided.items[row->index - open];
}

static const struct held *
chosen(const struct view *v)
{
	const struct held_view *hv = v->state;

	return held_of(hv, rows_chosen(&hv->page.rows));
}

static void
choose(struct held_view *hv, struct edit_id id)
{
	for (size_t i = 0; i < hv->page.rows.count; i++) {
		const struct row *row = &hv->page.rows.items[i];
		const struct held *h = row->pick ? held_of(hv, row) : NULL;

		if (h && edit_id_same(h->entry.edit.id, id))
			hv->page.rows.list.chosen = i;
	}
}

static void
add_value(struct view *v, const struct kind *k, const char *field,
	const char *what, const char *value)
{
	struct held_view *hv = v->state;
	struct buf head = BUF_INIT, text = BUF_INIT;

	buf_puts(&head, "  ");
	show_padded(show_label(k, field), 18, &v->app->look, &head);
	buf_printf(&head, " %s: ", what);
	show_whole(v->app->replica, k, field, value, &text);
	rows_wrap(&hv->page.rows, buf_text(&head),
		text.len ? buf_text(&text) : "(empty)", hv->page.cols,
		VALUE_LINES);
	buf_release(&head);
	buf_release(&text);
}

/* What it would set, and what stands; a record that is not made has nothing
 * that stands. */
static void
add_values(struct view *v, const struct kind *k, const struct held *h)
{
	const struct edit *e = &h->entry.edit;
	const struct record_value *now;
	struct record *rec = NULL;
	struct why why;

	if (record_load(v->app->replica, e->kind, e->record, &rec, &why))
		rec = NULL;
	for (size_t i = 0; i < e->count; i++) {
		const char *field = e->changes[i].field;

		add_value(v, k, field, "held", e->changes[i].value);
		now = rec ? record_value_of(rec, field) : NULL;
		if (now && !h->decided)
			add_value(v, k, field, " now", now->text);
	}
	record_free(rec);
}

static void
add_state(struct view *v, const struct held *h)
{
	struct held_view *hv = v->state;
	struct buf line = BUF_INIT;
	char at[WHEN_MAX];

	if (h->decided) {
		show_time(h->decided_at, app_now(v->app), at);
		buf_printf(
			&line, "%s by ", h->accepted ? "accepted" : "declined");
		show_member(v->app->replica, h->decider, &line);
		buf_printf(&line, ", %s%s%s", at, h->reason[0] ? ": " : "",
			h->reason);
	} else if (h->deciding) {
		buf_puts(&line, "decided by you: not sent yet");
	} else {
		buf_printf(&line, "held: %s", h->entry.verdict.held);
	}
	rows_wrap(&hv->page.rows, "  ", buf_text(&line), hv->page.cols, 3);
	buf_release(&line);
}

static void
add_held(struct view *v, const struct held *h, size_t index)
{
	struct held_view *hv = v->state;
	const struct entry *e = &h->entry;
	struct replica *r = v->app->replica;
	const struct kind *k = catalog_kind(replica_catalog(r), e->edit.kind);
	struct buf who = BUF_INIT, name = BUF_INIT;
	size_t from = hv->page.rows.count;
	char at[WHEN_MAX], id[EDIT_ID_TEXT];
	struct row *row;

	show_time(e->at, app_now(v->app), at);
	if (h->mine)
		buf_puts(&who, "yours");
	else
		show_member(r, e->by, &who);
	show_title(r, e->edit.kind, e->edit.record, &name);
	row = rows_head(&hv->page.rows, "%s %s, %s: %s %s", buf_text(&who), at,
		k ? k->one : e->edit.kind, e->edit.record,
		strcmp(buf_text(&name), e->edit.record) ? buf_text(&name) : "");
	row->mark = h->decided || h->deciding ? 0 : '!';
	row_stands_for(row, e->edit.kind, e->edit.record);
	edit_id_text(e->edit.id, id);
	row_set_key(row, "%s", id);
	add_state(v, h);
	add_values(v, k, h);
	for (size_t i = from; i < hv->page.rows.count; i++) {
		hv->page.rows.items[i].index = index;
		hv->page.rows.items[i].pick = i == from;
	}
	buf_release(&who);
	buf_release(&name);
}

static void
read_all(struct view *v)
{
	struct held_view *hv = v->state;
	struct replica *r = v->app->replica;
	struct why why;

	helds_release(&hv->open);
	helds_release(&hv->decided);
	app_failed(v->app,
		held_read(r, HELD_OPEN, NULL, NULL, 0, &hv->open, &why), &why);
	app_failed(v->app,
		held_read(r, HELD_DECIDED, NULL, NULL, DECIDED_MAX,
			&hv->decided, &why),
		&why);
}

static void
fill(struct view *v)
{
	struct held_view *hv = v->state;

	read_all(v);
	rows_clear(&hv->page.rows);
	for (size_t i = 0; i < hv->open.count; i++)
		add_held(v, &hv->open.items[i], i);
	if (!hv->open.count)
		rows_add(&hv->page.rows, "No held edit waits.")->index =
			SIZE_MAX;
	if (hv->decided.count) {
		rows_add(&hv->page.rows, "%s", "")->index = SIZE_MAX;
		rows_add(&hv->page.rows, "--- Decided ---")->index = SIZE_MAX;
	}
	for (size_t i = 0; i < hv->decided.count; i++)
		add_held(v, &hv->decided.items[i], hv->open.count + i);
	rows_settle(&hv->page.rows);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct held_view *hv = v->state;
	size_t waiting = 0;

	for (size_t i = 0; i < hv->open.count; i++)
		waiting += !hv->open.items[i].deciding;
	buf_printf(left, "HELD EDITS (%zu)", waiting);
	buf_puts(right, "not applied: the rights did not allow them");
}

/* "Harbor Garage by Chen", to be asked about by name. */
static void
put_name(struct view *v, const struct held *h, struct buf *out)
{
	const struct edit *e = &h->entry.edit;
	struct held_view *hv = v->state;
	struct buf title = BUF_INIT;

	if (show_is_here(v->app->replica, e->kind, e->record))
		show_title(v->app->replica, e->kind, e->record, &title);
	else
		show_unmade(v->app->replica, e, &title);
	hv->title_at = out->len;
	show_clipped(buf_text(&title), TITLE_CELLS, &v->app->look, out);
	hv->title_len = out->len - hv->title_at;
	buf_puts(out, " by ");
	show_member(v->app->replica, h->entry.by, out);
	buf_release(&title);
}

/* The record that it would change, as it was when it was asked? */
static bool
is_as_asked(struct view *v)
{
	struct held_view *hv = v->state;
	struct record *rec = hv->is_made ? asked_record(v->app) : NULL;
	bool is = rec ? !asked_changed(v->app, rec) : !hv->is_made;

	record_free(rec);
	return is;
}

static void
accept_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct held_view *hv = v->state;
	struct why why;

	if (answer && is_as_asked(v) &&
		!app_failed(v->app,
			held_accept(v->app->replica, hv->asked, &why), &why))
		app_saved(v->app, "Accepted: not sent yet, u undoes it");
}

static void decline_answer(void *arg, const char *answer);

/* The held edit that is asked about, named by hv->question. */
static void
ask_reason(struct view *v, const char *preset)
{
	struct held_view *hv = v->state;

	prompt_line(
		&v->app->prompt, hv->question, preset, decline_answer, NULL, v);
	v->app->prompt.title_at = hv->title_at;
	v->app->prompt.title_len = hv->title_len;
}

static void
decline_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct held_view *hv = v->state;
	struct why why;
	enum status st;

	if (!answer)
		return;
	if (!answer[0]) {
		app_say(v->app, "Not declined: a reason is needed");
		return;
	}
	st = held_decline(v->app->replica, hv->asked, answer, &why);
	if (st)
		ask_reason(v, answer);
	if (!app_failed(v->app, st, &why))
		app_saved(v->app, "Declined: not sent yet, u undoes it");
}

static void
ask(struct view *v, enum action a, const struct held *h)
{
	const struct edit *e = &h->entry.edit;
	struct held_view *hv = v->state;
	struct buf question = BUF_INIT;

	hv->asked = e->id;
	hv->is_made = show_is_here(v->app->replica, e->kind, e->record);
	if (hv->is_made)
		record_free(asked_about(v->app, a));
	buf_puts(&question, a == ACT_ACCEPT ? "Accept " : "Decline ");
	put_name(v, h, &question);
	if (a == ACT_ACCEPT) {
		buf_putc(&question, '?');
		prompt_yes(
			&v->app->prompt, buf_text(&question), accept_answer, v);
	} else {
		buf_puts(&question, ", for what reason");
		free(hv->question);
		hv->question = mem_text(buf_text(&question));
		ask_reason(v, "");
	}
	buf_release(&question);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct held_view *hv = v->state;
	const struct held *h = chosen(v);

	if (rows_act(&hv->page.rows, a))
		return true;
	if (arg || !h)
		return false;
	if (a == ACT_ACCEPT || a == ACT_DECLINE)
		ask(v, a, h);
	else if (a == ACT_OPEN)
		record_open(v->app, h->entry.edit.kind, h->entry.edit.record);
	else
		return false;
	return true;
}

/* An edit that would make its record leads to none. */
static const char *
open_why_off(struct view *v, const struct held *h)
{
	const struct edit *e = &h->entry.edit;

	if (show_is_here(v->app->replica, e->kind, e->record))
		return NULL;
	return h->decided ? "the record was not made"
			  : "the record is not made: this edit would make it";
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	const struct held *h = chosen(v);

	(void)why;
	if (a != ACT_ACCEPT && a != ACT_DECLINE && a != ACT_OPEN)
		return NULL;
	if (!h)
		return "no held edit is chosen";
	if (a == ACT_OPEN)
		return open_why_off(v, h);
	if (h->decided || h->deciding)
		return "it is decided already";
	if (!access_supervises(replica_access(v->app->replica)))
		return "a sergeant or above who holds the record decides";
	return NULL;
}

static void
close_held(struct view *v)
{
	struct held_view *hv = v->state;

	helds_release(&hv->open);
	helds_release(&hv->decided);
	free(hv->question);
	page_release(&hv->page);
}

static const enum action hints[] = {ACT_ACCEPT, ACT_DECLINE, ACT_OPEN,
	ACT_HISTORY, ACT_UNDO, ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Held",
	.context = CTX_HELD,
	.state_size = sizeof(struct held_view),
	.hints = hints,
	.title = title,
	.draw = page_draw,
	.act = act,
	.why_off = why_off,
	.reload = page_reload,
	.subject = page_subject,
	.close = close_held,
};

void
held_open(struct app *a)
{
	held_open_at(a, (struct edit_id){0});
}

void
held_open_at(struct app *a, struct edit_id id)
{
	struct view *v = app_push(a, &ops);

	page_open(v, fill);
	choose(v->state, id);
}
