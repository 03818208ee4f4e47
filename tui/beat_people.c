#include "tui/beat_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/beat_work.h"
#include "common/query.h"
#include "tui/record_sections.h"
#include "tui/show.h"

#define LEFT_MAX 3   /* entries for the next officer, */
#define LEFT_LINES 2 /* lines of each */
#define OFFICERS_MAX 6

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
	size_t first;

	if (record_load(a->replica, kind, id, &rec, &why))
		return;
	show_date(rec->created_at, app_now(a), day);
	show_member(a->replica, rec->created_by, &who);
	show_column(day, 7, &a->look, &head);
	show_padded(buf_text(&who), beat_cols(s->v) < BEAT_NARROW ? 7 : 11,
		&a->look, &head);
	buf_putc(&head, ' ');
	first = rows_wrap(&rv->page.rows, buf_text(&head),
		record_text(rec, rec->kind->title), rv->page.cols, LEFT_LINES);
	row = &rv->page.rows.items[first]; /* where they are by now */
	row->mark = rec->unsent ? '*' : 0;
	row->tag = ROW_SECTION;
	row->index = s->index;
	row_stands_for(row, kind, id);
	record_free(rec);
	buf_release(&head);
	buf_release(&who);
}

/* Where nothing is left, the newest that was written on the beat's projects. */
void
beat_left(struct view *v)
{
	struct record_view *rv = v->state;
	const char *kind = "handover";
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t all;
	char *label;

	if (!beat_section_begin(&s, v, kind)) {
		beat_section_end(&s);
		return;
	}
	all = beat_section_count(&s, "");
	beat_section_ask(&s, "", NULL, LEFT_MAX, &ids);
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
	beat_section_end(&s);
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
	if (beat_cols(v) >= BEAT_NARROW) {
		beat_put_field(v,
			record_text(assignment, "role")[0] ? assignment
							   : member,
			"role", 16, &right);
		buf_putc(&right, ' ');
		beat_put_field(v, member, "work_days", 15, &right);
		buf_putc(&right, ' ');
	}
	put_sergeant(v, member, &right);
	row = beat_row(s, member, buf_text(&name), buf_text(&right));
	row->mark = assignment->unsent ? '*' : 0;
	record_free(member);
	buf_release(&right);
	buf_release(&name);
}

void
beat_officers(struct view *v)
{
	struct record_view *rv = v->state;
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	size_t head, now = 0;

	if (beat_section_begin(&s, v, "assignment")) {
		beat_section_ask(&s, "", NULL, 0, &ids);
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
	beat_section_end(&s);
}
