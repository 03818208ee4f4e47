#include "sync/retry.h"

#define FIRST_MS 5000
#define REFUSED_MS 300000

void
retry_start(struct retry *r, int64_t now)
{
	*r = (struct retry){.next_at = now, .not_before = now};
}

/* Doubled with each failure after the first. */
static int64_t
doubled(int64_t first, int64_t most, int failures)
{
	int64_t wait = first;

	while (--failures > 0 && wait < most)
		wait *= 2;
	return wait < most ? wait : most;
}

/* Between half of it and the whole. */
static int64_t
spread(int64_t wait, uint32_t random)
{
	return wait / 2 + (int64_t)(random % (uint32_t)(wait / 2 + 1));
}

static int64_t
base_wait(const struct retry *r, enum status outcome)
{
	if (!outcome)
		return RETRY_EVERY_MS;
	if (outcome == ST_REFUSED)
		return doubled(REFUSED_MS, RETRY_LONGEST_MS, r->failures);
	return doubled(FIRST_MS, RETRY_EVERY_MS, r->failures);
}

void
retry_ended(struct retry *r, enum status outcome, int64_t retry_after_ms,
	uint32_t random, int64_t now)
{
	int64_t wait, after = retry_after_ms;

	if (!outcome)
		r->failures = 0;
	else if (r->failures < 100)
		r->failures++;
	wait = spread(base_wait(r, outcome), random);
	if (after > RETRY_LONGEST_MS / 2)
		after = RETRY_LONGEST_MS / 2;
	if (after > 0 && wait < after)
		wait = after + spread(after / 2, random);
	r->next_at = now + wait;
	r->not_before = outcome == ST_REFUSED ? r->next_at
			: after > 0	      ? now + after
					      : now;
}

void
retry_soon(struct retry *r, int64_t now)
{
	int64_t at = now + RETRY_SOON_MS;

	if (at < r->not_before)
		at = r->not_before;
	if (at < r->next_at)
		r->next_at = at;
}
