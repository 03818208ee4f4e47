/* hub_listen.h - the socket that the hub's HTTP server listens on. */
#ifndef SYNC_HUB_LISTEN_H
#define SYNC_HUB_LISTEN_H

#include <stdbool.h>

#include "common/status.h"

#define LISTEN_ADDRESS_MAX 80

struct buf;
struct sockaddr;
/* The address of a peer without its port; of IPv6 the network of 64 bits,
 * which is one customer's. */
void listen_peer_name(
	const struct sockaddr *from, char out[LISTEN_ADDRESS_MAX]);

/*
 * Listen on `address`, ADDR:PORT or [ADDR]:PORT in numbers; port 0 is any
 * free one. `name` gets the same with the real port. Unless `anywhere`, other
 * than loopback is refused. *fd is the caller's.
 * ST_USAGE: no such form, or refused. ST_FILE: the address cannot be had.
 */
MUST_CHECK enum status hub_listen(const char *address, bool anywhere, int *fd,
	char name[LISTEN_ADDRESS_MAX], struct why *why);

/* A PEM file into `out`; `what` names it. ST_FILE: it cannot be read. */
MUST_CHECK enum status listen_read_pem(
	const char *file, const char *what, struct buf *out, struct why *why);

#endif
