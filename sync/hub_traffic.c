#include "sync/hub_traffic.h"

#include <inttypes.h>

#include <string.h>

#include "common/json.h"

/* Four buckets for each doubling. */
static size_t
bucket_of(int64_t us)
{
	size_t octave = 0, n;

	if (us < 4)
		return us < 0 ? 0 : (size_t)us;
	while (us >> (octave + 3))
		octave++;
	n = 4 * (octave + 1) + (size_t)((us >> octave) & 3);
	return n < TRAFFIC_BUCKETS ? n : TRAFFIC_BUCKETS - 1;
}

/* The first that is too long for it. */
static int64_t
end_of(size_t bucket)
{
	if (bucket < 4)
		return (int64_t)bucket + 1;
	return (int64_t)(4 + bucket % 4 + 1) << (bucket / 4 - 1);
}

enum traffic_kind
traffic_kind_of(const char *method, const char *target)
{
	bool post = strcmp(method, "POST") == 0;

	if (post && strcmp(target, "/v1/sync") == 0)
		return TRAFFIC_POLL;
	if (post && strncmp(target, "/v1/enroll", 10) == 0 &&
		(!target[10] || target[10] == '?'))
		return TRAFFIC_ENROLL;
	if (strcmp(method, "GET") == 0 && strncmp(target, "/v1/", 4) == 0)
		return TRAFFIC_CALL;
	return TRAFFIC_OTHER;
}

void
traffic_add(struct traffic *t, enum traffic_kind kind, int status, int64_t in,
	int64_t out, int64_t us)
{
	t->requests[kind]++;
	t->bytes_in += in;
	t->bytes_out += out;
	t->took[bucket_of(us)]++;
	if (us > t->longest_us)
		t->longest_us = us;
	if (status == 401)
		t->unknown++;
	else if (status == 429)
		t->limited++;
	else if (status == 413 || status == 431)
		t->too_large++;
	else if (status >= 500)
		t->failed++;
	else if (status >= 400)
		t->wrong++;
}

void
traffic_decided(struct traffic *t, const struct hub_sync *s)
{
	struct sync_tally tally;

	hub_sync_tally(s, &tally);
	t->verdicts.won += tally.verdicts.won;
	t->verdicts.lost += tally.verdicts.lost;
	t->verdicts.held += tally.verdicts.held;
	t->verdicts.refused += tally.verdicts.refused;
}

int64_t
traffic_quantile(const struct traffic *t, double part)
{
	int64_t all = 0, seen = 0;

	for (size_t i = 0; i < TRAFFIC_BUCKETS; i++)
		all += t->took[i];
	for (size_t i = 0; all && i < TRAFFIC_BUCKETS; i++) {
		seen += t->took[i];
		if ((double)seen >= part * (double)all)
			return end_of(i) < t->longest_us ? end_of(i)
							 : t->longest_us;
	}
	return 0;
}

static void
put(struct buf *out, const char *name, int64_t n)
{
	json_put_name(out, name);
	buf_printf(out, "%" PRId64, n);
}

static void
put_time(struct buf *out, const char *name, int64_t ms)
{
	char text[WHEN_MAX];

	when_instant_text(ms, text);
	json_put_member(out, name, text);
}

void
traffic_json(const struct traffic *t, int64_t now_ms, struct buf *out)
{
	buf_putc(out, '{');
	put_time(out, "since", t->since_ms);
	put_time(out, "until", now_ms);
	put(out, "polls", t->requests[TRAFFIC_POLL]);
	put(out, "pushes", t->requests[TRAFFIC_PUSH]);
	put(out, "enrolments", t->requests[TRAFFIC_ENROLL]);
	put(out, "calls", t->requests[TRAFFIC_CALL]);
	put(out, "others", t->requests[TRAFFIC_OTHER]);
	put(out, "edits_won", t->verdicts.won);
	put(out, "edits_lost", t->verdicts.lost);
	put(out, "edits_held", t->verdicts.held);
	put(out, "edits_refused", t->verdicts.refused);
	put(out, "answered_wrong", t->wrong);
	put(out, "answered_unknown", t->unknown);
	put(out, "answered_limited", t->limited);
	put(out, "answered_too_large", t->too_large);
	put(out, "answered_failed", t->failed);
	put(out, "bytes_in", t->bytes_in);
	put(out, "bytes_out", t->bytes_out);
	put(out, "p50_us", traffic_quantile(t, 0.5));
	put(out, "p99_us", traffic_quantile(t, 0.99));
	put(out, "max_us", t->longest_us);
	buf_putc(out, '}');
}
