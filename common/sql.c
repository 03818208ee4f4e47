#include "common/sql.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/durable.h"
#include "common/names.h"
#include "common/table.h"

#define SLOTS 512 /* of the statement table; a power of two */

struct sql {
	sqlite3 *handle;
	const char *what;
	char *path;
	sqlite3_stmt *slots[SLOTS];
	size_t used;
	int looks; /* sql_look() within another */
	int patience_ms;
};

/* A replica is one of many; a hub's file and its backups are not. */
static enum status
damaged(const struct sql *db, struct why *why)
{
	bool replica = strcmp(db->what, "replica") == 0;

	return why_set(why, ST_FILE,
		"%s (%s) is damaged and was left as it is: %s", db->what,
		db->path,
		replica ? "run `beatbook verify` to see how far, keep the "
			  "file, and enroll again into a new one"
			: "keep the file, and restore a good backup");
}

enum status
sql_error(struct sql *db, struct why *why)
{
	int code = sqlite3_errcode(db->handle);

	switch (code & 0xff) {
	case SQLITE_FULL:
		return why_set(why, ST_FILE,
			"the disk is full: free some space and try again; "
			"nothing was changed");
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return why_set(why, ST_FILE,
			"%s (%s) cannot be written: check its permissions and "
			"that the disk is not read-only; nothing was changed",
			db->what, db->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return why_set(why, ST_FILE,
			"%s (%s) is in use by another program: try again; "
			"nothing was changed",
			db->what, db->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(db, why);
	case SQLITE_CANTOPEN:
		return why_set(why, ST_FILE,
			"%s (%s) cannot be opened: check the name, and the "
			"permissions of the file and its folder",
			db->what, db->path);
	default:
		return why_set(why, ST_FILE,
			"%s (%s) failed (%s): nothing was changed, try again",
			db->what, db->path, sqlite3_errmsg(db->handle));
	}
}

bool
sql_busy(const struct sql *db)
{
	int code = sqlite3_errcode(db->handle) & 0xff;

	return code == SQLITE_BUSY || code == SQLITE_LOCKED;
}

int
sql_patience(struct sql *db, int ms)
{
	int before = db->patience_ms;

	db->patience_ms = ms;
	sqlite3_busy_timeout(db->handle, ms);
	return before;
}

/* "the backup" after "no". */
static const char *
without_article(const char *what)
{
	return strncmp(what, "the ", 4) == 0 ? what + 4 : what;
}

/* What stands at the path, before SQLite is asked: it names no cause. */
static enum status
check_path(const struct sql *db, struct why *why)
{
	struct stat at;
	bool there = stat(db->path, &at) == 0;

	if (!there && (errno == ENOENT || errno == ENOTDIR))
		return why_set(why, ST_NOT_FOUND, "there is no %s at %s",
			without_article(db->what), db->path);
	if (there && !S_ISREG(at.st_mode))
		return why_set(why, ST_FILE, "%s is %s, no %s: check the name",
			db->path,
			S_ISDIR(at.st_mode) ? "a folder" : "no ordinary file",
			without_article(db->what));
	if (access(db->path, R_OK) != 0)
		return why_set(why, ST_FILE,
			"%s (%s) cannot be read (%s): check the name and its "
			"permissions",
			db->what, db->path, strerror(errno));
	return ST_OK;
}

static enum status
open_handle(struct sql *db, enum sql_mode mode, struct why *why)
{
	int flags =
		mode == SQL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	enum status st;
	int fd;

	if (mode == SQL_CREATE) {
		fd = open(db->path, O_RDWR | O_CREAT, 0600);
		if (fd < 0)
			return why_set(why, ST_FILE,
				"%s cannot be made at %s: check the folder",
				db->what, db->path);
		close(fd);
	} else {
		st = check_path(db, why);
		if (st)
			return st;
	}
	if (sqlite3_open_v2(db->path, &db->handle, flags | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK)
		return sql_error(db, why);
	sql_patience(db, SQL_PATIENCE_MS);
	sqlite3_extended_result_codes(db->handle, 1);
	if (mode == SQL_READ)
		return sql_script(
			db, "SELECT count(*) FROM sqlite_schema", why);
	return sql_script(db,
		"PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL;"
		"PRAGMA trusted_schema=OFF;"
		"PRAGMA temp_store=MEMORY;"
		"SELECT count(*) FROM sqlite_schema",
		why);
}

enum status
sql_open(const char *path, enum sql_mode mode, const char *what,
	struct sql **out, struct why *why)
{
	struct sql *db = mem_alloc(sizeof(*db));
	enum status st;

	/* Nobody asks how much memory is taken; heard before the first file
	 * alone. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	db->what = what;
	db->path = mem_text(path);
	st = open_handle(db, mode, why);
	if (st) {
		sql_close(db);
		db = NULL;
	}
	*out = db;
	return st;
}

/* Tell a finding; SQLite's own words where there is no row of its check. */
static void
report_finding(struct buf *report, const char *text, int *findings)
{
	++*findings;
	buf_puts(report, "the file: ");
	put_shown(report, text, 0);
	buf_putc(report, '\n');
}

static enum status
check_integrity(struct sql *db, struct buf *report, bool *database,
	int *findings, struct why *why)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(
		db->handle, "PRAGMA integrity_check(100)", -1, &s, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(s);
		if (rc == SQLITE_ROW && strcmp(sql_column(s, 0), "ok") != 0)
			report_finding(report, sql_column(s, 0), findings);
	}
	sqlite3_finalize(s);
	*database = (rc & 0xff) != SQLITE_NOTADB;
	if (rc == SQLITE_DONE || !*database)
		return ST_OK;
	if ((rc & 0xff) != SQLITE_CORRUPT)
		return sql_error(db, why);
	report_finding(report, sqlite3_errstr(rc), findings);
	return ST_OK;
}

enum status
sql_inspect(const char *path, const char *what, struct buf *report,
	bool *database, int *findings, struct why *why)
{
	struct sql *db = mem_alloc(sizeof(*db));
	enum status st;

	db->what = what;
	db->path = mem_text(path);
	*database = false;
	*findings = 0;
	st = check_path(db, why);
	if (!st && sqlite3_open_v2(path, &db->handle,
			   SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
			   NULL) != SQLITE_OK)
		st = sql_error(db, why);
	if (!st)
		st = check_integrity(db, report, database, findings, why);
	sql_close(db);
	return st;
}

void
sql_close(struct sql *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		sqlite3_finalize(db->slots[i]);
	sqlite3_close(db->handle);
	free(db->path);
	free(db);
}

void
sql_remove(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		char *name = mem_printf("%s%s", path, ends[i]);

		unlink(name);
		free(name);
	}
}

enum status
sql_settle(struct sql *db, const char *part, const char *path, struct why *why)
{
	enum status st = sql_script(db, "PRAGMA journal_mode=DELETE", why);

	sql_close(db);
	if (!st && !durable_rename(part, path))
		st = why_set(why, ST_FILE,
			"%s cannot be written (%s): check the folder", path,
			strerror(errno));
	if (st)
		sql_remove(part);
	return st;
}

sqlite3 *
sql_handle(struct sql *db)
{
	return db->handle;
}

/* Eight bytes at a time: statements are long, and looked for often. */
static size_t
text_slot(const char *text)
{
	size_t len = strlen(text);
	uint64_t h = len, word;

	for (; len >= sizeof(word); text += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	for (; len; text++, len--)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h >> 32) & (SLOTS - 1);
}

/* Too many texts: keep only what is being stepped right now. */
static void
drop_idle(struct sql *db)
{
	sqlite3_stmt *busy[SLOTS];
	size_t count = 0;

	for (size_t i = 0; i < SLOTS; i++) {
		sqlite3_stmt *s = db->slots[i];

		db->slots[i] = NULL;
		if (s && sqlite3_stmt_busy(s))
			busy[count++] = s;
		else
			sqlite3_finalize(s);
	}
	db->used = count;
	for (size_t i = 0; i < count; i++) {
		size_t slot = text_slot(sqlite3_sql(busy[i]));

		while (db->slots[slot])
			slot = (slot + 1) & (SLOTS - 1);
		db->slots[slot] = busy[i];
	}
}

static sqlite3_stmt *
find_statement(struct sql *db, const char *text)
{
	size_t slot;
	int rc;

	if (db->used >= SLOTS * 3 / 4)
		drop_idle(db);
	slot = text_slot(text);
	while (db->slots[slot]) {
		if (strcmp(sqlite3_sql(db->slots[slot]), text) == 0) {
			sqlite3_reset(db->slots[slot]);
			return db->slots[slot];
		}
		slot = (slot + 1) & (SLOTS - 1);
	}
	rc = sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
		&db->slots[slot], NULL);
	if (rc == SQLITE_OK)
		db->used++;
	assert(rc == SQLITE_OK || (rc & 0xff) != SQLITE_ERROR);
	return db->slots[slot];
}

static void
bind_all(sqlite3_stmt *s, const char *fmt, va_list ap)
{
	for (int i = 1; *fmt; fmt++, i++) {
		const char *p;

		switch (*fmt) {
		case 's':
			p = va_arg(ap, const char *);
			sqlite3_bind_text(s, i, p, -1, SQLITE_STATIC);
			break;
		case 'i':
			sqlite3_bind_int64(s, i, va_arg(ap, int64_t));
			break;
		case 'b':
			p = va_arg(ap, const char *);
			sqlite3_bind_blob64(
				s, i, p, va_arg(ap, size_t), SQLITE_STATIC);
			break;
		default:
			assert(*fmt == '-');
			sqlite3_bind_null(s, i);
			break;
		}
	}
}

static sqlite3_stmt *
use_list(struct sql *db, const char *text, const char *fmt, va_list ap)
{
	sqlite3_stmt *s = find_statement(db, text);

	if (s)
		bind_all(s, fmt, ap);
	return s;
}

sqlite3_stmt *
sql_use(struct sql *db, const char *text, const char *fmt, ...)
{
	sqlite3_stmt *s;
	va_list ap;

	va_start(ap, fmt);
	s = use_list(db, text, fmt, ap);
	va_end(ap);
	return s;
}

enum status
sql_step(struct sql *db, sqlite3_stmt *s, bool *row, struct why *why)
{
	int rc = s ? sqlite3_step(s) : SQLITE_ERROR;
	enum status st;

	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW)
		return ST_OK;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(s);
		return ST_OK;
	}
	st = sql_error(db, why);
	sqlite3_reset(s);
	return st;
}

enum status
sql_names(struct sql *db, sqlite3_stmt *s, struct names *first,
	struct names *second, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		names_push(first, sql_column(s, 0));
		if (second)
			names_push(second, sql_column(s, 1));
	}
	return st;
}

enum status
sql_run(struct sql *db, struct why *why, const char *text, const char *fmt, ...)
{
	enum status st;
	sqlite3_stmt *s;
	va_list ap;
	bool row;

	va_start(ap, fmt);
	s = use_list(db, text, fmt, ap);
	va_end(ap);
	do {
		st = sql_step(db, s, &row, why);
	} while (!st && row);
	return st;
}

enum status
sql_script(struct sql *db, const char *text, struct why *why)
{
	if (sqlite3_exec(db->handle, text, NULL, NULL, NULL) != SQLITE_OK)
		return sql_error(db, why);
	return ST_OK;
}

/* The first row of a statement, which the caller resets if there is one. */
static enum status
first_row(struct sql *db, sqlite3_stmt **s, bool *row, struct why *why,
	const char *text, const char *fmt, va_list ap)
{
	*s = use_list(db, text, fmt, ap);
	return sql_step(db, *s, row, why);
}

enum status
sql_int(struct sql *db, int64_t otherwise, int64_t *out, struct why *why,
	const char *text, const char *fmt, ...)
{
	enum status st;
	sqlite3_stmt *s;
	va_list ap;
	bool row;

	va_start(ap, fmt);
	st = first_row(db, &s, &row, why, text, fmt, ap);
	va_end(ap);
	*out = otherwise;
	if (st || !row)
		return st;
	if (sqlite3_column_type(s, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return ST_OK;
}

enum status
sql_text(struct sql *db, char **out, struct why *why, const char *text,
	const char *fmt, ...)
{
	enum status st;
	sqlite3_stmt *s;
	va_list ap;
	bool row;

	va_start(ap, fmt);
	st = first_row(db, &s, &row, why, text, fmt, ap);
	va_end(ap);
	*out = NULL;
	if (st || !row)
		return st;
	*out = mem_text((const char *)sqlite3_column_text(s, 0));
	sqlite3_reset(s);
	return ST_OK;
}

const char *
sql_column(sqlite3_stmt *s, int column)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	return text ? text : "";
}

void
sql_look(struct sql *db)
{
	struct why ignored; /* each statement looks for itself then */

	if (db->looks || (!sql_in_transaction(db) &&
				 sql_run(db, &ignored, "BEGIN", "") == ST_OK))
		db->looks++;
}

static void
end_looks(struct sql *db)
{
	struct why ignored;

	if (db->looks && sql_run(db, &ignored, "COMMIT", ""))
		sql_rollback(db);
	db->looks = 0;
}

void
sql_looked(struct sql *db)
{
	if (db->looks > 1)
		db->looks--;
	else
		end_looks(db);
}

enum status
sql_begin(struct sql *db, struct why *why)
{
	end_looks(db);
	return sql_run(db, why, "BEGIN IMMEDIATE", "");
}

enum status
sql_commit(struct sql *db, struct why *why)
{
	return sql_run(db, why, "COMMIT", "");
}

void
sql_rollback(struct sql *db)
{
	struct why ignored;

	/* A failure to roll back leaves no transaction to roll back. */
	if (sql_in_transaction(db) && sql_run(db, &ignored, "ROLLBACK", ""))
		return;
}

bool
sql_in_transaction(const struct sql *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

bool
sql_writing(const struct sql *db)
{
	return sqlite3_txn_state(db->handle, NULL) == SQLITE_TXN_WRITE;
}
