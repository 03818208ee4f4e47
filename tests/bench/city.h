/* city.h - a hub's log filled with the records of work.h, through its core:
 * eight officers' replicas push, as fast as the hub takes it. */
#ifndef TESTS_CITY_H
#define TESTS_CITY_H

#include <stddef.h>

#include "common/status.h"
#include "tests/bench/spent.h"

/*
 * `place` is a hub whose members 5001 to 5008 may write on all the beats, and
 * that no replica has joined yet. Records are spread over `beats` beats.
 */
MUST_CHECK enum status city_fill(
	const char *place, size_t records, size_t beats, struct why *why);

/*
 * W4: a replica of 4471, already in sync with the hub at `place`, is at
 * `file`. `changes` fields of `records` records are changed at the hub by
 * others, then the replica takes them. What its side took goes to *took, bytes
 * of the answers to *bytes. A replica that holds nothing yet is filled by it.
 */
MUST_CHECK enum status city_apply(const char *place, const char *file,
	size_t records, size_t changes, struct spent *took, size_t *bytes,
	struct why *why);

#endif
