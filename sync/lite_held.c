/* Held edits and what was decided about them. */
#include "sync/lite.h"

#include <stdlib.h>
#include <string.h>

/* A log from before these were kept has its held edits in its entries. */
static const char tables[] =
	"BEGIN IMMEDIATE;"
	"CREATE TABLE IF NOT EXISTS held(replica INTEGER, n INTEGER,"
	" seq INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
	" by TEXT NOT NULL, decided INTEGER, PRIMARY KEY(replica, n))"
	" WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS held_record ON held(kind, id, seq)"
	" WHERE decided IS NULL;"
	"CREATE INDEX IF NOT EXISTS held_by_decision ON held(decided)"
	" WHERE decided IS NOT NULL;"
	"CREATE TABLE IF NOT EXISTS held_book(book TEXT, replica INTEGER,"
	" n INTEGER, PRIMARY KEY(book, replica, n)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS held_book_of ON held_book(replica, n);"
	"INSERT OR IGNORE INTO held(replica, n, seq, kind, id, by)"
	" SELECT replica, n, seq, kind, id, by FROM entry WHERE state=1;"
	"COMMIT;";

enum status
lite_held_make(struct sql *db, struct why *why)
{
	int64_t there;
	enum status st = sql_int(db, 0, &there, why,
		"SELECT 1 FROM sqlite_schema WHERE name='held'", "");

	return st || there ? st : sql_script(db, tables, why);
}

static enum status
lite_held_add(struct hub_log *l, const struct entry *e,
	const struct names *books, struct why *why)
{
	struct sql *db = lite_db(l);
	const struct edit *d = &e->edit;
	enum status st = sql_run(db, why,
		"INSERT INTO held(replica, n, seq, kind, id, by)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
		"iiisss", (int64_t)d->id.replica, (int64_t)d->id.n, e->seq,
		d->kind, d->record, e->by);

	for (size_t i = 0; !st && i < books->count; i++)
		st = sql_run(db, why,
			"INSERT INTO held_book(book, replica, n)"
			" VALUES(?1, ?2, ?3)",
			"sii", books->items[i], (int64_t)d->id.replica,
			(int64_t)d->id.n);
	return st ? st : lite_news_held(db, d->id, e->seq, why);
}

#define HELD_COLUMNS                                                      \
	"SELECT replica, n, seq, coalesce(decided, 0), kind, id, by FROM" \
	" held "

static void
read_held(sqlite3_stmt *s, struct log_held *h)
{
	h->edit.replica = (uint32_t)sqlite3_column_int64(s, 0);
	h->edit.n = (uint32_t)sqlite3_column_int64(s, 1);
	h->seq = sqlite3_column_int64(s, 2);
	h->decided = sqlite3_column_int64(s, 3);
	h->kind = mem_text(sql_column(s, 4));
	h->id = mem_text(sql_column(s, 5));
	h->by = mem_text(sql_column(s, 6));
}

static enum status
read_helds(
	struct sql *db, sqlite3_stmt *s, struct log_helds *out, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		read_held(s, &out->items[out->count++]);
	}
	return st;
}

static enum status
lite_held_of(struct hub_log *l, struct edit_id edit, struct log_held *out,
	struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db, HELD_COLUMNS "WHERE replica=?1 AND n=?2",
		"ii", (int64_t)edit.replica, (int64_t)edit.n);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st;
	read_held(s, out);
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_held_books(struct hub_log *l, struct edit_id edit, struct names *books,
	struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT book FROM held_book WHERE replica=?1 AND n=?2", "ii",
		(int64_t)edit.replica, (int64_t)edit.n);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row)
		names_add(books, sql_column(s, 0));
	return st;
}

static enum status
lite_held_decide(
	struct hub_log *l, struct edit_id edit, int64_t seq, struct why *why)
{
	enum status st = sql_run(lite_db(l), why,
		"UPDATE held SET decided=?3 WHERE replica=?1 AND n=?2", "iii",
		(int64_t)edit.replica, (int64_t)edit.n, seq);

	return st ? st : lite_news_held(lite_db(l), edit, seq, why);
}

static enum status
lite_held_open(struct hub_log *l, const char *kind, const char *id,
	struct log_helds *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_helds(db,
		sql_use(db,
			HELD_COLUMNS "WHERE kind=?1 AND id=?2 AND decided IS"
				     " NULL ORDER BY seq",
			"ss", kind, id),
		out, why);
}

static enum status
lite_held_makings(struct hub_log *l, const char *book, struct log_helds *out,
	struct why *why)
{
	struct sql *db = lite_db(l);

	return read_helds(db,
		sql_use(db,
			HELD_COLUMNS "JOIN held_book USING(replica, n)"
				     " WHERE book=?1 AND decided IS NULL"
				     " ORDER BY seq",
			"s", book),
		out, why);
}

static enum status
lite_held_decided(struct hub_log *l, int64_t after, int64_t upto,
	struct log_helds *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_helds(db,
		sql_use(db,
			HELD_COLUMNS "WHERE decided>?1 AND decided<=?2"
				     " ORDER BY decided, seq",
			"ii", after, upto),
		out, why);
}

void
lite_held_ops(struct hub_log_ops *ops)
{
	ops->held_add = lite_held_add;
	ops->held_of = lite_held_of;
	ops->held_books = lite_held_books;
	ops->held_decide = lite_held_decide;
	ops->held_open = lite_held_open;
	ops->held_makings = lite_held_makings;
	ops->held_decided = lite_held_decided;
}
