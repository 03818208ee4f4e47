/* Which entries concern whom: found by book, by number and by badge. */
#include "sync/lite.h"

#include <stdlib.h>

/*
 * An older log is filled once, with no less than it would have by now: all
 * books that the record of an entry had entered by then.
 */
static const char tables[] =
	"BEGIN IMMEDIATE;"
	"CREATE TABLE IF NOT EXISTS news(book TEXT, seq INTEGER,"
	" PRIMARY KEY(book, seq)) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS entry_replica ON entry(replica);"
	"CREATE INDEX IF NOT EXISTS held_name ON held(kind, id);"
	"CREATE INDEX IF NOT EXISTS held_author ON held(by, decided)"
	" WHERE decided IS NOT NULL;"
	"INSERT OR IGNORE INTO news SELECT book, seq FROM move;"
	"INSERT OR IGNORE INTO news SELECT m.book, e.seq FROM entry e"
	" JOIN move m ON m.kind=e.kind AND m.id=e.id"
	" WHERE m.seq<e.seq AND m.move<>2 AND e.state<>2;"
	"INSERT OR IGNORE INTO news SELECT m.book, h.seq FROM held h"
	" JOIN move m ON m.kind=h.kind AND m.id=h.id WHERE m.move<>2;"
	"INSERT OR IGNORE INTO news SELECT m.book, h.decided FROM held h"
	" JOIN move m ON m.kind=h.kind AND m.id=h.id"
	" WHERE m.move<>2 AND h.decided IS NOT NULL;"
	"INSERT OR IGNORE INTO news SELECT b.book, h.seq"
	" FROM held_book b JOIN held h USING(replica, n);"
	"INSERT OR IGNORE INTO news SELECT b.book, h.decided"
	" FROM held_book b JOIN held h USING(replica, n)"
	" WHERE h.decided IS NOT NULL;"
	"UPDATE meta SET value='" LITE_FORMAT "' WHERE key='format';"
	"COMMIT;";

enum status
lite_news_make(struct sql *db, struct why *why)
{
	int64_t there;
	enum status st = sql_int(db, 0, &there, why,
		"SELECT 1 FROM sqlite_schema WHERE name='news'", "");

	return st || there ? st : sql_script(db, tables, why);
}

enum status
lite_news_entry(struct sql *db, const struct entry *e, struct why *why)
{
	return sql_run(db, why,
		"INSERT OR IGNORE INTO news SELECT book, ?3 FROM record_book"
		" WHERE kind=?1 AND id=?2",
		"ssi", e->edit.kind, e->edit.record, e->seq);
}

enum status
lite_news_move(struct sql *db, const struct log_move *m, struct why *why)
{
	enum status st =
		sql_run(db, why, "INSERT OR IGNORE INTO news VALUES(?1, ?2)",
			"si", m->book, m->seq);

	if (st || m->move == MOVE_LEAVES)
		return st;
	return sql_run(db, why,
		"INSERT OR IGNORE INTO news SELECT ?3, seq FROM held"
		" WHERE kind=?1 AND id=?2 UNION ALL SELECT ?3, decided"
		" FROM held WHERE kind=?1 AND id=?2 AND decided IS NOT NULL",
		"sss", m->kind, m->id, m->book);
}

enum status
lite_news_held(
	struct sql *db, struct edit_id held, int64_t seq, struct why *why)
{
	return sql_run(db, why,
		"INSERT OR IGNORE INTO news SELECT book, ?3 FROM held_book"
		" WHERE replica=?1 AND n=?2",
		"iii", (int64_t)held.replica, (int64_t)held.n, seq);
}

static enum status
read_seqs(
	struct sql *db, sqlite3_stmt *s, struct log_seqs *out, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count++] = sqlite3_column_int64(s, 0);
	}
	return st;
}

static enum status
lite_news(struct hub_log *l, const char *book, const struct log_span *span,
	struct log_seqs *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_seqs(db,
		sql_use(db,
			"SELECT seq FROM news WHERE book=?1 AND seq>?2"
			" AND seq<=?3 ORDER BY seq LIMIT ?4",
			"siii", book, span->after, span->upto, span->limit),
		out, why);
}

/* The index on the number alone has its entries in the order of seq. */
static enum status
lite_news_of(struct hub_log *l, struct edit_id last,
	const struct log_span *span, struct log_seqs *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_seqs(db,
		sql_use(db,
			"SELECT seq FROM entry INDEXED BY entry_replica"
			" WHERE replica=?1 AND seq>?2 AND seq<=?3 AND +n<=?5"
			" ORDER BY seq LIMIT ?4",
			"iiiii", (int64_t)last.replica, span->after, span->upto,
			span->limit, (int64_t)last.n),
		out, why);
}

static enum status
lite_news_decided(struct hub_log *l, const char *badge,
	const struct log_span *span, struct log_seqs *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_seqs(db,
		sql_use(db,
			"SELECT DISTINCT decided FROM held"
			" INDEXED BY held_author"
			" WHERE by=?1 AND decided>?2 AND decided<=?3"
			" AND decided IS NOT NULL ORDER BY decided LIMIT ?4",
			"siii", badge, span->after, span->upto, span->limit),
		out, why);
}

void
lite_news_ops(struct hub_log_ops *ops)
{
	ops->news = lite_news;
	ops->news_of = lite_news_of;
	ops->news_decided = lite_news_decided;
}
