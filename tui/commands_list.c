/* Lists of records: list, find. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/csv.h"
#include "common/json.h"
#include "common/query.h"
#include "common/query_terms.h"
#include "common/table.h"
#include "common/utf8.h"
#include "common/value.h"
#include "tui/commands.h"

#define DAY_CELLS 10 /* 2026-11-22 */
#define REF_CELLS 8  /* ids, codes, numbers */
#define TEXT_CELLS 12
#define TITLE_CELLS 20 /* and what the others leave */
#define ID_CELLS 7     /* of /47-1234; wider ones take the title's room */

struct listing {
	const struct kind *kind;
	const char *sort, *limit;
	bool json, csv;
	size_t rows; /* printed so far */
	struct table table;
};

/* One way to print a listing: its head, each record, its end. */
struct format {
	void (*head)(struct listing *l, struct buf *out);
	void (*row)(
		struct listing *l, const struct record *rec, struct buf *out);
	void (*end)(struct listing *l, struct buf *out);
};

static void
json_head(struct listing *l, struct buf *out)
{
	(void)l;
	buf_putc(out, '[');
}

static void
json_row(struct listing *l, const struct record *rec, struct buf *out)
{
	if (l->rows++)
		buf_puts(out, ",\n");
	record_json(rec, out);
}

static void
json_end(struct listing *l, struct buf *out)
{
	(void)l;
	buf_puts(out, "]\n");
}

static void
csv_head(struct listing *l, struct buf *out)
{
	buf_puts(out, "record");
	for (size_t i = 0; i < l->kind->field_count; i++)
		buf_printf(out, ",%s", l->kind->fields[i].name);
	buf_puts(out, ",void,created_at,created_by,updated_at,updated_by\r\n");
}

static void
put_csv_instant(struct buf *out, int64_t at, const char *by)
{
	char text[WHEN_MAX];

	when_instant_text(at, text);
	buf_printf(out, ",%s,", text);
	csv_put(out, by ? by : "");
}

static void
csv_row(struct listing *l, const struct record *rec, struct buf *out)
{
	buf_printf(out, "%s/%s", l->kind->name, rec->id);
	for (size_t i = 0; i < l->kind->field_count; i++) {
		buf_putc(out, ',');
		csv_put(out, rec->values[i].text);
	}
	buf_putc(out, ',');
	csv_put(out, rec->void_value.text ? rec->void_value.text : "");
	put_csv_instant(out, rec->created_at, rec->created_by);
	put_csv_instant(out, rec->updated_at, rec->updated_by);
	buf_puts(out, "\r\n");
}

static void
csv_end(struct listing *l, struct buf *out)
{
	(void)l;
	(void)out;
}

static size_t
shown_columns(const struct kind *k)
{
	size_t most = TABLE_COLUMNS_MAX - 1;

	return k->column_count < most ? k->column_count : most;
}

/* Cells of the widest label; of what is no choice, a few. */
static int
choice_room(const struct field *f)
{
	int most = 0;

	for (size_t i = 0; i < f->choice_count; i++) {
		int w = utf8_width(f->choices[i].label);

		most = w > most ? w : most;
	}
	return most && most < TEXT_CELLS ? most : TEXT_CELLS;
}

/* Cells kept for a column, whatever the records hold; f NULL: an instant. */
static int
column_room(const struct kind *k, const struct field *f)
{
	if (!f)
		return DAY_CELLS;
	if (strcmp(f->name, k->title) == 0 &&
		(f->type == TYPE_TEXT || f->type == TYPE_LONG))
		return TITLE_CELLS;
	if (strcmp(f->name, k->code) == 0)
		return REF_CELLS;
	switch (f->type) {
	case TYPE_DATE:
	case TYPE_DATETIME:
		return DAY_CELLS;
	case TYPE_ENUM:
		return choice_room(f);
	case TYPE_BOOL:
		return 3;
	case TYPE_INT:
	case TYPE_REAL:
	case TYPE_REF:
	case TYPE_REFS:
		return REF_CELLS;
	default:
		return TEXT_CELLS;
	}
}

static void
text_head(struct listing *l, struct buf *out)
{
	struct table *t = &l->table;

	(void)out;
	t->columns = shown_columns(l->kind) + 1;
	t->room[0] = (int)strlen(l->kind->name) + ID_CELLS;
	table_cell(t, "record");
	for (size_t i = 1; i < t->columns; i++) {
		const char *column = l->kind->columns[i - 1];

		table_cell(t, column);
		t->room[i] = column_room(l->kind, kind_field(l->kind, column));
		if (strcmp(column, l->kind->title) == 0)
			t->lead = i;
	}
}

static void
text_column(struct listing *l, const struct record *rec, const char *column,
	bool says_void)
{
	const struct field *f = kind_field(l->kind, column);
	struct buf text = BUF_INIT;
	char when[WHEN_MAX];

	if (!f) {
		when_day_text(strcmp(column, "created_at") == 0
				      ? rec->created_at
				      : rec->updated_at,
			when);
		buf_puts(&text, when);
	} else {
		value_print(f, record_text(rec, column), &text);
	}
	if (f && f->type == TYPE_DATETIME && text.len > DAY_CELLS)
		buf_cut(&text, DAY_CELLS);
	if (says_void)
		buf_splice(&text, 0, 0, "VOID ", 5);
	table_cell(&l->table, buf_text(&text));
	buf_release(&text);
}

static void
text_row(struct listing *l, const struct record *rec, struct buf *out)
{
	char *name = mem_printf("%s/%s", l->kind->name, rec->id);

	size_t first = l->table.lead ? l->table.lead - 1 : 0;
	bool is_void = rec->void_value.text && rec->void_value.text[0];

	(void)out;
	table_cell(&l->table, name);
	for (size_t i = 0; i + 1 < l->table.columns; i++)
		text_column(l, rec, l->kind->columns[i], is_void && i == first);
	free(name);
}

static void
text_end(struct listing *l, struct buf *out)
{
	table_print(&l->table, out);
}

static const struct format formats[] = {{text_head, text_row, text_end},
	{json_head, json_row, json_end}, {csv_head, csv_row, csv_end}};

static enum status
list_records(struct session *s, struct listing *l, const struct names *ids,
	struct why *why)
{
	const struct format *f = &formats[l->json ? 1 : l->csv ? 2 : 0];
	enum status st = ST_OK;

	f->head(l, &s->out);
	for (size_t i = 0; !st && i < ids->count; i++) {
		struct record *rec;

		st = record_load(
			s->replica, l->kind->name, ids->items[i], &rec, why);
		if (st)
			break;
		f->row(l, rec, &s->out);
		record_free(rec);
		st = session_spill(s, why);
	}
	if (!st)
		f->end(l, &s->out);
	table_release(&l->table);
	return st;
}

static enum status
take_listing(
	struct words *w, struct listing *l, int64_t *limit, struct why *why)
{
	const struct option_word known[] = {{"--sort", &l->sort, NULL},
		{"--limit", &l->limit, NULL}, {"--json", NULL, &l->json},
		{"--csv", NULL, &l->csv}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st && l->json && l->csv)
		st = why_set(why, ST_USAGE,
			"--json and --csv exclude each other: give one");
	if (!st && !w->count)
		st = why_set(why, ST_USAGE,
			"no kind was given: write list KIND [QUERY...]");
	return st ? st : count_read(l->limit, limit, why);
}

/* The kind whose record a term names, if it names one by its code. */
static const struct kind *
kind_named(const struct catalog *c, const struct kind *k, const struct term *t)
{
	const struct field *f = t->field ? kind_field(k, t->field) : NULL;
	const struct kind *named = NULL;

	if (f && (f->type == TYPE_REF || f->type == TYPE_REFS))
		named = catalog_kind(c, f->ref_kind);
	else if (!f && t->field && strcmp(t->field, "beat") == 0)
		named = catalog_kind(c, "beat");
	if (!named || !named->code[0] || !t->value[0] ||
		strcmp(t->value, "me") == 0)
		return NULL;
	return named;
}

/* An empty answer is one; but a code that nobody has is told of. */
static void
tell_unknown(struct session *s, const struct kind *k, const char *text)
{
	const struct catalog *c = replica_catalog(s->replica);
	struct terms terms = {0};
	struct why why;

	if (terms_parse(text, &terms, &why))
		terms.count = 0;
	for (size_t i = 0; i < terms.count; i++) {
		const struct term *t = &terms.items[i];
		const struct kind *named = kind_named(c, k, t);
		bool exists = true;

		if (named &&
			!record_exists(s->replica, named->name, t->value,
				&exists, &why) &&
			!exists)
			command_complain("beatbook",
				record_absent(
					s->replica, named, t->value, &why),
				&why);
	}
	terms_release(&terms);
}

enum status
command_list(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct listing l = {0};
	struct names ids = {NULL, 0, 0};
	struct buf text = BUF_INIT;
	struct query q = {0};
	enum status st = take_listing(w, &l, &q.limit, why);

	if (!st)
		st = session_open(s, why);
	if (!st)
		st = session_kind(s, w->items[0], &l.kind, why);
	if (!st) {
		words_join(w, 1, &text);
		q.kind = l.kind->name;
		q.text = buf_text(&text);
		q.sort = l.sort;
		st = query_ids(s->replica, &q, &ids, why);
	}
	if (!st)
		st = list_records(s, &l, &ids, why);
	if (!st && !ids.count)
		tell_unknown(s, l.kind, buf_text(&text));
	names_release(&ids);
	buf_release(&text);
	return st;
}

/* Find. */

static void
say_found(const struct finds *found, struct buf *out)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct found *f = &found->items[i];
		int used = (int)(strlen(f->kind) + strlen(f->id)) + 3;

		buf_printf(out, "%s/%s  ", f->kind, f->id);
		put_shown(out, f->title ? f->title : "", TABLE_WIDTH - used);
		buf_puts(out, "\n    ");
		put_shown(out, f->snippet ? f->snippet : "", TABLE_WIDTH - 4);
		buf_putc(out, '\n');
	}
}

static void
json_found(const struct finds *found, struct buf *out)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < found->count; i++) {
		const struct found *f = &found->items[i];

		json_put_comma(out);
		buf_printf(out, "{\"record\":\"%s/%s\"", f->kind, f->id);
		json_put_member(out, "title", f->title ? f->title : "");
		json_put_member(out, "snippet", f->snippet ? f->snippet : "");
		buf_putc(out, '}');
	}
	buf_puts(out, "]\n");
}

enum status
command_find_words(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct finds found = {0};
	struct buf text = BUF_INIT;
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	words_join(w, 0, &text);
	if (!st && !text.len)
		st = why_set(why, ST_USAGE,
			"no words were given: write find WORDS...");
	if (!st)
		st = session_open(s, why);
	if (!st)
		st = query_find(s->replica, buf_text(&text), 0, &found, why);
	if (!st)
		(json ? json_found : say_found)(&found, &s->out);
	if (!st && !json && !found.count)
		command_note("beatbook", "no record here matches '%s'",
			buf_text(&text));
	finds_release(&found);
	buf_release(&text);
	return st;
}
