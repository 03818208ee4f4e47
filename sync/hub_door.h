/*
 * hub_door.h - who may ask the hub, and how often. One that shows a token of
 * this hub is counted as its replica; all others by their address, wrong
 * enrolments more strictly. A department may be behind one address, so that
 * nobody with a token ever waits for others.
 */
#ifndef SYNC_HUB_DOOR_H
#define SYNC_HUB_DOOR_H

#include <stdint.h>

#define DOOR_REQUESTS_A_MINUTE 120 /* of a replica; 5 minutes of them at once */

struct door; /* opaque */
enum door_limit { DOOR_STRANGERS, DOOR_ENROLMENTS };

/* `a_minute`: requests of each replica; 0: DOOR_REQUESTS_A_MINUTE. */
struct door *door_new(int a_minute);
void door_free(struct door *d); /* NULL is fine */
/* Count one; ms until there is one to count, 0: it was counted. */
int64_t door_replica(struct door *d, uint32_t number, int64_t now_ms);
int64_t door_stranger(struct door *d, enum door_limit limit,
	const char *address, int64_t now_ms);
/* The same, not counted. */
int64_t door_stranger_waits(struct door *d, enum door_limit limit,
	const char *address, int64_t now_ms);

#endif
