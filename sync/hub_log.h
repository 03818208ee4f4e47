/*
 * hub_log.h - what the hub needs of its storage: one table of primitives, so
 * that more than one engine can stand behind the hub.
 *
 * Everything but begin_*, close and backup is called between begin_* and
 * commit or rollback. Lists are added to; they belong to the caller. Every
 * query goes by an index: its cost does not grow with the log.
 */
#ifndef SYNC_HUB_LOG_H
#define SYNC_HUB_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/books.h"
#include "common/buf.h"
#include "common/checksum.h"
#include "common/digest.h"
#include "common/entry.h"
#include "common/progress.h"
#include "common/status.h"

struct hub_log { /* engines put this first in a struct of their own */
	const struct hub_log_ops *ops;
	const struct progress *progress; /* of a backup; NULL: nobody asks */
};

/* An entry with the evidence that is kept beside it. */
struct log_row {
	struct entry entry;
	int64_t came;	     /* hub time of its commit, ms; never goes back */
	struct digest chain; /* h_n: PROTOCOL.md, Chains */
	struct digest hash;  /* H(edit) of one that could not be decoded */
	uint8_t nonce[NONCE_SIZE];
	struct digest leaf;
};
struct log_rows {
	struct log_row *items;
	size_t count, cap;
};

/* What a tail needs to know of an entry before it reads the whole of it. */
enum entry_state { ENTRY_APPLIED, ENTRY_HELD, ENTRY_REFUSED };
struct log_brief {
	int64_t seq;
	struct edit_id edit;
	enum entry_state state;
	char *kind, *id;
};
struct log_briefs {
	struct log_brief *items;
	size_t count, cap;
};

/* Seqs of entries, and which are asked for: after < seq <= upto. */
struct log_seqs {
	int64_t *items;
	size_t count, cap;
};
struct log_span {
	int64_t after, upto, limit;
};

/* The value that stands in one field, and whose it is. */
struct log_cell {
	char *field, *value;
	int64_t seq, at;
	struct edit_id edit;
};
struct log_cells {
	struct log_cell *items;
	size_t count, cap;
};

/* A losing edit of an open conflict. */
struct log_losers {
	struct log_loser {
		char *field;
		struct edit_id edit;
	} * items;
	size_t count, cap;
};

struct log_names {
	struct log_name {
		char *kind, *id;
	} * items;
	size_t count, cap;
};

/* A book that a record is in, since the entry of this seq. */
struct log_books {
	struct log_book {
		char *book;
		int64_t since;
	} * items;
	size_t count, cap;
};

/* A scope event: a record enters or leaves a book. */
enum move {
	MOVE_BORN, /* a new record: rides with its first entry */
	MOVE_ENTERS,
	MOVE_LEAVES
};
struct log_moves {
	struct log_move {
		int64_t seq;
		char *kind, *id, *book;
		enum move move;
	} * items;
	size_t count, cap;
};

/* A held edit, and the entry that decided about it. */
struct log_held {
	struct edit_id edit;
	int64_t seq, decided; /* decided: 0 not yet */
	char *kind, *id, *by;
};
struct log_helds {
	struct log_held *items;
	size_t count, cap;
};

struct log_replica {
	uint32_t number, n;
	char *badge, *device;
	int64_t enrolled, synced; /* ms; 0 never */
	struct digest chain;	  /* h_n of its newest edit */
	bool revoked;
};
struct log_replicas {
	struct log_replica *items;
	size_t count, cap;
};

/* A number given to a copied or restored file: found again by the number that
 * it had, the n of the newest edit it said that it had, and h_n. */
struct log_copy {
	uint32_t number, origin, n;
	uint8_t mark[8];
	uint32_t upto; /* edits of `origin` that the file shares with the log */
};

struct log_invite {
	struct digest code;
	int64_t expires; /* ms */
};

struct log_stats {
	int64_t entries, records, replicas, revoked, held, refused;
	int64_t conflicts, bytes, cells;
};

void log_row_release(struct log_row *r);
void log_rows_release(struct log_rows *l);
void log_briefs_release(struct log_briefs *l);
void log_seqs_release(struct log_seqs *l);
void log_cells_release(struct log_cells *l);
void log_losers_release(struct log_losers *l);
void log_names_release(struct log_names *l);
void log_books_release(struct log_books *l);
void log_moves_release(struct log_moves *l);
void log_held_release(struct log_held *h);
void log_helds_release(struct log_helds *l);
void log_replica_release(struct log_replica *r);
void log_replicas_release(struct log_replicas *l);
struct log_cell *log_cell_find(const struct log_cells *l, const char *field);
bool log_losers_have(
	const struct log_losers *l, const char *field, struct edit_id edit);
void log_losers_add(
	struct log_losers *l, const char *field, struct edit_id edit);

/* meta's: the newest seq that the backup had which this log was restored from
 * first; absent of one that never was. */
#define LOG_META_RESTORED "restored"

/*
 * All return ST_NOT_FOUND, without a reason, where one thing was asked for
 * and there is none; ST_FILE with the reason where the storage failed.
 */
struct hub_log_ops {
	void (*close)(struct hub_log *l);
	/* Writing locks the head of the log first, so what is read inside is
	 * what is written over. Reading sees one moment. They do not nest. */
	enum status (*begin_write)(struct hub_log *l, struct why *why);
	enum status (*begin_read)(struct hub_log *l, struct why *why);
	enum status (*commit)(struct hub_log *l, struct why *why);
	void (*rollback)(struct hub_log *l); /* nothing outside of one */
	/* From on to off all reading sees one moment, but for what this log
	 * itself writes meanwhile: a moment costs more to begin than a row. */
	void (*together)(struct hub_log *l, bool on);
	/* Was the last begin_write refused because another program writes? */
	bool (*busy)(const struct hub_log *l);
	/* How long begin_write waits for that, ms; 5,000 unless told. */
	void (*patience)(struct hub_log *l, int ms);
	/* A part of a write that can be undone alone; they do not nest. A
	 * failure of `end` has undone the whole write. */
	enum status (*part_begin)(struct hub_log *l, struct why *why);
	enum status (*part_end)(struct hub_log *l, bool keep, struct why *why);

	enum status (*meta)(struct hub_log *l, const char *key, struct buf *out,
		struct why *why);
	enum status (*meta_set)(struct hub_log *l, const char *key,
		const char *value, struct why *why);

	enum status (*replica)(struct hub_log *l, uint32_t number,
		struct log_replica *out, struct why *why);
	enum status (*replica_put)(struct hub_log *l,
		const struct log_replica *r, struct why *why);
	enum status (*replicas)(
		struct hub_log *l, struct log_replicas *out, struct why *why);

	/* The newest seq that this log has in common with that of an earlier
	 * incarnation. */
	enum status (*fork)(struct hub_log *l, const char *incarnation,
		int64_t *seq, struct why *why);
	enum status (*copy_add)(
		struct hub_log *l, const struct log_copy *c, struct why *why);
	/* Fill in the number and upto of the one with this origin, n and
	 * mark. */
	enum status (*copy_like)(
		struct hub_log *l, struct log_copy *c, struct why *why);
	enum status (*copy_of)(struct hub_log *l, uint32_t number,
		struct log_copy *out, struct why *why);

	enum status (*invite)(struct hub_log *l, const char *badge,
		struct log_invite *out, struct why *why);
	enum status (*invite_put)(struct hub_log *l, const char *badge,
		const struct log_invite *i, struct why *why);
	enum status (*invite_drop)(
		struct hub_log *l, const char *badge, struct why *why);

	/* Newest seq and its commit time; 0 and 0 of an empty log. */
	enum status (*head)(struct hub_log *l, int64_t *seq, int64_t *came,
		struct why *why);
	enum status (*entry_add)(
		struct hub_log *l, const struct log_row *row, struct why *why);
	enum status (*entry_at)(struct hub_log *l, int64_t seq,
		struct log_row *out, struct why *why);
	enum status (*leaf_at)(struct hub_log *l, int64_t seq,
		struct digest *out, struct why *why);
	enum status (*entry_of)(struct hub_log *l, struct edit_id edit,
		struct log_row *out, struct why *why);
	/* All entries of a record in order of seq. */
	enum status (*entries)(struct hub_log *l, const char *kind,
		const char *id, struct log_rows *out, struct why *why);
	/* The first entry of a record that was applied and set anything: its
	 * seq and badge. */
	enum status (*creation)(struct hub_log *l, const char *kind,
		const char *id, int64_t *seq, struct buf *by, struct why *why);
	/* The first entry of a record that was held of this replica's: its
	 * seq. */
	enum status (*held)(struct hub_log *l, const char *kind, const char *id,
		uint32_t replica, int64_t *seq, struct why *why);
	/* The newest entry of a record that was applied. */
	enum status (*newest)(struct hub_log *l, const char *kind,
		const char *id, struct edit_id *out, struct why *why);
	/* Entries with after < seq <= upto, at most `limit`. */
	enum status (*tail)(struct hub_log *l, int64_t after, int64_t upto,
		int64_t limit, struct log_briefs *out, struct why *why);
	/* The first of the span that concern a book, in order: entries of
	 * records that were in it right before, moves from and into it; entries
	 * that were held of records that came into it sooner or later, or would
	 * be in it, and those that decided about them. There may be others. */
	enum status (*news)(struct hub_log *l, const char *book,
		const struct log_span *span, struct log_seqs *out,
		struct why *why);
	/* A replica's own, up to the n of `last`. */
	enum status (*news_of)(struct hub_log *l, struct edit_id last,
		const struct log_span *span, struct log_seqs *out,
		struct why *why);
	/* Those that decided about held edits of this member's. */
	enum status (*news_decided)(struct hub_log *l, const char *badge,
		const struct log_span *span, struct log_seqs *out,
		struct why *why);

	enum status (*cells)(struct hub_log *l, const char *kind,
		const char *id, struct log_cells *out, struct why *why);
	enum status (*cell_value)(struct hub_log *l, const char *kind,
		const char *id, const char *field, struct buf *out,
		struct why *why);
	enum status (*cell_set)(struct hub_log *l, const char *kind,
		const char *id, const struct log_cell *c, struct why *why);

	enum status (*losers)(struct hub_log *l, const char *kind,
		const char *id, struct log_losers *out, struct why *why);
	/* Write one field's losers anew: those of `all` on this field. */
	enum status (*losers_set)(struct hub_log *l, const char *kind,
		const char *id, const char *field, const struct log_losers *all,
		struct why *why);

	/* Which records' refs point where; kept of few kinds (hub_scope.c). */
	enum status (*links_set)(struct hub_log *l, const char *kind,
		const char *id, const char *field, const struct names *targets,
		struct why *why);
	enum status (*links_to)(struct hub_log *l, const char *kind,
		const char *field, const char *target, struct names *ids,
		struct why *why);

	/* Records (KIND/ID) that were looked at to tell a record's books. */
	enum status (*leans_set)(struct hub_log *l, const char *kind,
		const char *id, const struct names *on, struct why *why);
	enum status (*leaners)(struct hub_log *l, const char *kind,
		const char *id, struct log_names *out, struct why *why);

	enum status (*books)(struct hub_log *l, const char *kind,
		const char *id, struct log_books *out, struct why *why);
	enum status (*book_add)(struct hub_log *l, const char *kind,
		const char *id, const char *book, int64_t since,
		struct why *why);
	enum status (*book_drop)(struct hub_log *l, const char *kind,
		const char *id, const char *book, struct why *why);
	/* Kinds of the records in a book, by name. */
	enum status (*book_kinds)(struct hub_log *l, const char *book,
		struct names *kinds, struct why *why);
	/* What a book holds of each kind. */
	enum status (*book_sums)(struct hub_log *l, const char *book,
		struct checksums *out, struct why *why);
	/* Ids in a book since `upto` or before, after `after`, in byte order,
	 * at most `limit`. */
	enum status (*book_ids)(struct hub_log *l, const char *book,
		const char *kind, const char *after, int64_t upto,
		int64_t limit, struct names *ids, struct why *why);
	enum status (*ids)(struct hub_log *l, const char *kind,
		struct names *ids, struct why *why);
	/* Records that left a book by an entry above `seq`, each once. */
	enum status (*leavers)(struct hub_log *l, const char *book, int64_t seq,
		struct log_names *out, struct why *why);

	/* `place` is its place among those of the seq; after the entry. */
	enum status (*move_add)(struct hub_log *l, const struct log_move *m,
		int64_t place, struct why *why);
	enum status (*moves_at)(struct hub_log *l, int64_t seq,
		struct log_moves *out, struct why *why);
	enum status (*moves_of)(struct hub_log *l, const char *kind,
		const char *id, struct log_moves *out, struct why *why);

	/* Held edits. `books` are those that the record would be in, where it
	 * is not made yet; else none. */
	enum status (*held_add)(struct hub_log *l, const struct entry *e,
		const struct names *books, struct why *why);
	enum status (*held_of)(struct hub_log *l, struct edit_id edit,
		struct log_held *out, struct why *why);
	enum status (*held_books)(struct hub_log *l, struct edit_id edit,
		struct names *books, struct why *why);
	enum status (*held_decide)(struct hub_log *l, struct edit_id edit,
		int64_t seq, struct why *why);
	/* Open ones of a record in order of seq. */
	enum status (*held_open)(struct hub_log *l, const char *kind,
		const char *id, struct log_helds *out, struct why *why);
	/* Open ones of records not made yet that would be in this book. */
	enum status (*held_makings)(struct hub_log *l, const char *book,
		struct log_helds *out, struct why *why);
	/* Those decided by an entry with after < seq <= upto, in its order. */
	enum status (*held_decided)(struct hub_log *l, int64_t after,
		int64_t upto, struct log_helds *out, struct why *why);

	/* For the audit: record names in the log after this one. */
	enum status (*records)(struct hub_log *l, const char *kind,
		const char *id, int64_t limit, struct log_names *out,
		struct why *why);
	enum status (*stats)(
		struct hub_log *l, struct log_stats *out, struct why *why);
	/* A consistent copy with `durable` set to its own newest seq, which
	 * comes back in *seq. Outside of a transaction. */
	enum status (*backup)(struct hub_log *l, const char *file, int64_t *seq,
		struct why *why);
};

#define LOG(l, call, ...) ((l)->ops->call((l), __VA_ARGS__))

/* `place` is a folder. ST_NOT_FOUND: no hub there. */
MUST_CHECK enum status hub_log_open(
	const char *place, struct hub_log **out, struct why *why);
/* Make an empty one, only the owner may enter; it is there for others once it
 * is settled. ST_FILE: not an empty place. */
MUST_CHECK enum status hub_log_make(
	const char *place, struct hub_log **out, struct why *why);
/* What was made is whole: it becomes the place's log, durably. Closes it. */
MUST_CHECK enum status hub_log_settle(
	struct hub_log *l, const char *place, struct why *why);
/* The same from a backup, with an empty `incarnation` in its meta until the
 * caller gives it one. ST_DATA: not a whole backup of a hub. */
MUST_CHECK enum status hub_log_restore(const char *place, const char *file,
	struct hub_log **out, struct why *why);
void hub_log_close(struct hub_log *l); /* NULL is fine */

#endif
