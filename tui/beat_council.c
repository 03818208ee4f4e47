#include "tui/beat_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/query.h"
#include "tui/beat_rows.h"
#include "tui/record_sections.h"
#include "tui/show.h"

void
beat_promises_query(const char *beat, struct buf *out)
{
	buf_printf(out,
		"beat:%s -status:done -status:declined -status:withdrawn",
		beat);
}

/* Priorities, promises, councils, concerns. */

static void
put_status(struct section *s, const struct record *rec, struct buf *out)
{
	beat_put_field(s->v, rec, "status", 12, out);
}

static void
put_due(struct section *s, const struct record *promise, struct buf *out)
{
	char due[WHEN_MAX];

	show_due(record_text(promise, "due_on"), app_now(s->v->app), due);
	show_column(due, 9, &s->v->app->look, out);
	if (beat_cols(s->v) >= BEAT_NARROW)
		beat_put_field(s->v, promise, "owner_id", 12, out);
}

static void
put_raised(struct section *s, const struct record *concern, struct buf *out)
{
	char day[WHEN_MAX] = "";
	int64_t at;

	if (when_parse_instant(record_text(concern, "raised_at"), &at))
		show_date(at, app_now(s->v->app), day);
	show_column(day, 9, &s->v->app->look, out);
	if (beat_cols(s->v) >= BEAT_NARROW)
		beat_put_field(s->v, concern, "status", 12, out);
}

void
beat_priorities(struct view *v)
{
	struct names ids = {0};
	struct section s;
	char *label;

	if (beat_section_begin(&s, v, "priority")) {
		beat_section_ask(&s, "-status:resolved -status:withdrawn", NULL,
			0, &ids);
		label = mem_printf("Priorities (%zu)", ids.count);
		section_head(v, s.index, label);
		beat_records(&s, &ids, BEAT_ROWS_MAX, put_status);
		if (beat_section_count(&s, "") > (int64_t)ids.count ||
			ids.count > BEAT_ROWS_MAX)
			section_all(
				v, s.index, (size_t)beat_section_count(&s, ""));
		free(label);
	}
	names_release(&ids);
	beat_section_end(&s);
}

/* On anything of the beat, so that the list is another than that of what
 * belongs to the beat itself. */
void
beat_promises(struct view *v)
{
	struct record_view *rv = v->state;
	struct names ids = {0};
	struct section s;
	char *label;

	if (beat_section_begin(&s, v, "action_item")) {
		buf_clear(&s.query);
		beat_promises_query(rv->id, &s.query);
		beat_section_ask(&s, "", NULL, 0, &ids);
		label = mem_printf("Open promises (%zu)", ids.count);
		section_head(v, s.index, label);
		beat_records(&s, &ids, BEAT_ROWS_MAX, put_due);
		if (ids.count > BEAT_ROWS_MAX)
			section_all(v, s.index, ids.count);
		free(label);
	}
	names_release(&ids);
	beat_section_end(&s);
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

void
beat_councils(struct view *v)
{
	struct names ids = {0};
	struct section s;
	struct record *rec;
	struct why why;
	char *label;

	if (beat_section_begin(&s, v, "council")) {
		beat_section_ask(&s, "", NULL, 0, &ids);
		label = mem_printf("Councils (%zu)", ids.count);
		section_head(v, s.index, label);
		for (size_t i = 0; i < ids.count && i < BEAT_ROWS_MAX; i++) {
			if (record_load(v->app->replica, "council",
				    ids.items[i], &rec, &why))
				continue;
			section_row(v, s.index, rec, record_title(rec));
			record_free(rec);
			add_next_meeting(&s, ids.items[i]);
		}
		if (ids.count > BEAT_ROWS_MAX)
			section_all(v, s.index, ids.count);
		free(label);
	}
	names_release(&ids);
	beat_section_end(&s);
}

void
beat_concerns(struct view *v)
{
	static const char open_ones[] = "-status:answered -status:resolved "
					"-status:closed_without_action";
	struct tally_weeks weeks = {{0}, 0};
	struct names ids = {0};
	struct section s;
	struct why why;
	int64_t all;
	char *label;

	if (beat_section_begin(&s, v, "concern")) {
		all = beat_section_count(&s, "");
		label = mem_printf("Concerns (%lld open of %lld)",
			(long long)beat_section_count(&s, open_ones),
			(long long)all);
		section_head(v, s.index, label);
		app_failed(v->app,
			tally_weeks(v->app->replica, "concern",
				buf_text(&s.query), "raised_at", &weeks, &why),
			&why);
		beat_weeks(v, "Raised", &weeks);
		beat_section_ask(&s, open_ones, NULL, BEAT_ROWS_MAX, &ids);
		beat_records(&s, &ids, BEAT_ROWS_MAX, put_raised);
		if (all > (int64_t)ids.count)
			section_all(v, s.index, (size_t)all);
		free(label);
	}
	names_release(&ids);
	beat_section_end(&s);
}
