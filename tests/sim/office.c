#include "tests/sim/office.h"

#include <stdio.h>
#include <string.h>

#include "common/when.h"

static const char *const members[] = {
	"4471", "4480", "5000", "900", "910", "940"};
static const char *const beats[] = {"35X", "12Y", "7Z"};
static const char *const units[] = {"A1", "B1", "D1"};
#define ANY(list, c) ((list)[draw(c, sizeof(list) / sizeof(*(list)))])

static bool
exists(struct world *w, const char *id)
{
	struct why why;
	bool yes;

	world_good(hub_exists(w->t.h, "assignment", id, &yes, &why), &why);
	return yes;
}

static void
put_assignment(struct world *w, struct chance *c, const char *badge,
	const char *beat, const char *ends)
{
	char id[24];

	/* Those that world_make gave, and what this made: few, so that they
   * are changed again and again. */
	snprintf(id, sizeof(id), "0-%u", 1 + draw(c, 9));
	if (one_in(c, 3) || !exists(w, id))
		hubs_set(&w->t, "assignment", "", "member_id", badge, "beat_id",
			beat, NULL);
	else if (one_in(c, 3))
		hubs_set(&w->t, "assignment", id, "beat_id", beat, NULL);
	else
		hubs_set(&w->t, "assignment", id, "ends_on", ends, NULL);
}

void
office_assign(struct world *w, struct chance *c)
{
	const char *badge = ANY(members, c), *beat = ANY(beats, c);
	int64_t day = w->t.now.wall_ms + ((int64_t)draw(c, 6) - 3) * DAY;
	char ends[WHEN_MAX] = "";

	if (!one_in(c, 3))
		when_day_text(day, ends);
	world_tell(w, "    office: assignment of %s, %s, or until %s", badge,
		beat, ends);
	put_assignment(w, c, badge, beat, ends);
}

void
office_move_beat(struct world *w, struct chance *c)
{
	const char *beat = ANY(beats, c), *unit = ANY(units, c);

	world_tell(w, "    office: beat %s to %s", beat, unit);
	hubs_set(&w->t, "beat", beat, "org_unit_ids", unit, NULL);
}

void
office_move_member(struct world *w, struct chance *c)
{
	const char *badge = ANY(members, c), *unit = ANY(units, c);

	world_tell(w, "    office: member %s to %s", badge, unit);
	hubs_set(&w->t, "member", badge, "org_unit_id", unit, NULL);
}

void
office_member_off(struct world *w, struct chance *c)
{
	const char *badge = ANY(members, c);
	char name[32];
	bool off;

	snprintf(name, sizeof(name), "member/%s", badge);
	off = strcmp(hubs_value(&w->t, name, "active"), "false") == 0;
	world_tell(w, "    office: member %s %s", badge, off ? "on" : "off");
	hubs_set(
		&w->t, "member", badge, "active", off ? "true" : "false", NULL);
}

void
office_level(struct world *w, struct chance *c)
{
	static const char *const levels[] = {"officer", "officer", "sergeant",
		"coordinator", "analyst", "records", "commander", "admin"};
	const char *badge = ANY(members, c), *level = ANY(levels, c);

	world_tell(w, "    office: member %s becomes %s", badge, level);
	hubs_set(&w->t, "member", badge, "access", level, NULL);
}

void
office_revoke(struct world *w, struct chance *c)
{
	struct device *d = &w->devices[draw(c, w->device_count)];
	struct hub_replicas all = {0};
	struct why why;
	struct hub_revoked gone;
	enum status st = hub_revoke(w->t.h, d->number, &gone, &why);

	/* A hub that was restored may not know it yet. */
	if (st == ST_NOT_FOUND && w->restored)
		return;
	world_good(st, &why);
	world_tell(w, "    office: device %u is revoked", d->index);
	/* Its copies are revoked with it, whatever number they have. */
	world_good(hub_replica_list(w->t.h, &all, &why), &why);
	for (unsigned i = 0; i < w->device_count; i++)
		for (size_t j = 0; j < all.count; j++)
			if (all.items[j].revoked &&
				all.items[j].number == w->devices[i].number)
				w->devices[i].revoked = true;
	hub_replicas_release(&all);
}

void
office_enroll(struct world *w, struct chance *c)
{
	const char *badge = ANY(members, c);
	char name[32];

	snprintf(name, sizeof(name), "member/%s", badge);
	if (w->device_count >= DEVICES_MAX ||
		strcmp(hubs_value(&w->t, name, "active"), "false") == 0)
		return;
	world_tell(w, "    office: device %u is enrolled for %s",
		w->device_count, badge);
	world_enroll(w, badge);
}

void
office_enroll_again(struct world *w, struct chance *c)
{
	struct device *d = &w->devices[draw(c, w->device_count)];
	bool heard = !one_in(c, 4);
	char name[32];

	snprintf(name, sizeof(name), "member/%s", d->badge);
	if (d->ailing ||
		strcmp(hubs_value(&w->t, name, "active"), "false") == 0)
		return;
	world_enroll_again(d, heard);
	world_tell(w, "    office: device %u is enrolled again%s: %u", d->index,
		heard ? "" : ", and does not hear of it", d->number);
}

void
office_profile(struct world *w, struct chance *c)
{
	static const char *const profiles[] = {
		"oakland", "sanjose", "lasd", "chicago", "texas"};
	const char *profile = one_in(c, 2) ? w->profile : ANY(profiles, c);
	struct why why;

	world_tell(w, "    office: profile %s", profile);
	world_good(hub_set_profile(w->t.h, profile, &why), &why);
}
