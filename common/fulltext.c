#include "common/fulltext.h"

#include <string.h>

#include "common/names.h"

#define WAIT_MS 20 /* for another program, before a search goes without */

void
fulltext_release(struct fulltext *x)
{
	buf_release(&x->title);
	buf_release(&x->body);
}

bool
fulltext_has(const struct field *f)
{
	return f->type == TYPE_TEXT || f->type == TYPE_LONG;
}

void
fulltext_add(struct fulltext *x, const struct kind *kind, const struct field *f,
	const char *text)
{
	struct buf *to =
		strcmp(f->name, kind->title) == 0 ? &x->title : &x->body;

	if (!fulltext_has(f) || !text[0])
		return;
	if (to->len)
		buf_putc(to, '\n');
	buf_puts(to, text);
}

#define ROW_OF "(SELECT rowid FROM _record WHERE kind=?1 AND id=?2)"

/* Of one row: before a statement that may write several, full text would be
 * brought to the disk each time. */
#define WRITE_ROW " INTO _find(rowid,title,body) VALUES(" ROW_OF ",?3,?4)"

/* A record without any words need not have a row. */
static enum status
is_written(const struct tables *t, const struct kind *kind, const char *id,
	const struct fulltext *x, bool *written, struct why *why)
{
	sqlite3_stmt *s = sql_use(t->db,
		"SELECT title,body FROM _find WHERE rowid=" ROW_OF, "ss",
		kind->name, id);
	bool row;
	enum status st = sql_step(t->db, s, &row, why);

	if (st)
		return st;
	*written =
		strcmp(row ? sql_column(s, 0) : "", buf_text(&x->title)) == 0 &&
		strcmp(row ? sql_column(s, 1) : "", buf_text(&x->body)) == 0;
	sqlite3_reset(s);
	return ST_OK;
}

enum status
fulltext_write(const struct tables *t, const struct kind *kind, const char *id,
	const struct fulltext *x, bool fresh, struct why *why)
{
	bool written = false;
	enum status st =
		fresh ? ST_OK : is_written(t, kind, id, x, &written, why);

	if (st || written)
		return st;
	return sql_run(t->db, why,
		fresh ? "INSERT" WRITE_ROW : "INSERT OR REPLACE" WRITE_ROW,
		"ssss", kind->name, id, buf_text(&x->title),
		buf_text(&x->body));
}

/* Its texts, in the catalogue's order, and its id. */
static void
row_sql(const struct kind *kind, struct buf *sql)
{
	buf_puts(sql, "SELECT ");
	for (size_t i = 0; i < kind->field_count; i++)
		if (fulltext_has(&kind->fields[i]))
			buf_printf(sql, "\"%s\",", kind->fields[i].name);
	buf_printf(sql, "id FROM \"%s\" WHERE id=?1", kind->name);
}

enum status
fulltext_refresh(const struct tables *t, const struct kind *kind,
	const char *id, struct why *why)
{
	struct fulltext x = {BUF_INIT, BUF_INIT};
	struct buf sql = BUF_INIT;
	enum status st;
	sqlite3_stmt *s;
	bool row;
	int column = 0;

	row_sql(kind, &sql);
	s = sql_use(t->db, buf_text(&sql), "s", id);
	st = sql_step(t->db, s, &row, why);
	for (size_t i = 0; !st && row && i < kind->field_count; i++)
		if (fulltext_has(&kind->fields[i]))
			fulltext_add(&x, kind, &kind->fields[i],
				sql_column(s, column++));
	if (!st && row) {
		sqlite3_reset(s);
		st = fulltext_write(t, kind, id, &x, false, why);
	}
	buf_release(&sql);
	fulltext_release(&x);
	return st;
}

enum status
fulltext_drop(const struct tables *t, const struct kind *kind, const char *id,
	struct why *why)
{
	return sql_run(t->db, why, "DELETE FROM _find WHERE rowid=" ROW_OF,
		"ss", kind->name, id);
}

/* Another program may have given the file another number. */
#define OWN_AFTER                                                             \
	"replica=(SELECT value FROM _meta WHERE key='" META_REPLICA "') AND " \
	"n>"

/* Up to which own edit the words are in. */
static enum status
read_upto(struct replica *r, int64_t *upto, struct why *why)
{
	return replica_meta_int(r, META_WORDS, 0, upto, why);
}

/* The records of own edits after `upto`; those whose kind the catalogue no
 * longer knows are laid with their words when it knows it again. */
static enum status
bring_in(struct replica *r, int64_t upto, int64_t last, struct why *why)
{
	const struct tables *t = replica_tables(r);
	struct names kinds = {0}, ids = {0};
	sqlite3_stmt *s = sql_use(t->db,
		"SELECT DISTINCT kind,id FROM _outbox WHERE " OWN_AFTER "?1",
		"i", upto);
	enum status st = sql_names(t->db, s, &kinds, &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++) {
		const struct kind *k = catalog_kind(t->catalog, kinds.items[i]);

		if (k)
			st = fulltext_refresh(t, k, ids.items[i], why);
	}
	if (!st)
		st = replica_meta_set_int(r, META_WORDS, last, why);
	names_release(&kinds);
	names_release(&ids);
	return st;
}

enum status
fulltext_saved(struct replica *r, uint32_t n, struct why *why)
{
	int64_t upto;
	enum status st = read_upto(r, &upto, why);

	if (st)
		return st;
	/* An edit that was undone had this place before. */
	if (upto >= n)
		return replica_meta_set_int(r, META_WORDS, n - 1, why);
	return n - upto > FULLTEXT_DUE_MAX ? bring_in(r, upto, n, why) : ST_OK;
}

static enum status
read_due(struct replica *r, int64_t *upto, int64_t *last, struct why *why)
{
	enum status st = read_upto(r, upto, why);

	return st ? st : replica_meta_int(r, META_LAST_N, 0, last, why);
}

enum status
fulltext_settle(struct replica *r, struct why *why)
{
	int64_t upto, last;
	enum status st = read_due(r, &upto, &last, why);

	return st || last <= upto ? st : bring_in(r, upto, last, why);
}

static enum status
settle_at_once(struct replica *r, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t before = sqlite3_total_changes64(sql_handle(db));
	enum status st;
	int usual;

	usual = sql_patience(db, WAIT_MS);
	st = sql_begin(db, why);
	sql_patience(db, usual);
	if (!st)
		st = fulltext_settle(r, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	replica_unshown(r, sqlite3_total_changes64(sql_handle(db)) - before);
	return st;
}

void
fulltext_ready(struct replica *r)
{
	int64_t upto, last;
	struct why ignored; /* they stay due; the search says what ails it */

	if (read_due(r, &upto, &last, &ignored) || last <= upto)
		return;
	if (sql_writing(replica_sql(r)) ? fulltext_settle(r, &ignored)
					: settle_at_once(r, &ignored))
		return;
}

enum status
fulltext_is_due(struct replica *r, const char *kind, const char *id, bool *due,
	struct why *why)
{
	int64_t upto, found = 0;
	enum status st = read_upto(r, &upto, why);

	if (!st)
		st = sql_int(replica_sql(r), 0, &found, why,
			"SELECT 1 FROM _outbox WHERE kind=?1 AND id=?2 "
			"AND " OWN_AFTER "?3 LIMIT 1",
			"ssi", kind, id, upto);
	*due = found != 0;
	return st;
}
