#include "sync/hub_door.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/buf.h"
#include "sync/rate.h"

#define MINUTE_MS 60000
#define IN_A_ROW 5 /* minutes' worth */

struct door {
	struct rate_table *table;
	struct rate_limit replicas;
};

static const struct rate_limit limits[] = {
	[DOOR_STRANGERS] = {500, 200},
	[DOOR_ENROLMENTS] = {MINUTE_MS, 20},
};

struct door *
door_new(int a_minute)
{
	struct door *d = mem_alloc(sizeof(*d));

	if (a_minute <= 0)
		a_minute = DOOR_REQUESTS_A_MINUTE;
	d->table = rate_new();
	d->replicas.every_ms = MINUTE_MS / a_minute;
	d->replicas.burst = (int64_t)IN_A_ROW * a_minute;
	if (d->replicas.every_ms < 1)
		d->replicas.every_ms = 1;
	return d;
}

void
door_free(struct door *d)
{
	if (!d)
		return;
	rate_free(d->table);
	free(d);
}

int64_t
door_replica(struct door *d, uint32_t number, int64_t now_ms)
{
	char key[24];

	snprintf(key, sizeof(key), "r %u", (unsigned)number);
	return rate_take(d->table, &d->replicas, key, now_ms);
}

int64_t
door_stranger(struct door *d, enum door_limit limit, const char *address,
	int64_t now_ms)
{
	char *key = mem_printf("%d %s", (int)limit, address);
	int64_t wait = rate_take(d->table, &limits[limit], key, now_ms);

	free(key);
	return wait;
}

int64_t
door_stranger_waits(struct door *d, enum door_limit limit, const char *address,
	int64_t now_ms)
{
	char *key = mem_printf("%d %s", (int)limit, address);
	int64_t wait = rate_wait(d->table, &limits[limit], key, now_ms);

	free(key);
	return wait;
}
