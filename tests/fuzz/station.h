/*
 * station.h - a hub and officers' files for fuzzers: the story of
 * tests/support/crew.h was told once, and any moment of it can be gone to.
 */
#ifndef TESTS_STATION_H
#define TESTS_STATION_H

#include <stdint.h>

#include "tests/support/crew.h"

/* Ends the fuzzer where something must be so and is not. */
#define NEED(what) station_need((what), #what, __FILE__, __LINE__)
void station_need(bool good, const char *what, const char *file, int line);

/* The hub and 4471's file after step `byte` of their story, or one near it;
 * both are open. What was written since the last time is undone first. */
struct crew *station_at(uint8_t byte);
uint8_t station_byte(size_t step); /* the byte that stands for it */
bool station_changed(void);	   /* was anything written since? */
void station_undo(void);   /* as station_at the same step, always anew */
void station_verify(void); /* hub and file: all invariants hold */

/* Everything that the hub decided, and everything that 4471's file holds, as
 * one number each: added to `out` as text. */
void station_hub_text(struct buf *out);
void station_file_text(struct buf *out);

/* A request, plain or deflated as it is, in pieces of so many bytes; the
 * HTTP status returns, and the answer is added to `out`. */
int station_ask(
	const uint8_t *bytes, size_t len, size_t piece, struct buf *out);

/* Called with each request and its answer while the story is told, and after
 * how many steps: set before the first station_at. */
typedef void station_listener(size_t step, int officer,
	const struct buf *request, const struct buf *answer);
void station_listen(station_listener *listener);

#endif
