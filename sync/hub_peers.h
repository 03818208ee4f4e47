/*
 * hub_peers.h - the connections that are open, each with the instant at which
 * it is cut. libmicrohttpd's own time-out sees silence only: one byte a minute
 * would hold a connection for ever.
 */
#ifndef SYNC_HUB_PEERS_H
#define SYNC_HUB_PEERS_H

#include <stdint.h>

#include "sync/hub_listen.h"

struct peers; /* opaque */

struct one_peer {
	struct peers *all;
	struct one_peer *next, *before;
	int fd;
	int64_t due; /* boot ms */
	char address[LISTEN_ADDRESS_MAX];
};

int64_t peers_now(void); /* ms since boot, sleep included */
struct peers *peers_new(void);
void peers_free(struct peers *p); /* NULL is fine; all have ended before */
struct one_peer *peer_start(
	struct peers *p, int fd, const struct sockaddr *from);
void peer_end(struct one_peer *c);
/* It is cut in `ms` unless told anew. NULL is fine. */
void peer_deadline(struct one_peer *c, int64_t ms);
/* Shut those that are due, both ways: the server's loop ends them then. ms
 * until the next may be; -1: none. */
int64_t peers_cut(struct peers *p);

#endif
