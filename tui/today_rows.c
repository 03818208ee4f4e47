#include "tui/today_rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "common/held.h"
#include "common/lent.h"
#include "common/query.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/beat_rows.h"
#include "tui/records.h"
#include "tui/show.h"
#include "tui/today_drafts.h"
#include "tui/today_news.h"

#define TITLE_LEAST 12 /* cells */
#define DUE_MAX 8
#define PROJECTS_MAX 6
#define BEATS_MAX 4
#define HELD_MAX 5

/* What Today has the first rows of. Promises and answers go by the field of
 * their day. */
enum { LIST_ITEMS, LIST_ANSWERS, LIST_PROJECTS, LIST_BEATS };
static const struct {
	const char *kind, *query, *day;
} lists[] = {
	[LIST_ITEMS] = {"action_item",
		"owner_id:me -status:done -status:declined -status:withdrawn",
		"due_on"},
	[LIST_ANSWERS] = {"concern",
		"answer_owner_id:me answered_at: -answer_due_on:",
		"answer_due_on"},
	[LIST_PROJECTS] = {"project", "owner_id:me status:open", NULL},
	[LIST_BEATS] = {"beat", "", NULL},
};

void
today_list_open(struct view *v, size_t index)
{
	records_open(v->app, lists[index].kind, lists[index].query);
}

void
today_put_title(
	struct view *v, const char *kind, const char *id, struct buf *out)
{
	struct replica *r = v->app->replica;
	const struct kind *k = catalog_kind(replica_catalog(r), kind);
	const struct field *f = k ? kind_field(k, k->title) : NULL;
	char *title = record_title_of(r, kind, id);

	if (k && strcmp(title, id) == 0 && !k->code[0]) {
		buf_printf(out, "%s: ", k->one);
		if (!show_person(r, k, id, out))
			buf_cut(out, out->len - 2);
	} else {
		if (f && (f->type == TYPE_REF || f->type == TYPE_REFS))
			buf_printf(out, "%s: ", k->one);
		show_title(r, kind, id, out);
	}
	free(title);
}

int
today_title_cells(int cols)
{
	int room = cols - 4 - 9 - 2 - TODAY_WHAT_CELLS;

	return room < TITLE_LEAST ? TITLE_LEAST : room;
}

/* Words that need more cells than others have them of the title, which goes
 * where little would be left of it. */
static void
put_line(struct view *v, int cols, const char *id, const char *title,
	const char *what, struct buf *out)
{
	const struct look *l = &v->app->look;
	int more = utf8_width(what) - TODAY_WHAT_CELLS;
	int cells = today_title_cells(cols) - (more > 0 ? more : 0);

	show_padded(id, 8, l, out);
	buf_putc(out, ' ');
	if (cells >= TITLE_LEAST || l->plain) {
		show_padded(title, cells, l, out);
		buf_puts(out, "  ");
	}
	buf_puts(out, what);
}

void
today_line(struct view *v, int cols, const char *kind, const char *id,
	const char *what, struct buf *out)
{
	struct buf title = BUF_INIT;

	today_put_title(v, kind, id, &title);
	put_line(v, cols, id, buf_text(&title), what, out);
	buf_release(&title);
}

struct row *
today_row(struct view *v, const char *id, const char *title, const char *what)
{
	struct today *t = v->state;
	struct buf line = BUF_INIT;
	struct row *row;

	put_line(v, t->page.cols, id, title, what, &line);
	row = rows_add(&t->page.rows, "%s", buf_text(&line));
	row->pick = true;
	buf_release(&line);
	return row;
}

struct row *
today_record(struct view *v, const char *kind, const char *id, const char *what,
	char mark)
{
	struct today *t = v->state;
	struct buf line = BUF_INIT;
	struct row *row;

	today_line(v, t->page.cols, kind, id, what, &line);
	row = rows_add(&t->page.rows, "%s", buf_text(&line));
	row->pick = true;
	row->mark = mark;
	row->tag = ROW_RECORD;
	row_stands_for(row, kind, id);
	buf_release(&line);
	return row;
}

void
today_held(struct view *v, const struct edit *e, const char *what)
{
	struct today *t = v->state;
	struct buf title = BUF_INIT;
	char id[EDIT_ID_TEXT];
	struct row *row;

	if (show_is_here(v->app->replica, e->kind, e->record))
		today_put_title(v, e->kind, e->record, &title);
	else
		show_unmade(v->app->replica, e, &title);
	MEM_ROOM(t->edits, t->edit_count, t->edit_cap);
	row = today_row(v, e->record, buf_text(&title), what);
	row->mark = '!';
	row->tag = ROW_EDIT;
	row->index = t->edit_count;
	row_stands_for(row, e->kind, e->record);
	edit_id_text(e->id, id);
	row_set_key(row, "%s", id);
	t->edits[t->edit_count++] = e->id;
	buf_release(&title);
}

void
today_blank(struct today *t)
{
	if (t->page.rows.count)
		rows_add(&t->page.rows, "%s", "");
}

void
today_more(
	struct view *v, int64_t count, const char *what, int tag, size_t index)
{
	struct today *t = v->state;
	struct row *row =
		rows_add(&t->page.rows, "%lld more%s%s: Enter shows all",
			(long long)count, what[0] ? " " : "", what);

	row->pick = true;
	row->tag = tag;
	row->index = index;
}

static void
add_promise(struct view *v, const char *kind, const char *id, const char *day)
{
	char when[WHEN_MAX];
	struct record *rec;
	struct why why;

	if (record_load(v->app->replica, kind, id, &rec, &why))
		return;
	show_due(record_text(rec, day), app_now(v->app), when);
	today_record(v, kind, id, when, rec->unsent ? '*' : 0);
	record_free(rec);
}

/* The kind of a list; NULL where the profile has none such. */
static const struct kind *
list_kind(struct view *v, size_t index)
{
	return catalog_kind(
		replica_catalog(v->app->replica), lists[index].kind);
}

static void
list_ids(struct view *v, size_t index, struct names *ids)
{
	struct query q = {
		lists[index].kind, lists[index].query, lists[index].day, 0};
	struct why why;

	if (list_kind(v, index))
		app_failed(v->app, query_ids(v->app->replica, &q, ids, &why),
			&why);
}

size_t
today_shown_of(size_t count, size_t max)
{
	return count > max + 1 ? max : count;
}

/* The row that leads to those that are not shown. */
static void
add_rest(struct view *v, size_t index, size_t count, size_t shown)
{
	const struct kind *k = list_kind(v, index);

	if (count > shown)
		today_more(
			v, (int64_t)(count - shown), k->many, ROW_MORE, index);
}

static void
add_due(struct view *v)
{
	struct today *t = v->state;
	size_t head = t->page.rows.count, count = 0;

	rows_head(&t->page.rows, "DUE");
	for (size_t i = LIST_ITEMS; i <= LIST_ANSWERS; i++) {
		struct names ids = {0};
		size_t shown;

		list_ids(v, i, &ids);
		shown = today_shown_of(ids.count, DUE_MAX);
		for (size_t n = 0; n < shown; n++)
			add_promise(
				v, lists[i].kind, ids.items[n], lists[i].day);
		add_rest(v, i, ids.count, shown);
		count += ids.count;
		names_release(&ids);
	}
	free(t->page.rows.items[head].text);
	t->page.rows.items[head].text = mem_printf(
		count ? "DUE (%zu)" : "DUE: nothing promised", count);
}

static void
add_project(struct view *v, const char *id)
{
	const struct field *stage;
	struct buf what = BUF_INIT;
	struct record *rec;
	struct why why;

	if (record_load(v->app->replica, "project", id, &rec, &why))
		return;
	stage = kind_field(rec->kind, "stage");
	if (stage)
		show_value(v->app->replica, stage, record_text(rec, "stage"),
			&what);
	today_record(v, "project", id, buf_text(&what), rec->unsent ? '*' : 0);
	record_free(rec);
	buf_release(&what);
}

/* The head leads to the list, and stands for it where the rows below are off
 * the screen. */
static void
add_projects(struct view *v)
{
	struct today *t = v->state;
	struct names ids = {0};
	struct row *head;
	size_t shown;

	list_ids(v, LIST_PROJECTS, &ids);
	shown = today_shown_of(ids.count, PROJECTS_MAX);
	today_blank(t);
	head = rows_head(&t->page.rows, "MY OPEN PROJECTS (%zu)%s", ids.count,
		ids.count ? ": Enter lists them"
			  : ": g p lists all, n there begins one");
	head->bare = true;
	head->pick = ids.count > 0;
	head->tag = ROW_MORE;
	head->index = LIST_PROJECTS;
	for (size_t i = 0; i < shown; i++)
		add_project(v, ids.items[i]);
	add_rest(v, LIST_PROJECTS, ids.count, shown);
	names_release(&ids);
}

static void
add_conflicts(struct view *v)
{
	struct today *t = v->state;
	struct conflicts all = {0};
	struct why why;

	if (app_failed(v->app,
		    conflicts_read(v->app->replica, NULL, NULL, &all, &why),
		    &why) ||
		!all.count) {
		conflicts_release(&all);
		return;
	}
	today_blank(t);
	rows_head(&t->page.rows, "CONFLICTS (%zu): g c shows both values",
		all.count);
	for (size_t i = 0; i < all.count; i++) {
		const struct conflict *c = &all.items[i];
		const struct kind *k =
			catalog_kind(replica_catalog(v->app->replica), c->kind);
		struct row *row = today_record(
			v, c->kind, c->id, show_label(k, c->field), 'x');

		row_set_key(row, "%s/%s %s", c->kind, c->id, c->field);
	}
	conflicts_release(&all);
}

static void
add_held(struct view *v, const struct entry *e)
{
	struct buf who = BUF_INIT;

	show_member(v->app->replica, e->by, &who);
	today_held(v, &e->edit, buf_text(&who));
	buf_release(&who);
}

/* One row for each edit that waits, this member's decision or another's. */
static void
add_helds(struct view *v)
{
	struct today *t = v->state;
	struct helds open = {0};
	size_t waiting = 0, shown = 0, room;
	struct why why;

	app_failed(v->app,
		held_read(
			v->app->replica, HELD_OPEN, NULL, NULL, 0, &open, &why),
		&why);
	for (size_t i = 0; i < open.count; i++)
		waiting += !open.items[i].deciding;
	if (waiting) {
		today_blank(t);
		rows_head(&t->page.rows, "HELD EDITS (%zu): g h shows them%s",
			waiting,
			access_supervises(replica_access(v->app->replica))
				? ", for you to decide"
				: "");
	}
	room = today_shown_of(waiting, HELD_MAX);
	for (size_t i = 0; i < open.count && shown < room; i++) {
		if (open.items[i].deciding)
			continue;
		add_held(v, &open.items[i].entry);
		shown++;
	}
	if (waiting > shown)
		today_more(v, (int64_t)(waiting - shown), "", ROW_HELD, 0);
	helds_release(&open);
}

static void
add_unsent(struct view *v)
{
	struct today *t = v->state;
	struct outbox_counts n = *app_counts(v->app);
	struct row *head;

	if (!n.unsent)
		return;
	today_blank(t);
	head = rows_head(&t->page.rows,
		"UNSENT (%lld): Enter shows %s, F7 tries now",
		(long long)n.unsent, n.unsent == 1 ? "it" : "them");
	head->bare = true;
	head->pick = true;
	head->tag = ROW_SYNC;
}

/* Its projects by stage: numbers first, bars where there is room. */
static void
add_beat(struct view *v, const char *code)
{
	struct today *t = v->state;
	struct beat_projects p = {{0}, 0};
	struct buf stages = BUF_INIT, name = BUF_INIT;
	struct row *row;
	struct why why;

	app_failed(v->app, beat_projects_now(v->app, code, &p, &why), &why);
	show_title(v->app->replica, BEAT_KIND, code, &name);
	row = rows_add(&t->page.rows,
		"%-8s open %lld, untouched for %d days: "
		"%lld  %s",
		code, (long long)p.stages.sum, BEAT_STALE_DAYS,
		(long long)p.untouched,
		strcmp(buf_text(&name), code) == 0 ? "" : buf_text(&name));
	row->pick = true;
	row->tag = ROW_RECORD;
	row_stands_for(row, BEAT_KIND, code);
	beat_put_stages(v->app, &p.stages, t->page.cols - 14, &stages);
	if (p.stages.sum)
		rows_add(&t->page.rows, "%-8s %s", "", buf_text(&stages));
	beat_projects_release(&p);
	buf_release(&stages);
	buf_release(&name);
}

/* Beats whose books are this member's own. */
static void
add_beats(struct view *v)
{
	struct today *t = v->state;
	struct names own = {0};
	size_t shown;
	struct why why;

	app_failed(v->app, lent_own_beats(v->app->replica, &own, &why), &why);
	if (own.count) {
		today_blank(t);
		rows_head(&t->page.rows,
			own.count == 1 ? "MY BEAT" : "MY BEATS (%zu)",
			own.count);
	}
	shown = today_shown_of(own.count, BEATS_MAX);
	for (size_t i = 0; i < shown; i++)
		add_beat(v, own.items[i]);
	add_rest(v, LIST_BEATS, own.count, shown);
	names_release(&own);
}

void
today_rows(struct view *v)
{
	static void (*const sections[])(struct view * v) = {add_due,
		today_sent_back, add_conflicts, add_helds, today_drafts,
		today_changed, add_beats, add_projects, add_unsent};
	struct today *t = v->state;
	struct rows *r = &t->page.rows;

	rows_clear(r);
	t->edit_count = 0;
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		size_t first = r->count;

		sections[i](v);
		for (; first < r->count; first++)
			if (r->items[first].tag == ROW_RECORD)
				r->items[first].index = i;
	}
	rows_settle(r);
}
