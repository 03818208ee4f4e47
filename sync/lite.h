/*
 * lite.h - what the files of the SQLite engine share. For sync/lite*.c only:
 * lite.c the place, its schema and backup; lite_entries.c the log and who is
 * in it; lite_records.c what the records are now and where; lite_held.c the
 * held edits; lite_copies.c copied files and pasts.
 */
#ifndef SYNC_LITE_H
#define SYNC_LITE_H

#include "common/sql.h"
#include "sync/hub_log.h"

struct lite {
	struct hub_log base;
	struct hub_log_ops ops; /* what base points to */
	struct sql *db;
	char *path;
};
struct sql *lite_db(struct hub_log *l);

/* One row, or ST_NOT_FOUND. */
enum status lite_step_one(struct sql *db, sqlite3_stmt *s, struct why *why);

/* Their places in the table of operations. */
void lite_entry_ops(struct hub_log_ops *ops);
void lite_record_ops(struct hub_log_ops *ops);
void lite_held_ops(struct hub_log_ops *ops);
void lite_copy_ops(struct hub_log_ops *ops);

/* The tables of held edits, where the file has none yet. */
enum status lite_held_make(struct sql *db, struct why *why);
/* The same of copies and pasts. */
enum status lite_copies_make(struct sql *db, struct why *why);
/* The log as it is becomes a past of the one that it will be. */
enum status lite_past_add(struct sql *db, struct why *why);

#endif
