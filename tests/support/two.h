/*
 * two.h - two officers of one beat and what one of them wrote there: the stage
 * of what is told of edits that meet.
 */
#ifndef TESTS_SUPPORT_TWO_H
#define TESTS_SUPPORT_TWO_H

#include "tests/support/hubs.h"

struct two {
	struct hubs t;
	struct peer a, b;
};

/* Both hold project/p-1 of beat 35X as a made it: edit a.1. For cmocka. */
int two_set_up(void **state);
int two_tear_down(void **state); /* the hub verifies */

int64_t two_conflicts(struct two *w); /* that the hub has open */
/* A value of project/p-1's problem. */
void two_edit(struct peer *p, const char *over, const char *value);
void two_value_is(struct two *w, const char *value); /* at the hub */

#endif
