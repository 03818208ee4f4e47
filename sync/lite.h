/*
 * lite.h - what the files of the SQLite engine share. For sync/lite*.c only:
 * lite.c the place, its schema and backup; lite_entries.c the log and who is
 * in it; lite_records.c what the records are now and where; lite_held.c the
 * held edits; lite_news.c which entries concern whom; lite_copies.c copied
 * files and pasts.
 */
#ifndef SYNC_LITE_H
#define SYNC_LITE_H

#include "common/sql.h"
#include "sync/hub_log.h"

#define LITE_FORMAT "2" /* 1: without news */

struct lite {
	struct hub_log base;
	struct hub_log_ops ops; /* what base points to */
	struct sql *db;
	char *path;
	bool together; /* what is read sees one moment */
	bool reading;  /* it has begun */
};
struct sql *lite_db(struct hub_log *l);

/* One row, or ST_NOT_FOUND. */
enum status lite_step_one(struct sql *db, sqlite3_stmt *s, struct why *why);

/* Their places in the table of operations. */
void lite_entry_ops(struct hub_log_ops *ops);
void lite_record_ops(struct hub_log_ops *ops);
void lite_held_ops(struct hub_log_ops *ops);
void lite_copy_ops(struct hub_log_ops *ops);
void lite_news_ops(struct hub_log_ops *ops);

/* The tables of held edits, where the file has none yet. */
enum status lite_held_make(struct sql *db, struct why *why);
/* The same of copies and pasts. */
enum status lite_copies_make(struct sql *db, struct why *why);
/* Which entries concern whom; a log of format 1 becomes one of LITE_FORMAT.
 * After lite_held_make. */
enum status lite_news_make(struct sql *db, struct why *why);
/* An entry is news in the books of its record. */
enum status lite_news_entry(
	struct sql *db, const struct entry *e, struct why *why);
/* A move is news in its book; and what was held of the record, and decided, is
 * in the book that it enters. */
enum status lite_news_move(
	struct sql *db, const struct log_move *m, struct why *why);
/* An entry that is held, or decides about a held edit, is news where that would
 * make a record. */
enum status lite_news_held(
	struct sql *db, struct edit_id held, int64_t seq, struct why *why);
/* The log as it is becomes a past of the one that it will be. */
enum status lite_past_add(struct sql *db, struct why *why);

#endif
