/* The books a replica holds: the part of inbox.h about filling them. */
#include "common/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/inbox_held.h"
#include "common/news.h"

/* A filling that the hub begins at another head than the one at hand begins
 * anew: all records come again. */
enum status
inbox_fill(struct replica *r, const char *book, int64_t head, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"INSERT INTO _book(book,joined,head,kind,id) "
		"VALUES(?1,0,?2,'','') ON CONFLICT(book) DO NOTHING",
		"si", book, head);

	if (!st)
		st = sql_run(db, why,
			"UPDATE _book SET pass=pass+(head IS NOT NULL),"
			"head=?2,kind='',id='' WHERE book=?1 AND joined=0 AND "
			"head IS NOT ?2",
			"si", book, head);
	return st;
}

enum status
inbox_refill(struct replica *r, const char *book, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"UPDATE _book SET joined=0,head=NULL,kind='',id='',pass=pass+1 "
		"WHERE book=?1",
		"s", book);
}

enum status
inbox_refill_all(struct replica *r, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"UPDATE _book SET joined=0,head=NULL,kind='',id='',pass=pass+1",
		"");
}

enum status
inbox_fill_at(struct replica *r, const char *book, const char *kind,
	const char *id, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"UPDATE _book SET kind=?2,id=?3 WHERE book=?1 AND joined=0",
		"sss", book, kind, id);
}

/* Names of the records in a book; only those that its last filling did not
 * bring, where `stale`. */
static enum status
book_records(struct replica *r, const char *book, bool stale,
	struct names *kinds, struct names *ids, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind,id FROM _in_book WHERE book=?1 AND (NOT ?2 OR "
		"pass<(SELECT pass FROM _book WHERE book=?1))",
		"si", book, (int64_t)stale);

	return sql_names(db, s, kinds, ids, why);
}

static enum status
leave_book(struct replica *r, const char *book, bool stale, struct why *why)
{
	struct names kinds = {0}, ids = {0};
	enum status st = book_records(r, book, stale, &kinds, &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++)
		st = inbox_leave(r, kinds.items[i], ids.items[i], book, why);
	names_release(&kinds);
	names_release(&ids);
	return st;
}

enum status
inbox_filled(struct replica *r, const char *book, struct why *why)
{
	int64_t pass = 0, head = 0;
	enum status st = sql_int(replica_sql(r), 0, &pass, why,
		"SELECT pass FROM _book WHERE book=?1", "s", book);

	if (!st)
		st = sql_int(replica_sql(r), 0, &head, why,
			"SELECT head FROM _book WHERE book=?1", "s", book);
	if (!st)
		st = news_begin(r, head, why);
	if (!st && pass)
		st = leave_book(r, book, true, why);
	if (!st && pass)
		st = inbox_held_filled(r, book, why);
	if (!st)
		st = sql_run(replica_sql(r), why,
			"UPDATE _book SET joined=1,head=NULL,kind='',id='' "
			"WHERE book=?1",
			"s", book);
	return st;
}

static enum status
count_records(struct replica *r, int64_t *out, struct why *why)
{
	return sql_int(replica_sql(r), 0, out, why,
		"SELECT count(*) FROM _record", "");
}

enum status
inbox_drop_book(
	struct replica *r, const char *book, int64_t *gone, struct why *why)
{
	int64_t before = 0, after = 0;
	enum status st = count_records(r, &before, why);

	if (!st)
		st = leave_book(r, book, false, why);
	if (!st)
		st = count_records(r, &after, why);
	*gone += before - after;
	if (!st)
		st = inbox_held_drop_book(r, book, why);
	if (!st)
		st = sql_run(replica_sql(r), why,
			"DELETE FROM _book WHERE book=?1", "s", book);
	return st;
}

void
held_books_release(struct held_books *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->items[i].book);
		free(h->items[i].kind);
		free(h->items[i].id);
	}
	free(h->items);
	memset(h, 0, sizeof(*h));
}

enum status
inbox_books(struct replica *r, struct held_books *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT book,joined,head,kind,id FROM _book ORDER BY book", "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct held_book *b;

		MEM_ROOM(out->items, out->count, out->cap);
		b = &out->items[out->count++];
		b->book = mem_text(sql_column(s, 0));
		b->joined = sqlite3_column_int(s, 1) != 0;
		b->begun = sqlite3_column_type(s, 2) != SQLITE_NULL;
		b->head = sqlite3_column_int64(s, 2);
		b->kind = mem_text(sql_column(s, 3));
		b->id = mem_text(sql_column(s, 4));
	}
	return st;
}
