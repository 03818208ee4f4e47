/*
 * hub_exchange.h - one HTTP request and its answer, whatever carries them:
 * what is refused and why, what its body brings to the hub, what is answered.
 * It knows no sockets and no library; hub_http.c carries it.
 */
#ifndef SYNC_HUB_EXCHANGE_H
#define SYNC_HUB_EXCHANGE_H

#include <stdbool.h>

#include "sync/hub_door.h"
#include "sync/hub_group.h"
#include "sync/hub_peers.h"
#include "sync/hub_traffic.h"

#define EXCHANGE_HEADERS_MAX 8192 /* bytes of a request's headers */
#define EXCHANGE_CALL_MAX 65536	  /* bytes of a body, all but sync */
#define EXCHANGE_NOTE_MS 10000	  /* between notes of traffic */

/* What all exchanges of a server share. */
struct exchange_host {
	struct hub *hub;
	struct group *group;
	struct door *door;
	struct traffic traffic;
	int64_t note_at;     /* boot ms: traffic is to be noted; 0: none new */
	int64_t deadline_ms; /* each 64 KiB, from one with a token */
	bool stopping;	     /* no new ones are taken */
};

/* What the headers say. Borrowed until the exchange ends. */
struct exchange_head {
	const char *method, *target; /* as in the request line */
	const char *token;	     /* after "Bearer "; NULL: none */
	size_t size;		     /* bytes of all headers; 0: not known */
	unsigned long long length;   /* the body's, announced; 0: not said */
};

enum exchange_step {
	EXCHANGE_GOES_ON,  /* its body is to come */
	EXCHANGE_WAITS,	   /* until the group calls its carrier back */
	EXCHANGE_ANSWERED, /* `status` and `answer` are to be sent */
};

struct exchange {
	struct exchange_host *host;
	struct one_peer *on; /* NULL is fine */
	void *carrier;	     /* whom the group calls back */
	struct exchange_head head;
	struct hub_sync *sync; /* POST /v1/sync; else NULL */
	struct buf body;       /* of all other requests */
	struct buf answer;     /* what was drawn and not yet sent */
	bool more;	       /* of the answer is to be drawn */
	size_t taken;	       /* bytes of the body that came */
	size_t given;	       /* bytes of the answer */
	int64_t busy_since;    /* boot ms: a call found the log busy; 0 no */
	int64_t ended_us;      /* when the last byte of it came; 0 not yet */
	int64_t answered_us;
	enum traffic_kind kind;
	int status;	 /* that was answered; 0: none */
	int retry_after; /* seconds, goes with it; 0: none */
	bool over, counted, waiting;
};

/* The headers are here: it goes on, or is answered by them alone. */
enum exchange_step exchange_begin(struct exchange *x,
	struct exchange_host *host, struct one_peer *on, void *carrier,
	const struct exchange_head *head);
/* Bytes of the body, not while it waits. */
void exchange_take(struct exchange *x, const char *bytes, size_t len);
/* The body is over; asked again after each wait. */
enum exchange_step exchange_over(struct exchange *x);
/* At most `room` bytes of an answer that is drawn; 0: it is over. */
size_t exchange_draw(struct exchange *x, char *out, size_t room);
/* It was answered, or its connection is gone: count it and release it. What
 * it brought counts all the same. */
void exchange_end(struct exchange *x);

#endif
