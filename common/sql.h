/*
 * sql.h - SQLite with statements that are prepared once, and errors as
 * sentences. Used by the replica and by the hub's embedded log.
 */
#ifndef COMMON_SQL_H
#define COMMON_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

struct buf;
struct names;
struct sql; /* opaque: one connection and its statements */

/* How long another program is waited for that holds the file, ms. */
#define SQL_PATIENCE_MS 5000

enum sql_mode { SQL_EXISTING, SQL_CREATE, SQL_READ };

/*
 * Open `path` in WAL with synchronous=FULL and the usual patience; the file
 * is made readable by its owner alone. `what` names it in messages, such as
 * "the replica". *out belongs to the caller (sql_close).
 * ST_NOT_FOUND: no file. ST_FILE: locked, damaged, or not a database.
 */
MUST_CHECK enum status sql_open(const char *path, enum sql_mode mode,
	const char *what, struct sql **out, struct why *why);
/*
 * Look into a file that may be damaged, without changing it. Each finding is
 * counted, and added to `report` as a line. ST_FILE: it cannot be read, or is
 * in use; *database is false where SQLite does not know it for its own.
 */
MUST_CHECK enum status sql_inspect(const char *path, const char *what,
	struct buf *report, bool *database, int *findings, struct why *why);
void sql_close(struct sql *db); /* NULL is fine */

/*
 * A database that is made under another name first and is whole before it has
 * its own. settle closes `db`, whose file is `part`, and gives it the name
 * `path`: one file without a log beside it, there after a loss of power. On
 * failure nothing is left of it.
 */
MUST_CHECK enum status sql_settle(
	struct sql *db, const char *part, const char *path, struct why *why);
void sql_remove(const char *path); /* with what SQLite keeps beside it */

/*
 * The statement of this text, prepared on first use and kept, reset and with
 * `fmt` bound to ?1, ?2 …: s text (NULL binds NULL), i int64_t, b bytes then
 * size_t length, - NULL. Text is not copied: it must live until the statement
 * was stepped. A mistake in the SQL itself is a programmer's error (assert).
 * Stepping a statement that was asked for again starts it anew.
 */
sqlite3_stmt *sql_use(struct sql *db, const char *text, const char *fmt, ...);

/* One step: ST_OK with *row true for a row, false at the end. */
MUST_CHECK enum status sql_step(
	struct sql *db, sqlite3_stmt *s, bool *row, struct why *why);

/* Step to the end: the first column of each row is pushed to `first`, the next
 * one to `second` unless that is NULL. */
MUST_CHECK enum status sql_names(struct sql *db, sqlite3_stmt *s,
	struct names *first, struct names *second, struct why *why);

/* Run a statement to its end, as sql_use and sql_step do. */
MUST_CHECK enum status sql_run(struct sql *db, struct why *why,
	const char *text, const char *fmt, ...);

/* Several statements without arguments (schema). */
MUST_CHECK enum status sql_script(
	struct sql *db, const char *text, struct why *why);

/* The first column of the first row; `otherwise` when there is none. */
MUST_CHECK enum status sql_int(struct sql *db, int64_t otherwise, int64_t *out,
	struct why *why, const char *text, const char *fmt, ...);
/* The same as text: a new string, NULL when there is no row or it is NULL. */
MUST_CHECK enum status sql_text(struct sql *db, char **out, struct why *why,
	const char *text, const char *fmt, ...);

/* Column text, never NULL ("" for NULL); borrowed until the next step. */
const char *sql_column(sqlite3_stmt *s, int column);

/*
 * Transactions. begin takes the write lock at once (BEGIN IMMEDIATE), so what
 * is read inside is what is written over. They do not nest.
 */
MUST_CHECK enum status sql_begin(struct sql *db, struct why *why);
/*
 * What is read until sql_looked() is of one moment, and the file is locked once
 * for it, not for each statement. One within another is part of that. Nothing
 * where a transaction is open; one that is begun ends them all.
 */
void sql_look(struct sql *db);
void sql_looked(struct sql *db);
MUST_CHECK enum status sql_commit(struct sql *db, struct why *why);
void sql_rollback(struct sql *db); /* does nothing outside one */
bool sql_in_transaction(const struct sql *db);
bool sql_writing(const struct sql *db); /* and in one that may write? */

/* The state of the last error as a status and a sentence. */
enum status sql_error(struct sql *db, struct why *why);
/* Was the last error that another program holds the file? */
bool sql_busy(const struct sql *db);
/* Wait for such a program this long, ms, instead of the usual time. Gives how
 * long it was before. */
int sql_patience(struct sql *db, int ms);

sqlite3 *sql_handle(struct sql *db); /* for backup, functions, authorizer */

#endif
