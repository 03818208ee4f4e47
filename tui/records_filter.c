#include "tui/records_filter.h"

#include <stdlib.h>
#include <string.h>

#include "common/kept.h"
#include "common/query.h"
#include "common/tally.h"
#include "tui/conf.h"
#include "tui/saved.h"

/* Its own filter, as it would be with the void records that are shown. */
static char *
own_filter(const struct records *l)
{
	return mem_printf("%s%s%s", l->usual,
		l->voids && l->usual[0] ? " " : "", l->voids ? "void:any" : "");
}

/* How many there are without the filter, counted where that is not known. */
static void
count_all(struct view *v)
{
	struct records *l = v->state;
	char *own = own_filter(l);
	struct why why;

	if ((l->all_version != v->app->version || l->all_voids != l->voids) &&
		!app_failed(v->app,
			tally_count(v->app->replica, l->kind->name, own,
				&l->all, &why),
			&why)) {
		l->all_version = v->app->version;
		l->all_voids = l->voids;
	}
	free(own);
}

/* Void ones alone are left? Then that is to be said. */
static void
count_gone(struct view *v)
{
	struct records *l = v->state;
	char *query = mem_printf("%s void:yes", l->query);
	struct why why;

	l->gone = 0;
	if (!l->ids.count && !l->voids &&
		tally_count(
			v->app->replica, l->kind->name, query, &l->gone, &why))
		l->gone = 0; /* half a word may be no query yet */
	free(query);
}

void
records_look_at_filter(struct view *v)
{
	struct records *l = v->state;
	struct buf bare = BUF_INIT;
	char *query;

	l->voids = !query_toggle_void(l->query, &bare);
	query = mem_text(l->voids ? buf_text(&bare) : l->query);
	conf_trim_end(query);
	l->filtered = strcmp(query, l->usual) != 0;
	if (l->filtered)
		count_all(v);
	count_gone(v);
	free(query);
	buf_release(&bare);
}

bool
records_wider(const struct records *l)
{
	return l->filtered && (int64_t)l->ids.count > l->all;
}

void
records_put_count(const struct records *l, struct buf *out)
{
	buf_printf(out, "(%zu", l->ids.count);
	if (records_wider(l))
		buf_puts(out, ", filtered");
	else if (l->filtered)
		buf_printf(out, " of %lld", (long long)l->all);
	else if (l->voids)
		buf_puts(out, ", void too");
	buf_putc(out, ')');
}

bool
records_set_query(struct view *v, const char *query, bool say)
{
	struct records *l = v->state;
	char *old = l->query;
	struct why why;
	enum status st;

	l->query = mem_text(query);
	l->list.chosen = l->list.top = 0;
	names_release(&l->ids);
	memset(&l->ids, 0, sizeof(l->ids));
	l->list.count = 0;
	st = records_read(v, &why);
	if (!st) {
		free(old);
		return true;
	}
	if (say)
		app_failed(v->app, st, &why);
	free(l->query);
	l->query = old;
	if (records_read(v, &why))
		l->stale = true;
	return false;
}

static void
filter_typing(void *arg, const char *text)
{
	records_set_query(arg, text, false);
}

/* For the next time that this list is opened. */
static void
remember(struct view *v)
{
	struct records *l = v->state;
	struct replica *r = v->app->replica;
	struct why why;
	enum status st;

	if (!l->place)
		return;
	if (strcmp(l->query, l->usual) != 0)
		st = kept_put(r, KEPT_FILTER, l->place, l->query, &why);
	else
		st = kept_drop(r, KEPT_FILTER, l->place, &why);
	if (st != ST_NOT_FOUND)
		app_failed(v->app, st, &why);
}

bool
records_filter(struct view *v, const char *text)
{
	char *filter = mem_text(text);
	bool good;

	conf_trim_end(filter);
	good = records_set_query(v, filter, true);
	if (good)
		remember(v);
	free(filter);
	return good;
}

static void
filter_done(void *arg, const char *text)
{
	struct view *v = arg;
	struct records *l = v->state;

	if (!text || !records_filter(v, text))
		records_set_query(v, l->before, false);
}

static void
offer_terms(void *arg, const char *text, size_t at, struct offers *o)
{
	struct view *v = arg;
	struct records *l = v->state;

	query_offers(v->app->replica, l->kind, text, at, o);
}

void
records_show_all(struct view *v)
{
	char *own = own_filter(v->state);

	records_filter(v, own);
	free(own);
}

void
records_ask_filter(struct view *v)
{
	struct records *l = v->state;

	char *preset = mem_printf("%s%s", l->query, l->query[0] ? " " : "");

	free(l->before);
	l->before = mem_text(l->query);
	prompt_line(&v->app->prompt, "filter", preset, filter_done,
		filter_typing, v);
	l->completing.fill = offer_terms;
	l->completing.arg = v;
	v->app->prompt.tab = &l->completing;
	free(preset);
}

void
records_toggle_void(struct view *v)
{
	struct records *l = v->state;
	size_t before = l->ids.count;
	char *was = mem_text(l->query);
	struct buf query = BUF_INIT;
	bool shown = query_toggle_void(was, &query);

	if (!records_filter(v, buf_text(&query))) {
		; /* it is said */
	} else if (!shown) {
		app_say(v->app, "Void records are left out again");
	} else if (l->ids.count == before) {
		records_filter(v, was);
		app_say(v->app, "No record of this list is void");
	} else {
		app_say(v->app,
			"%zu void: U brings the chosen one back, v leaves "
			"void ones out",
			l->ids.count - before);
	}
	free(was);
	buf_release(&query);
}

void
records_save_filter(struct view *v, const char *name)
{
	struct records *l = v->state;
	char *text = mem_printf("in:%s %s", l->kind->name, l->query);

	saved_ask(v->app, text, name);
	free(text);
}
