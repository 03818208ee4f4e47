#include "tui/record_sections.h"

#include <stdlib.h>
#include <string.h>

#include "common/tally.h"
#include "common/value.h"
#include "tui/form.h"
#include "tui/record_timeline.h"
#include "tui/show.h"

#define FACTS_MAX 3 /* that stand behind a related record's title */

struct row *
section_head(struct view *v, size_t index, const char *label)
{
	struct record_view *rv = v->state;
	struct row *row = rows_head(&rv->page.rows, "%s", label);

	row->pick = true;
	row->tag = ROW_SECTION;
	row->index = index;
	return row;
}

void
section_all(struct view *v, size_t index, size_t count)
{
	struct record_view *rv = v->state;
	struct row *row =
		rows_add(&rv->page.rows, "%-8s all %zu: Enter", "", count);

	row->pick = true;
	row->tag = ROW_SECTION;
	row->index = index;
}

struct row *
section_row(struct view *v, size_t index, const struct record *rec,
	const char *text)
{
	struct record_view *rv = v->state;
	struct row *row = rows_add(&rv->page.rows, "%-8s %s", rec->id, text);

	row->pick = true;
	row->mark = rec->unsent ? '*' : 0;
	row->tag = ROW_SECTION;
	row->index = index;
	row_stands_for(row, rec->kind->name, rec->id);
	return row;
}

/* Does a ref name this record, with its kind or without? */
static bool
names(const char *ref, const char *id)
{
	const char *slash = strchr(ref, '/');

	return strcmp(slash ? slash + 1 : ref, id) == 0;
}

/* The first record that this one points to, but for `besides`. */
static bool
put_other(struct replica *r, const struct record *rec, const char *besides,
	struct buf *out)
{
	for (size_t i = 0; i < rec->kind->field_count; i++) {
		const struct field *f = &rec->kind->fields[i];

		if (f->type != TYPE_REF || !rec->values[i].text[0] ||
			names(rec->values[i].text, besides))
			continue;
		show_value(r, f, rec->values[i].text, out);
		return true;
	}
	return false;
}

void
section_title(struct replica *r, const struct record *rec, const char *besides,
	struct buf *out)
{
	const struct field *f = kind_field(rec->kind, rec->kind->title);
	const char *title = record_text(rec, rec->kind->title);

	if (title[0] && (f->type != TYPE_REF || !names(title, besides)))
		show_title(r, rec->kind->name, rec->id, out);
	else if (!(besides[0] ? put_other(r, rec, besides, out)
			      : show_person(r, rec->kind, rec->id, out)))
		show_title(r, rec->kind->name, rec->id, out);
}

/* What else its list would show, but for the record at hand; a bare number or
 * day says what it is. */
static void
put_facts(struct replica *r, const struct record *rec, const char *besides,
	struct buf *out)
{
	const struct kind *k = rec->kind;
	size_t shown = 0;

	for (size_t i = 0; i < k->column_count && shown < FACTS_MAX; i++) {
		const struct field *f = kind_field(k, k->columns[i]);

		if (!f || strcmp(f->name, k->title) == 0 ||
			strcmp(f->name, k->code) == 0 || f->type == TYPE_REF ||
			!record_text(rec, f->name)[0] ||
			strcmp(record_text(rec, f->name), besides) == 0)
			continue;
		buf_puts(out, shown++ ? ", " : "  - ");
		if (f->type != TYPE_TEXT && f->type != TYPE_ENUM &&
			f->type != TYPE_LONG && f->type != TYPE_REFS)
			buf_printf(out, "%s ", f->label);
		show_value(r, f, record_text(rec, f->name), out);
	}
}

/* A related record: its title, and what else its list would show. */
static void
add_related(struct view *v, const struct kind *k, const char *id, size_t index)
{
	struct record_view *rv = v->state;
	struct buf b = BUF_INIT;
	struct record *rec;
	struct why why;

	if (record_load(v->app->replica, k->name, id, &rec, &why))
		return;
	section_title(v->app->replica, rec, rv->id, &b);
	put_facts(v->app->replica, rec, rv->id, &b);
	section_row(v, index, rec, buf_text(&b));
	record_free(rec);
	buf_release(&b);
}

/* Under a head with their number: the first of them, and a row for all. */
static void
add_records(struct view *v, const struct kind *k, const char *label,
	const struct names *ids, size_t index, size_t max)
{
	section_head(v, index, label);
	if (ids->count == max + 1)
		max++; /* a row that lists one more is no shorter */
	for (size_t i = 0; i < ids->count && i < max; i++)
		add_related(v, k, ids->items[i], index);
	if (ids->count > max)
		section_all(v, index, ids->count);
}

void
section_records(struct view *v, const struct kind *k, const char *where,
	const struct names *ids, size_t max)
{
	char *label = mem_printf("%s %s (%zu)", k->many, where, ids->count);

	add_records(v, k, label, ids, 0, max);
	free(label);
}

/* "(2)"; "(0, 1 void)" where there are none but such. */
static void
put_count(struct view *v, const struct kind *k, size_t count, struct buf *out)
{
	struct record_view *rv = v->state;
	struct buf query = BUF_INIT;
	int64_t gone = 0;
	struct why why;

	record_section_query(k, rv->rec->kind, rv->id, &query);
	if (!count && query.len) {
		buf_puts(&query, " void:yes");
		app_failed(v->app,
			tally_count(v->app->replica, k->name, buf_text(&query),
				&gone, &why),
			&why);
	}
	buf_printf(out, "(%zu", count);
	if (gone)
		buf_printf(out, ", %lld void", (long long)gone);
	buf_putc(out, ')');
	buf_release(&query);
}

void
record_section(struct view *v, size_t index, size_t max)
{
	struct record_view *rv = v->state;
	struct replica *r = v->app->replica;
	const char *name = rv->rec->kind->sections[index];
	const struct kind *k = catalog_kind(replica_catalog(r), name);
	struct names ids = {0};
	struct buf label = BUF_INIT;
	struct why why;

	if (!k || k == record_note_kind(replica_catalog(r), rv->rec->kind))
		return;
	if (app_failed(v->app,
		    record_related(r, rv->kind, rv->id, name, &ids, &why),
		    &why))
		return;
	buf_printf(&label, "%s ", k->many);
	put_count(v, k, ids.count, &label);
	add_records(v, k, buf_text(&label), &ids, index, max);
	names_release(&ids);
	buf_release(&label);
}

bool
record_lists_field(struct replica *r, const struct field *f)
{
	const struct catalog *c = replica_catalog(r);
	const struct kind *k = catalog_kind(c, f->ref_kind);

	return f->type == TYPE_REFS && k && !k->code[0] && !field_off(c, f);
}

static void
add_listed(struct view *v, const struct field *f, const char *id)
{
	struct record_view *rv = v->state;
	struct replica *r = v->app->replica;
	struct buf title = BUF_INIT;
	struct row *row;

	show_title(r, f->ref_kind, id, &title);
	row = rows_add(&rv->page.rows, "%-8s %s%s", id, buf_text(&title),
		show_absent(r, f->ref_kind, id));
	row->pick = true;
	row->tag = ROW_LIST;
	row->index = f->index;
	row_stands_for(row, f->ref_kind, id);
	buf_release(&title);
}

static void
add_list(struct view *v, const struct field *f)
{
	struct record_view *rv = v->state;
	const struct record_value *value = &rv->rec->values[f->index];
	struct buf item = BUF_INIT;
	size_t count = 0, at = 0;
	struct row *row;

	while (value_next(value->text, &at, &item))
		count++;
	row = rows_head(&rv->page.rows, "%s (%zu)", f->label, count);
	row->pick = true;
	row->tag = ROW_LIST;
	row->index = f->index;
	row->mark = value->conflict ? 'x' : value->unsent ? '*' : 0;
	for (at = 0; value_next(value->text, &at, &item);)
		add_listed(v, f, buf_text(&item));
	buf_release(&item);
}

void
record_lists(struct view *v)
{
	struct record_view *rv = v->state;
	const struct kind *k = rv->rec->kind;

	for (size_t i = 0; i < k->field_count; i++)
		if (rv->rec->values[i].text[0] &&
			record_lists_field(v->app->replica, &k->fields[i]))
			add_list(v, &k->fields[i]);
}

void
record_section_query(const struct kind *child, const struct kind *parent,
	const char *id, struct buf *out)
{
	const struct field *f = form_parent_field(child, parent->name);

	if (!f)
		return;
	if (f->ref_kind[0])
		buf_printf(out, "%s:%s", f->name, id);
	else
		buf_printf(out, "%s:%s/%s", f->name, parent->name, id);
}
