/*
 * hub_core.h - what the files of the hub share: its open log and catalogue,
 * who asks, and how an edit becomes an entry. For sync/hub_*.c only.
 */
#ifndef SYNC_HUB_CORE_H
#define SYNC_HUB_CORE_H

#include "common/value.h"
#include "sync/hub.h"
#include "sync/hub_holders.h"
#include "sync/hub_log.h"
#include "sync/hub_merge.h"
#include "sync/hub_scope.h"
#include "sync/message.h"
#include "sync/rate.h"

#define SECRET_SIZE 32
#define MAC_SIZE 16 /* of a token */

/* What a token's MAC has to be. */
#define MACS_KEPT 1024
struct known_mac {
	uint32_t number; /* 0: none */
	char badge[ID_MAX + 1];
	uint8_t mac[MAC_SIZE];
};

struct hub {
	struct hub_log *log;
	struct catalog *catalog;
	char *profile_hash; /* of the profile that the catalogue has */
	char incarnation[24];
	uint8_t secret[SECRET_SIZE];
	const struct clock *clock;
	const struct random_source *random;
	char *authority;		/* PEM; NULL: none is told */
	struct known_mac *macs;		/* MACS_KEPT, by number */
	struct rate_table *wrong_codes; /* in memory alone */
	struct holders *holders;	/* what the log says, read before */
	int64_t sums_from, sums_rest; /* boot ms: none told before; how long */
};

/* Facts kept in the log's meta. */
#define HUB_META_INCARNATION "incarnation"
#define HUB_META_SECRET "secret" /* base64: what tokens are made with */
#define HUB_META_ZONE "zone"
#define HUB_META_PROFILE "profile"	     /* text */
#define HUB_META_PROFILE_HASH "profile_hash" /* as replicas are told it */
#define HUB_META_DURABLE "durable"	     /* seq that no loss undoes */
#define HUB_META_NEXT_REPLICA "next_replica"
#define HUB_META_TRAFFIC "traffic" /* JSON of the server, now and then */
#define HUB_META_LAST_ID "last_id" /* counter of the hub's own record ids */

MUST_CHECK enum status hub_meta_int(
	struct hub *h, const char *key, int64_t *out, struct why *why);
MUST_CHECK enum status hub_meta_set_int(
	struct hub *h, const char *key, int64_t value, struct why *why);

/* Another program may have set another profile: read the catalogue anew.
 * Inside a transaction; pointers into the old catalogue end. */
MUST_CHECK enum status hub_refresh(struct hub *h, struct why *why);

/* Hub time: the clock, never before the newest entry's commit. */
MUST_CHECK enum status hub_time(struct hub *h, int64_t *ms, struct why *why);

/* NUMBER.BADGE.MAC. */
void hub_token(const struct hub *h, uint32_t number, const char *badge,
	struct buf *out);
bool hub_token_ok(const struct hub *h, const char *token, uint32_t *number,
	char *badge, size_t badge_size);

/* A file without a row (a hub restored from an older backup) is known by its
 * token. ST_REFUSED: not known, revoked, or the member is off. */
MUST_CHECK enum status hub_who(struct hub *h, const char *token, int64_t now,
	struct log_replica *replica, struct holder *holder, struct why *why);

/* h_n as the log has it; all zeros for n = 0. ST_NOT_FOUND: it has no such. */
MUST_CHECK enum status chain_at(struct hub_log *log,
	const struct log_replica *r, uint32_t n, struct digest *out,
	struct why *why);
/* Does h_n begin with this mark? Not where the log has no such n. */
MUST_CHECK enum status chain_agrees(struct hub_log *log,
	const struct log_replica *r, uint32_t n, const uint8_t mark[MARK_SIZE],
	bool *agrees, struct why *why);

/* A one-time code's hash, however it was typed: case, blanks, hyphens, and
 * letters that Crockford's base 32 takes for digits. */
void hub_code_hash(const char *code, struct digest *out);

/* Entries being added, in one transaction, from one replica. */
struct writing {
	struct hub *h;
	struct log_replica replica;
	int64_t seq;  /* newest in the log */
	int64_t came; /* hub time of this commit */
};
MUST_CHECK enum status writing_begin(struct hub *h, uint32_t number,
	const char *badge, struct writing *w, struct why *why);
/* The same in a write that is open already, which its owner commits: put
 * where writing_begin's is committed. */
MUST_CHECK enum status writing_join(struct hub *h, uint32_t number,
	const char *badge, struct writing *w, struct why *why);
MUST_CHECK enum status writing_put(struct writing *w, struct why *why);
/* Decide the edit in `row` (its edit and by; refused and hash where it could
 * not be decoded) and append it. */
MUST_CHECK enum status writing_add(struct writing *w, struct log_row *row,
	const struct age *age, struct why *why);
MUST_CHECK enum status writing_commit(struct writing *w, struct why *why);
void writing_end(struct writing *w);   /* rolls back what is not committed */
void writing_leave(struct writing *w); /* of one that joined */

/* Add the whole record as it stands now: PROTOCOL.md, "Filling". */
MUST_CHECK enum status whole_record(struct hub_log *log, const char *kind,
	const char *id, struct frame *f, struct why *why);

/* May somebody of this level see records of this kind at all? */
bool hub_may_read(const struct hub *h, const char *kind, enum access a);

/* {"error":TEXT} and a newline. */
void hub_error(struct buf *out, const char *text);

#endif
