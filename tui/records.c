#include "tui/records.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kept.h"
#include "common/query.h"
#include "common/utf8.h"
#include "tui/allowed.h"
#include "tui/form.h"
#include "tui/hints.h"
#include "tui/record_view.h"
#include "tui/records_filter.h"
#include "tui/show.h"
#include "tui/voiding.h"

static bool
same_id(const void *arg, size_t was, size_t now)
{
	const struct names *const *ids = arg;

	return strcmp(ids[0]->items[was], ids[1]->items[now]) == 0;
}

/* Other rows: the chosen one stays so. */
static void
take_ids(struct view *v, struct names *ids)
{
	struct records *l = v->state;
	const struct names *both[] = {&l->ids, ids};
	size_t was = l->list.chosen;
	bool stays = list_follow(&l->list, ids->count, same_id, both);

	view_followed(v, stays ? NULL : l->ids.items[was]);
	names_release(&l->ids);
	l->ids = *ids;
}

enum status
records_read(struct view *v, struct why *why)
{
	struct records *l = v->state;
	struct query q = {
		l->kind->name, l->query, l->sort[0] ? l->sort : NULL, 0};
	struct names ids = {0};
	enum status st = query_ids(v->app->replica, &q, &ids, why);

	if (st) {
		names_release(&ids);
		return st;
	}
	take_ids(v, &ids);
	l->stale = false;
	records_look_at_filter(v);
	columns_follow(&l->columns, l->query);
	return ST_OK;
}

#define TITLE_GAP 3    /* cells around the count, which is never cut */
#define TITLE_LEAST 12 /* of the filter */

static enum status
table(struct view *v, struct buf *out, struct why *why)
{
	const struct records *l = v->state;

	return columns_table(&l->columns, &l->ids, out, why);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct records *l = v->state;
	struct buf b = BUF_INIT;
	int room;

	for (const char *s = l->kind->many; *s; s++)
		buf_putc(left, (char)toupper((unsigned char)*s));
	buf_puts(left, "  ");
	records_put_count(l, left);
	if (l->order)
		buf_printf(&b, "by %s  ",
			show_label(l->kind, l->kind->columns[l->order - 1]));
	if (l->query[0])
		buf_printf(&b, "filter: %s", l->query);
	room = v->app->canvas.cols - utf8_width(buf_text(left)) - TITLE_GAP;
	if (room >= TITLE_LEAST || v->app->look.plain)
		show_clipped(buf_text(&b), room, &v->app->look, right);
	buf_release(&b);
}

static void
draw_row(const struct view *v, struct canvas *c, int at, size_t index)
{
	struct records *l = v->state;
	const struct column_row *row =
		columns_draw(&l->columns, c, at, index, l->ids.items[index]);

	canvas_mark(c, at, index == l->list.chosen, row->mark);
}

static void
put_nothing(const struct records *l, struct buf *out)
{
	buf_puts(out, l->query[0] ? "Nothing matches" : "None");
	if (l->gone)
		buf_printf(out, " but %lld void: v shows %s",
			(long long)l->gone, l->gone == 1 ? "it" : "them");
	else if (l->filtered && l->all)
		buf_puts(out, ": / changes the filter, a shows all");
	else
		buf_puts(out, l->query[0] ? ": / changes the filter"
					  : " yet: n makes the first");
}

static void
draw_nothing(const struct records *l, struct canvas *c, int row)
{
	struct buf b = BUF_INIT;

	put_nothing(l, &b);
	canvas_text(c, row, COLUMNS_LEFT, c->cols, INK_PLAIN, buf_text(&b));
	canvas_cursor(c, row, 0);
	buf_release(&b);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct records *l = v->state;
	struct why why;

	if (l->stale)
		app_failed(v->app, records_read(v, &why), &why);
	columns_fit(&l->columns, c->cols);
	columns_draw_names(&l->columns, c, first);
	list_fit(&l->list, count - 1);
	for (int i = 0; i < count - 1; i++)
		if (l->list.top + (size_t)i < l->ids.count)
			draw_row(v, c, first + 1 + i, l->list.top + (size_t)i);
	if (!l->ids.count)
		draw_nothing(l, c, first + 1);
}

static void
next_order(struct view *v)
{
	struct records *l = v->state;
	struct why why;
	const char *name;
	bool newest;

	l->order = (l->order + 1) % (l->kind->column_count + 1);
	l->sort[0] = '\0';
	if (l->order) {
		name = l->kind->columns[l->order - 1];
		newest = strcmp(name, "updated_at") == 0;
		snprintf(l->sort, sizeof(l->sort), "%s%s", newest ? "-" : "",
			name);
	}
	app_failed(v->app, records_read(v, &why), &why);
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct records *l = v->state;

	if (!l->ids.count)
		return false;
	*kind = l->kind->name;
	*id = l->ids.items[l->list.chosen];
	return true;
}

static bool
step(struct view *v, int by)
{
	struct records *l = v->state;

	return list_step(&l->list, by);
}

/* field:value alone in the query, such as that of a section, sets the field
 * of a new record. */
static void
new_record(struct view *v)
{
	struct records *l = v->state;
	size_t len = strcspn(l->query, ":");
	char name[NAME_MAX_BYTES + 1];
	const struct field *f = NULL;

	if (l->query[len] == ':' && len <= NAME_MAX_BYTES &&
		!strpbrk(l->query, " \"<>,")) {
		snprintf(name, sizeof(name), "%.*s", (int)len, l->query);
		f = kind_field(l->kind, name);
	}
	if (f && (f->type == TYPE_REF || f->type == TYPE_REFS) &&
		l->query[len + 1])
		form_new(v->app, l->kind->name, f->name, l->query + len + 1);
	else
		form_new(v->app, l->kind->name, NULL, NULL);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct records *l = v->state;
	const char *kind, *id;

	if (list_act(&l->list, a))
		return true;
	switch (a) {
	case ACT_FILTER:
		if (arg)
			records_filter(v, arg);
		else
			records_ask_filter(v);
		return true;
	case ACT_SHOW_ALL:
		records_show_all(v);
		return true;
	case ACT_SEARCH_SAVE:
		records_save_filter(v, arg);
		return true;
	case ACT_ORDER:
		next_order(v);
		return true;
	case ACT_VOIDED:
		records_toggle_void(v);
		return true;
	case ACT_MATCH_NEXT:
	case ACT_MATCH_PREV:
		step(v, a == ACT_MATCH_NEXT ? 1 : -1);
		return true;
	case ACT_NEW:
		if (arg)
			return false;
		new_record(v);
		return true;
	case ACT_OPEN:
	case ACT_EDIT:
		if (arg || !subject(v, &kind, &id))
			return !arg;
		if (a == ACT_OPEN)
			record_open(v->app, kind, id);
		else
			form_edit(v->app, kind, id, NULL);
		return true;
	default:
		return false;
	}
}

static bool
is_void(struct records *l)
{
	size_t at = l->list.chosen;

	return columns_read(&l->columns, at, l->ids.items[at])->faint;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct records *l = v->state;

	if (a == ACT_SHOW_ALL)
		return l->filtered ? NULL
				   : "no filter of yours is set: the list is "
				     "as it was opened";
	if (a == ACT_NEW)
		return allowed_why_off(v->app, l->kind, NULL, why);
	if (a != ACT_EDIT && a != ACT_OPEN && a != ACT_NOTE && a != ACT_UNVOID)
		return NULL;
	if (!l->ids.count)
		return "no record is chosen";
	if (a == ACT_UNVOID && !is_void(l))
		return unvoid_why_off(false);
	if (a == ACT_EDIT && is_void(l))
		return "it is void: U brings it back";
	return a == ACT_EDIT || a == ACT_UNVOID
		       ? allowed_why_off(v->app, l->kind,
				 l->ids.items[l->list.chosen], why)
		       : NULL;
}

static void
reload(struct view *v)
{
	struct records *l = v->state;

	l->stale = true;
}

static void
close_records(struct view *v)
{
	struct records *l = v->state;

	columns_forget(&l->columns);
	names_release(&l->ids);
	free(l->query);
	free(l->before);
	free(l->place);
	free(l->usual);
	completing_release(&l->completing);
}

static const char *
hint(struct view *v, enum action a)
{
	struct records *l = v->state;

	if (a == ACT_VOIDED)
		return l->voids ? "no void" : action_brief(a);
	if (a != ACT_SHOW_ALL)
		return action_brief(a);
	if (records_wider(l))
		return "own filter";
	snprintf(l->word, sizeof(l->word), "%s %lld", action_brief(a),
		(long long)l->all);
	return l->word;
}

/* That a filter is left out comes first: it is wanted at every width. */
static const enum action hints[] = {ACT_SHOW_ALL, ACT_OPEN, ACT_FILTER, ACT_NEW,
	ACT_EDIT, ACT_UNVOID, ACT_DONE, ACT_NOTE, ACT_ORDER, ACT_VOIDED,
	ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "List",
	.context = CTX_LIST,
	.state_size = sizeof(struct records),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = draw,
	.act = act,
	.why_off = why_off,
	.reload = reload,
	.subject = subject,
	.table = table,
	.step = step,
	.close = close_records,
};

static struct view *
open_list(struct app *a, const char *kind, const char *query, const char *usual)
{
	const struct kind *k = catalog_kind(replica_catalog(a->replica), kind);
	struct view *v;
	struct records *l;
	struct why why;

	if (!k) {
		app_say(a, "There is no kind '%.40s': g l lists them", kind);
		return NULL;
	}
	v = app_push(a, &ops);
	l = v->state;
	l->kind = k;
	l->columns.app = a;
	l->columns.kind = k;
	l->query = mem_text(query);
	l->usual = mem_text(usual);
	if (app_failed(a, records_read(v, &why), &why))
		records_set_query(v, "", false);
	return v;
}

void
records_open(struct app *a, const char *kind, const char *query)
{
	open_list(a, kind, query, query);
}

/* Gone to once more: without the filter that was set there. */
static bool
is_there(struct app *a, const char *place)
{
	struct view *v = app_top(a);
	struct records *l = v->ops == &ops ? v->state : NULL;

	if (!l || !l->place || strcmp(l->place, place) != 0)
		return false;
	if (l->filtered)
		records_show_all(v);
	else
		app_say(a, "It is open already");
	return true;
}

static void
say_as_left(struct view *v)
{
	struct records *l = v->state;
	char keys[CHORD_NAME_MAX];

	hints_key(v, l->filtered ? ACT_SHOW_ALL : ACT_VOIDED, keys);
	if (!l->filtered)
		app_say(v->app,
			"Void records too, as you left it: %s leaves them out",
			keys);
	else if (records_wider(l))
		app_say(v->app,
			"The filter is as you left it: %s sets the list's own",
			keys);
	else
		app_say(v->app,
			"The filter is as you left it: %s shows all %lld", keys,
			(long long)l->all);
}

static void
open_place(struct app *a, const char *kind, const char *usual, char *place)
{
	struct buf kept = BUF_INIT;
	struct why why;
	bool found = !kept_get(a->replica, KEPT_FILTER, place, &kept, &why);
	struct view *v =
		open_list(a, kind, found ? buf_text(&kept) : usual, usual);
	struct records *l = v ? v->state : NULL;

	if (l)
		l->place = mem_text(place);
	if (l && found && !a->notice.len)
		say_as_left(v);
	buf_release(&kept);
}

void
records_place(struct app *a, const char *kind, const char *usual)
{
	char *place = mem_printf("%s %s", kind, usual);

	if (!is_there(a, place))
		open_place(a, kind, usual, place);
	free(place);
}
