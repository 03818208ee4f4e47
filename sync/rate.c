#include "sync/rate.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/digest.h"

#define SETS 1024
#define WAYS 8

/* A bucket is the instant at which it will be full again. */
struct bucket {
	uint64_t key;
	int64_t full_at;
};

struct rate_table {
	uint8_t secret[16]; /* nobody outside can choose who shares a set */
	struct bucket sets[SETS][WAYS];
};

struct rate_table *
rate_new(void)
{
	struct rate_table *t = mem_alloc(sizeof(*t));

	random_fill(NULL, t->secret, sizeof(t->secret));
	return t;
}

void
rate_free(struct rate_table *t)
{
	free(t);
}

static uint64_t
hash_key(const struct rate_table *t, const char *key)
{
	struct digest d;
	uint64_t hash;

	digest_hmac(t->secret, sizeof(t->secret), key, strlen(key), &d);
	memcpy(&hash, d.bytes, sizeof(hash));
	return hash;
}

/* The key's bucket, or the one of its set that is nearest to full. */
static struct bucket *
find(struct rate_table *t, uint64_t key)
{
	struct bucket *set = t->sets[key % SETS], *best = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_at < best->full_at)
			best = &set[i];
	}
	return best;
}

static int64_t
wait_of(const struct rate_limit *l, int64_t full_at, int64_t now)
{
	int64_t room = (l->burst - 1) * l->every_ms;

	return full_at - now > room ? full_at - now - room : 0;
}

int64_t
rate_wait(struct rate_table *t, const struct rate_limit *l, const char *key,
	int64_t now_ms)
{
	uint64_t hash = hash_key(t, key);
	const struct bucket *b = find(t, hash);

	return b->key == hash ? wait_of(l, b->full_at, now_ms) : 0;
}

int64_t
rate_take(struct rate_table *t, const struct rate_limit *l, const char *key,
	int64_t now_ms)
{
	uint64_t hash = hash_key(t, key);
	struct bucket *b = find(t, hash);
	int64_t full_at =
		b->key == hash && b->full_at > now_ms ? b->full_at : now_ms;
	int64_t wait = wait_of(l, full_at, now_ms);

	if (wait)
		return wait;
	b->key = hash;
	b->full_at = full_at + l->every_ms;
	return 0;
}
