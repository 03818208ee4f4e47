#include "tui/sync_view.h"

#include <stdlib.h>
#include <string.h>

#include "common/aside.h"
#include "common/inbox.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "sync/request.h"
#include "tui/page.h"
#include "tui/show.h"
#include "tui/spark.h"
#include "tui/sync_watch.h"

struct sync_view {
	struct page page;
	const struct syncing *sync;
	/* How the last try went, and this one does, when they were. */
	int64_t made_at;
	struct sync_progress progress;
};

#define WORD_CELLS 8
#define BAR_CELLS 30

static enum status
add_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct view *v = arg;
	struct sync_view *sv = v->state;
	struct buf line = BUF_INIT, what = BUF_INIT;
	char when[WHEN_MAX], id[EDIT_ID_TEXT];
	struct row *row;

	(void)why;
	if (o->seq)
		return ST_OK;
	show_time(o->edit.written.wall_ms, app_now(v->app), when);
	show_changes(v->app->replica, &o->edit, &what);
	show_padded(when, 13, &v->app->look, &line);
	show_padded(o->edit.record, 9, &v->app->look, &line);
	row = rows_add(
		&sv->page.rows, "%s%s", buf_text(&line), buf_text(&what));
	row->pick = true;
	row->mark = '*';
	row_stands_for(row, o->edit.kind, o->edit.record);
	edit_id_text(o->edit.id, id);
	row_set_key(row, "%s", id);
	buf_release(&line);
	buf_release(&what);
	return ST_OK;
}

/* For those who decide what is to be done about it. */
static void
add_aside(struct view *v)
{
	struct sync_view *sv = v->state;
	int64_t n = 0;
	struct why why;

	if (!access_supervises(replica_access(v->app->replica)) ||
		app_failed(
			v->app, aside_count(v->app->replica, &n, &why), &why) ||
		!n)
		return;
	rows_add(&sv->page.rows,
		"%lld lost by the hub and not sent again yet: beatbook log "
		"--aside",
		(long long)n)
		->mark = '!';
}

static void
add_unsent(struct view *v)
{
	struct sync_view *sv = v->state;
	struct outbox_counts n = *app_counts(v->app);
	struct why why;

	rows_head(&sv->page.rows,
		n.unsent ? "UNSENT (%lld), oldest first" : "UNSENT (%lld)",
		(long long)n.unsent);
	app_failed(v->app, outbox_each(v->app->replica, 0, add_edit, v, &why),
		&why);
	rows_add(&sv->page.rows, "%s", "");
	if (n.held)
		rows_add(&sv->page.rows,
			"%lld held for want of rights, a supervisor decides: "
			"g h shows them",
			(long long)n.held)
			->mark = '!';
	if (n.to_decide)
		rows_add(&sv->page.rows,
			"%lld held edit%s of others for you to decide: g h",
			(long long)n.to_decide, n.to_decide == 1 ? "" : "s")
			->mark = '!';
	if (n.refused)
		rows_add(&sv->page.rows,
			"%lld refused: could not be read; the text is kept "
			"here",
			(long long)n.refused)
			->mark = '!';
	if (n.conflicts)
		rows_add(&sv->page.rows,
			"%lld in conflict: g c shows both values",
			(long long)n.conflicts)
			->mark = 'x';
	add_aside(v);
	if (n.kept)
		rows_add(&sv->page.rows,
			"%lld sent and kept until the hub has them for good",
			(long long)n.kept);
}

static void
add_books(struct view *v)
{
	struct sync_view *sv = v->state;
	struct held_books books = {0};
	struct names lent = {0};
	struct why why;

	if (app_failed(
		    v->app, inbox_books(v->app->replica, &books, &why), &why))
		return;
	app_failed(v->app, lent_books(v->app->replica, &lent, &why), &why);
	rows_head(&sv->page.rows, "BOOKS HELD (%zu)", books.count);
	for (size_t i = 0; i < books.count; i++)
		rows_add(&sv->page.rows, "%s%s%s", books.items[i].book,
			names_have(&lent, books.items[i].book)
				? "  (lent, to read only)"
				: "",
			books.items[i].joined ? "" : "  (still being filled)");
	names_release(&lent);
	held_books_release(&books);
}

/* A file that is not as the hub has it puts itself right; who maintains it
 * may want to know why it was not. */
static void
add_mended(struct view *v)
{
	struct sync_view *sv = v->state;
	char when[WHEN_MAX];
	int64_t at = 0;
	struct why why;

	if (app_failed(v->app,
		    replica_meta_int(
			    v->app->replica, META_MENDED_AT, 0, &at, &why),
		    &why) ||
		!at)
		return;
	show_time(at, app_now(v->app), when);
	rows_add(&sv->page.rows,
		"Books were not as the hub has them and filled anew: %s", when);
}

static void
add_last(struct view *v)
{
	struct sync_view *sv = v->state;
	const struct sync_counts *n = &sv->sync->counts;
	struct buf left = BUF_INIT;

	if (sv->sync->reached_at)
		rows_add(&sv->page.rows,
			"Last answer: sent %lld, received %lld change%s, %lld "
			"new record%s",
			(long long)n->sent, (long long)n->entries,
			n->entries == 1 ? "" : "s", (long long)n->records,
			n->records == 1 ? "" : "s");
	put_left("", n, &left);
	if (left.len)
		rows_wrap(
			&sv->page.rows, "", buf_text(&left), sv->page.cols, 3);
	buf_release(&left);
	if (n->renumbered)
		rows_add(&sv->page.rows,
			"This file was a copy: it has a number of its own now. "
			"Records with new ids: %lld",
			(long long)n->renamed);
	if (n->forked)
		rows_add(&sv->page.rows,
			"The hub had lost entries: yours were sent again, its "
			"books are here anew.");
	if (sv->sync->why.text[0])
		rows_wrap(&sv->page.rows, "Last try: ", sv->sync->why.text,
			sv->page.cols, 3);
	if (llabs(n->offset_ms) > 10000)
		rows_add(&sv->page.rows, "This device's clock is %lld s %s.",
			llabs(n->offset_ms) / 1000,
			n->offset_ms > 0 ? "slow" : "fast");
}

/* "Books    ########----  2 of 5" */
static void
add_bar(struct view *v, const char *word, int64_t done, int64_t all)
{
	struct sync_view *sv = v->state;
	const struct look *l = &v->app->look;
	struct buf line = BUF_INIT, bar = BUF_INIT;

	show_padded(word, WORD_CELLS, l, &line);
	buf_printf(&line, "%lld of %lld  ", (long long)done, (long long)all);
	spark_bar(done, all, BAR_CELLS, l, &bar);
	rows_add(&sv->page.rows, "%s%s", buf_text(&line), buf_text(&bar));
	buf_release(&line);
	buf_release(&bar);
}

/* How far the sync under way is, and what is left where that is known. */
static void
add_progress(struct view *v)
{
	struct sync_view *sv = v->state;
	const struct sync_progress *p = &sv->progress;

	if (!p->to_send && !p->came && p->filled == p->books)
		return;
	rows_head(&sv->page.rows,
		"UNDER WAY: the screens go on meanwhile, what comes is there "
		"at once");
	if (p->to_send)
		add_bar(v, "Sent", p->sent, p->to_send);
	if (p->filled < p->books)
		add_bar(v, "Books", p->filled, p->books);
	if (p->came)
		rows_add(&sv->page.rows, "%-*s%lld changes and records so far",
			WORD_CELLS, "Came", (long long)p->came);
	rows_add(&sv->page.rows, "%s", "");
}

static void
fill(struct view *v)
{
	struct sync_view *sv = v->state;

	sv->made_at = sv->sync->tried_at;
	sv->progress = sv->sync->progress;
	rows_clear(&sv->page.rows);
	add_progress(v);
	add_last(v);
	add_mended(v);
	rows_add(&sv->page.rows, "%s", "");
	add_unsent(v);
	add_books(v);
	for (size_t i = 0; i < sv->page.rows.count; i++)
		if (!sv->page.rows.items[i].kind)
			sv->page.rows.items[i].pick = false;
	rows_settle(&sv->page.rows);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct sync_view *sv = v->state;
	const struct identity *who = replica_identity(v->app->replica);

	buf_puts(left, "SYNC  ");
	syncing_words(sv->sync, app_last_sync(v->app), left);
	buf_printf(right, "replica %u at %s", who->number, who->url);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct sync_view *sv = v->state;

	if (sv->made_at != sv->sync->tried_at ||
		memcmp(&sv->progress, &sv->sync->progress,
			sizeof(sv->progress)) != 0)
		page_reload(v);
	page_draw(v, c, first, count);
}

static void
close_sync(struct view *v)
{
	struct sync_view *sv = v->state;

	page_release(&sv->page);
}

static const enum action hints[] = {ACT_SYNC_NOW, ACT_OPEN, ACT_UNDO,
	ACT_CONFLICTS, ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Sync",
	.context = CTX_SYNC,
	.state_size = sizeof(struct sync_view),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = page_act,
	.reload = page_reload,
	.subject = page_subject,
	.close = close_sync,
};

void
sync_open(struct app *a, const struct syncing *s)
{
	struct sync_view *sv = app_push(a, &ops)->state;

	sv->page.fill = fill;
	sv->sync = s;
}
