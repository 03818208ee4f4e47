#include "common/schema.h"

#include <string.h>

#include "common/books.h"
#include "common/lay.h"

/* _meta's key of the shape that a kind's rows were laid in. */
#define SHAPE_KEY "'shape:'||?1"

/* Held edits, for a file that may have such tables. */
static enum status
make_held(struct sql *db, struct why *why)
{
	return sql_script(db,
		"CREATE TABLE IF NOT EXISTS _held(replica INTEGER, n INTEGER,"
		" kind TEXT, id TEXT, by TEXT, seq INTEGER, decided INTEGER,"
		" at INTEGER, decider TEXT, accepted INTEGER, reason TEXT,"
		" PRIMARY KEY(replica,n)) WITHOUT ROWID;"
		"CREATE INDEX IF NOT EXISTS _held_open ON _held(kind,id)"
		" WHERE decided IS NULL;"
		"CREATE INDEX IF NOT EXISTS _held_decided ON _held(decided)"
		" WHERE decided>0;"
		"CREATE INDEX IF NOT EXISTS _held_record ON _held(kind,id);"
		"CREATE TABLE IF NOT EXISTS _held_book(book TEXT,"
		" replica INTEGER, n INTEGER, pass INTEGER,"
		" PRIMARY KEY(book,replica,n))"
		" WITHOUT ROWID;"
		"CREATE INDEX IF NOT EXISTS _held_book_of"
		" ON _held_book(replica,n);"
		"INSERT OR IGNORE INTO _held(replica,n,kind,id,by,seq)"
		" SELECT replica,n,kind,id,by,seq FROM _entry WHERE state=1;",
		why);
}

/* What version 2 brought, in the form of version 5; replica.h says what is kept
 * there. A save writes but one page of the table and one of _outbox_record. */
#define OUTBOX_TABLE                                                         \
	"CREATE TABLE _outbox(replica INTEGER, n INTEGER, kind TEXT,"        \
	" id TEXT, body TEXT, seen INTEGER, wall INTEGER,"                   \
	" boot INTEGER, boot_id TEXT, at INTEGER, seq INTEGER,"              \
	" chain TEXT, floor INTEGER, PRIMARY KEY(replica,n)) WITHOUT ROWID;" \
	"CREATE INDEX _outbox_record ON _outbox(kind,id);"                   \
	"CREATE INDEX _outbox_seq ON _outbox(seq) WHERE seq IS NOT NULL;"
#define PAST_TABLES                                                      \
	"CREATE TABLE _number(number INTEGER PRIMARY KEY, upto INTEGER," \
	" next INTEGER);"                                                \
	"CREATE TABLE _renamed(number INTEGER, kind TEXT, id TEXT,"      \
	" now TEXT, PRIMARY KEY(number,kind,id)) WITHOUT ROWID;"         \
	"CREATE TABLE _aside(replica INTEGER, n INTEGER, at INTEGER,"    \
	" unsure INTEGER, by TEXT, kind TEXT, id TEXT, body TEXT,"       \
	" verdict TEXT, PRIMARY KEY(replica,n)) WITHOUT ROWID;"

/*
 * Full text, made to be written fast. Words are looked for by their beginning,
 * too: as one begins to type, by one letter and by two, which have indexes of
 * their own. Eight segments lie side by side before they are merged.
 */
#define FIND_TABLE                                                  \
	"CREATE VIRTUAL TABLE _find USING fts5(title, body,"        \
	" tokenize='unicode61 remove_diacritics 2', prefix='1 2');" \
	"INSERT INTO _find(_find,rank) VALUES('automerge',8);"

/* What version 3 brought: queries that a person keeps, and words by their first
 * letter. */
#define KEPT_TABLE                                             \
	"CREATE TABLE _kept(which TEXT, name TEXT, text TEXT," \
	" at INTEGER, PRIMARY KEY(which,name)) WITHOUT ROWID;"

/* What version 4 brought: what others changed and was not looked at. */
#define NEWS_TABLE                                            \
	"CREATE TABLE _news(kind TEXT, id TEXT, at INTEGER,"  \
	" first INTEGER, last INTEGER, PRIMARY KEY(kind,id))" \
	" WITHOUT ROWID;"

/* A beat's projects are counted from this alone: to read each of them by its id
 * takes a page of the file a project. */
#define COUNTED_INDEX                                            \
	"CREATE INDEX IF NOT EXISTS _project_counted ON project" \
	"(id,status,stage,updated_at,void);"

enum status
schema_make(struct sql *db, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql,
		"PRAGMA application_id=%d;"
		"PRAGMA user_version=%d;"
		"CREATE TABLE _meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
		"CREATE TABLE _entry(seq INTEGER PRIMARY KEY, replica INTEGER,"
		" n INTEGER, at INTEGER, unsure INTEGER, by TEXT, kind TEXT,"
		" id TEXT, body TEXT, verdict TEXT, state INTEGER,"
		" UNIQUE(replica,n));"
		"CREATE INDEX _entry_record ON _entry(kind,id,seq);"
		"CREATE INDEX _entry_state ON _entry(state) WHERE state>0;"
		"CREATE TABLE _cell(kind TEXT, id TEXT, field TEXT,"
		" seq INTEGER, PRIMARY KEY(kind,id,field)) WITHOUT "
		"ROWID;" OUTBOX_TABLE PAST_TABLES
		"CREATE TABLE _record(rowid INTEGER PRIMARY KEY, kind TEXT,"
		" id TEXT, UNIQUE(kind,id));"
		"CREATE TABLE _link(kind TEXT, id TEXT, field TEXT,"
		" target TEXT, PRIMARY KEY(kind,id,field,target))"
		" WITHOUT ROWID;"
		"CREATE INDEX _link_target ON _link(target,kind,field);"
		"CREATE TABLE _book(book TEXT PRIMARY KEY, joined INTEGER,"
		" head INTEGER, kind TEXT, id TEXT,"
		" pass INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
		"CREATE TABLE _in_book(kind TEXT, id TEXT, book TEXT,"
		" pass INTEGER NOT NULL DEFAULT 0,"
		" PRIMARY KEY(kind,id,book)) WITHOUT ROWID;"
		"CREATE INDEX _in_book_book ON _in_book(book);"
		"CREATE TABLE _conflict(kind TEXT, id TEXT, field TEXT,"
		" replica INTEGER, n INTEGER,"
		" PRIMARY KEY(kind,id,field,replica,n)) WITHOUT ROWID;"
		"CREATE TABLE _draft(name TEXT PRIMARY KEY, body TEXT,"
		" at INTEGER) WITHOUT ROWID;" KEPT_TABLE NEWS_TABLE FIND_TABLE,
		SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	return st ? st : make_held(db, why);
}

static enum status
read_version(struct sql *db, int64_t *version, struct why *why)
{
	return sql_int(db, 0, version, why, "PRAGMA user_version", "");
}

enum status
schema_check(struct sql *db, const char *path, struct why *why)
{
	int64_t application, version = 0;
	enum status st =
		sql_int(db, 0, &application, why, "PRAGMA application_id", "");

	if (!st)
		st = read_version(db, &version, why);
	if (st)
		return st;
	if (application != SCHEMA_APPLICATION_ID)
		return why_set(why, ST_FILE,
			"%s is not a Beatbook replica and was left as it is: "
			"name another file with -r",
			path);
	if (version > SCHEMA_VERSION)
		return why_set(why, ST_FILE,
			"%s was written by a newer Beatbook: update this "
			"program; nothing was changed",
			path);
	return ST_OK;
}

/*
 * Version 2 knows whose edits lie in the outbox, in which pass of filling a
 * record came into a book, and what was set aside. The chain of the newest
 * confirmed edit goes with that edit, or is the base where it is gone.
 */
static const char to_version_2[] =
	"DROP INDEX _outbox_record;"
	"DROP INDEX _outbox_seq;"
	"ALTER TABLE _outbox RENAME TO _outbox_1;" OUTBOX_TABLE PAST_TABLES
	"INSERT INTO _outbox(replica,n,kind,id,body,seen,wall,boot,boot_id,"
	"at,seq,chain) SELECT (SELECT value FROM _meta WHERE key='replica'),"
	"n,kind,id,body,seen,wall,boot,boot_id,at,seq,CASE WHEN n="
	"(SELECT value FROM _meta WHERE key='confirmed') THEN "
	"(SELECT value FROM _meta WHERE key='chain') END FROM _outbox_1;"
	"DROP TABLE _outbox_1;"
	"INSERT INTO _meta(key,value) SELECT 'base',value FROM _meta "
	"WHERE key='confirmed' AND value NOT IN (SELECT n FROM _outbox);"
	"INSERT INTO _meta(key,value) SELECT 'base_chain',value FROM _meta "
	"WHERE key='chain' AND EXISTS(SELECT 1 FROM _meta WHERE key='base');"
	"ALTER TABLE _book ADD COLUMN pass INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE _in_book ADD COLUMN pass INTEGER NOT NULL DEFAULT 0;"
	"PRAGMA user_version=2;";

static enum status
laid_kinds(struct sql *db, struct names *out, struct why *why)
{
	sqlite3_stmt *s = sql_use(db,
		"SELECT substr(key,7) FROM _meta WHERE key GLOB 'shape:*'", "");
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row)
		names_push(out, sql_column(s, 0));
	return st;
}

/* Records that are void are few: they are counted by an index of their own. */
#define VOID_INDEX                                               \
	"CREATE INDEX IF NOT EXISTS \"_%s_void\" ON \"%s\"(id) " \
	"WHERE void IS NOT NULL;"

static enum status
to_version_3(struct sql *db, struct why *why)
{
	struct names laid = {0};
	struct buf sql = BUF_INIT;
	enum status st = laid_kinds(db, &laid, why);

	buf_puts(&sql, KEPT_TABLE
		"ALTER TABLE _find RENAME TO _find_2;" FIND_TABLE
		"INSERT INTO _find(rowid,title,body) SELECT rowid,title,body "
		"FROM _find_2;"
		"DROP TABLE _find_2;");
	for (size_t i = 0; i < laid.count; i++)
		buf_printf(&sql, VOID_INDEX, laid.items[i], laid.items[i]);
	if (!st)
		st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	names_release(&laid);
	return st;
}

static enum status
to_version_4(struct sql *db, struct why *why)
{
	struct names laid = {0};
	struct buf sql = BUF_INIT;
	enum status st = laid_kinds(db, &laid, why);

	buf_puts(&sql, NEWS_TABLE);
	if (names_have(&laid, "project"))
		buf_puts(&sql, COUNTED_INDEX);
	if (!st)
		st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	names_release(&laid);
	return st;
}

/* Version 5 has an outbox that is written in fewer pages; until words are looked
 * for, those of all edits in it count as due. */
static enum status
to_version_5(struct sql *db, struct why *why)
{
	return sql_script(db,
		"DROP INDEX _outbox_record;"
		"DROP INDEX _outbox_seq;"
		"ALTER TABLE _outbox RENAME TO _outbox_4;" OUTBOX_TABLE
		"INSERT INTO _outbox(replica,n,kind,id,body,seen,wall,boot,"
		"boot_id,at,seq,chain,floor) SELECT replica,n,kind,id,body,"
		"seen,wall,boot,boot_id,at,seq,chain,floor FROM _outbox_4;"
		"DROP TABLE _outbox_4;"
		"PRAGMA user_version=5;",
		why);
}

/* Another process may have done it between the look and the lock. */
enum status
schema_upgrade(struct sql *db, struct why *why)
{
	int64_t version;
	enum status st = read_version(db, &version, why);

	if (st || version >= SCHEMA_VERSION)
		return st;
	st = sql_begin(db, why);
	if (!st)
		st = read_version(db, &version, why);
	if (!st && version < 2)
		st = sql_script(db, to_version_2, why);
	if (!st && version < 3)
		st = to_version_3(db, why);
	if (!st && version < 4)
		st = to_version_4(db, why);
	if (!st && version < 5)
		st = to_version_5(db, why);
	if (!st)
		st = make_held(db, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

static const char *
column_type(const struct field *f)
{
	if (f->type == TYPE_INT || f->type == TYPE_BOOL)
		return "INTEGER";
	return f->type == TYPE_REAL ? "REAL" : "TEXT";
}

static enum status
has_column(struct sql *db, const char *kind, const char *column, bool *has,
	struct why *why)
{
	int64_t found;
	enum status st = sql_int(db, 0, &found, why,
		"SELECT 1 FROM pragma_table_info(?1) WHERE name=?2", "ss", kind,
		column);

	*has = found != 0;
	return st;
}

/* A new table has all its columns at once: each that is added later makes
 * SQLite read the whole schema again. */
static enum status
make_table(struct sql *db, const struct kind *k, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql,
		"CREATE TABLE IF NOT EXISTS \"%s\"(id TEXT PRIMARY KEY, "
		"void TEXT, created_at TEXT, created_by TEXT, updated_at TEXT, "
		"updated_by TEXT",
		k->name);
	for (size_t i = 0; i < k->field_count; i++)
		buf_printf(&sql, ", \"%s\" %s", k->fields[i].name,
			column_type(&k->fields[i]));
	buf_printf(&sql,
		");CREATE INDEX IF NOT EXISTS \"_%s_updated\" ON "
		"\"%s\"(updated_at);" VOID_INDEX,
		k->name, k->name, k->name, k->name);
	st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	return st;
}

static enum status
make_column(struct sql *db, const struct kind *k, const struct field *f,
	struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", k->name,
		f->name, column_type(f));
	st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	return st;
}

static enum status
make_indexes(struct sql *db, const struct kind *k, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *f = &k->fields[i];

		if (f->indexed || strcmp(f->name, k->title) == 0)
			buf_printf(&sql,
				"CREATE INDEX IF NOT EXISTS \"_%s_%s\" ON "
				"\"%s\"(\"%s\");",
				k->name, f->name, k->name, f->name);
	}
	if (strcmp(k->name, "project") == 0)
		buf_puts(&sql, COUNTED_INDEX);
	st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	return st;
}

/* Ids of records of this kind: all that the log or the outbox speaks of. */
static enum status
kind_records(const struct tables *t, const char *kind, struct names *ids,
	struct why *why)
{
	sqlite3_stmt *s = sql_use(
		t->db, "SELECT id FROM _record WHERE kind=?1", "s", kind);

	return sql_names(t->db, s, ids, NULL, why);
}

/* What the rows of a kind depend on, as text: its columns, how their values
 * are kept, and which is the title. */
static void
kind_shape(const struct kind *k, struct buf *out)
{
	buf_puts(out, k->title);
	for (size_t i = 0; i < k->field_count; i++)
		buf_printf(out, " %s:%d", k->fields[i].name,
			(int)k->fields[i].type);
}

static enum status
shape_known(struct sql *db, const struct kind *k, const char *shape,
	bool *known, struct why *why)
{
	int64_t found;
	enum status st = sql_int(db, 0, &found, why,
		"SELECT 1 FROM _meta WHERE key=" SHAPE_KEY " AND value=?2",
		"ss", k->name, shape);

	*known = found != 0;
	return st;
}

/* Empty a kind's table, and what was kept beside it. */
static enum status
clear_kind(struct sql *db, const char *kind, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st;

	buf_printf(&sql,
		"DELETE FROM \"%s\";"
		"DELETE FROM _link WHERE kind='%s';"
		"DELETE FROM _find WHERE rowid IN "
		"(SELECT rowid FROM _record WHERE kind='%s');",
		kind, kind, kind);
	st = sql_script(db, buf_text(&sql), why);
	buf_release(&sql);
	return st;
}

static enum status
lay_kind(const struct tables *t, const struct kind *k, struct why *why)
{
	struct names ids = {0};
	enum status st = clear_kind(t->db, k->name, why);

	if (!st)
		st = kind_records(t, k->name, &ids, why);
	for (size_t i = 0; !st && i < ids.count; i++)
		st = lay_record(t, k->name, ids.items[i], why);
	names_release(&ids);
	return st;
}

static enum status
grow_table(struct sql *db, const struct kind *k, struct why *why)
{
	enum status st = make_table(db, k, why);

	for (size_t i = 0; !st && i < k->field_count; i++) {
		bool has;

		st = has_column(db, k->name, k->fields[i].name, &has, why);
		if (!st && !has)
			st = make_column(db, k, &k->fields[i], why);
	}
	return st ? st : make_indexes(db, k, why);
}

static enum status
follow_kind(const struct tables *t, const struct kind *k, struct why *why)
{
	struct buf shape = BUF_INIT;
	bool known;
	enum status st;

	kind_shape(k, &shape);
	st = shape_known(t->db, k, buf_text(&shape), &known, why);
	if (!st && !known) {
		st = grow_table(t->db, k, why);
		if (!st)
			st = lay_kind(t, k, why);
		if (!st)
			st = sql_run(t->db, why,
				"INSERT OR REPLACE INTO _meta(key,value) "
				"VALUES(" SHAPE_KEY ",?2)",
				"ss", k->name, buf_text(&shape));
	}
	buf_release(&shape);
	return st;
}

/* What the catalogue no longer knows is kept in log and cells alone. */
static enum status
drop_unknown(const struct tables *t, struct why *why)
{
	struct names laid = {0};
	enum status st = laid_kinds(t->db, &laid, why);

	for (size_t i = 0; !st && i < laid.count; i++) {
		if (catalog_kind(t->catalog, laid.items[i]))
			continue;
		st = clear_kind(t->db, laid.items[i], why);
		if (!st)
			st = sql_run(t->db, why,
				"DELETE FROM _meta WHERE key=" SHAPE_KEY, "s",
				laid.items[i]);
	}
	names_release(&laid);
	return st;
}

enum status
schema_follow(const struct tables *t, struct why *why)
{
	enum status st = drop_unknown(t, why);

	for (size_t i = 0; !st && i < t->catalog->kind_count; i++)
		st = follow_kind(t, &t->catalog->kinds[i], why);
	return st;
}
