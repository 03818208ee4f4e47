/* exchange.h - one request of a device and its answer: what link.c and
 * group.c share. */
#ifndef SIM_EXCHANGE_H
#define SIM_EXCHANGE_H

#include "tests/sim/world.h"

/* What becomes of one request and its answer. */
enum fate {
	FATE_GOOD,
	FATE_LOST,	  /* the request never comes */
	FATE_LATE,	  /* it comes when nobody waits any more */
	FATE_CUT_REQUEST, /* at any byte */
	FATE_LOST_ANSWER, /* all is taken, and nobody hears of it */
	FATE_CUT_ANSWER,  /* at any byte */
	FATE_TWICE,	  /* the link repeats the request */
	FATE_PORTAL,	  /* a hotel's page answers, status 200 */
	FATE_PROXY,	  /* a proxy's page: 413, 502 */
	FATE_KILLED,	  /* the client's process ends in the midst */
	FATE_HUB_KILLED,  /* the hub's does, at any write */
	FATES
};

struct exchange {
	struct device *d;
	struct chance *c;
	enum fate fate;
	struct buf request, answer;
	struct engine *engine;
	int status;
	bool deflated;	/* else one in three goes in plain lines */
	bool meanwhile; /* another device syncs in the midst */
};

/* Make the request; false: it cannot be made on a failing disk. */
bool exchange_ask(struct exchange *x);
/* What the hub gives back to these bytes; its status returns. */
int exchange_deliver(
	struct world *w, const char *bytes, size_t len, struct buf *answer);
/* What of the answer arrives is taken, and judged: ST_OK where it was whole. */
enum status exchange_hear(struct exchange *x, struct sync_counts *counts);

#endif
