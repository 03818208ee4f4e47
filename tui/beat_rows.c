#include "tui/beat_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/beat_work.h"
#include "common/inbox.h"
#include "common/number.h"
#include "common/query.h"
#include "common/utf8.h"
#include "tui/record_sections.h"
#include "tui/show.h"
#include "tui/spark.h"

#define PLACES_MAX 5
#define LEFT_MAX 3   /* entries for the next officer, */
#define LEFT_LINES 2 /* lines of each */
#define OFFICERS_MAX 6
#define PROJECTS_MAX 6
#define ROWS_MAX 4    /* of the other sections */
#define STALE_DAYS 30 /* at which a bar of days is full */
#define DAY_MS ((int64_t)86400000)

#define BAR_CELLS 8
#define STAGE_CELLS 4
#define NARROW 60 /* cells below which a row says one thing at its right */

/* A section of the beat's screen, and what gives its records. */
struct section {
	struct view *v;
	size_t index;
	const struct kind *kind;
	struct buf query;
};

/* False: the profile does without that kind. */
static bool
begin(struct section *s, struct view *v, const char *kind)
{
	struct record_view *rv = v->state;
	const struct kind *beat = rv->rec->kind;

	memset(s, 0, sizeof(*s));
	s->v = v;
	s->kind = catalog_kind(replica_catalog(v->app->replica), kind);
	for (size_t i = 0; s->kind && i < beat->section_count; i++) {
		if (strcmp(beat->sections[i], kind) != 0)
			continue;
		s->index = i;
		record_section_query(s->kind, beat, rv->id, &s->query);
		return true;
	}
	return false;
}

static void
end(struct section *s)
{
	buf_release(&s->query);
}

/* The section's records that match `more` as well. */
static void
ask(struct section *s, const char *more, const char *sort, int64_t limit,
	struct names *ids)
{
	char *text = mem_printf("%s %s", buf_text(&s->query), more);
	struct query q = {s->kind->name, text, sort, limit};
	struct why why;

	app_failed(
		s->v->app, query_ids(s->v->app->replica, &q, ids, &why), &why);
	free(text);
}

static int64_t
count(struct section *s, const char *more)
{
	char *text = mem_printf("%s %s", buf_text(&s->query), more);
	int64_t n = 0;
	struct why why;

	app_failed(s->v->app,
		tally_count(s->v->app->replica, s->kind->name, text, &n, &why),
		&why);
	free(text);
	return n;
}

static int
page_cols(const struct view *v)
{
	const struct record_view *rv = v->state;

	return rv->page.cols;
}

/* A row of a record: `text` as wide as there is room beside `right`. */
static struct row *
add_row(struct section *s, const struct record *rec, const char *text,
	const char *right)
{
	int room = page_cols(s->v) - 14 - utf8_width(right) - 2;
	struct buf line = BUF_INIT;
	struct row *row;

	show_padded(text, room < 12 ? 12 : room, &s->v->app->look, &line);
	buf_printf(&line, "  %s", right);
	row = section_row(s->v, s->index, rec, buf_text(&line));
	buf_release(&line);
	return row;
}

/* What makes the right side of a record's row. */
typedef void put_right(
	struct section *s, const struct record *rec, struct buf *out);

static void
add_records(
	struct section *s, const struct names *ids, size_t max, put_right *put)
{
	struct record *rec;
	struct why why;

	for (size_t i = 0; i < ids->count && i < max; i++) {
		struct buf title = BUF_INIT, right = BUF_INIT;

		if (record_load(s->v->app->replica, s->kind->name,
			    ids->items[i], &rec, &why))
			continue;
		section_title(s->v->app->replica, rec, "", &title);
		put(s, rec, &right);
		add_row(s, rec, buf_text(&title), buf_text(&right));
		record_free(rec);
		buf_release(&title);
		buf_release(&right);
	}
}

/* Places with many calls. */

static void
put_project(struct section *s, const struct record *place, struct buf *out)
{
	const char *id = record_text(place, "project_id");
	struct record *rec;
	struct why why;

	if (!id[0]) {
		buf_puts(out, "no project");
		return;
	}
	buf_printf(out, "%s ", id);
	if (record_load(s->v->app->replica, "project", id, &rec, &why))
		return;
	show_value(s->v->app->replica, kind_field(rec->kind, "stage"),
		record_text(rec, "stage"), out);
	record_free(rec);
}

static int64_t
calls_of(const struct record *place)
{
	return strtoll(record_text(place, "calls_count"), NULL, 10);
}

static int64_t
most_calls(struct section *s, const struct names *ids)
{
	struct record *rec;
	struct why why;
	int64_t most = 0;

	if (ids->count && !record_load(s->v->app->replica, s->kind->name,
				  ids->items[0], &rec, &why)) {
		most = calls_of(rec);
		record_free(rec);
	}
	return most;
}

static void
add_place(struct section *s, const struct record *place, int64_t most)
{
	struct buf right = BUF_INIT, bar = BUF_INIT, project = BUF_INIT;
	const struct look *l = &s->v->app->look;

	buf_printf(&right, "%5lld", (long long)calls_of(place));
	if (page_cols(s->v) >= NARROW) {
		spark_bar(calls_of(place), most, BAR_CELLS, l, &bar);
		buf_putc(&right, ' ');
		show_padded(buf_text(&bar), BAR_CELLS + 1, l, &right);
		put_project(s, place, &project);
		show_padded(buf_text(&project), 20, l, &right);
	}
	add_row(s, place, record_text(place, "address"), buf_text(&right));
	buf_release(&right);
	buf_release(&bar);
	buf_release(&project);
}

static void
add_places(struct view *v)
{
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	int64_t all, most;
	char *label;

	if (!begin(&s, v, "place")) {
		end(&s);
		return;
	}
	all = count(&s, "");
	label = mem_printf("Places (%lld): most calls first%s", (long long)all,
		page_cols(v) >= NARROW && all ? ", project" : "");
	section_head(v, s.index, label);
	ask(&s, "", "-calls_count", PLACES_MAX, &ids);
	most = most_calls(&s, &ids);
	for (size_t i = 0; i < ids.count; i++) {
		if (record_load(
			    v->app->replica, "place", ids.items[i], &rec, &why))
			continue;
		add_place(&s, rec, most);
		record_free(rec);
	}
	if (all > PLACES_MAX)
		section_all(v, s.index, (size_t)all);
	free(label);
	names_release(&ids);
	end(&s);
}

/* What the next officer should know. */

static void
add_left(struct section *s, const char *kind, const char *id)
{
	struct record_view *rv = s->v->state;
	struct app *a = s->v->app;
	struct buf head = BUF_INIT, who = BUF_INIT;
	char day[WHEN_MAX];
	struct record *rec;
	struct row *row;
	struct why why;

	if (record_load(a->replica, kind, id, &rec, &why))
		return;
	show_date(rec->created_at, app_now(a), day);
	show_member(a->replica, rec->created_by, &who);
	show_padded(day, 6, &a->look, &head);
	buf_putc(&head, ' ');
	show_padded(buf_text(&who), page_cols(s->v) < NARROW ? 7 : 11, &a->look,
		&head);
	buf_putc(&head, ' ');
	row = &rv->page.rows.items[rows_wrap(&rv->page.rows, buf_text(&head),
		record_text(rec, rec->kind->title), rv->page.cols, LEFT_LINES)];
	row->mark = rec->unsent ? '*' : 0;
	row->tag = ROW_SECTION;
	row->index = s->index;
	row_stands_for(row, kind, id);
	record_free(rec);
	buf_release(&head);
	buf_release(&who);
}

/* Where nothing is left, the newest that was written on the beat's projects. */
static void
add_left_behind(struct view *v)
{
	struct record_view *rv = v->state;
	const char *kind = "handover";
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t all;
	char *label;

	if (!begin(&s, v, kind)) {
		end(&s);
		return;
	}
	all = count(&s, "");
	ask(&s, "", NULL, LEFT_MAX, &ids);
	if (!all) {
		kind = "project_update";
		app_failed(v->app,
			beat_newest_updates(
				v->app->replica, rv->id, LEFT_MAX, &ids, &why),
			&why);
	}
	label = mem_printf("Left for the next officer (%lld)%s", (long long)all,
		!all && ids.count ? "; the newest updates:" : "");
	section_head(v, s.index, label);
	for (size_t i = 0; i < ids.count; i++)
		add_left(&s, kind, ids.items[i]);
	if (all > LEFT_MAX)
		section_all(v, s.index, (size_t)all);
	free(label);
	names_release(&ids);
	end(&s);
}

/* Officers. */

static bool
runs_today(const struct view *v, const struct record *assignment)
{
	const char *ends = record_text(assignment, "ends_on");
	char today[WHEN_MAX];

	when_day_text(app_now(v->app), today);
	return strcmp(record_text(assignment, "starts_on"), today) <= 0 &&
	       (!ends[0] || strcmp(ends, today) >= 0);
}

/* First line supervisor, or a sergeant of the same unit. */
static void
put_sergeant(struct view *v, const struct record *member, struct buf *out)
{
	const char *id = record_text(member, "supervisor_id");
	const char *unit = record_text(member, "org_unit_id");
	char *text =
		mem_printf("org_unit_id:%s access:sergeant -active:no", unit);
	struct query q = {"member", text, NULL, 1};
	struct names ids = {0};
	struct why why;

	if (!id[0] && unit[0] && !query_ids(v->app->replica, &q, &ids, &why) &&
		ids.count)
		id = ids.items[0];
	if (id[0] && strcmp(id, member->id) != 0) {
		buf_puts(out, "Sgt ");
		show_member(v->app->replica, id, out);
	}
	names_release(&ids);
	free(text);
}

static void
put_field(struct view *v, const struct record *rec, const char *name, int cells,
	struct buf *out)
{
	const struct field *f = kind_field(rec->kind, name);
	struct buf value = BUF_INIT;

	if (f)
		show_value(v->app->replica, f, record_text(rec, name), &value);
	show_padded(buf_text(&value), cells, &v->app->look, out);
	buf_release(&value);
}

/* Role, days and sergeant of the one who is assigned. */
static void
add_officer(struct section *s, const struct record *assignment)
{
	struct view *v = s->v;
	struct buf right = BUF_INIT, name = BUF_INIT;
	struct record *member;
	struct row *row;
	struct why why;

	if (record_load(v->app->replica, "member",
		    record_text(assignment, "member_id"), &member, &why))
		return;
	show_member(v->app->replica, member->id, &name);
	if (page_cols(v) >= NARROW) {
		put_field(v,
			record_text(assignment, "role")[0] ? assignment
							   : member,
			"role", 16, &right);
		buf_putc(&right, ' ');
		put_field(v, member, "work_days", 15, &right);
		buf_putc(&right, ' ');
	}
	put_sergeant(v, member, &right);
	row = add_row(s, member, buf_text(&name), buf_text(&right));
	row->mark = assignment->unsent ? '*' : 0;
	record_free(member);
	buf_release(&right);
	buf_release(&name);
}

static void
add_officers(struct view *v)
{
	struct record_view *rv = v->state;
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	size_t head, now = 0;

	if (begin(&s, v, "assignment")) {
		ask(&s, "", NULL, 0, &ids);
		head = rv->page.rows.count;
		section_head(v, s.index, "Officers");
		for (size_t i = 0; i < ids.count; i++) {
			if (record_load(v->app->replica, "assignment",
				    ids.items[i], &rec, &why))
				continue;
			if (runs_today(v, rec) && now++ < OFFICERS_MAX)
				add_officer(&s, rec);
			record_free(rec);
		}
		if (now > OFFICERS_MAX)
			section_all(v, s.index, ids.count);
		free(rv->page.rows.items[head].text);
		rv->page.rows.items[head].text =
			mem_printf("Officers (%zu)", now);
	}
	names_release(&ids);
	end(&s);
}

void
beat_promises_query(const char *beat, struct buf *out)
{
	buf_printf(out,
		"beat:%s -status:done -status:declined -status:withdrawn",
		beat);
}

/* Projects. */

void
beat_put_stages(
	struct app *a, const char *query, struct buf *out, int64_t *open)
{
	const struct kind *k =
		catalog_kind(replica_catalog(a->replica), "project");
	const struct field *f = k ? kind_field(k, "stage") : NULL;
	char *text = mem_printf("%s status:open", query);
	struct tally t = {0};
	struct why why;
	int64_t most = 0;

	app_failed(a, tally_by(a->replica, "project", text, "stage", &t, &why),
		&why);
	*open = t.sum;
	for (size_t i = 0; i < t.count; i++)
		if (t.items[i].count > most)
			most = t.items[i].count;
	for (size_t i = 0; f && t.sum && i < f->choice_count; i++) {
		int64_t n = tally_of(&t, f->choices[i].value);

		buf_printf(out, "%s%s %lld", i ? "  " : "", f->choices[i].label,
			(long long)n);
		if (n)
			buf_putc(out, ' ');
		spark_bar(n, most, STAGE_CELLS, &a->look, out);
	}
	tally_release(&t);
	free(text);
}

static void
put_touched(struct section *s, const struct record *project, struct buf *out)
{
	struct app *a = s->v->app;
	struct buf bar = BUF_INIT;
	char age[WHEN_MAX];
	int64_t at;
	struct why why;

	if (page_cols(s->v) >= NARROW)
		put_field(s->v, project, "stage", 12, out);
	if (app_failed(a,
		    project_touched(a->replica, project->id,
			    project->updated_at, &at, &why),
		    &why))
		return;
	show_age(app_now(a) - at, age);
	buf_printf(out, " %4s ", age);
	spark_bar((app_now(a) - at) / DAY_MS, STALE_DAYS, BAR_CELLS, &a->look,
		&bar);
	show_padded(buf_text(&bar), BAR_CELLS, &a->look, out);
	buf_release(&bar);
}

/* "Updates, 12 weeks: 34 ..:#  this week 4, the week before 2" */
static void
add_weeks(struct view *v, const char *what, const struct tally_weeks *w)
{
	struct record_view *rv = v->state;
	struct buf line = BUF_INIT;

	if (!w->sum)
		return;
	buf_printf(&line, "%s, %d weeks: %lld  ", what, TALLY_WEEKS,
		(long long)w->sum);
	spark_line(w->counts, TALLY_WEEKS, &v->app->look, &line);
	buf_printf(&line, "  this week %lld, the week before %lld",
		(long long)w->counts[TALLY_WEEKS - 1],
		(long long)w->counts[TALLY_WEEKS - 2]);
	rows_add(&rv->page.rows, "%s", buf_text(&line));
	buf_release(&line);
}

static void
add_projects(struct view *v)
{
	struct record_view *rv = v->state;
	struct tally_weeks updates = {{0}, 0};
	struct buf stages = BUF_INIT, label = BUF_INIT;
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t open;

	if (begin(&s, v, "project")) {
		beat_put_stages(v->app, buf_text(&s.query), &stages, &open);
		buf_printf(&label, "Projects (%lld open)%s", (long long)open,
			open ? ", longest since the last update first" : "");
		section_head(v, s.index, buf_text(&label));
		if (open)
			rows_add(&rv->page.rows, "%s", buf_text(&stages));
		app_failed(v->app,
			beat_updates(v->app->replica, rv->id, &updates, &why),
			&why);
		add_weeks(v, "Updates", &updates);
		ask(&s, "status:open", "updated_at", PROJECTS_MAX, &ids);
		add_records(&s, &ids, PROJECTS_MAX, put_touched);
		open = count(&s, "");
		if (open > (int64_t)ids.count)
			section_all(v, s.index, (size_t)open);
	}
	names_release(&ids);
	buf_release(&stages);
	buf_release(&label);
	end(&s);
}

/* Priorities, promises, councils, concerns. */

static void
put_status(struct section *s, const struct record *rec, struct buf *out)
{
	put_field(s->v, rec, "status", 12, out);
}

static void
put_due(struct section *s, const struct record *promise, struct buf *out)
{
	char due[WHEN_MAX];

	show_due(record_text(promise, "due_on"), app_now(s->v->app), due);
	show_padded(due, 9, &s->v->app->look, out);
	if (page_cols(s->v) >= NARROW)
		put_field(s->v, promise, "owner_id", 12, out);
}

static void
put_raised(struct section *s, const struct record *concern, struct buf *out)
{
	char day[WHEN_MAX] = "";
	int64_t at;

	if (when_parse_instant(record_text(concern, "raised_at"), &at))
		show_date(at, app_now(s->v->app), day);
	show_padded(day, 9, &s->v->app->look, out);
	if (page_cols(s->v) >= NARROW)
		put_field(s->v, concern, "status", 12, out);
}

static void
add_priorities(struct view *v)
{
	struct names ids = {0};
	struct section s;
	char *label;

	if (begin(&s, v, "priority")) {
		ask(&s, "-status:resolved -status:withdrawn", NULL, 0, &ids);
		label = mem_printf("Priorities (%zu)", ids.count);
		section_head(v, s.index, label);
		add_records(&s, &ids, ROWS_MAX, put_status);
		if (count(&s, "") > (int64_t)ids.count || ids.count > ROWS_MAX)
			section_all(v, s.index, (size_t)count(&s, ""));
		free(label);
	}
	names_release(&ids);
	end(&s);
}

/* On anything of the beat, so that the list is another than that of what
 * belongs to the beat itself. */
static void
add_promises(struct view *v)
{
	struct record_view *rv = v->state;
	struct names ids = {0};
	struct section s;
	char *label;

	if (begin(&s, v, "action_item")) {
		buf_clear(&s.query);
		beat_promises_query(rv->id, &s.query);
		ask(&s, "", NULL, 0, &ids);
		label = mem_printf("Open promises (%zu)", ids.count);
		section_head(v, s.index, label);
		add_records(&s, &ids, ROWS_MAX, put_due);
		if (ids.count > ROWS_MAX)
			section_all(v, s.index, ids.count);
		free(label);
	}
	names_release(&ids);
	end(&s);
}

/* The next meeting that is planned, as a row of its own. */
static void
add_next_meeting(struct section *s, const char *council)
{
	struct view *v = s->v;
	char *text = mem_printf(
		"council_id:%s status:planned starts_at:>now", council);
	struct query q = {"meeting", text, "starts_at", 1};
	struct buf line = BUF_INIT;
	struct names ids = {0};
	char when[WHEN_MAX] = "";
	struct record *rec;
	struct why why;
	int64_t at;

	if (catalog_kind(replica_catalog(v->app->replica), "meeting") &&
		!query_ids(v->app->replica, &q, &ids, &why) && ids.count &&
		!record_load(
			v->app->replica, "meeting", ids.items[0], &rec, &why)) {
		if (when_parse_instant(record_text(rec, "starts_at"), &at))
			show_time(at, app_now(v->app), when);
		buf_printf(&line, "  meets %s", when);
		if (record_text(rec, "venue")[0])
			buf_printf(&line, ", %s", record_text(rec, "venue"));
		section_row(v, s->index, rec, buf_text(&line));
		record_free(rec);
	}
	buf_release(&line);
	names_release(&ids);
	free(text);
}

static void
add_councils(struct view *v)
{
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	char *label;

	if (begin(&s, v, "council")) {
		ask(&s, "", NULL, 0, &ids);
		label = mem_printf("Councils (%zu)", ids.count);
		section_head(v, s.index, label);
		for (size_t i = 0; i < ids.count && i < ROWS_MAX; i++) {
			if (record_load(v->app->replica, "council",
				    ids.items[i], &rec, &why))
				continue;
			section_row(v, s.index, rec, record_title(rec));
			record_free(rec);
			add_next_meeting(&s, ids.items[i]);
		}
		if (ids.count > ROWS_MAX)
			section_all(v, s.index, ids.count);
		free(label);
	}
	names_release(&ids);
	end(&s);
}

static void
add_concerns(struct view *v)
{
	static const char open_ones[] = "-status:answered -status:resolved "
					"-status:closed_without_action";
	struct tally_weeks weeks = {{0}, 0};
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t all;
	char *label;

	if (begin(&s, v, "concern")) {
		all = count(&s, "");
		label = mem_printf("Concerns (%lld open of %lld)",
			(long long)count(&s, open_ones), (long long)all);
		section_head(v, s.index, label);
		app_failed(v->app,
			tally_weeks(v->app->replica, "concern",
				buf_text(&s.query), "raised_at", &weeks, &why),
			&why);
		add_weeks(v, "Raised", &weeks);
		ask(&s, open_ones, NULL, ROWS_MAX, &ids);
		add_records(&s, &ids, ROWS_MAX, put_raised);
		if (all > (int64_t)ids.count)
			section_all(v, s.index, (size_t)all);
		free(label);
	}
	names_release(&ids);
	end(&s);
}

/* Sections that are shown here in a way of their own, in the order of the
 * screen. */
static const struct {
	const char *kind;
	void (*add)(struct view *v);
} own_sections[] = {
	{"place", add_places},
	{"handover", add_left_behind},
	{"assignment", add_officers},
	{"project", add_projects},
	{"priority", add_priorities},
	{"action_item", add_promises},
	{"council", add_councils},
	{"concern", add_concerns},
};
#define OWN_SECTIONS (sizeof(own_sections) / sizeof(own_sections[0]))

static bool
is_own(const char *kind)
{
	for (size_t i = 0; i < OWN_SECTIONS; i++)
		if (strcmp(own_sections[i].kind, kind) == 0)
			return true;
	return false;
}

/* All beats are known to everyone; what is on them only to who holds them. */
static void
add_not_held(struct view *v)
{
	struct record_view *rv = v->state;
	struct held_books books = {NULL, 0, 0};
	char book[BOOK_MAX];
	bool held = false;
	struct why why;

	snprintf(book, sizeof(book), "beat:%s", rv->id);
	if (app_failed(
		    v->app, inbox_books(v->app->replica, &books, &why), &why))
		return;
	for (size_t i = 0; i < books.count; i++)
		held |= strcmp(books.items[i].book, book) == 0;
	if (!held)
		rows_add(&rv->page.rows,
			"Its book is not held here: what is on this beat is "
			"not shown.")
			->ink = INK_ALERT;
	held_books_release(&books);
}

void
beat_rows(struct view *v)
{
	struct record_view *rv = v->state;
	const struct kind *beat = rv->rec->kind;

	add_not_held(v);
	for (size_t i = 0; i < OWN_SECTIONS; i++)
		own_sections[i].add(v);
	for (size_t i = 0; i < beat->section_count; i++)
		if (!is_own(beat->sections[i]))
			record_section(v, i, ROWS_MAX);
}
