/*
 * replica.h - one person's SQLite file: opening, migrating, transactions.
 *
 * The file is opened in one place only, here. Its tables: one for each kind,
 * named as the kind (what queries and rules read), and these, whose names
 * begin with _ so that no kind can take them:
 *
 *   _meta(key, value)            replica number, token, cursor, counters …
 *   _entry(seq, replica, n, at, unsure, by, kind, id, body, verdict, state)
 *                                the log entries this replica was sent; state
 *                                0 applied, 1 held, 2 refused
 *   _cell(kind, id, field, seq)  which entry's value stands
 *   _outbox(replica, n, kind, id, body, seen, wall, boot, boot_id, at, seq,
 *           chain, floor)        own edits, of this number and of those that
 *                                the file had before; at is as reckoned here;
 *                                seq is NULL until the verdict is here, then
 *                                the edit is kept until durable; chain is h_n,
 *                                base64, once confirmed; floor is the seq to
 *                                count from where `seen` is of another past, or
 *                                was not to be told
 *   _number(number, upto, next)  numbers this file had before: up to which of
 *                                their edits they are its own, and the number
 *                                that followed
 *   _renamed(number, kind, id, now)  records renamed when the file was given
 *                                another number than this
 *   _aside(replica, n, at, unsure, by, kind, id, body, verdict)
 *                                entries that a restored hub has lost
 *   _record(rowid, kind, id)     every record held or written here
 *   _link(kind, id, field, target)  refs and sets, one row an item
 *   _book(book, joined, head, kind, id, pass)  books held; while filling:
 *                                the head S (NULL: not begun) and the last
 *                                record that came; pass counts the fillings
 *   _in_book(kind, id, book, pass)  which held books a record is in, and the
 *                                last filling that said so
 *   _conflict(kind, id, field, replica, n)  the losing edits of open ones
 *   _held(replica, n, kind, id, by, seq, decided, at, decider, accepted,
 *         reason)                edits that were held; decided is the seq of
 *                                the entry that did, NULL while they wait
 *   _held_book(book, replica, n)  of those whose record is not made: the held
 *                                books that it would be in
 *   _find                        FTS5: title, body; rowid is _record's; own
 *                                saves come into it a while after (fulltext.h)
 *   _draft(name, body, at)       what was typed and not saved
 *   _kept(which, name, text, at) queries that a person keeps; kept.h
 *   _news(kind, id, at, first, last)  records that others changed and that were
 *                                not looked at since; news.h
 *
 * A kind's table: id, its fields (INTEGER for int and bool, REAL for real,
 * TEXT for the rest; NULL when not set), then void (the reason, or NULL),
 * created_at, created_by, updated_at, updated_by.
 */
#ifndef COMMON_REPLICA_H
#define COMMON_REPLICA_H

#include <stdbool.h>
#include <stdint.h>

#include "common/catalog.h"
#include "common/rights.h"
#include "common/shown.h"
#include "common/sql.h"
#include "common/status.h"
#include "common/when.h"

struct replica; /* opaque */

/* What enrolment gave; texts are borrowed from the replica. */
struct identity {
	uint32_t number;
	const char *badge;
	const char *token;
	const char *url;
	const char *hub; /* the hub's own random name: wrong hub is noticed */
};

/*
 * What replica_open does not take: how far is the file good? Nothing in it is
 * changed. ST_OK: SQLite finds nothing wrong. ST_NOT_FOUND: damaged, each
 * finding a line in `report`. ST_FILE: no database, or it cannot be read.
 */
MUST_CHECK enum status replica_inspect(
	const char *path, struct buf *report, struct why *why);

/*
 * Open an enrolled replica; makes or alters kind tables when the catalogue
 * changed. `clock` may be NULL (the machine's); it must outlive the replica.
 * *out belongs to the caller. ST_FILE: none there (says how to enroll),
 * damaged, locked, or written by a newer version.
 */
MUST_CHECK enum status replica_open(const char *path, const struct clock *clock,
	struct replica **out, struct why *why);
void replica_close(struct replica *r); /* NULL is fine */

/*
 * Make the file for a new identity. `profile` is the department's profile
 * text ("" none), `zone` its time zone. ST_FILE: a file is there already (it
 * is left as it is), or cannot be made.
 */
MUST_CHECK enum status replica_create(const char *path,
	const struct identity *who, const char *profile, const char *zone,
	const struct clock *clock, struct replica **out, struct why *why);

struct sql *replica_sql(struct replica *r);
const struct tables *replica_tables(const struct replica *r);
const struct catalog *replica_catalog(const struct replica *r);
const struct identity *replica_identity(const struct replica *r);
const char *replica_path(const struct replica *r);
void replica_now(const struct replica *r, struct clock_reading *now);
/* Best guess of hub time now: wall clock corrected by the last offset. */
int64_t replica_hub_now(const struct replica *r);

/* The member's own access level, from their member record; officer until it
 * has arrived. */
enum access replica_access(struct replica *r);

/* Read anew who the file says it is: after it was given another number, or
 * after that was rolled back. */
MUST_CHECK enum status replica_reload(struct replica *r, struct why *why);

/* Facts kept in _meta. Reading one that is not there gives "" or otherwise. */
MUST_CHECK enum status replica_meta(
	struct replica *r, const char *key, struct buf *out, struct why *why);
MUST_CHECK enum status replica_meta_int(struct replica *r, const char *key,
	int64_t otherwise, int64_t *out, struct why *why);
MUST_CHECK enum status replica_meta_set(
	struct replica *r, const char *key, const char *value, struct why *why);
MUST_CHECK enum status replica_meta_set_int(
	struct replica *r, const char *key, int64_t value, struct why *why);
#define META_REPLICA "replica" /* its number */
#define META_TOKEN "token"
#define META_URL "url"
#define META_HUB "hub"
#define META_ADOPT "adopt" /* 1: the hub was restored (replica_adopt) */
#define META_COPY "copy"   /* will it ask for a number of its own? */
enum {
	COPY_NO,
	COPY_YES,
	COPY_LOST
}; /* because the hub lost edits: ids are kept */
#define META_CONFIRMED "confirmed"   /* newest own n the hub has */
#define META_CHAIN "chain"	     /* h_n of that n, base64 */
#define META_BASE "base"	     /* newest own n that is durable */
#define META_BASE_CHAIN "base_chain" /* h_n of that n, base64 */
#define META_LAST_N "last_n"	     /* newest own n written */
#define META_WORDS "words"	     /* newest own n looked for by its words */
#define META_SENT "sent"	     /* newest own n ever put into a request */
#define META_LAST_ID "last_id"	     /* counter of record ids */
#define META_CURSOR "cursor"	     /* seq */
#define META_CURSOR_MARK "mark"	     /* the hub's 8 bytes for it, base64 */
#define META_INCARNATION "incarnation" /* of the hub */
#define META_DURABLE "durable"	       /* seq that the hub will not lose */
#define META_OFFSET "offset_ms"	       /* hub time minus wall clock */
#define META_OFFSET_BOOT "offset_boot" /* boot id it was learned in */
#define META_LAST_SYNC "last_sync"     /* hub time of the last whole sync, ms */
#define META_PROFILE "profile"	       /* text */
#define META_PROFILE_HASH "profile_hash" /* hex, as the hub names it */
#define META_ZONE "zone"
#define META_LEVEL "level"	   /* access level that the books are of */
#define META_ASKED "asked"	   /* books asked for, a JSON array */
#define META_LENT "lent"	   /* those of them held, the same */
#define META_AUTHORITY "authority" /* PEM: who alone may vouch for the hub */

/* Lay another profile over the catalogue: kind tables follow at once. To be
 * called inside a transaction. Records loaded before stay good, with the
 * kinds they were loaded by, until the replica is closed. */
MUST_CHECK enum status replica_set_profile(
	struct replica *r, const char *text, const char *hash, struct why *why);
/* The transaction of the last replica_set_profile was rolled back: the
 * catalogue is again the one that the tables follow. */
void replica_undo_profile(struct replica *r);

/* Much is about to be written, or no more: with more page cache and fewer
 * checkpoints it takes less time. */
void replica_hurry(struct replica *r, bool hurry);

/* A change counter that moves with every commit here or by another process:
 * screens ask it before they read again. */
int64_t replica_version(struct replica *r);
/* So many of this connection's changes were to nothing that is shown: the
 * version is as if they were not. */
void replica_unshown(struct replica *r, int64_t changes);

#endif
