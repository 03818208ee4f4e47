/*
 * fixture.h - what tests of replicas need: a folder of their own, a clock
 * that stands until it is moved, and a replica in it.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include "common/history.h"
#include "common/inbox.h"
#include "common/record.h"
#include "common/replica.h"
#include "tests/support/place.h"

/* 2026-07-14 10:31:00 UTC, a Tuesday. */
#define FIXTURE_NOW INT64_C(1784025060000)

struct fixture {
	char dir[PLACE_MAX];
	char path[96];
	struct clock_reading now; /* what the clock shows; tests move it */
	struct clock clock;
	struct replica *r;
	int64_t seq;	   /* of the last entry that the made-up hub sent */
	struct names made; /* ids that fixture_save gave */
};

/*
 * A new folder (place.h) with the replica 47 of officer 4471, who holds
 * dept, unit:A1, beat:35X and member:4471, with members 4471, 4480 (officers)
 * and 900 (sergeant), beats 35X and 12Y, unit A1. Profile: oakland.
 */
void fixture_make(struct fixture *f);
/* The folder and the clock alone: `r` is still to be made, at `path`. */
void fixture_begin(struct fixture *f);
void fixture_pass(struct fixture *f, int64_t ms); /* time: all clocks go on */
void fixture_open_again(struct fixture *f);	  /* close and open the file */
void fixture_close(struct fixture *f);		  /* its folder stays */
void fixture_remove(struct fixture *f);		  /* close, delete the folder */

/* Save an edit over what is shown: field, value, …, NULL. Fails the test when
 * it is refused. `id` "" makes a new record. Returns the record's id, valid
 * until the fixture is closed. */
const char *fixture_save(
	struct fixture *f, const char *kind, const char *id, ...);

/* An entry as the hub would send it, at the next seq: replica.n, by, record,
 * then field, value, …, NULL. To be released by the caller. */
struct entry fixture_entry(struct fixture *f, const char *edit_id,
	const char *by, const char *record, ...);
/* Take it in, entering `book` when that is not NULL; commits. */
void fixture_take(struct fixture *f, struct entry *e, const char *book);
/* The same of Chen's edit, who set one field without having seen our newest
 * edit: ours lost, and is in conflict. */
void fixture_lose(struct fixture *f, const char *edit_id, const char *record,
	const char *field, const char *value);
/* The hub's verdict on our own edit n: all won. Commits. */
void fixture_confirm(struct fixture *f, uint32_t n, const char *book);

/* A field as it is shown: valid until the next call. */
const char *fixture_text(
	struct fixture *f, const char *kind, const char *id, const char *field);

/* A fixture of its own for each test of cmocka's, in *state. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);
/* Fails the test where replica_verify has findings. */
void fixture_sound(struct fixture *f);

#endif
