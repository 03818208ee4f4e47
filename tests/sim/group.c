#include "tests/sim/group.h"

#include <string.h>

#include "tests/sim/exchange.h"
#include "tests/sim/oracles.h"

#define GROUP_MAX 6
#define GIVEN_UP 503

struct grouped {
	struct exchange x;
	struct hub_sync *sync;
	bool more, given_up;
	bool broken; /* nobody hears the answer */
};

struct group {
	struct world *w;
	struct chance *c;
	struct grouped items[GROUP_MAX];
	size_t count;
};

static bool
is_in(const struct group *g, const struct device *d)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].x.d == d)
			return true;
	return false;
}

/* The request as it comes, in two pieces; a malformed one is cut, and goes on
 * as no frame does. */
static void
take(struct group *g, struct grouped *i)
{
	static const char bad[] = "\n{]}\n";
	struct buf *r = &i->x.request;
	size_t len = r->len, half;
	bool malformed = r->data[0] == '{' && one_in(g->c, 6);

	i->broken = i->x.fate == FATE_CUT_REQUEST || malformed;
	if (i->broken)
		len = draw(g->c, (uint32_t)len);
	half = draw(g->c, (uint32_t)len + 1);
	i->sync = hub_sync_new(g->w->t.h);
	hub_sync_take(i->sync, r->data, half);
	hub_sync_take(i->sync, r->data + half, len - half);
	if (malformed)
		hub_sync_take(i->sync, bad, strlen(bad));
	i->more = true;
}

static void
give_up(struct grouped *i)
{
	hub_sync_give_up(i->sync, GIVEN_UP, "the server ends: try again");
	i->given_up = true;
}

static void
join(struct group *g, struct device *d)
{
	static const enum fate fates[] = {FATE_GOOD, FATE_GOOD, FATE_GOOD,
		FATE_CUT_REQUEST, FATE_LOST_ANSWER, FATE_CUT_ANSWER,
		FATE_KILLED};
	struct grouped *i = &g->items[g->count];

	if (!d->r || is_in(g, d))
		return;
	memset(i, 0, sizeof(*i));
	i->x = (struct exchange){.d = d, .c = g->c};
	i->x.fate = fates[draw(g->c, sizeof(fates) / sizeof(*fates))];
	if (!exchange_ask(&i->x))
		return;
	take(g, i);
	g->count++;
	if (one_in(g->c, 5))
		give_up(i);
}

static bool
committed(struct group *g)
{
	struct hub_sync *syncs[GROUP_MAX];
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++)
		if (hub_sync_waits(g->items[i].sync))
			syncs[count++] = g->items[i].sync;
	return !count || hub_commit(g->w->t.h, syncs, count);
}

/* The disk may fail at any write of the commit; a busy one is tried again. */
static void
commit(struct group *g)
{
	bool fails = !g->w->hub_ailing && one_in(g->c, 4);
	enum disk_fault fault = one_in(g->c, 2) ? DISK_BUSY : DISK_FULL;

	if (fails)
		disk_fail(HUB_DISK, fault, draw(g->c, 40));
	committed(g);
	if (fails)
		disk_fail(HUB_DISK, DISK_FINE, 0);
	if (committed(g))
		return;
	if (!g->w->hub_ailing)
		world_fail("a group is committed when the log is free",
			"%zu requests", g->count);
	for (size_t i = 0; i < g->count; i++)
		give_up(&g->items[i]);
}

/* Piece by piece in turns, as their connections take them. */
static void
answer(struct group *g)
{
	bool any = true;

	for (size_t i = 0; i < g->count; i++)
		hub_sync_over(g->items[i].sync);
	committed(g);
	while (any) {
		any = false;
		for (size_t i = 0; i < g->count; i++) {
			struct grouped *p = &g->items[i];

			if (p->more)
				hub_sync_answer(
					p->sync, &p->x.answer, &p->more);
			any = any || p->more;
		}
	}
}

static void
leave(struct grouped *i)
{
	struct sync_counts counts;
	struct sync_tally tally;

	i->x.status = hub_sync_status(i->sync);
	hub_sync_tally(i->sync, &tally);
	if (i->given_up && (i->x.status == 200 || tally.verdicts.won ||
				   tally.verdicts.lost))
		world_fail("what is given up is not taken", "device %u",
			i->x.d->index);
	hub_sync_free(i->sync);
	if (i->broken) {
		i->x.status = 0;
		i->x.answer.len = 0;
	}
	exchange_hear(&i->x, &counts);
}

void
group_sync(struct world *w, struct chance *c)
{
	struct group g = {.w = w, .c = c};
	uint32_t wanted = 2 + draw(c, GROUP_MAX - 1);

	for (uint32_t i = 0; i < wanted; i++)
		join(&g, &w->devices[draw(c, w->device_count)]);
	world_tell(w, "    %zu requests share a commit", g.count);
	commit(&g);
	answer(&g);
	for (size_t i = 0; i < g.count; i++)
		leave(&g.items[i]);
}
