/*
 * hub.h - the central store: requests in, answers out, without sockets.
 *
 * A hub holds no state between two calls but its open log, so other programs
 * (beatbook-hub's own commands) may work on the same log meanwhile.
 */
#ifndef SYNC_HUB_H
#define SYNC_HUB_H

#include <stdbool.h>
#include <stdint.h>

#include "common/books.h"
#include "common/buf.h"
#include "common/digest.h"
#include "common/edit.h"
#include "common/progress.h"
#include "common/rights.h"
#include "common/when.h"

struct hub; /* opaque */

/* Make a new hub in an empty place. ST_DATA: profile or zone is wrong;
 * ST_FILE: something is there already. */
MUST_CHECK enum status hub_init(const char *place, const char *profile,
	const char *zone, const struct clock *clock,
	const struct random_source *random, struct why *why);
/* `clock` and `random` may be NULL (the machine's); they must outlive it. */
MUST_CHECK enum status hub_open(const char *place, const struct clock *clock,
	const struct random_source *random, struct hub **out, struct why *why);
void hub_close(struct hub *h); /* NULL is fine */
/* PEM of the authority that vouches for this hub, told to whoever enrolls;
 * copied. */
void hub_set_authority(struct hub *h, const char *pem);
const struct catalog *hub_catalog(const struct hub *h);
/* Another profile, by built-in name or file; programs that serve meanwhile
 * follow with their next request. ST_DATA: a mistake in it. The catalogue of
 * hub_catalog() ends. */
MUST_CHECK enum status hub_set_profile(
	struct hub *h, const char *profile, struct why *why);

/*
 * POST /v1/sync. Feed the request as it comes: whole frames are decided and
 * committed before feed returns. When the request is over, or broke off, call
 * finish; then draw the answer piece by piece until *more is false.
 *
 * A server that has many requests at once calls take for feed and over for
 * finish, and hub_commit for all of those that wait: they share one commit.
 * Between a take or an over after which one waits, and its commit, it is not
 * to be called.
 */
struct hub_sync; /* opaque: one request */
struct hub_sync *hub_sync_new(struct hub *h);
void hub_sync_free(struct hub_sync *s);
void hub_sync_feed(struct hub_sync *s, const char *bytes, size_t len);
void hub_sync_finish(struct hub_sync *s); /* no more bytes will come */
void hub_sync_take(struct hub_sync *s, const char *bytes, size_t len);
void hub_sync_over(struct hub_sync *s);
bool hub_sync_waits(const struct hub_sync *s); /* for hub_commit */
/*
 * Decide what these have taken, in this order, in one transaction. What goes
 * wrong with one shows in its own status and leaves the others alone; where
 * the storage fails, all fail. False: another program is writing, nothing was
 * done; call it again.
 */
bool hub_commit(struct hub *h, struct hub_sync *const *syncs, size_t count);
/* Give up what one has taken and not committed. */
void hub_sync_give_up(struct hub_sync *s, int status, const char *text);
/* How long every call waits for another program that is writing, ms; 5,000
 * unless told. */
void hub_patience(struct hub *h, int ms);
/* For a round of many requests: from on to off, all of them read one moment of
 * the log, and share what it costs to begin one. */
void hub_read_together(struct hub *h, bool on);
/* What one has brought so far. */
struct sync_verdicts {
	int64_t won, lost, held, refused; /* of edits that are new, committed */
};
struct sync_tally {
	uint32_t replica; /* whose token it has; 0: none, or not yet known */
	int64_t edits;	  /* that came */
	struct sync_verdicts verdicts;
};
void hub_sync_tally(const struct hub_sync *s, struct sync_tally *out);
/* HTTP status of the answer, known after finish. Not 200: the answer is one
 * line of JSON. */
int hub_sync_status(const struct hub_sync *s);
void hub_sync_answer(struct hub_sync *s, struct buf *out, bool *more);

/* All other requests. `method` and `target` as in the request line; `token`
 * may be NULL. The answer's body goes to `out`; the HTTP status returns. 503:
 * another program is writing, nothing was done. */
int hub_call(struct hub *h, const char *method, const char *target,
	const char *token, const char *body, size_t len, struct buf *out);
/* The same from this address: wrong codes are counted for each badge and
 * address, so that no stranger locks anybody else out. */
int hub_call_from(struct hub *h, const char *address, const char *method,
	const char *target, const char *token, const char *body, size_t len,
	struct buf *out);

/* The department's work, by the hub's own commands (replica 0). */

/* Save an edit of the hub's own; `e` as for record_save. An edit that would
 * change nothing writes nothing. */
MUST_CHECK enum status hub_write(
	struct hub *h, struct edit *e, struct why *why);
/* Several in one transaction: all or none. */
MUST_CHECK enum status hub_write_all(
	struct hub *h, struct edit *edits, size_t count, struct why *why);
/* The current value of a field into `out` (added; nothing if not set). */
MUST_CHECK enum status hub_value(struct hub *h, const char *kind,
	const char *id, const char *field, struct buf *out, struct why *why);
MUST_CHECK enum status hub_exists(struct hub *h, const char *kind,
	const char *id, bool *exists, struct why *why);
/* Ids of all records of a kind, in byte order. */
MUST_CHECK enum status hub_ids(
	struct hub *h, const char *kind, struct names *ids, struct why *why);

/* A one-time code for a member, 72 hours; ST_NOT_FOUND: no such member, or
 * off. The code has 60 bits, is stored hashed, and is taken once. */
MUST_CHECK enum status hub_invite(
	struct hub *h, const char *badge, struct buf *code, struct why *why);

struct hub_replica {
	uint32_t number;
	char *badge, *device; /* "": not known */
	int64_t enrolled_ms;  /* 0: not known, in a backup it is not in */
	int64_t last_sync_ms; /* 0: never, or not known either */
	uint32_t n;	      /* newest edit the hub has */
	bool revoked;
};
struct hub_replicas {
	struct hub_replica *items;
	size_t count, cap;
};
void hub_replicas_release(struct hub_replicas *l);
MUST_CHECK enum status hub_replica_list(
	struct hub *h, struct hub_replicas *out, struct why *why);
struct hub_revoked {
	bool unknown;  /* the log has no row of it: one given after a backup? */
	bool already;  /* it was revoked before */
	size_t copies; /* of its file, with numbers of their own, revoked too */
};
/* Refuse a replica from now on, and what was copied from its file.
 * ST_NOT_FOUND: no replica has this number, and none was given it since the
 * backup that this hub was restored from. */
MUST_CHECK enum status hub_revoke(struct hub *h, uint32_t number,
	struct hub_revoked *out, struct why *why);

struct hub_stats {
	int64_t entries, records, replicas, revoked, members, held, refused;
	int64_t conflicts, durable_seq, bytes;
};
MUST_CHECK enum status hub_stats(
	struct hub *h, struct hub_stats *out, struct why *why);

/* What a server did, a flat JSON object: it notes it now and then, stats reads
 * it ("": never noted). False: another program is writing, not noted. */
bool hub_note_traffic(struct hub *h, const char *json);
MUST_CHECK enum status hub_traffic(
	struct hub *h, struct buf *json, struct why *why);

/* From now on long work of this hub (a backup, an import) tells how far it is;
 * NULL: no more. Borrowed. */
void hub_set_progress(struct hub *h, const struct progress *p);
const struct progress *hub_progress(const struct hub *h);

/* A consistent copy while the hub serves; all entries in it become durable.
 * ST_FILE: `file` exists or cannot be written. */
MUST_CHECK enum status hub_backup(
	struct hub *h, const char *file, struct why *why);
/* Into an empty place, as a new incarnation that skips 1,000 replica
 * numbers. ST_DATA: not a whole backup of a hub. */
MUST_CHECK enum status hub_restore(const char *place, const char *file,
	const struct random_source *random, struct why *why);

/* Check chains, leaves, places, verdicts against cells, books. Findings are
 * added to `report`, a line each; ST_NOT_FOUND when there are any. */
MUST_CHECK enum status hub_verify(
	struct hub *h, struct buf *report, struct why *why);

#endif
