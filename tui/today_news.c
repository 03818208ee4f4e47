#include "tui/today_news.h"

#include <stdio.h>
#include <string.h>

#include "common/held.h"
#include "common/history.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/show.h"
#include "tui/today_rows.h"

#define NAME_CELLS 8  /* of the words at the right for a name, at least */
#define CHANGED_MAX 6 /* records shown */
#define BACK_MAX 4    /* edits shown that were sent back, */
#define SENT_BACK_MS ((int64_t)14 * 86400000) /* and for how long */
#define LOG_MAX 100			      /* entries looked through */

/* Another person wrote it since the last look; the hub's own housekeeping is
 * no news. */
static bool
is_news(struct view *v, const struct entry *e)
{
	const struct today *t = v->state;

	return e->seq > t->seen && e->by[0] &&
	       strcmp(e->by, app_me(v->app)) != 0;
}

/* The entry that made the record, if that is news; else NULL. */
static const struct entry *
making_of(struct view *v, const struct past *past, const struct entry *e)
{
	const struct entry *made = NULL;
	struct record *rec;
	struct why why;

	if (record_load(
		    v->app->replica, e->edit.kind, e->edit.record, &rec, &why))
		return NULL;
	for (size_t i = 0; i < past->count; i++) {
		const struct entry *x = &past->items[i];

		if (is_news(v, x) && x->at == rec->created_at &&
			strcmp(x->by, rec->created_by) == 0 &&
			strcmp(x->edit.kind, rec->kind->name) == 0 &&
			strcmp(x->edit.record, rec->id) == 0)
			made = x;
	}
	record_free(rec);
	return made;
}

/* What an entry did, in a word or two. */
static void
put_deed(struct view *v, const struct entry *e, struct buf *out)
{
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct change *gone = edit_find(&e->edit, FIELD_VOID);

	if (gone)
		buf_puts(out, gone->value[0] ? "voided" : "brought back");
	else if (e->edit.count)
		buf_puts(out, show_label(catalog_kind(c, e->edit.kind),
				      e->edit.changes[0].field));
	else
		buf_puts(out, "settled");
}

static void
add_changed_entry(
	struct view *v, const struct past *past, const struct entry *e)
{
	bool voids = edit_find(&e->edit, FIELD_VOID) != NULL;
	const struct entry *made = voids ? NULL : making_of(v, past, e);
	struct buf who = BUF_INIT, deed = BUF_INIT, what = BUF_INIT;
	int room;

	show_member(v->app->replica, made ? made->by : e->by, &who);
	if (made)
		buf_puts(&deed, "new");
	else
		put_deed(v, e, &deed);
	room = TODAY_WHAT_CELLS - 2 - utf8_width(buf_text(&deed));
	show_clipped(buf_text(&who), room < NAME_CELLS ? NAME_CELLS : room,
		&v->app->look, &what);
	buf_printf(&what, ": %s", buf_text(&deed));
	today_record(v, e->edit.kind, e->edit.record, buf_text(&what), 0);
	buf_release(&who);
	buf_release(&deed);
	buf_release(&what);
}

/* Records that others changed, each by its newest entry: "kind/id" in `names`,
 * where it stands in `past` in `at`. */
static size_t
find_changed(struct view *v, const struct past *past, struct names *names,
	size_t at[LOG_MAX])
{
	char name[200];

	for (size_t i = 0; i < past->count; i++) {
		const struct entry *e = &past->items[i];

		if (!is_news(v, e))
			continue;
		snprintf(name, sizeof(name), "%s/%s", e->edit.kind,
			e->edit.record);
		if (names_add(names, name))
			at[names->count - 1] = i;
	}
	return names->count;
}

static void
add_changed_head(struct view *v, const struct past *past, size_t count)
{
	struct today *t = v->state;
	bool more = past->count == LOG_MAX &&
		    past->items[LOG_MAX - 1].seq > t->seen;
	char when[WHEN_MAX] = "YOU LAST LOOKED";

	if (t->seen_at)
		show_time(t->seen_at, app_now(v->app), when);
	today_blank(t);
	rows_head(&t->page.rows, "CHANGED BY OTHERS SINCE %s (%zu%s)", when,
		count, more ? "+" : "");
}

void
today_changed(struct view *v)
{
	struct names names = {0};
	struct past past = {0};
	size_t at[LOG_MAX], count;
	struct why why;

	if (app_failed(v->app,
		    history_read(v->app->replica, NULL, NULL, 0, LOG_MAX, &past,
			    &why),
		    &why))
		return;
	count = find_changed(v, &past, &names, at);
	if (count)
		add_changed_head(v, &past, count);
	for (size_t i = 0; i < count && i < CHANGED_MAX; i++)
		add_changed_entry(v, &past, &past.items[at[i]]);
	names_release(&names);
	past_release(&past);
}

/* One's own edits that a supervisor declined lately. */

static bool
is_sent_back(struct view *v, const struct held *h)
{
	return h->mine && h->decided && !h->accepted &&
	       app_now(v->app) - h->decided_at < SENT_BACK_MS;
}

static void
add_sent_back(struct view *v, const struct held *h)
{
	struct today *t = v->state;
	struct buf who = BUF_INIT;

	show_member(v->app->replica, h->decider, &who);
	today_record(v, h->entry.edit.kind, h->entry.edit.record,
		buf_text(&who), '!');
	if (h->reason[0])
		rows_add(&t->page.rows, "%-8s \"%s\"", "", h->reason);
	buf_release(&who);
}

void
today_sent_back(struct view *v)
{
	struct today *t = v->state;
	struct helds all = {0};
	size_t count = 0;
	struct why why;

	app_failed(v->app,
		held_read(v->app->replica, HELD_DECIDED, NULL, NULL, LOG_MAX,
			&all, &why),
		&why);
	for (size_t i = 0; i < all.count; i++)
		count += is_sent_back(v, &all.items[i]);
	if (count) {
		today_blank(t);
		rows_head(&t->page.rows, "SENT BACK TO YOU (%zu): g h says why",
			count);
	}
	for (size_t i = 0, shown = 0; i < all.count && shown < BACK_MAX; i++) {
		if (!is_sent_back(v, &all.items[i]))
			continue;
		add_sent_back(v, &all.items[i]);
		shown++;
	}
	helds_release(&all);
}
