#include "tests/sim/mishaps.h"

void
mishap_kill(struct device *d, struct chance *c)
{
	(void)c;
	world_tell(d->w, "    device %u is killed", d->index);
	memory_disk_break(d->path, DISK_GOOD, 0);
	d->ailing = false;
	device_kill(d);
}

void
mishap_clock(struct device *d, struct chance *c)
{
	d->skew = one_in(c, 3) ? 0 : ((int64_t)draw(c, 7300) - 3650) * DAY;
	world_tell(d->w, "    device %u: its clock is off by %lld days",
		d->index, (long long)(d->skew / DAY));
}

void
mishap_reboot(struct device *d, struct chance *c)
{
	world_tell(d->w, "    device %u is started anew", d->index);
	d->boots++;
	d->booted = d->w->t.now.wall_ms;
	if (one_in(c, 3))
		mishap_clock(d, c);
	if (one_in(c, 2))
		mishap_kill(d, c);
}

static enum disk_fault
some_fault(struct chance *c)
{
	return (enum disk_fault)(1 + draw(c, DISK_BUSY));
}

void
mishap_disk(struct device *d, struct chance *c)
{
	enum disk_fault fault = d->ailing ? DISK_GOOD : some_fault(c);

	d->ailing = fault != DISK_GOOD;
	memory_disk_break(d->path, fault, draw(c, 30));
	world_tell(d->w, "    device %u: its disk is %s", d->index,
		d->ailing ? "failing" : "good");
}

void
mishap_hub_kill(struct world *w, struct chance *c)
{
	(void)c;
	world_tell(w, "    the hub is killed");
	w->hub_ailing = false;
	memory_disk_break(w->hub_path, DISK_GOOD, 0);
	hub_kill(w);
}

void
mishap_hub_disk(struct world *w, struct chance *c)
{
	enum disk_fault fault = w->hub_ailing ? DISK_GOOD : some_fault(c);

	w->hub_ailing = fault != DISK_GOOD;
	memory_disk_break(w->hub_path, fault, draw(c, 60));
	world_tell(w, "    the hub's disk is %s",
		w->hub_ailing ? "failing" : "good");
}

void
mishaps_end(struct world *w)
{
	memory_disk_break(w->hub_path, DISK_GOOD, 0);
	w->hub_ailing = false;
	for (unsigned i = 0; i < w->device_count; i++) {
		memory_disk_break(w->devices[i].path, DISK_GOOD, 0);
		w->devices[i].ailing = false;
	}
}
