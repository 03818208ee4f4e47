/*
 * hubs.h - a hub in a folder of its own, with a clock that stands and seeded
 * randomness, and peers: the barest clients, which speak plain lines.
 */
#ifndef TESTS_HUBS_H
#define TESTS_HUBS_H

#include "sync/hub.h"
#include "sync/message.h"
#include "tests/support/place.h"

/* 2026-07-14 10:31:00 UTC, a Tuesday. */
#define HUBS_NOW INT64_C(1784025060000)
#define MINUTE ((int64_t)60000)

struct hubs {
	char dir[PLACE_MAX], place[96];
	struct hub *h;
	struct clock_reading now; /* tests move it */
	struct clock clock;
	uint64_t seed;
	struct random_source random;
	int backups; /* made of it (mdt.h) */
};

/* Unit A1 with beats 35X, 12Y and unit B1 (below D1) with beat 7Z; members
 * 4471 (officer, A1, 35X), 4480 (officer, A1, 35X and 12Y), 5000 (officer,
 * B1, 7Z), 900 (sergeant, A1), 910 (sergeant, B1), 920 (commander, no unit),
 * 930 (analyst, A1), 999 (admin). Profile oakland, zone America/Los_Angeles. */
void hubs_make(struct hubs *t);
void hubs_make_in(struct hubs *t, const char *dir); /* an empty one */
void hubs_remove(struct hubs *t);
void hubs_again(struct hubs *t); /* close and open */
void hubs_pass(struct hubs *t, int64_t ms);
/* An edit of the hub's own: field, value, …, NULL. */
void hubs_set(struct hubs *t, const char *kind, const char *id, ...);
/* A value as the hub has it; valid until the next call. */
const char *hubs_value(struct hubs *t, const char *record, const char *field);
int64_t hubs_entries(struct hubs *t); /* in its log */
void hubs_verify(struct hubs *t);     /* fails the test with the report */

struct peer {
	struct hubs *t;
	uint32_t number, n, last;
	char *badge, *token;
	struct digest chain; /* h_n */
	struct cursor cursor;
	struct names books;
	struct names asked, lent;
	char level[24];	       /* that the books are of */
	struct filling *fills; /* those of books that are not whole */
	size_t fill_count, fill_cap;
	struct dated_edit *outbox; /* all it ever wrote; n is 1 + place */
	int64_t *wrote;		   /* when */
	struct ages ages;	   /* of the last request's edits */
	size_t count, cap;
	bool hashed;	 /* give the books' hash */
	bool head_alone; /* ask for the head alone */
	/* What happens once after the first piece of an answer; NULL: none. */
	void (*meanwhile)(struct hubs *t);

	/* The last answer. */
	int status;
	struct buf text;
	struct frame *frames;
	size_t frame_count, frame_cap;
	struct head head;
	bool ended;
};
void peer_enroll(struct peer *p, struct hubs *t, const char *badge);
void peer_release(struct peer *p);
/* Forget all it was given, as if its file were new. */
void peer_forget(struct peer *p);
/* A new edit, written now over `over` (NULL: nothing): field, value, …, NULL.
 * Its place in the outbox returns, valid until the next. */
struct dated_edit *peer_edit(
	struct peer *p, const char *record, const char *over, ...);
/* The request alone, as far as written. */
void peer_request(struct peer *p, struct buf *out);
/* One whole sync; fails the test when its status is not 200. */
void peer_sync(struct peer *p);
int peer_try(struct peer *p); /* whatever its status */
/* Send these bytes; take at most `max` bytes of the answer (0: all). */
int peer_send(struct peer *p, const char *bytes, size_t len, size_t max);
/* The first frame of the last answer that is of this type and, if not NULL,
 * about this record; NULL: none. */
const struct frame *peer_frame(
	const struct peer *p, enum frame_type type, const char *record);
bool peer_saw(const struct peer *p, const char *text); /* in the answer */
/* The verdict on edit n in the last answer. */
const struct entry *peer_verdict(const struct peer *p, uint32_t n);
/* Edit n's identity, as text; valid until the next call but three. */
const char *peer_id(const struct peer *p, uint32_t n);

/* A hub of its own for each test, and an audit of it at the end. */
int hubs_set_up(void **state);
int hubs_tear_down(void **state);
#define HUBS_TEST(f) \
	cmocka_unit_test_setup_teardown(f, hubs_set_up, hubs_tear_down)

#endif
