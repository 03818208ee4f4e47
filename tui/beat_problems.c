#include "tui/beat_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/beat_work.h"
#include "common/utf8.h"
#include "tui/beat_rows.h"
#include "tui/record_sections.h"
#include "tui/show.h"
#include "tui/spark.h"

#define PLACES_MAX 5
#define PROJECTS_MAX 6
#define STAGE_CELLS 4 /* of a stage's bar */
#define DAY_MS ((int64_t)86400000)

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
	if (beat_cols(s->v) >= BEAT_NARROW) {
		spark_bar(calls_of(place), most, BEAT_BAR_CELLS, l, &bar);
		buf_putc(&right, ' ');
		show_padded(buf_text(&bar), BEAT_BAR_CELLS + 1, l, &right);
		put_project(s, place, &project);
		show_padded(buf_text(&project), 20, l, &right);
	}
	beat_row(s, place, record_text(place, "address"), buf_text(&right));
	buf_release(&right);
	buf_release(&bar);
	buf_release(&project);
}

void
beat_places(struct view *v)
{
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	int64_t all, most;
	char *label;

	if (!beat_section_begin(&s, v, "place")) {
		beat_section_end(&s);
		return;
	}
	all = beat_section_count(&s, "");
	label = mem_printf("Places (%lld): most calls first%s", (long long)all,
		beat_cols(v) >= BEAT_NARROW && all ? ", project" : "");
	section_head(v, s.index, label);
	beat_section_ask(&s, "", "-calls_count", PLACES_MAX, &ids);
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
	beat_section_end(&s);
}

/* Projects. */

enum status
beat_projects_now(struct app *a, const char *beat, struct beat_projects *out,
	struct why *why)
{
	return beat_projects_read(a->replica, beat,
		app_now(a) - BEAT_STALE_DAYS * DAY_MS, out, why);
}

static void
put_stages(
	struct app *a, const struct tally *stages, bool bars, struct buf *out)
{
	const struct kind *k =
		catalog_kind(replica_catalog(a->replica), "project");
	const struct field *f = k ? kind_field(k, "stage") : NULL;
	int64_t most = 0;

	for (size_t i = 0; i < stages->count; i++)
		if (stages->items[i].count > most)
			most = stages->items[i].count;
	for (size_t i = 0; f && i < f->choice_count; i++) {
		int64_t n = tally_of(stages, f->choices[i].value);

		buf_printf(out, "%s%s %lld", i ? "  " : "", f->choices[i].label,
			(long long)n);
		if (n && bars)
			buf_putc(out, ' ');
		if (bars)
			spark_bar(n, most, STAGE_CELLS, &a->look, out);
	}
}

void
beat_put_stages(
	struct app *a, const struct tally *stages, int cells, struct buf *out)
{
	size_t from = out->len;

	put_stages(a, stages, true, out);
	if (utf8_width(buf_text(out) + from) <= cells)
		return;
	buf_cut(out, from);
	put_stages(a, stages, false, out);
}

static void
put_touched(struct section *s, const struct record *project, struct buf *out)
{
	struct app *a = s->v->app;
	struct buf bar = BUF_INIT;
	char age[WHEN_MAX];
	int64_t at;
	struct why why;

	if (beat_cols(s->v) >= BEAT_NARROW)
		beat_put_field(s->v, project, "stage", 12, out);
	if (app_failed(a,
		    project_touched(a->replica, project->id,
			    project->updated_at, &at, &why),
		    &why))
		return;
	show_age(app_now(a) - at, age);
	buf_printf(out, " %4s ", age);
	spark_bar((app_now(a) - at) / DAY_MS, BEAT_STALE_DAYS, BEAT_BAR_CELLS,
		&a->look, &bar);
	show_padded(buf_text(&bar), BEAT_BAR_CELLS, &a->look, out);
	buf_release(&bar);
}

/* How many, in which stages, and how the updates went. */
static void
add_projects_head(struct section *s, struct beat_projects *p)
{
	struct view *v = s->v;
	struct record_view *rv = v->state;
	struct tally_weeks updates = {{0}, 0};
	struct buf label = BUF_INIT, stages = BUF_INIT;
	struct why why;

	buf_printf(&label, "Projects (%lld open)", (long long)p->stages.sum);
	if (p->untouched)
		buf_printf(&label, ", untouched for %d days: %lld",
			BEAT_STALE_DAYS, (long long)p->untouched);
	section_head(v, s->index, buf_text(&label));
	beat_put_stages(v->app, &p->stages, beat_cols(v) - 5, &stages);
	if (p->stages.sum)
		rows_add(&rv->page.rows, "%s", buf_text(&stages));
	app_failed(v->app,
		beat_updates(v->app->replica, rv->id, &updates, &why), &why);
	beat_weeks(v, "Updates", &updates);
	buf_release(&label);
	buf_release(&stages);
}

void
beat_projects(struct view *v)
{
	struct record_view *rv = v->state;
	struct beat_projects p = {{0}, 0};
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t all;

	if (beat_section_begin(&s, v, "project")) {
		app_failed(v->app, beat_projects_now(v->app, rv->id, &p, &why),
			&why);
		add_projects_head(&s, &p);
		beat_section_ask(
			&s, "status:open", "updated_at", PROJECTS_MAX, &ids);
		beat_records(&s, &ids, PROJECTS_MAX, put_touched);
		all = beat_section_count(&s, "");
		if (all > (int64_t)ids.count)
			section_all(v, s.index, (size_t)all);
	}
	beat_projects_release(&p);
	names_release(&ids);
	beat_section_end(&s);
}
