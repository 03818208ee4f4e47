/*
 * hub_traffic.h - what a serving hub did since it started: requests by kind
 * and outcome, verdicts, bytes of bodies, and how long it took.
 */
#ifndef SYNC_HUB_TRAFFIC_H
#define SYNC_HUB_TRAFFIC_H

#include "common/buf.h"
#include "sync/hub.h"

enum traffic_kind {
	TRAFFIC_POLL, /* a sync without edits */
	TRAFFIC_PUSH,
	TRAFFIC_ENROLL,
	TRAFFIC_CALL, /* log, profile, health */
	TRAFFIC_OTHER,
	TRAFFIC_KINDS
};

#define TRAFFIC_BUCKETS 100 /* four for each doubling of 1 us */

struct traffic {
	int64_t since_ms; /* wall clock */
	int64_t requests[TRAFFIC_KINDS];
	int64_t bytes_in, bytes_out;
	int64_t wrong, unknown, limited, too_large, failed; /* outcomes */
	struct sync_verdicts verdicts;
	int64_t took[TRAFFIC_BUCKETS], longest_us;
};

enum traffic_kind traffic_kind_of(const char *method, const char *target);
/* One request is over: its HTTP status, bytes of its two bodies, and us from
 * its last byte to the first of its answer. */
void traffic_add(struct traffic *t, enum traffic_kind kind, int status,
	int64_t in, int64_t out, int64_t us);
/* What was decided of the edits that one brought; all it brought is. */
void traffic_decided(struct traffic *t, const struct hub_sync *s);
/* us that this part (0.5, 0.99) took at most; to a fifth. 0: none yet. */
int64_t traffic_quantile(const struct traffic *t, double part);
/* A flat JSON object; `now_ms` is wall clock. */
void traffic_json(const struct traffic *t, int64_t now_ms, struct buf *out);

#endif
