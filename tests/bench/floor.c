#define SQLITE_ENABLE_SESSION
#define SQLITE_ENABLE_PREUPDATE_HOOK
#include "tests/bench/floor.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "common/buf.h"
#include "tests/bench/work.h"

#define SHIFT_RECORDS 200

static void
stop(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static size_t
deflated(const void *bytes, size_t len)
{
	uLongf size = compressBound(len);
	Bytef *out = mem_alloc(size);

	if (compress2(out, &size, bytes, len, Z_BEST_COMPRESSION) != Z_OK)
		stop("zlib failed");
	free(out);
	return size;
}

/* Headers that only say where the body ends. */
static size_t
request_bytes(size_t body)
{
	char text[128];

	return (size_t)snprintf(text, sizeof(text),
		       "POST /sync HTTP/1.1\r\nHost: 127.0.0.1:8440\r\n"
		       "Content-Length: %zu\r\n\r\n",
		       body) +
	       body;
}

static size_t
answer_bytes(size_t body)
{
	char text[128];

	return (size_t)snprintf(text, sizeof(text),
		       "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", body) +
	       body;
}

static void
run(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		stop(sqlite3_errmsg(db));
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		stop(sqlite3_errmsg(db));
	return s;
}

static void
step(sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		stop(sqlite3_errmsg(sqlite3_db_handle(s)));
	sqlite3_reset(s);
}

static void
bind(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_TRANSIENT);
}

static void
make_rows(sqlite3 *db)
{
	struct buf sql = BUF_INIT;

	buf_puts(&sql, "CREATE TABLE record(id TEXT PRIMARY KEY");
	for (size_t f = 0; f < WORK_FIELDS; f++)
		buf_printf(&sql, ",%s TEXT", work_fields[f]);
	buf_puts(&sql, ");");
	run(db, buf_text(&sql));
	buf_release(&sql);
}

static sqlite3_stmt *
prepare_row(sqlite3 *db)
{
	struct buf sql = BUF_INIT;
	sqlite3_stmt *s;

	buf_puts(&sql, "INSERT INTO record VALUES(?1");
	for (int f = 0; f < WORK_FIELDS; f++)
		buf_printf(&sql, ",?%d", f + 2);
	buf_puts(&sql, ")");
	s = prepare(db, buf_text(&sql));
	buf_release(&sql);
	return s;
}

static void
insert_row(sqlite3_stmt *s, const struct work_record *r)
{
	bind(s, 1, r->id);
	for (int f = 0; f < WORK_FIELDS; f++)
		bind(s, f + 2, buf_text(&r->values[f]));
	step(s);
}

/* W1. */

static sqlite3 *
shift_base(void)
{
	struct work_record r = {0};
	sqlite3_stmt *s;
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		stop("no memory");
	make_rows(db);
	s = prepare_row(db);
	for (size_t i = 0; i < SHIFT_RECORDS; i++) {
		work_record(i, 1, &r);
		insert_row(s, &r);
	}
	sqlite3_finalize(s);
	work_record_release(&r);
	return db;
}

static void
apply_edit(sqlite3 *db, const struct work_edit *e)
{
	struct work_record r = {0};
	char sql[128];
	sqlite3_stmt *s;

	work_record(e->record, 1, &r);
	snprintf(sql, sizeof(sql), "UPDATE record SET %s=?1 WHERE id=?2",
		work_fields[e->field]);
	s = prepare(db, sql);
	bind(s, 1, buf_text(&e->value));
	bind(s, 2, r.id);
	step(s);
	sqlite3_finalize(s);
	work_record_release(&r);
}

static size_t
patchset(const struct work_edit *edits, size_t count)
{
	sqlite3 *db = shift_base();
	sqlite3_session *session;
	void *bytes;
	int len;
	size_t size;

	if (sqlite3session_create(db, "main", &session) != SQLITE_OK ||
		sqlite3session_attach(session, NULL) != SQLITE_OK)
		stop("no session");
	for (size_t i = 0; i < count; i++)
		apply_edit(db, &edits[i]);
	if (sqlite3session_patchset(session, &len, &bytes) != SQLITE_OK)
		stop("no patchset");
	size = deflated(bytes, (size_t)len);
	sqlite3_free(bytes);
	sqlite3session_delete(session);
	sqlite3_close(db);
	return size;
}

/* Each edit as record, field and what is new in it. */
static void
measure_suffixes(
	const struct work_edit *edits, size_t count, struct floor_shift *out)
{
	struct buf lines = BUF_INIT, texts = BUF_INIT;
	struct work_record r = {0};

	for (size_t i = 0; i < count; i++) {
		const struct work_edit *e = &edits[i];
		size_t kept = e->added ? e->value.len - e->added : 0;

		work_record(e->record, 1, &r);
		buf_printf(&lines, "%s\t%zu\t%s\n", r.id, e->field,
			buf_text(&e->value) + kept);
		if (e->added)
			buf_puts(&texts, buf_text(&e->value) + kept);
	}
	out->suffixes = deflated(lines.data, lines.len);
	out->additions =
		(double)deflated(texts.data, texts.len) / (double)texts.len;
	work_record_release(&r);
	buf_release(&lines);
	buf_release(&texts);
}

void
floor_shift(struct floor_shift *out)
{
	struct work_edit a[WORK_SHIFT_A], b[WORK_SHIFT_B];
	size_t of_a, of_b;

	work_shift('A', a, &of_a);
	work_shift('B', b, &of_b);
	measure_suffixes(a, of_a, out);
	out->up[0] = request_bytes(patchset(a, of_a));
	out->down[0] = answer_bytes(0);
	out->up[1] = request_bytes(patchset(b, of_b));
	out->down[1] = answer_bytes(patchset(a, of_a));
	out->up[2] = request_bytes(0);
	out->down[2] = answer_bytes(patchset(b, of_b));
	work_edits_release(a, of_a);
	work_edits_release(b, of_b);
}

/* W2. */

size_t
floor_fill_bytes(size_t records)
{
	struct work_record r = {0};
	struct buf lines = BUF_INIT_MAX((size_t)1 << 30);
	size_t size;

	for (size_t i = 0; i < records; i++) {
		work_record(i, 1, &r);
		buf_puts(&lines, r.id);
		for (size_t f = 0; f < WORK_FIELDS; f++)
			buf_printf(&lines, "\t%s", buf_text(&r.values[f]));
		buf_puts(&lines, "\n");
	}
	size = deflated(lines.data, lines.len);
	buf_release(&lines);
	work_record_release(&r);
	return request_bytes(0) + answer_bytes(size);
}

static sqlite3 *
open_store(const char *file)
{
	sqlite3 *db;

	if (sqlite3_open(file, &db) != SQLITE_OK)
		stop("no file");
	run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		"CREATE TABLE cell(id TEXT, field TEXT, seq INTEGER,"
		" PRIMARY KEY(id,field)) WITHOUT ROWID;"
		"CREATE TABLE log(seq INTEGER PRIMARY KEY, replica INTEGER,"
		" n INTEGER, at INTEGER, by TEXT, id TEXT, body TEXT);");
	make_rows(db);
	return db;
}

struct store {
	sqlite3 *db;
	sqlite3_stmt *row, *cell, *log;
	sqlite3_int64 seq;
};

static void
store_open(struct store *s, const char *file)
{
	s->db = open_store(file);
	s->row = prepare_row(s->db);
	s->cell = prepare(s->db,
		"INSERT INTO cell VALUES(?1,?2,?3) ON CONFLICT(id,field) "
		"DO UPDATE SET seq=?3");
	s->log = prepare(s->db, "INSERT INTO log VALUES(?1,?2,?3,?4,?5,?6,?7)");
	s->seq = 0;
}

static void
store_close(struct store *s)
{
	sqlite3_finalize(s->row);
	sqlite3_finalize(s->cell);
	sqlite3_finalize(s->log);
	sqlite3_close(s->db);
}

static void
set_cell(struct store *s, const char *id, const char *field)
{
	bind(s->cell, 1, id);
	bind(s->cell, 2, field);
	sqlite3_bind_int64(s->cell, 3, s->seq);
	step(s->cell);
}

static void
add_log(struct store *s, const char *id, const char *body)
{
	sqlite3_bind_int64(s->log, 1, s->seq);
	sqlite3_bind_int64(s->log, 2, s->seq % WORK_AUTHORS);
	sqlite3_bind_int64(s->log, 3, s->seq / WORK_AUTHORS);
	sqlite3_bind_int64(s->log, 4, 1784025060000 + s->seq * 1000);
	bind(s->log, 5, "5001");
	bind(s->log, 6, id);
	bind(s->log, 7, body);
	step(s->log);
}

static void
fill_one(struct store *s, size_t i, struct work_record *r, struct buf *body)
{
	work_record(i, 1, r);
	s->seq++;
	insert_row(s->row, r);
	buf_clear(body);
	for (size_t f = 0; f < WORK_FIELDS; f++) {
		set_cell(s, r->id, work_fields[f]);
		buf_printf(body, "%s\"%s\":\"%s\"", f ? "," : "{",
			work_fields[f], buf_text(&r->values[f]));
	}
	buf_puts(body, "}");
	add_log(s, r->id, buf_text(body));
}

/* Making the records is not what is measured: its time is taken off. */
static struct spent
making_time(size_t records)
{
	struct work_record r = {0};
	struct spent start = spent_now();

	for (size_t i = 0; i < records; i++)
		work_record(i, 1, &r);
	work_record_release(&r);
	return spent_since(start);
}

static void
fill_store(struct store *s, size_t records, size_t at_once)
{
	struct work_record r = {0};
	struct buf body = BUF_INIT;

	for (size_t i = 0; i < records; i++) {
		if (i % at_once == 0)
			run(s->db, i ? "COMMIT; BEGIN" : "BEGIN");
		fill_one(s, i, &r, &body);
	}
	run(s->db, "COMMIT");
	work_record_release(&r);
	buf_release(&body);
}

struct spent
floor_fill_time(const char *file, size_t records, size_t at_once)
{
	struct store s;
	struct spent making = making_time(records), start = spent_now();
	struct spent took;

	store_open(&s, file);
	fill_store(&s, records, at_once);
	took = spent_less(spent_since(start), making);
	store_close(&s);
	return took;
}

/* W4. */

static bool
is_searched(size_t field)
{
	return field == 0 || field == 1 || field == 6 || field >= 10;
}

/* Full text of rows as they stand, by rowid. */
#define TITLE_AND_BODY                                       \
	"rowid,title,number||' '||goal||' '||lessons||' '||" \
	"public_summary||' '||problem FROM record"

struct changing {
	struct store store;
	sqlite3_stmt *update[WORK_FIELDS], *find;
};

static void
changing_open(struct changing *c, const char *file, size_t records)
{
	char sql[128];

	store_open(&c->store, file);
	fill_store(&c->store, records, records);
	run(c->store.db,
		"CREATE VIRTUAL TABLE find USING fts5(title,body,"
		"tokenize='unicode61 remove_diacritics 2',prefix='1 2');"
		"INSERT INTO find(rowid,title,body) SELECT " TITLE_AND_BODY
		";PRAGMA wal_checkpoint(TRUNCATE)");
	for (size_t f = 0; f < WORK_FIELDS; f++) {
		snprintf(sql, sizeof(sql),
			"UPDATE record SET %s=?1 WHERE id=?2", work_fields[f]);
		c->update[f] = prepare(c->store.db, sql);
	}
	c->find = prepare(c->store.db,
		"INSERT OR REPLACE INTO find(rowid,title,body) "
		"SELECT " TITLE_AND_BODY " WHERE id=?1");
}

static void
changing_close(struct changing *c)
{
	for (size_t f = 0; f < WORK_FIELDS; f++)
		sqlite3_finalize(c->update[f]);
	sqlite3_finalize(c->find);
	store_close(&c->store);
}

static void
change_one(struct changing *c, const char *id, const struct work_edit *e,
	struct buf *body)
{
	sqlite3_stmt *row = c->update[e->field];

	c->store.seq++;
	bind(row, 1, buf_text(&e->value));
	bind(row, 2, id);
	step(row);
	set_cell(&c->store, id, work_fields[e->field]);
	buf_clear(body);
	buf_printf(body, "{\"%s\":\"%s\"}", work_fields[e->field],
		buf_text(&e->value));
	add_log(&c->store, id, buf_text(body));
	if (!is_searched(e->field))
		return;
	bind(c->find, 1, id);
	step(c->find);
}

static struct spent
changing_time(size_t records, size_t changes)
{
	struct work_edit e = {0};
	struct work_record r = {0};
	struct spent start = spent_now();

	for (size_t i = 0; i < changes; i++) {
		work_change(i, records, &e);
		work_record(e.record, 1, &r);
	}
	buf_release(&e.value);
	work_record_release(&r);
	return spent_since(start);
}

struct spent
floor_changes_time(const char *file, size_t records, size_t changes,
	size_t at_once, int cache_kib)
{
	struct changing c;
	struct work_edit e = {0};
	struct work_record r = {0};
	struct buf body = BUF_INIT;
	char cache[64];
	struct spent making = changing_time(records, changes), start, took;

	changing_open(&c, file, records);
	snprintf(cache, sizeof(cache), "PRAGMA cache_size=-%d", cache_kib);
	run(c.store.db, cache);
	start = spent_now();
	for (size_t i = 0; i < changes; i++) {
		if (i % at_once == 0)
			run(c.store.db, i ? "COMMIT; BEGIN" : "BEGIN");
		work_change(i, records, &e);
		work_record(e.record, 1, &r);
		change_one(&c, r.id, &e, &body);
	}
	run(c.store.db, "COMMIT");
	took = spent_less(spent_since(start), making);
	changing_close(&c);
	buf_release(&e.value);
	buf_release(&body);
	work_record_release(&r);
	return took;
}
