#include "tui/news_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/record.h"
#include "common/replaced.h"
#include "common/utf8.h"
#include "tui/list.h"
#include "tui/record_view.h"
#include "tui/show.h"
#include "tui/today_rows.h"

#define NAME_CELLS 8 /* of the words at the right for a name, at least */
#define LOG_MAX 100  /* entries of a record looked through */
#define LINE_COL 4

struct news_view {
	struct list list;
	struct news_list news;
	char **lines; /* one for each of them; NULL: not drawn yet */
	int cols;     /* that they were made for */
	bool stale;
};

/* What happened to it. */

static bool
is_news(struct app *a, const struct news *n, const struct entry *e)
{
	return e->seq >= n->first && e->seq <= n->last && e->by[0] &&
	       strcmp(e->by, app_me(a)) != 0;
}

/* The entry that made the record, if that is news; else NULL. */
static const struct entry *
making_of(struct app *a, const struct news *n, const struct past *past,
	const struct record *rec)
{
	const struct entry *made = NULL;

	for (size_t i = 0; i < past->count; i++) {
		const struct entry *x = &past->items[i];

		if (is_news(a, n, x) && x->at == rec->created_at &&
			strcmp(x->by, rec->created_by) == 0)
			made = x;
	}
	return made;
}

static const struct entry *
newest_of(struct app *a, const struct news *n, const struct past *past)
{
	for (size_t i = 0; i < past->count; i++)
		if (is_news(a, n, &past->items[i]))
			return &past->items[i];
	return NULL;
}

/* What an entry did, in a word or two. */
static void
put_deed(struct app *a, const struct entry *e, struct buf *out)
{
	const struct catalog *c = replica_catalog(a->replica);
	const struct change *gone = edit_find(&e->edit, FIELD_VOID);

	if (gone)
		buf_puts(out, gone->value[0] ? "voided" : "brought back");
	else if (e->edit.count)
		buf_puts(out, show_label(catalog_kind(c, e->edit.kind),
				      e->edit.changes[0].field));
	else
		buf_puts(out, "settled");
}

/* "Chen: Stage"; the name has what is left of the words' cells. */
static void
put_change(struct app *a, const char *badge, const char *deed, struct buf *out)
{
	int room = TODAY_WHAT_CELLS - 2 - utf8_width(deed);
	struct buf who = BUF_INIT;

	show_member(a->replica, badge, &who);
	show_clipped(buf_text(&who), room < NAME_CELLS ? NAME_CELLS : room,
		&a->look, out);
	buf_printf(out, ": %s", deed);
	buf_release(&who);
}

/* "Chen replaced your Goal"; the row's title makes room for it. */
static void
put_replaced(struct app *a, const struct news *n, const struct replaced *x,
	struct buf *out)
{
	const struct kind *k =
		catalog_kind(replica_catalog(a->replica), n->kind);
	struct buf who = BUF_INIT;

	show_member(a->replica, x->by, &who);
	show_clipped(buf_text(&who), NAME_CELLS, &a->look, out);
	buf_printf(out, " replaced your %s", show_label(k, x->field));
	if (x->more)
		buf_printf(out, " and %zu more", x->more);
	buf_release(&who);
}

/* What weighs most of all that happened to the record. */
static bool
put_entry(struct app *a, const struct news *n, const struct past *past,
	const struct entry *e, struct buf *out)
{
	const struct entry *made = NULL;
	struct replaced mine = {0};
	struct buf deed = BUF_INIT;
	struct record *rec = NULL;
	struct why why;

	if (!edit_find(&e->edit, FIELD_VOID) &&
		!record_load(a->replica, n->kind, n->id, &rec, &why)) {
		mine = replaced_in(past, n->first, n->last, app_me(a), rec);
		made = making_of(a, n, past, rec);
	}
	if (made)
		buf_puts(&deed, "new");
	else
		put_deed(a, e, &deed);
	if (mine.field)
		put_replaced(a, n, &mine, out);
	else
		put_change(a, made ? made->by : e->by, buf_text(&deed), out);
	buf_release(&deed);
	record_free(rec);
	return mine.field != NULL;
}

/* A filling may have brought the record anew, without what is not in force. */
bool
news_put_what(struct app *a, const struct news *n, struct buf *out)
{
	struct past past = {0};
	const struct entry *e;
	bool mine = false;
	struct why why;

	if (app_failed(a,
		    history_read(a->replica, n->kind, n->id, 0, LOG_MAX, &past,
			    &why),
		    &why))
		return false;
	e = newest_of(a, n, &past);
	if (e)
		mine = put_entry(a, n, &past, e, out);
	else
		buf_puts(out, "changed");
	past_release(&past);
	return mine;
}

/* What was looked at. */

/* Where it cannot be noted the row stays, and can be looked at again. */
void
news_looked(struct app *a, const char *kind, const char *id)
{
	struct why why;
	enum status st = news_seen(a->replica, kind, id, &why);

	(void)st;
}

static void
seen_answer(void *arg, const char *answer)
{
	struct app *a = arg;
	struct why why;

	if (!answer)
		return;
	if (!app_failed(a,
		    news_seen_all(
			    a->replica, strtoll(a->asked, NULL, 10), &why),
		    &why))
		app_changed(a);
}

/* What comes while the question is on is not meant by the answer. */
void
news_ask_seen(struct app *a)
{
	struct news_sum sum;
	char *question;
	struct why why;

	if (app_failed(a, news_sum(a->replica, &sum, &why), &why))
		return;
	free(a->asked);
	a->asked = mem_printf("%lld", (long long)sum.last);
	question = mem_printf(
		"Mark %lld changed by others as seen?", (long long)sum.count);
	prompt_yes(&a->prompt, question, seen_answer, a);
	free(question);
}

/* The screen. */

static void
forget_lines(struct news_view *n)
{
	for (size_t i = 0; n->lines && i < n->news.count; i++)
		free(n->lines[i]);
	free(n->lines);
	n->lines = NULL;
}

static bool
same_record(const void *arg, size_t was, size_t now)
{
	const struct news_list *const *lists = arg;
	const struct news *a = &lists[0]->items[was];
	const struct news *b = &lists[1]->items[now];

	return strcmp(a->id, b->id) == 0 && strcmp(a->kind, b->kind) == 0;
}

static void
read_news(struct view *v)
{
	struct news_view *n = v->state;
	struct news_list now = {0};
	const struct news_list *both[] = {&n->news, &now};
	size_t was = n->list.chosen;
	struct why why;
	bool stays;

	n->stale = false;
	if (app_failed(
		    v->app, news_read(v->app->replica, 0, &now, &why), &why)) {
		news_list_release(&now);
		return;
	}
	forget_lines(n);
	stays = list_follow(&n->list, now.count, same_record, both);
	view_followed(v, stays ? NULL : n->news.items[was].id);
	news_list_release(&n->news);
	n->news = now;
	n->lines = mem_alloc((now.count + 1) * sizeof(*n->lines));
}

static const char *
line_of(struct view *v, size_t i)
{
	struct news_view *n = v->state;
	const struct news *x = &n->news.items[i];
	struct buf what = BUF_INIT, line = BUF_INIT;

	if (!n->lines[i]) {
		news_put_what(v->app, x, &what);
		today_line(v, n->cols, x->kind, x->id, buf_text(&what), &line);
		n->lines[i] = buf_take(&line);
		buf_release(&what);
	}
	return n->lines[i];
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct news_view *n = v->state;

	if (n->stale || n->cols != c->cols) {
		n->cols = c->cols;
		read_news(v);
	}
	list_fit(&n->list, count);
	for (int row = 0; row < count; row++) {
		size_t i = n->list.top + (size_t)row;

		if (i >= n->news.count)
			break;
		canvas_text(c, first + row, LINE_COL, c->cols, INK_PLAIN,
			line_of(v, i));
		canvas_mark(c, first + row, i == n->list.chosen, 0);
	}
	if (!n->news.count)
		canvas_text(
			c, first, LINE_COL, c->cols, INK_PLAIN, "All is seen");
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct news_view *n = v->state;

	buf_printf(left, "CHANGED BY OTHERS  (%zu)", n->news.count);
	buf_puts(right, "newest first");
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct news_view *n = v->state;

	if (!n->news.count)
		return false;
	*kind = n->news.items[n->list.chosen].kind;
	*id = n->news.items[n->list.chosen].id;
	return true;
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct news_view *n = v->state;
	const char *kind, *id;

	if (list_act(&n->list, a))
		return true;
	if (a == ACT_SEEN) {
		news_ask_seen(v->app);
		return true;
	}
	if (a != ACT_OPEN || arg)
		return false;
	if (subject(v, &kind, &id))
		record_open(v->app, kind, id);
	return true;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct news_view *n = v->state;

	(void)why;
	if (a == ACT_SEEN && !n->news.count)
		return NEWS_NONE;
	return a == ACT_OPEN && !n->news.count ? "no record is chosen" : NULL;
}

/* Read when it is drawn: meanwhile Ctrl-N goes on along the same rows. */
static void
reload(struct view *v)
{
	struct news_view *n = v->state;

	n->stale = true;
}

static bool
step(struct view *v, int by)
{
	struct news_view *n = v->state;

	return list_step(&n->list, by);
}

static void
close_news(struct view *v)
{
	struct news_view *n = v->state;

	forget_lines(n);
	news_list_release(&n->news);
}

static const enum action hints[] = {ACT_OPEN, ACT_SEEN, ACT_HISTORY, ACT_NOTE,
	ACT_DONE, ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Changed by others",
	.context = CTX_NEWS,
	.state_size = sizeof(struct news_view),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = act,
	.why_off = why_off,
	.reload = reload,
	.subject = subject,
	.step = step,
	.close = close_news,
};

void
news_open(struct app *a)
{
	app_push(a, &ops);
}
