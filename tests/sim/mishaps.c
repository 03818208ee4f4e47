#include "tests/sim/mishaps.h"

/* Mostly the process; else the power, and what was not synced may be gone. */
static enum disk_loss
some_loss(struct chance *c)
{
	return one_in(c, 2) ? LOSS_NONE : one_in(c, 2) ? LOSS_ALL : LOSS_SOME;
}

void
mishap_kill(struct device *d, struct chance *c)
{
	enum disk_loss loss = some_loss(c);

	world_tell(d->w, "    device %u %s", d->index,
		loss ? "loses its power" : "is killed");
	device_kill(d, loss, chance_next(c));
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
	return (enum disk_fault)(DISK_FULL + draw(c, DISK_BUSY));
}

void
mishap_disk(struct device *d, struct chance *c)
{
	enum disk_fault fault = d->ailing ? DISK_FINE : some_fault(c);

	d->ailing = fault != DISK_FINE;
	disk_fail(d->disk, fault, draw(c, 30));
	world_tell(d->w, "    device %u: its disk is %s", d->index,
		d->ailing ? "failing" : "good");
}

void
mishap_hub_kill(struct world *w, struct chance *c)
{
	enum disk_loss loss = some_loss(c);

	world_tell(w, "    the hub %s", loss ? "loses its power" : "is killed");
	hub_kill(w, loss, chance_next(c));
}

void
mishap_hub_disk(struct world *w, struct chance *c)
{
	enum disk_fault fault = w->hub_ailing ? DISK_FINE : some_fault(c);

	w->hub_ailing = fault != DISK_FINE;
	disk_fail(HUB_DISK, fault, draw(c, 60));
	world_tell(w, "    the hub's disk is %s",
		w->hub_ailing ? "failing" : "good");
}

void
mishaps_end(struct world *w)
{
	disk_fail(HUB_DISK, DISK_FINE, 0);
	w->hub_ailing = false;
	for (unsigned i = 0; i < w->device_count; i++) {
		disk_fail(w->devices[i].disk, DISK_FINE, 0);
		w->devices[i].ailing = false;
	}
}

void
mishap_copy(struct device *d, struct chance *c)
{
	struct device *copy;

	(void)c;
	if (d->ailing || d->w->device_count == DEVICES_MAX)
		return;
	copy = device_copy(d);
	world_tell(d->w, "    device %u has a copy of the file of %u",
		copy->index, d->index);
}

void
mishap_keep(struct device *d, struct chance *c)
{
	(void)c;
	if (d->ailing)
		return;
	world_tell(d->w, "    the file of device %u is kept", d->index);
	device_keep(d);
}

void
mishap_restore(struct device *d, struct chance *c)
{
	(void)c;
	if (device_restore(d))
		world_tell(d->w, "    the file of device %u is put back",
			d->index);
}

void
mishap_hub_keep(struct world *w, struct chance *c)
{
	(void)c;
	if (w->hub_ailing)
		return;
	world_tell(w, "    the hub is backed up");
	hub_keep(w);
}

void
mishap_hub_restore(struct world *w, struct chance *c)
{
	(void)c;
	if (!w->hub_ailing && hub_restore_newest(w))
		world_tell(w, "    the hub is restored");
}
