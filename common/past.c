#include "common/past.h"

#include <stdlib.h>
#include <string.h>

#include "common/aside.h"
#include "common/inbox.h"
#include "common/inbox_log.h"
#include "common/lay.h"
#include "common/names.h"
#include "common/news.h"

static int64_t
own_number(const struct replica *r)
{
	return replica_identity(r)->number;
}

/* h_n, where it is still known: of an edit that is kept, or of the newest
 * durable one. "" and false: not known. */
static enum status
chain_of(struct replica *r, int64_t n, struct buf *chain, bool *known,
	struct why *why)
{
	char *text = NULL;
	int64_t base = 0;
	enum status st = replica_meta_int(r, META_BASE, 0, &base, why);

	*known = n == 0;
	if (st || *known)
		return st;
	if (n == base)
		st = replica_meta(r, META_BASE_CHAIN, chain, why);
	else
		st = sql_text(replica_sql(r), &text, why,
			"SELECT chain FROM _outbox WHERE replica=?1 AND n=?2",
			"ii", own_number(r), n);
	if (text)
		buf_puts(chain, text);
	free(text);
	*known = chain->len > 0;
	return st;
}

/* Are all own edits after n still here? */
static enum status
have_after(struct replica *r, int64_t n, bool *have, struct why *why)
{
	int64_t rows = 0, last = 0;
	enum status st = replica_meta_int(r, META_LAST_N, 0, &last, why);

	if (!st)
		st = sql_int(replica_sql(r), 0, &rows, why,
			"SELECT count(*) FROM _outbox WHERE replica=?1 AND "
			"n>?2",
			"ii", own_number(r), n);
	*have = rows == last - n;
	return st;
}

/* Own edits are confirmed up to n and no further, if that can be said. */
static enum status
confirm_to(struct replica *r, int64_t n, bool *done, struct why *why)
{
	struct buf chain = BUF_INIT;
	bool have = false;
	enum status st = chain_of(r, n, &chain, done, why);

	if (!st && *done)
		st = have_after(r, n, &have, why);
	*done = *done && have;
	if (!st && *done)
		st = replica_meta_set(r, META_CHAIN, buf_text(&chain), why);
	if (!st && *done)
		st = replica_meta_set_int(r, META_CONFIRMED, n, why);
	buf_release(&chain);
	return st;
}

static enum status
set_copy(struct replica *r, int64_t how, struct why *why)
{
	return replica_meta_set_int(r, META_COPY, how, why);
}

enum status
replica_go_back(struct replica *r, uint32_t n, bool differs, struct why *why)
{
	int64_t base = 0, confirmed = 0;
	bool done = false;
	enum status st = replica_meta_int(r, META_BASE, 0, &base, why);

	if (!st)
		st = replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);
	if (!st && !differs)
		st = confirm_to(r, n, &done, why);
	if (!st && !done && (differs || base <= n) && base < confirmed)
		st = confirm_to(r, base, &done, why);
	if (st || done)
		return st;
	return set_copy(r, differs ? COPY_YES : COPY_LOST, why);
}

/* Where the hub cannot say: what it called durable, unless it lacks an edit of
 * ours from before. */
static enum status
guess_fork(struct replica *r, uint32_t n, int64_t *fork, struct why *why)
{
	int64_t lost = 0;
	enum status st = replica_meta_int(r, META_DURABLE, 0, fork, why);

	if (!st)
		st = sql_int(replica_sql(r), 0, &lost, why,
			"SELECT seq FROM _entry WHERE replica=?1 AND n>?2 "
			"ORDER BY n LIMIT 1",
			"ii", own_number(r), (int64_t)n);
	if (lost && lost <= *fork)
		*fork = lost - 1;
	return st;
}

static enum status
changed_records(struct replica *r, int64_t fork, struct names *kinds,
	struct names *ids, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind,id FROM _entry WHERE seq>?1 UNION "
		"SELECT kind,id FROM _outbox WHERE seq>?1 OR seq IS NULL",
		"i", fork);

	return sql_names(db, s, kinds, ids, why);
}

/* Own edits are not missing while they lie in the outbox. */
static enum status
set_aside(struct replica *r, int64_t fork, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_run(db, why,
		"INSERT OR REPLACE INTO _aside(replica,n,at,unsure,by,kind,id,"
		"body,verdict) SELECT replica,n,at,unsure,by,kind,id,body,"
		"verdict FROM _entry e WHERE seq>?1 AND NOT EXISTS(SELECT 1 "
		"FROM _outbox o WHERE o.replica=e.replica AND o.n=e.n)",
		"i", fork);

	if (!st)
		st = sql_run(
			db, why, "DELETE FROM _entry WHERE seq>?1", "i", fork);
	if (!st)
		st = sql_run(
			db, why, "DELETE FROM _held WHERE seq>?1", "i", fork);
	if (!st)
		st = sql_run(db, why,
			"UPDATE _held SET decided=NULL,at=NULL,decider=NULL,"
			"accepted=NULL,reason=NULL WHERE decided>?1",
			"i", fork);
	return st;
}

/* What they had seen of the other past says no more when they were written
 * than that it was after the fork. */
static enum status
unsend(struct replica *r, int64_t fork, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t floor = fork > 0 ? fork : 1;
	enum status st = sql_run(db, why,
		"UPDATE _outbox SET floor=?2 WHERE "
		"max(seen,coalesce(floor,0))>?1 AND "
		"coalesce(floor,?2+1)>?2",
		"ii", fork, floor);

	return st ? st
		  : sql_run(db, why, "UPDATE _outbox SET seq=NULL WHERE seq>?1",
			    "i", fork);
}

/* Nobody sends the edits of a number that this file had before, so those that
 * the hub lost are written again under the present one. */
static enum status
adopt_lost(struct replica *r, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t last = 0, number = 0;
	enum status st = replica_meta_int(r, META_LAST_N, 0, &last, why);

	while (!st) {
		st = sql_int(db, 0, &number, why,
			"SELECT replica FROM _outbox WHERE replica<>?1 AND "
			"seq IS NULL ORDER BY replica,n LIMIT 1",
			"i", own_number(r));
		if (st || !number)
			break;
		st = sql_run(db, why,
			"UPDATE _outbox SET replica=?1,n=?2,chain=NULL WHERE "
			"replica=?3 AND n=(SELECT min(n) FROM _outbox WHERE "
			"replica=?3 AND seq IS NULL)",
			"iii", own_number(r), ++last, number);
	}
	return st ? st : replica_meta_set_int(r, META_LAST_N, last, why);
}

enum status
replica_adopt(struct replica *r, int64_t *count, struct why *why)
{
	struct names kinds = {0}, ids = {0};
	sqlite3_stmt *s = sql_use(replica_sql(r),
		"SELECT kind,id FROM _outbox WHERE replica<>?1 AND seq IS NULL",
		"i", own_number(r));
	enum status st = sql_names(replica_sql(r), s, &kinds, &ids, why);

	*count = (int64_t)ids.count;
	if (!st)
		st = adopt_lost(r, why);
	for (size_t i = 0; !st && i < ids.count; i++)
		st = lay_record(
			replica_tables(r), kinds.items[i], ids.items[i], why);
	if (!st)
		st = replica_meta_set_int(r, META_ADOPT, 0, why);
	names_release(&kinds);
	names_release(&ids);
	return st;
}

/* The record as the entries that are left have it. */
static enum status
settle_record(
	struct replica *r, const char *kind, const char *id, struct why *why)
{
	struct sql *db = replica_sql(r);
	int64_t left = 0;
	bool released = false;
	enum status st = inbox_log_cells(r, kind, id, why);

	if (!st)
		st = sql_run(db, why,
			"DELETE FROM _conflict WHERE kind=?1 AND id=?2", "ss",
			kind, id);
	if (!st)
		st = sql_int(db, 0, &left, why,
			"SELECT 1 FROM _cell WHERE kind=?1 AND id=?2 LIMIT 1",
			"ss", kind, id);
	if (!st && !left)
		st = sql_run(db, why,
			"DELETE FROM _in_book WHERE kind=?1 AND id=?2", "ss",
			kind, id);
	if (!st)
		st = inbox_release(r, kind, id, &released, why);
	if (st || released)
		return st;
	/* It may have been gone, and one of our own edits holds it again. */
	st = lay_register(replica_tables(r), kind, id, why);
	return st ? st : lay_record(replica_tables(r), kind, id, why);
}

/* The newest own edit that the other past and this one share. */
static enum status
shared_n(struct replica *r, bool known, int64_t *n, struct why *why)
{
	int64_t confirmed = 0, first = 0;
	enum status st = replica_meta_int(
		r, known ? META_CONFIRMED : META_BASE, 0, &confirmed, why);

	*n = confirmed;
	if (st || !known)
		return st;
	st = sql_int(replica_sql(r), 0, &first, why,
		"SELECT min(n) FROM _outbox WHERE replica=?1 AND seq IS NULL",
		"i", own_number(r));
	if (first && first <= confirmed)
		*n = first - 1;
	return st;
}

static enum status
forget_cursor(struct replica *r, struct why *why)
{
	enum status st = replica_meta_set_int(r, META_CURSOR, 0, why);

	if (!st)
		st = replica_meta_set(r, META_CURSOR_MARK, "", why);
	if (!st)
		st = replica_meta_set(r, META_INCARNATION, "", why);
	return st;
}

enum status
replica_fork(struct replica *r, int64_t fork, uint32_t n, int64_t *aside,
	struct why *why)
{
	struct names kinds = {0}, ids = {0};
	bool known = fork >= 0, done = false;
	int64_t shared = 0;
	enum status st = set_copy(r, COPY_NO, why);

	if (!st && !known)
		st = guess_fork(r, n, &fork, why);
	if (!st)
		st = changed_records(r, fork, &kinds, &ids, why);
	if (!st)
		st = set_aside(r, fork, why);
	if (!st)
		st = unsend(r, fork, why);
	if (!st)
		st = news_fork(r, fork, why);
	if (!st)
		st = adopt_lost(r, why);
	for (size_t i = 0; !st && i < ids.count; i++)
		st = settle_record(r, kinds.items[i], ids.items[i], why);
	if (!st)
		st = shared_n(r, known, &shared, why);
	if (!st && shared <= n)
		st = confirm_to(r, shared, &done, why);
	if (!st && !done)
		st = set_copy(r, COPY_LOST, why);
	if (!st)
		st = forget_cursor(r, why);
	if (!st)
		st = inbox_refill_all(r, why);
	if (!st)
		st = aside_count(r, aside, why);
	names_release(&kinds);
	names_release(&ids);
	return st;
}
