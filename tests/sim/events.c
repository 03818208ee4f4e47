#include "tests/sim/events.h"

#include <stdlib.h>

#include "tests/sim/group.h"
#include "tests/sim/link.h"
#include "tests/sim/mishaps.h"
#include "tests/sim/office.h"
#include "tests/sim/oracles.h"
#include "tests/sim/people.h"
#include "tests/sim/weak.h"

#define EVENTS_MIN 20
#define EVENTS_MORE 100
#define MANY_DEVICES 400 /* one run in so many has up to DEVICES_MAX */

/* What can happen, and how often beside the others. */
static const struct {
	const char *name;
	unsigned often;
	void (*device)(struct device *d, struct chance *c);
	void (*world)(struct world *w, struct chance *c);
	void (*office)(struct world *w, struct chance *c); /* writes there */
} table[] = {
	{"sync", 40, link_sync, NULL, NULL},
	{"edit", 28, people_edit, NULL, NULL},
	{"write", 8, people_write, NULL, NULL},
	{"form", 8, people_form, NULL, NULL},
	{"make", 12, people_make, NULL, NULL},
	{"child", 7, people_child, NULL, NULL},
	{"move", 5, people_move, NULL, NULL},
	{"void", 4, people_void, NULL, NULL},
	{"settle", 5, people_settle, NULL, NULL},
	{"decide", 8, people_decide, NULL, NULL},
	{"undo", 3, people_undo, NULL, NULL},
	{"books", 4, people_books, NULL, NULL},
	{"weak link", 1, weak_sync, NULL, NULL},
	{"group", 6, NULL, group_sync, NULL},
	{"late", 5, NULL, link_late, NULL},
	{"kill", 2, mishap_kill, NULL, NULL},
	{"clock", 2, mishap_clock, NULL, NULL},
	{"reboot", 3, mishap_reboot, NULL, NULL},
	{"disk", 3, mishap_disk, NULL, NULL},
	{"copy", 1, mishap_copy, NULL, NULL},
	{"keep", 2, mishap_keep, NULL, NULL},
	{"restore", 1, mishap_restore, NULL, NULL},
	{"hub backup", 1, NULL, mishap_hub_keep, NULL},
	{"hub restore", 1, NULL, mishap_hub_restore, NULL},
	{"hub kill", 1, NULL, mishap_hub_kill, NULL},
	{"hub disk", 1, NULL, mishap_hub_disk, NULL},
	{"assign", 4, NULL, NULL, office_assign},
	{"move beat", 2, NULL, NULL, office_move_beat},
	{"move member", 2, NULL, NULL, office_move_member},
	{"member off", 1, NULL, NULL, office_member_off},
	{"level", 3, NULL, NULL, office_level},
	{"revoke", 1, NULL, NULL, office_revoke},
	{"enroll", 1, NULL, NULL, office_enroll},
	{"enroll again", 1, NULL, NULL, office_enroll_again},
	{"profile", 2, NULL, NULL, office_profile},
};
#define KINDS (sizeof(table) / sizeof(*table))

const char *
event_name(const struct event *e)
{
	return table[e->what].name;
}

static unsigned
draw_kind(struct chance *c)
{
	unsigned sum = 0, at, i = 0;

	for (size_t k = 0; k < KINDS; k++)
		sum += table[k].often;
	at = draw(c, sum);
	while (at >= table[i].often)
		at -= table[i++].often;
	return i;
}

/* Mostly minutes; now and then somebody is away for days. */
static int64_t
draw_pass(struct chance *c)
{
	if (one_in(c, 25))
		return (int64_t)draw(c, 8) * DAY;
	return one_in(c, 3) ? 0 : (int64_t)draw(c, 3600) * 1000;
}

static unsigned
draw_devices(struct chance *c)
{
	if (one_in(c, MANY_DEVICES))
		return 20 + draw(c, DEVICES_MAX - 20 - 8);
	return one_in(c, 8) ? 7 + draw(c, 5) : 2 + draw(c, 5);
}

void
plan_make(struct plan *p, uint64_t seed)
{
	struct chance c = {seed};
	size_t count;

	*p = (struct plan){0};
	p->devices = draw_devices(&c);
	count = EVENTS_MIN + draw(&c, EVENTS_MORE) + 5 * p->devices;
	while (p->count < count) {
		MEM_ROOM(p->events, p->count, p->cap);
		p->events[p->count++] = (struct event){draw_kind(&c),
			draw(&c, 10000), draw_pass(&c), chance_next(&c)};
	}
}

void
plan_release(struct plan *p)
{
	free(p->events);
	*p = (struct plan){0};
}

void
event_do(struct world *w, const struct event *e)
{
	struct device *d = &w->devices[e->device % w->device_count];
	struct chance c = {e->chance};

	hubs_pass(&w->t, e->pass);
	if (table[e->what].office && w->hub_ailing)
		return;
	if (table[e->what].world)
		table[e->what].world(w, &c);
	else if (table[e->what].office)
		table[e->what].office(w, &c);
	else
		table[e->what].device(d, &c);
}

void
good_weather(struct world *w)
{
	w->fair = true;
	mishaps_end(w);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < w->device_count; i++)
			if (!oracle_refused(&w->devices[i]))
				link_sync_whole(&w->devices[i]);
}
