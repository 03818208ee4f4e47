#include "tui/today_news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/news.h"
#include "tui/hints.h"
#include "tui/news_view.h"
#include "tui/show.h"
#include "tui/today_rows.h"

#define CHANGED_MAX 6 /* records shown */
#define BACK_MAX 4    /* edits shown that were sent back, */
#define SENT_BACK_MS ((int64_t)14 * 86400000) /* and for how long */
#define LOG_MAX 100			      /* entries looked through */

/* True: of what one had set oneself. */
static bool
add_news(struct view *v, const struct news *n)
{
	struct buf what = BUF_INIT;
	bool mine = news_put_what(v->app, n, &what);

	today_record(v, n->kind, n->id, buf_text(&what), 0);
	buf_release(&what);
	return mine;
}

/* The key that leads from such a row to what was replaced. */
static void
say_key(struct view *v, struct row *head)
{
	char keys[CHORD_NAME_MAX], *text;

	hints_key(v, ACT_HISTORY, keys);
	text = mem_printf("%s: %s shows what was yours", head->text, keys);
	free(head->text);
	head->text = text;
}

/* Where one row more holds all, it is not spent on saying so. */
void
today_changed(struct view *v)
{
	struct today *t = v->state;
	struct news_sum sum = {0};
	struct news_list list = {0};
	size_t shown = CHANGED_MAX, head = 0;
	bool mine = false;
	char when[WHEN_MAX];
	struct why why;
	enum status st = news_sum(v->app->replica, &sum, &why);

	if (!st && sum.count)
		st = news_read(v->app->replica, CHANGED_MAX + 1, &list, &why);
	app_failed(v->app, st, &why);
	t->news = sum.count;
	if (list.count) {
		show_time(sum.since, app_now(v->app), when);
		today_blank(t);
		head = t->page.rows.count;
		rows_head(&t->page.rows, "CHANGED BY OTHERS SINCE %s (%lld)",
			when, (long long)sum.count);
	}
	if (sum.count <= CHANGED_MAX + 1)
		shown = list.count;
	for (size_t i = 0; i < shown && i < list.count; i++)
		mine |= add_news(v, &list.items[i]);
	if (mine)
		say_key(v, &t->page.rows.items[head]);
	if (sum.count > CHANGED_MAX + 1)
		today_more(v, sum.count - CHANGED_MAX, "", ROW_NEWS, 0);
	news_list_release(&list);
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
	today_held(v, &h->entry.edit, buf_text(&who));
	if (h->reason[0])
		rows_add(&t->page.rows, "%-8s \"%s\"", "", h->reason);
	buf_release(&who);
}

void
today_sent_back(struct view *v)
{
	struct today *t = v->state;
	struct helds all = {0};
	size_t count = 0, shown = 0, room;
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
	room = today_shown_of(count, BACK_MAX);
	for (size_t i = 0; i < all.count && shown < room; i++) {
		if (!is_sent_back(v, &all.items[i]))
			continue;
		add_sent_back(v, &all.items[i]);
		shown++;
	}
	if (count > shown)
		today_more(v, (int64_t)(count - shown), "", ROW_HELD, 0);
	helds_release(&all);
}
