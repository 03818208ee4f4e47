#include "common/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fulltext.h"
#include "common/lay.h"
#include "common/names.h"
#include "common/value.h"

#define FINDINGS_MAX 100

struct checking {
	struct replica *r;
	struct buf *report;
	int findings;
	bool filling; /* what a filling has named may not have come yet */
};

static void PRINTF_LIKE(2, 3) found(struct checking *c, const char *fmt, ...)
{
	struct why line;
	va_list ap;

	if (++c->findings > FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	va_end(ap);
	buf_puts(c->report, line.text);
	buf_putc(c->report, '\n');
}

/* Each row a query yields is a finding; its first column says what. */
static enum status
expect_none(
	struct checking *c, const char *what, const char *sql, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	sqlite3_stmt *s = sql_use(db, sql, "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row)
		found(c, "%s: %s", sql_column(s, 0), what);
	return st;
}

static enum status
check_file(struct checking *c, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	sqlite3_stmt *s = sql_use(db, "PRAGMA integrity_check(20)", "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row)
		if (strcmp(sql_column(s, 0), "ok") != 0)
			found(c, "the file: %s", sql_column(s, 0));
	return st;
}

/* Invariant 1, second half: the winning entry with the highest seq. */
static enum status
check_cells(struct checking *c, struct why *why)
{
	enum status st = expect_none(c, "a cell's entry is missing",
		"SELECT kind||'/'||id||' '||field FROM _cell "
		"WHERE seq NOT IN (SELECT seq FROM _entry)",
		why);

	if (!st)
		st = expect_none(c, "a later entry won this cell",
			"SELECT e.kind||'/'||e.id||' '||f.key "
			"FROM _entry e, json_each(e.body,'$.f') f "
			"LEFT JOIN _cell c ON c.kind=e.kind AND c.id=e.id "
			"AND c.field=f.key "
			"WHERE e.state=0 AND json_type(e.verdict,'$.l.\"'||"
			"f.key||'\"') IS NULL AND coalesce(c.seq,0)<e.seq "
			"AND EXISTS (SELECT 1 FROM _in_book b WHERE "
			"b.kind=e.kind AND b.id=e.id)",
			why);
	if (!st)
		st = expect_none(c, "a cell's entry did not win it",
			"SELECT c.kind||'/'||c.id||' '||c.field FROM _cell c "
			"JOIN _entry e ON e.seq=c.seq WHERE e.state<>0 OR "
			"json_type(e.body,'$.f.\"'||c.field||'\"') IS NULL OR "
			"json_type(e.verdict,'$.l.\"'||c.field||'\"') IS NOT "
			"NULL",
			why);
	return st;
}

static void
compare_text(struct checking *c, const struct record *rec, const char *column,
	const char *is, const char *should)
{
	if (strcmp(is, should) != 0)
		found(c, "%s/%s %s: the table has '%.60s', the log '%.60s'",
			rec->kind->name, rec->id, column, is, should);
}

static enum status
compare_fields(struct checking *c, const struct record *rec, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	char created[WHEN_MAX], updated[WHEN_MAX];
	struct buf sql = BUF_INIT, text = BUF_INIT;
	sqlite3_stmt *s;
	enum status st;
	bool row;

	when_instant_text(rec->created_at, created);
	when_instant_text(rec->updated_at, updated);
	buf_puts(&sql,
		"SELECT void,created_at,created_by,updated_at,updated_by");
	for (size_t i = 0; i < rec->kind->field_count; i++)
		buf_printf(&sql, ",\"%s\"", rec->kind->fields[i].name);
	buf_printf(&sql, " FROM \"%s\" WHERE id=?1", rec->kind->name);
	s = sql_use(db, buf_text(&sql), "s", rec->id);
	st = sql_step(db, s, &row, why);
	if (!st && !row)
		found(c, "%s/%s: its row is missing", rec->kind->name, rec->id);
	if (!st && row) {
		compare_text(c, rec, FIELD_VOID, sql_column(s, 0),
			rec->void_value.text);
		compare_text(c, rec, "created_at", sql_column(s, 1), created);
		compare_text(c, rec, "created_by", sql_column(s, 2),
			rec->created_by);
		compare_text(c, rec, "updated_at", sql_column(s, 3), updated);
		compare_text(c, rec, "updated_by", sql_column(s, 4),
			rec->updated_by);
	}
	for (size_t i = 0; !st && row && i < rec->kind->field_count; i++) {
		const struct field *f = &rec->kind->fields[i];

		buf_clear(&text);
		lay_column_text(s, (int)i + 5, f, &text);
		if (!lay_same(f, buf_text(&text), rec->values[i].text))
			compare_text(c, rec, f->name, buf_text(&text),
				rec->values[i].text);
	}
	if (s)
		sqlite3_reset(s);
	buf_release(&sql);
	buf_release(&text);
	return st;
}

static enum status
compare_find(struct checking *c, const struct record *rec, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	struct fulltext x = {BUF_INIT, BUF_INIT};
	sqlite3_stmt *s = sql_use(db,
		"SELECT title,body FROM _find WHERE rowid=(SELECT rowid FROM "
		"_record WHERE kind=?1 AND id=?2)",
		"ss", rec->kind->name, rec->id);
	bool row;
	enum status st = sql_step(db, s, &row, why);

	for (size_t i = 0; i < rec->kind->field_count; i++)
		fulltext_add(&x, rec->kind, &rec->kind->fields[i],
			rec->values[i].text);
	/* A record without any text has no row. */
	if (!st &&
		(strcmp(row ? sql_column(s, 0) : "", buf_text(&x.title)) ||
			strcmp(row ? sql_column(s, 1) : "", buf_text(&x.body))))
		found(c, "%s/%s: full text differs from its values",
			rec->kind->name, rec->id);
	if (s)
		sqlite3_reset(s);
	fulltext_release(&x);
	return st;
}

static int64_t
links_expected(const struct field *f, const char *text)
{
	struct names items = {0};
	struct buf item = BUF_INIT;
	size_t at = 0;
	int64_t n;

	if (f->type == TYPE_REF || f->type == TYPE_REFS || f->type == TYPE_SET)
		while (value_next(text, &at, &item))
			names_add(&items, buf_text(&item));
	n = (int64_t)items.count;
	names_release(&items);
	buf_release(&item);
	return n;
}

static enum status
compare_links(struct checking *c, const struct record *rec, struct why *why)
{
	int64_t expected = 0, is;
	enum status st = sql_int(replica_sql(c->r), 0, &is, why,
		"SELECT count(*) FROM _link WHERE kind=?1 AND id=?2", "ss",
		rec->kind->name, rec->id);

	for (size_t i = 0; i < rec->kind->field_count; i++)
		expected += links_expected(
			&rec->kind->fields[i], rec->values[i].text);
	if (!st && is != expected)
		found(c, "%s/%s: %lld links, its values have %lld",
			rec->kind->name, rec->id, (long long)is,
			(long long)expected);
	return st;
}

/* Invariant 1, first half: the tables equal the cells and the outbox. */
static enum status
check_record(struct checking *c, const struct kind *kind, const char *id,
	struct why *why)
{
	struct record *rec;
	bool due = false;
	enum status st = shown_read(replica_tables(c->r), kind, id, &rec, why);

	if (st == ST_NOT_FOUND) {
		if (!c->filling)
			found(c, "%s/%s: registered, but nothing is held of it",
				kind->name, id);
		return ST_OK;
	}
	if (!st)
		st = compare_fields(c, rec, why);
	if (!st)
		st = compare_links(c, rec, why);
	if (!st)
		st = fulltext_is_due(c->r, kind->name, id, &due, why);
	if (!st && !due)
		st = compare_find(c, rec, why);
	record_free(rec);
	return st;
}

static enum status
check_kind(struct checking *c, const struct kind *kind, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;
	enum status st;
	bool row;

	buf_printf(&sql,
		"SELECT '%s/'||id FROM \"%s\" WHERE id NOT IN (SELECT id FROM "
		"_record WHERE kind='%s')",
		kind->name, kind->name, kind->name);
	st = expect_none(c, "a row that nothing holds", buf_text(&sql), why);
	buf_release(&sql);
	if (st)
		return st;
	s = sql_use(
		db, "SELECT id FROM _record WHERE kind=?1", "s", kind->name);
	while (!(st = sql_step(db, s, &row, why)) && row) {
		st = check_record(c, kind, sql_column(s, 0), why);
		if (st)
			break;
	}
	sqlite3_reset(s);
	return st;
}

static enum status
check_outbox(struct checking *c, struct why *why)
{
	enum status st = expect_none(c, "unsent, but numbered as confirmed",
		"SELECT 'edit '||n FROM _outbox WHERE replica=(SELECT value "
		"FROM _meta WHERE key='replica') AND n>(SELECT value FROM "
		"_meta WHERE key='last_n')",
		why);

	if (!st)
		st = expect_none(c, "missing from the outbox",
			"WITH m(own,last,confirmed) AS (SELECT (SELECT value "
			"FROM _meta WHERE key='replica'),"
			"coalesce((SELECT value FROM _meta WHERE "
			"key='last_n'),0),coalesce((SELECT value FROM _meta "
			"WHERE key='confirmed'),0)) "
			"SELECT 'unsent edits' FROM m WHERE last-confirmed<>"
			"(SELECT count(*) FROM _outbox WHERE replica=own AND "
			"n>confirmed)",
			why);
	return st;
}

enum status
replica_verify(struct replica *r, struct buf *report, struct why *why)
{
	struct checking c = {r, report, 0, false};
	const struct catalog *catalog = replica_catalog(r);
	int64_t filling = 0;
	enum status st = check_file(&c, why);

	if (!st)
		st = sql_int(replica_sql(r), 0, &filling, why,
			"SELECT 1 FROM _book WHERE joined=0 LIMIT 1", "");
	c.filling = filling != 0;
	if (!st)
		st = check_cells(&c, why);
	for (size_t i = 0; !st && i < catalog->kind_count; i++)
		st = check_kind(&c, &catalog->kinds[i], why);
	if (!st)
		st = check_outbox(&c, why);
	if (st)
		return st;
	if (c.findings > FINDINGS_MAX)
		buf_printf(report, "and %d more\n", c.findings - FINDINGS_MAX);
	if (c.findings)
		return why_set(why, ST_NOT_FOUND,
			"%s: %d findings: keep this file, nothing in it was "
			"changed, and enroll again into a new one",
			replica_path(r), c.findings);
	return ST_OK;
}
