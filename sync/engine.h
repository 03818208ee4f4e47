/*
 * engine.h - the client's side of a sync, step by step, without I/O.
 *
 * begin makes the whole request; feed takes the answer as it comes and
 * commits what is complete before it returns; end says how it went. A new
 * begin after any break goes on from what was committed.
 */
#ifndef SYNC_ENGINE_H
#define SYNC_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/replica.h"

struct engine; /* opaque: one request */

struct sync_counts {
	int64_t sent;	      /* edits in the request */
	int64_t confirmed;    /* of them, now known to the hub */
	int64_t entries;      /* of others that came */
	int64_t records;      /* whole records that came */
	int64_t left;	      /* times that a record went; it may have come
			       * again where the books are filled anew */
	int64_t differed;     /* books whose checksum was not the hub's */
	int64_t contradicted; /* 1: it said otherwise than before, and all
			       * books are filled anew */
	int64_t offset_ms;    /* hub time minus wall clock */
	int64_t renumbered;   /* 1: the file was a copy and has a new number */
	int64_t renamed;      /* records that therefore have other ids */
	int64_t forked;	      /* 1: the hub had lost entries that we had */
	int64_t aside;	      /* entries of others set aside then */
	bool again;	      /* books or edits are left for another request */
};

/* Make the request's body in `request`. *out belongs to the caller. */
MUST_CHECK enum status engine_begin(struct replica *r, bool plain,
	struct engine **out, struct buf *request, struct why *why);

/*
 * Take bytes of the answer's body, which came with this HTTP status.
 * ST_LATER: not Beatbook's answer (captive portal, proxy). ST_REFUSED: the
 * hub refuses, `why` says it in the hub's words. ST_FILE: the replica failed.
 */
MUST_CHECK enum status engine_feed(struct engine *e, int http_status,
	const char *bytes, size_t len, struct why *why);

/* What came so far. */
void engine_counts(const struct engine *e, struct sync_counts *out);

/* The answer is over. ST_LATER: it broke off; what came is kept. */
MUST_CHECK enum status engine_end(
	struct engine *e, struct sync_counts *counts, struct why *why);
/* The hub's own words where the end was ST_REFUSED; else "". */
const char *engine_refused(const struct engine *e);
void engine_free(struct engine *e); /* NULL is fine */

#define AUTHORITY_MAX ((size_t)64 << 10) /* bytes of PEM */

/* What a file that is there already was: who, and h_n of its edits from n on,
 * 8 bytes of each, base64 together. */
struct former {
	const char *token;
	uint32_t n;
	struct buf marks;
};
MUST_CHECK enum status former_read(
	struct replica *r, struct former *out, struct why *why);
void former_release(struct former *f);

/* The body of an enrolment, and what its answer gives. `former` is NULL for a
 * new file. */
void enroll_request(const char *badge, const char *code, const char *device,
	const struct former *former, struct buf *out);
struct enrolled {
	uint32_t number;
	uint32_t upto; /* edits of the former number that the hub has */
	char *token, *hub, *zone, *profile, *hash;
	char *authority; /* PEM; "": the hub does not say */
};
void enrolled_release(struct enrolled *e);
MUST_CHECK enum status enroll_answer(int http_status, const char *body,
	size_t len, struct enrolled *out, struct why *why);
/* The file goes on under what it was given: unsent edits under the new number,
 * all books filled anew beside what is there. *renamed counts records that got
 * other ids. */
MUST_CHECK enum status enroll_again(struct replica *r, const char *url,
	const struct enrolled *given, int64_t *renamed, struct why *why);

#endif
