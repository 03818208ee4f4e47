/*
 * message.h - the frames of PROTOCOL.md as structs, written and read.
 *
 * A coder carries what differences are taken against, one for each direction
 * of one request. Writing appends one line with its newline. Reading takes
 * one line; what it gives belongs to the caller.
 */
#ifndef SYNC_MESSAGE_H
#define SYNC_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/books.h"
#include "common/buf.h"
#include "common/checksum.h"
#include "common/entry.h"

#define FRAME_MAX ((size_t)4 << 20) /* a whole record with all its texts */
#define EDIT_LINE_MAX ((size_t)1 << 20)
#define REQUEST_MAX ((size_t)64 << 20)
#define HELLO_MAX ((size_t)3 << 19) /* 4,096 books, all being filled */
#define HELLO_TRUSTED 4096	    /* a longer one begins with its token */
#define EDIT_FIELDS_MAX 1024 /* that one edit sets, was over, or settles */
#define MARK_SIZE 8
#define TOKEN_MAX 256

struct cursor {
	bool set;
	char incarnation[24];
	int64_t seq;
	uint8_t mark[MARK_SIZE];
};

struct filling {
	char *book;
	int64_t head;
	char *kind, *id; /* "" at the start */
};

struct hello {
	char *token;
	uint32_t n;
	uint8_t chain[MARK_SIZE]; /* of h_n; zeros for n = 0 */
	struct cursor cursor;
	bool books_hashed; /* books is empty, books_hash stands for it */
	uint8_t books_hash[MARK_SIZE];
	struct names books;
	struct names asked; /* to be lent */
	struct filling *fillings;
	size_t filling_count, filling_cap;
	char *profile_hash; /* "" none */
	bool whole;	    /* no splices in the answer */
	bool head_alone;    /* the answer is to say what the hub has of us */
	bool sums;	    /* checksums in the answer */
	bool copy;	    /* this file knows it is a copy: give it a number */
};
void hello_release(struct hello *h);
/* Of the books held, the level they are held at ("" not known), and those of
 * them that are lent. Sorts them. */
void books_hash(struct names *books, const char *level, struct names *lent,
	uint8_t out[MARK_SIZE]);

struct head {
	int64_t hub_ms;
	char incarnation[24]; /* "": that of the hello's cursor */
	uint32_t n;
	int64_t durable;
	bool other_past;  /* the cursor is of a log that is not this one */
	int64_t fork;	  /* then: they agree up to this seq; FORK_UNKNOWN */
	bool other_chain; /* the hello's h is not the log's */
	uint32_t number;  /* not 0: this file is a copy, its new number, */
	char *token;	  /* and the token of that */
	bool whole;	  /* a splice did not fit: no more of them */
	bool has_books;
	struct names books;
	struct names lent;  /* those of them that are to read only */
	char *level;	    /* given with books; NULL: not told */
	char *profile_hash; /* NULL: unchanged */
};
#define FORK_UNKNOWN (-1)
void head_release(struct head *h);

/* An edit on its way up, with its age. */
struct dated_edit {
	struct edit edit;
	int64_t age_ms;
	bool unsure;
	int64_t floor; /* seq to count from where seen does not tell; 0 */
};

enum frame_type {
	FRAME_HEAD,
	FRAME_PROFILE, /* text */
	FRAME_ENTRY,   /* entries[0], books entered */
	FRAME_VERDICT, /* entries[0] with its id, seq, at, verdict; books */
	FRAME_ENTER,   /* kind, id, books; entries: whole record or none */
	FRAME_LEAVE,   /* kind, id, books */
	FRAME_DECIDED, /* entries[0] with seq, at, by, reason and what it
			  decides; accepted */
	FRAME_HELD,   /* kind, id, entries[0]: a held edit, open; books that the
			  record would enter, where it is not made */
	FRAME_RECORD, /* kind, id; entries: whole record or none */
	FRAME_FILL,   /* text: book; seq: head */
	FRAME_FILLED, /* text: book */
	FRAME_CURSOR, /* seq, mark */
	FRAME_SUM,    /* text: book; sums */
	FRAME_END,
	FRAME_UNKNOWN /* of a newer peer: to be passed over */
};

struct frame {
	enum frame_type type;
	struct head head;
	char *text;
	char *kind, *id;
	int64_t seq;
	uint8_t mark[MARK_SIZE];
	bool accepted;
	struct names books;
	struct checksums sums;
	struct entry *entries;
	size_t count, cap;
};
void frame_release(struct frame *f); /* and leaves it zeroed */

/* The value that an edit gave to a field of a record: what a splice is cut
 * against, and joined to. */
struct splice_base {
	const char *kind, *id, *field;
	struct edit_id edit;
};
/* Give it in `out`. ST_NOT_FOUND: not held, or not by the other side. */
typedef enum status base_finder(void *arg, const struct splice_base *at,
	struct buf *out, struct why *why);

/* Does this edit give it? Then it is added to `out`. */
bool splice_base_in(
	const struct edit *e, const struct splice_base *at, struct buf *out);

/* Ages of a request's edits, the first that of n + 1 of its hello: what the
 * answer says of their stamps is told against them. */
#define AGES_MAX 4096 /* of the edits after these nothing is remembered */
struct ages {
	int64_t *items;
	size_t count, cap;
};
void ages_release(struct ages *a);

/* What differences are taken against. Zeroed, then coder_start. */
struct coder {
	base_finder *base; /* NULL: no splices */
	void *base_arg;
	size_t join_left;  /* bytes that joined splices may still take */
	int64_t spliced;   /* values written so */
	struct ages *ages; /* filled on the way up, read down; NULL: none */
	int64_t first_n;   /* the hello's */
	int64_t hub_ms;	   /* the head's */
	int64_t seq, at, n, seen;
	bool absolute; /* between FILL and FILLED */
	struct clock_reading clock;
	int64_t age;	     /* of the edit before */
	struct edit_id told; /* of the entry before, and its record */
	char *kind, *id;
	uint32_t own; /* replica number of the client */
	struct {
		uint32_t replica;
		char *badge;
	} * badges;
	size_t badge_count, badge_cap;
};
/* Up: from the hello that was written or read; `own` is its replica. */
void coder_start_up(struct coder *c, const struct hello *h, uint32_t own);
/* Down: from the hello and the head's time. */
void coder_start_down(
	struct coder *c, const struct hello *h, int64_t hub_ms, uint32_t own);
/* Badge of a replica that was named in this answer before; NULL: not yet. */
const char *coder_badge(const struct coder *c, uint32_t replica);
void coder_learn(struct coder *c, uint32_t replica, const char *badge);
void coder_release(struct coder *c);

/* Up. */
void message_put_hello(const struct hello *h, struct buf *out);
MUST_CHECK enum status message_get_hello(
	const char *line, size_t len, struct hello *h, struct why *why);
void message_put_edit(
	struct coder *c, const struct dated_edit *e, struct buf *out);
MUST_CHECK enum status message_get_edit(struct coder *c, const char *line,
	size_t len, struct dated_edit *e, struct why *why);

/* Has the edit of this frame no more fields than it may? Not one that a
 * client made has, and deciding them costs their square. */
bool message_edit_narrow(const cJSON *object);

/*
 * Both readers: ST_NOT_FOUND, a splice cannot be put together here; neither
 * the frame nor what follows may be taken. Other faults: ST_DATA.
 *
 * Down: every type by one pair. While `absolute` (between FILL and FILLED)
 * seq and at are written whole; the coder sees to that by itself. */
void message_put_frame(struct coder *c, const struct frame *f, struct buf *out);
MUST_CHECK enum status message_get_frame(struct coder *c, const char *line,
	size_t len, struct frame *f, struct why *why);

/* The token of a hello that begins {"v":1,"t":"TOKEN", as one of more than
 * HELLO_TRUSTED bytes does. False: it does not. */
bool message_peek_token(const char *line, size_t len, struct buf *out);

/* Tokens: NUMBER.BADGE.MAC. Splits without checking the MAC. */
bool token_split(const char *token, uint32_t *number, char *badge,
	size_t badge_size, const char **mac);

#endif
