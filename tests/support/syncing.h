/* syncing.h - a replica in the middle of its life with a hub, and its requests
 * read back. */
#ifndef TESTS_SYNCING_H
#define TESTS_SYNCING_H

#include "sync/engine.h"
#include "sync/message.h"
#include "tests/support/fixture.h"

#define MARK "AAAAAAAAAAA"
#define HUB_MS (FIXTURE_NOW + 5000)

/* Officer 4471's file, synced up to seq 30 with the hub inc1, with two unsent
 * edits: the new project 1b-1, and a minute later its stage. */
void syncing_make(struct fixture *f);

/* A plain request, begun. */
struct engine *syncing_begin(struct fixture *f, struct buf *request);
/* Line `n` of it, without its newline. */
void syncing_line(const struct buf *request, unsigned n, struct buf *line);

/* What the next request says. */
void syncing_hello(struct fixture *f, struct hello *h);

/* A whole sync whose answer is this. */
enum status syncing_answer(struct fixture *f, int http_status,
	const char *answer, struct sync_counts *counts);

#endif
