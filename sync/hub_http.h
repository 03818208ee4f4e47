/*
 * hub_http.h - the hub's HTTP server: a thin shell around hub.h.
 * The only file that includes microhttpd.h is hub_http.c.
 *
 * One thread: hub_http_run polls libmicrohttpd and a descriptor of the
 * caller's that says when to stop. After each round all that came in it is
 * decided and committed at once, and answered then. What a request brought
 * before its connection broke is kept.
 */
#ifndef SYNC_HUB_HTTP_H
#define SYNC_HUB_HTTP_H

#include <stdbool.h>

#include "common/status.h"
#include "sync/hub.h"

struct hub_http; /* opaque */

struct hub_http_options {
	const char *address;   /* 127.0.0.1:8440, [::1]:8440; port 0: any */
	const char *cert_file; /* PEM; NULL with key_file NULL: plain HTTP */
	const char *key_file;
	bool plain_on_any_address; /* else plain is for loopback alone */
	int deadline_s;		   /* 0: HUB_HTTP_DEADLINE_S */
	int a_minute; /* requests of each replica; 0: as hub_door.h says */
};

#define HUB_HTTP_DEADLINE_S 300	 /* each 64 KiB, from one with a token */
#define HUB_HTTP_HEAD_S 60	 /* headers; and all from one without */
#define HUB_HTTP_STOP_S 10	 /* what is under way when it is stopped */
#define HUB_HTTP_INACTIVITY_S 60 /* without a byte either way */
#define HUB_HTTP_CONNECTIONS 1000
#define HUB_HTTP_FROM_ONE_ADDRESS 750

/*
 * Listen. The hub must outlive the server. *out belongs to the caller.
 * ST_USAGE: not ADDR:PORT, or plain where it may not be. ST_FILE: the address
 * cannot be had, or certificate or key cannot be read.
 */
MUST_CHECK enum status hub_http_new(struct hub *h,
	const struct hub_http_options *o, struct hub_http **out,
	struct why *why);

/* Where it listens, as ADDR:PORT with the real port. */
const char *hub_http_address(const struct hub_http *s);

/* Serve until `stop_fd` can be read, then answer what is under way. */
MUST_CHECK enum status hub_http_run(
	struct hub_http *s, int stop_fd, struct why *why);
void hub_http_free(struct hub_http *s); /* NULL is fine; ends connections */

#endif
