/*
 * hub_request.h - one POST /v1/sync under way: what hub_sync.c takes in,
 * and what hub_answer.c, hub_tell.c and hub_fill.c give back. For those only.
 */
#ifndef SYNC_HUB_REQUEST_H
#define SYNC_HUB_REQUEST_H

#include "sync/hub_core.h"
#include "sync/pack.h"

enum phase {
	PHASE_HEAD,
	PHASE_TAIL,
	PHASE_FILL,	/* begin the next book, or end */
	PHASE_RECORDS,	/* of the book being filled */
	PHASE_CATCH_UP, /* what came to it since its head */
	PHASE_SUMS,
	PHASE_DONE
};

#define ORIGINS_MAX 16 /* numbers a file had before */

/* An edit that came, until its transaction. */
struct arrived {
	struct log_row row;
	struct age age;
};

/* What is to be looked at next, below H. */
struct news {
	struct log_seqs seqs;
	size_t told; /* of these */
	bool all;    /* there are no others after them */
};

struct hub_sync {
	struct hub *h;
	int status; /* HTTP */
	struct buf error;

	/* Taking in. */
	struct unpacker *unpacker;
	bool greeted; /* the hello is here */
	struct hello hello;
	struct coder up;
	struct ages ages;
	struct log_replica replica;
	struct holder holder; /* when the hello came */
	int64_t t;	      /* hub time then */
	bool other_past;      /* the cursor is of a log that is not this one */
	int64_t fork;	      /* then: FORK_UNKNOWN, or they agree up to it */
	bool other_chain;     /* the hello's h is not the log's */
	bool is_copy;	      /* the file is one, copy says of what: */
	struct log_copy copy; /* its number is 0 until it was given one */
	struct edit_id origins[ORIGINS_MAX]; /* numbers it had, its own to n */
	size_t origin_count;
	bool take_edits;
	bool unjoined; /* a splice did not fit: edits are asked for whole */
	struct arrived *batch;
	size_t batch_count, batch_cap;
	int64_t edits; /* that came */
	struct sync_verdicts verdicts;
	bool trusted; /* a long hello began with a token of ours */
	bool note;    /* that it synced is to be written down */

	/* Giving back. */
	enum phase phase;
	struct packer *packer;
	struct coder down;
	struct buf line;
	size_t piece_end;    /* length of the output that ends this piece */
	int64_t head;	     /* H: the answer is complete up to this seq */
	int64_t at;	     /* the tail, or the catch-up, is done up to here */
	struct news news;    /* of the tail, or of the catch-up */
	struct names held;   /* the member's books now, and those lent */
	struct names lent;   /* of these: asked for, to read */
	struct names joined; /* of these the replica has everything to H */
	struct names whole;  /* joined, and those filled in this answer */
	struct names told_whole; /* KIND/ID: entered with the whole record */
	struct filling *fills;
	size_t fill_count, fill_cap, fill_at;
};

/* Look at the hello: other_past, other_chain, take_edits, is_copy. */
MUST_CHECK enum status check_copy(struct hub_sync *s, struct why *why);
/* The file is a copy: it shares edits up to `upto`. Nothing more is taken. */
void copy_found(struct hub_sync *s, uint32_t n, const uint8_t mark[MARK_SIZE],
	uint32_t upto);
/* Find or give its number, in a writing transaction. */
MUST_CHECK enum status copy_number(struct hub_sync *s, struct why *why);

/* Put one frame into the answer; `f` stays the caller's. */
void answer_frame(struct hub_sync *s, const struct frame *f, struct buf *out);

/* Is it time for a cursor frame in the tail? */
bool answer_cursor_due(const struct hub_sync *s);

/* What splices lean on: base_finder, message.h; arg is the hub_sync. The
 * first outside of a transaction. */
MUST_CHECK enum status base_for_taking(void *arg, const struct splice_base *at,
	struct buf *out, struct why *why);
MUST_CHECK enum status base_for_telling(void *arg, const struct splice_base *at,
	struct buf *out, struct why *why);

/* What is being told: these books, less what comes from others anyway. */
struct lens {
	const struct names *books;
	const struct names *others; /* NULL: none */
	bool own; /* verdicts on the replica's own edits as well */
};

#define PIECE_BYTES 2048 /* of an answer, deflated */
#define LAST_ENTRIES 16	 /* so few go without a cursor between */
#define ROWS_AT_ONCE 64

/* The next seqs after s->at that this lens may show, where none are left. */
MUST_CHECK enum status news_more(
	struct hub_sync *s, const struct lens *lens, struct why *why);
void news_release(struct news *n); /* as it was before the first */

/* Go on telling entries and moves from s->at; *done when it has come to H. */
MUST_CHECK enum status answer_entries(struct hub_sync *s,
	const struct lens *lens, bool *done, struct buf *out, struct why *why);

/* Begin the next filling, or be done; go on with its records; and with what
 * came to its book after the head that it began with. */
MUST_CHECK enum status answer_fill(struct hub_sync *s, struct buf *out);
MUST_CHECK enum status answer_records(
	struct hub_sync *s, struct buf *out, struct why *why);
MUST_CHECK enum status answer_catch_up(
	struct hub_sync *s, struct buf *out, struct why *why);

/* To supervisors: the held edits that wait on a record that was just told of;
 * those that would make records of this book. */
MUST_CHECK enum status answer_held(struct hub_sync *s, const char *kind,
	const char *id, struct buf *out, struct why *why);
MUST_CHECK enum status answer_makings(
	struct hub_sync *s, const char *book, struct buf *out, struct why *why);

/* Checksums, where they are asked for; then the answer is done. */
MUST_CHECK enum status answer_sums(
	struct hub_sync *s, struct buf *out, struct why *why);

/* The next piece of a 200 answer; false: the storage failed or all is said. */
bool answer_step(struct hub_sync *s, struct buf *out);

#endif
