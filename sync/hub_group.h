/*
 * hub_group.h - requests that wait for the hub's next commit, which all of
 * them share. Where another program is writing, they wait on without holding
 * the server up.
 */
#ifndef SYNC_HUB_GROUP_H
#define SYNC_HUB_GROUP_H

#include "sync/hub_traffic.h"

#define GROUP_BUSY_S 30 /* that another program may hold the log */

struct group; /* opaque */

/* `done` is called with each request once it waits no more; what was decided
 * of those whose connection is gone goes into `traffic`. */
struct group *group_new(
	struct hub *h, void (*done)(void *request), struct traffic *traffic);
void group_free(struct group *g); /* NULL is fine */
/* Until what `sync` has taken is committed. NULL: it found the log busy and
 * is to be asked again. */
void group_add(struct group *g, void *request, struct hub_sync *sync);
/* Its connection is gone: what it brought counts all the same, and its sync
 * belongs to the group. */
void group_leave(struct group *g, const void *request);
/* Commit, unless it is not yet time to try again. */
void group_commit(struct group *g, int64_t now_ms);
/* ms until the next group_commit; -1: nobody waits. */
int64_t group_wait(const struct group *g, int64_t now_ms);
/* The last commit of a server that ends, with patience. */
void group_end(struct group *g);

#endif
