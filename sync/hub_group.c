#include "sync/hub_group.h"

#include <stdlib.h>

#define RETRY_MS 10	      /* where the log was busy */
#define PATIENCE_MS 5	      /* for another program, in the loop */
#define LAST_PATIENCE_MS 5000 /* and at the end */
#define BUSY_TEXT                                                             \
	"another program is writing to the hub's log: nothing was kept, try " \
	"again"

struct waiting {
	void *request; /* NULL: its connection is gone */
	struct hub_sync *sync;
};

struct group {
	struct hub *h;
	void (*done)(void *request);
	struct traffic *traffic;
	struct waiting *items;
	size_t count, cap;
	int64_t retry_at, busy_since; /* 0: the log is not busy */
};

struct group *
group_new(struct hub *h, void (*done)(void *request), struct traffic *traffic)
{
	struct group *g = mem_alloc(sizeof(*g));

	g->h = h;
	g->done = done;
	g->traffic = traffic;
	hub_patience(h, PATIENCE_MS);
	return g;
}

void
group_free(struct group *g)
{
	if (!g)
		return;
	free(g->items);
	free(g);
}

void
group_add(struct group *g, void *request, struct hub_sync *sync)
{
	MEM_ROOM(g->items, g->count, g->cap);
	g->items[g->count++] = (struct waiting){request, sync};
}

void
group_leave(struct group *g, const void *request)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].request == request)
			g->items[i].request = NULL;
}

static void
release_all(struct group *g)
{
	for (size_t i = 0; i < g->count; i++) {
		struct waiting *w = &g->items[i];

		if (w->request) {
			g->done(w->request);
		} else if (w->sync) {
			traffic_decided(g->traffic, w->sync);
			hub_sync_free(w->sync);
		}
	}
	g->count = 0;
}

/* Has the log been busy for longer than anybody should wait? */
static bool
give_up(struct group *g, struct hub_sync **syncs, size_t count, int64_t now)
{
	if (!g->busy_since)
		g->busy_since = now;
	if (now - g->busy_since < GROUP_BUSY_S * 1000)
		return false;
	for (size_t i = 0; i < count; i++)
		hub_sync_give_up(syncs[i], 503, BUSY_TEXT);
	return true;
}

static bool
commit(struct group *g, int64_t now)
{
	struct hub_sync **syncs = mem_grow(NULL, g->count + 1, sizeof(*syncs));
	size_t count = 0;
	bool done = true;

	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].sync)
			syncs[count++] = g->items[i].sync;
	if (count)
		done = hub_commit(g->h, syncs, count) ||
		       give_up(g, syncs, count, now);
	free(syncs);
	return done;
}

void
group_commit(struct group *g, int64_t now_ms)
{
	bool asks_again = false;

	for (size_t i = 0; i < g->count; i++)
		asks_again = asks_again || !g->items[i].sync;
	if (asks_again && !g->retry_at)
		g->retry_at = now_ms + RETRY_MS;
	if (!g->count || now_ms < g->retry_at)
		return;
	if (!commit(g, now_ms)) {
		g->retry_at = now_ms + RETRY_MS;
		return;
	}
	g->retry_at = g->busy_since = 0;
	release_all(g);
}

int64_t
group_wait(const struct group *g, int64_t now_ms)
{
	if (!g->count)
		return -1;
	return g->retry_at > now_ms ? g->retry_at - now_ms : 0;
}

void
group_end(struct group *g)
{
	hub_patience(g->h, LAST_PATIENCE_MS);
	commit(g, 0);
	release_all(g);
}
