#include "tui/beat_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/query.h"
#include "common/utf8.h"
#include "tui/record_sections.h"
#include "tui/show.h"
#include "tui/spark.h"

/* False: the profile does without that kind. */
bool
beat_section_begin(struct section *s, struct view *v, const char *kind)
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

void
beat_section_end(struct section *s)
{
	buf_release(&s->query);
}

/* The section's records that match `more` as well. */
void
beat_section_ask(struct section *s, const char *more, const char *sort,
	int64_t limit, struct names *ids)
{
	char *text = mem_printf("%s %s", buf_text(&s->query), more);
	struct query q = {s->kind->name, text, sort, limit};
	struct why why;

	app_failed(
		s->v->app, query_ids(s->v->app->replica, &q, ids, &why), &why);
	free(text);
}

int64_t
beat_section_count(struct section *s, const char *more)
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

int
beat_cols(const struct view *v)
{
	const struct record_view *rv = v->state;

	return rv->page.cols;
}

/* A row of a record: `text` as wide as there is room beside `right`. */
struct row *
beat_row(struct section *s, const struct record *rec, const char *text,
	const char *right)
{
	int room = beat_cols(s->v) - 14 - utf8_width(right) - 2;
	struct buf line = BUF_INIT;
	struct row *row;

	show_padded(text, room < 12 ? 12 : room, &s->v->app->look, &line);
	buf_printf(&line, "  %s", right);
	row = section_row(s->v, s->index, rec, buf_text(&line));
	buf_release(&line);
	return row;
}

void
beat_records(
	struct section *s, const struct names *ids, size_t max, beat_right *put)
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
		beat_row(s, rec, buf_text(&title), buf_text(&right));
		record_free(rec);
		buf_release(&title);
		buf_release(&right);
	}
}

void
beat_put_field(struct view *v, const struct record *rec, const char *name,
	int cells, struct buf *out)
{
	const struct field *f = kind_field(rec->kind, name);
	struct buf value = BUF_INIT;

	if (f)
		show_value(v->app->replica, f, record_text(rec, name), &value);
	show_padded(buf_text(&value), cells, &v->app->look, out);
	buf_release(&value);
}

/* "Updates, 12 weeks: 34 ..:#  this week 4, the week before 2" */
void
beat_weeks(struct view *v, const char *what, const struct tally_weeks *w)
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
