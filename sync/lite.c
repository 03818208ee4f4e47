/* The hub's log in one SQLite file, PLACE/hub.db. */
#include "sync/lite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/durable.h"

#define FILE_NAME "hub.db"
#define PART_NAME FILE_NAME ".part" /* until it is whole */
#define WHAT "the hub's log"
#define META_DURABLE "durable"
#define PAGES_AT_ONCE 1000 /* of a copy, between two words on how far it is */

static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE replica(number INTEGER PRIMARY KEY, badge TEXT NOT NULL,"
	" device TEXT NOT NULL, enrolled INTEGER NOT NULL,"
	" synced INTEGER NOT NULL, n INTEGER NOT NULL, chain BLOB NOT NULL,"
	" revoked INTEGER NOT NULL);"
	"CREATE TABLE invite(badge TEXT PRIMARY KEY, code BLOB NOT NULL,"
	" expires INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE entry(seq INTEGER PRIMARY KEY, replica INTEGER NOT NULL,"
	" n INTEGER NOT NULL, at INTEGER NOT NULL, unsure INTEGER NOT NULL,"
	" came INTEGER NOT NULL, by TEXT NOT NULL, kind TEXT NOT NULL,"
	" id TEXT NOT NULL, body TEXT NOT NULL, verdict TEXT NOT NULL,"
	" state INTEGER NOT NULL, seen INTEGER NOT NULL, wall INTEGER NOT NULL,"
	" boot INTEGER NOT NULL, boot_id TEXT NOT NULL, chain BLOB NOT NULL,"
	" nonce BLOB NOT NULL, leaf BLOB NOT NULL, hash BLOB,"
	" UNIQUE(replica, n));"
	"CREATE INDEX entry_record ON entry(kind, id, seq);"
	"CREATE TABLE cell(kind TEXT, id TEXT, field TEXT,"
	" seq INTEGER NOT NULL, replica INTEGER NOT NULL, n INTEGER NOT NULL,"
	" at INTEGER NOT NULL, value TEXT NOT NULL,"
	" PRIMARY KEY(kind, id, field)) WITHOUT ROWID;"
	"CREATE TABLE loser(kind TEXT, id TEXT, field TEXT, replica INTEGER,"
	" n INTEGER, PRIMARY KEY(kind, id, field, replica, n)) WITHOUT ROWID;"
	"CREATE TABLE link(kind TEXT, field TEXT, target TEXT, id TEXT,"
	" PRIMARY KEY(kind, field, target, id)) WITHOUT ROWID;"
	"CREATE INDEX link_from ON link(kind, id, field);"
	"CREATE TABLE lean(target TEXT, kind TEXT, id TEXT,"
	" PRIMARY KEY(target, kind, id)) WITHOUT ROWID;"
	"CREATE INDEX lean_from ON lean(kind, id);"
	"CREATE TABLE record_book(kind TEXT, id TEXT, book TEXT,"
	" since INTEGER NOT NULL, PRIMARY KEY(kind, id, book)) WITHOUT ROWID;"
	"CREATE INDEX record_book_book ON record_book(book, kind, id, since);"
	"CREATE TABLE move(seq INTEGER, place INTEGER, kind TEXT NOT NULL,"
	" id TEXT NOT NULL, book TEXT NOT NULL, move INTEGER NOT NULL,"
	" PRIMARY KEY(seq, place)) WITHOUT ROWID;"
	"CREATE INDEX move_record ON move(kind, id, seq);"
	"INSERT INTO meta VALUES('format', '" LITE_FORMAT
	"'), ('durable', '0');";

struct sql *
lite_db(struct hub_log *l)
{
	return ((struct lite *)l)->db;
}

static void
lite_close(struct hub_log *l)
{
	struct lite *log = (struct lite *)l;

	sql_close(log->db);
	free(log->path);
	free(log);
}

/* The copy is of this moment, however long it takes: one that is written to
 * meanwhile would be begun anew each time. */
static enum status
hold_still(struct sql *from, struct why *why)
{
	return sql_script(from, "BEGIN; SELECT 1 FROM meta LIMIT 1;", why);
}

/* All pages, while others go on reading and writing. */
static enum status
copy_pages(struct sql *from, struct sql *to, const struct progress *progress,
	struct why *why)
{
	enum status st = hold_still(from, why);
	sqlite3_backup *b;
	int rc;

	if (st)
		return st;
	b = sqlite3_backup_init(
		sql_handle(to), "main", sql_handle(from), "main");
	if (!b) {
		sql_rollback(from);
		return sql_error(to, why);
	}
	do {
		rc = sqlite3_backup_step(b, PAGES_AT_ONCE);
		progress_tell(progress,
			sqlite3_backup_pagecount(b) -
				sqlite3_backup_remaining(b),
			sqlite3_backup_pagecount(b));
		if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
			sqlite3_sleep(20);
	} while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
	rc = sqlite3_backup_finish(b);
	sql_rollback(from);
	return rc == SQLITE_OK ? ST_OK : sql_error(to, why);
}

/* Give a file that was made without fault (`st`) its name; else it goes. */
static enum status
settle(struct sql *db, enum status st, const char *part, const char *path,
	struct why *why)
{
	if (!st)
		return sql_settle(db, part, path, why);
	sql_close(db);
	sql_remove(part);
	return st;
}

/* All entries of this very file are safe with it: say so in it. */
static enum status
mark_copy(struct sql *copy, int64_t *seq, struct why *why)
{
	enum status st =
		sql_int(copy, 0, seq, why, "SELECT max(seq) FROM entry", "");

	if (!st)
		st = sql_run(copy, why,
			"UPDATE meta SET value=?1 WHERE key='" META_DURABLE "'",
			"i", *seq);
	return st;
}

/* A whole file appears under its name, or none. */
static enum status
lite_backup(struct hub_log *l, const char *file, int64_t *seq, struct why *why)
{
	struct sql *copy = NULL;
	enum status st;
	char *part;

	if (access(file, F_OK) == 0)
		return why_set(why, ST_FILE,
			"%s exists already: give another name", file);
	part = mem_printf("%s.part", file);
	sql_remove(part);
	st = sql_open(part, SQL_CREATE, "the backup", &copy, why);
	if (!st)
		st = copy_pages(((struct lite *)l)->db, copy, l->progress, why);
	if (!st)
		st = mark_copy(copy, seq, why);
	st = settle(copy, st, part, file, why);
	free(part);
	return st;
}

static enum status
open_file(const char *place, const char *name, enum sql_mode mode,
	struct hub_log **out, struct why *why)
{
	struct lite *log = mem_alloc(sizeof(*log));
	enum status st;

	log->ops.close = lite_close;
	log->ops.backup = lite_backup;
	lite_entry_ops(&log->ops);
	lite_record_ops(&log->ops);
	lite_held_ops(&log->ops);
	lite_copy_ops(&log->ops);
	lite_news_ops(&log->ops);
	log->base.ops = &log->ops;
	log->path = mem_printf("%s/%s", place, name);
	st = sql_open(log->path, mode, WHAT, &log->db, why);
	if (st) {
		lite_close(&log->base);
		return st;
	}
	*out = &log->base;
	return ST_OK;
}

/* Tables that an older log does not have. */
static enum status
make_tables(struct sql *db, struct why *why)
{
	enum status st = lite_held_make(db, why);

	if (!st)
		st = lite_copies_make(db, why);
	return st ? st : lite_news_make(db, why);
}

static bool
format_known(const char *format)
{
	return strcmp(format, LITE_FORMAT) == 0 || strcmp(format, "1") == 0;
}

enum status
hub_log_open(const char *place, struct hub_log **out, struct why *why)
{
	enum status st = open_file(place, FILE_NAME, SQL_EXISTING, out, why);
	struct buf format = BUF_INIT;

	if (st == ST_NOT_FOUND)
		return why_set(why, ST_NOT_FOUND,
			"there is no hub in %s: name its folder with -d, or "
			"make one with `beatbook-hub init`",
			place);
	if (st)
		return st;
	st = LOG(*out, meta, "format", &format, why);
	if (!st && !format_known(buf_text(&format)))
		st = why_set(why, ST_FILE,
			"the log in %s was written by a newer hub: use that",
			place);
	if (!st)
		st = make_tables(lite_db(*out), why);
	if (st) {
		hub_log_close(*out);
		*out = NULL;
	}
	buf_release(&format);
	return st;
}

/* A folder that did not exist, or one without a log in it. */
static enum status
empty_place(const char *place, struct why *why)
{
	char *path = mem_printf("%s/" FILE_NAME, place);
	bool taken = access(path, F_OK) == 0;
	int made = 0;

	free(path);
	if (taken)
		return why_set(why, ST_FILE,
			"there is a hub in %s already: name an empty folder "
			"with -d",
			place);
	if (!durable_folder(place))
		made = errno;
	if (made && access(place, W_OK | X_OK) != 0)
		return why_set(why, ST_FILE,
			"the folder %s cannot be made (%s): make it for this "
			"account, or name another with -d",
			place, strerror(made == EEXIST ? errno : made));
	if (chmod(place, 0700) != 0)
		return why_set(why, ST_FILE,
			"the folder %s is another user's: give your own",
			place);
	path = mem_printf("%s/" PART_NAME, place);
	sql_remove(path);
	free(path);
	return ST_OK;
}

enum status
hub_log_make(const char *place, struct hub_log **out, struct why *why)
{
	enum status st = empty_place(place, why);

	if (!st)
		st = open_file(place, PART_NAME, SQL_CREATE, out, why);
	if (st)
		return st;
	st = sql_script(lite_db(*out), schema, why);
	if (!st)
		st = make_tables(lite_db(*out), why);
	if (st) {
		hub_log_close(*out);
		*out = NULL;
	}
	return st;
}

enum status
hub_log_settle(struct hub_log *l, const char *place, struct why *why)
{
	struct lite *log = (struct lite *)l;
	char *path = mem_printf("%s/" FILE_NAME, place);
	enum status st = sql_settle(log->db, log->path, path, why);

	log->db = NULL;
	hub_log_close(l);
	free(path);
	return st;
}

/* Is this file a whole log? Tables, format and every page. */
static enum status
check_backup(struct sql *db, const char *file, struct why *why)
{
	char *word = NULL;
	int64_t tables = 0;
	bool good = false;
	enum status st = sql_int(db, 0, &tables, why,
		"SELECT count(*) FROM sqlite_schema WHERE name IN"
		" ('meta', 'replica', 'entry', 'cell', 'record_book', 'move')",
		"");

	if (!st && tables == 6)
		st = sql_text(db, &word, why, "PRAGMA quick_check(1)", "");
	good = !st && word && strcmp(word, "ok") == 0;
	free(word);
	if (good)
		return ST_OK;
	return why_set(why, ST_DATA,
		"%s is not a whole backup of a hub: "
		"take another",
		file);
}

/* The copy has no incarnation until the caller gives it one: a restore that
 * breaks off leaves nothing that passes for the old hub. */
static enum status
copy_backup(struct sql *from, struct sql *to, struct why *why)
{
	enum status st = copy_pages(from, to, NULL, why);

	if (!st)
		st = lite_past_add(to, why);
	if (!st)
		st = sql_script(to,
			"UPDATE meta SET value='' WHERE key='incarnation'",
			why);
	return st;
}

static enum status
restore_file(struct sql *from, const char *place, struct why *why)
{
	char *path = mem_printf("%s/" FILE_NAME, place);
	char *part = mem_printf("%s/" PART_NAME, place);
	struct sql *to;
	enum status st = sql_open(part, SQL_CREATE, WHAT, &to, why);

	if (!st)
		st = copy_backup(from, to, why);
	st = settle(to, st, part, path, why);
	free(part);
	free(path);
	return st;
}

enum status
hub_log_restore(const char *place, const char *file, struct hub_log **out,
	struct why *why)
{
	struct sql *from;
	enum status st = sql_open(file, SQL_READ, "the backup", &from, why);

	if (st == ST_FILE)
		return why_set(why, ST_DATA,
			"%s is not a whole backup of a hub: take another",
			file);
	if (st)
		return st;
	st = check_backup(from, file, why);
	if (!st)
		st = empty_place(place, why);
	if (!st)
		st = restore_file(from, place, why);
	sql_close(from);
	return st ? st : hub_log_open(place, out, why);
}
