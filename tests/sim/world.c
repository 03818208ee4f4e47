#include "tests/sim/world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/ledger.h"
#include "tests/sim/link.h"

const unsigned may_now = 0;

uint64_t
chance_next(struct chance *c)
{
	uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t
draw(struct chance *c, uint32_t below)
{
	return (uint32_t)(chance_next(c) >> 32) % below;
}

bool
one_in(struct chance *c, uint32_t n)
{
	return draw(c, n) == 0;
}

void
world_fail(const char *oracle, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", oracle);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	_exit(1);
}

void
world_good(enum status st, const struct why *why)
{
	if (st)
		world_fail(
			"must not fail", "status %d: %s", (int)st, why->text);
}

void
world_tell(const struct world *w, const char *fmt, ...)
{
	va_list ap;

	if (!w->talks)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

static void
read_device_clock(void *arg, struct clock_reading *now)
{
	const struct device *d = arg;
	int64_t world = d->w->t.now.wall_ms;

	now->wall_ms = world + d->skew;
	now->boot_ms = world - d->booted + 1000;
	snprintf(now->boot_id, sizeof(now->boot_id), "boot-%u-%u", d->index,
		d->boots);
}

/* An empty file of everybody's, so that not every enrolment has to make the
 * tables anew. */
static const struct disk_image *
blank_file(struct world *w, const struct enrolled *e)
{
	static struct disk_image *blank;
	struct replica *r;
	struct why why;
	char path[128];

	if (blank)
		return blank;
	snprintf(path, sizeof(path), "%s/blank", w->t.dir);
	world_good(replica_create(path,
			   &(struct identity){1, "1", "t", "http://hub", "h"},
			   e->profile, e->zone, &w->t.clock, &r, &why),
		&why);
	replica_close(r);
	blank = memory_disk_copy(path);
	unlink(path);
	return blank;
}

static void
write_identity(struct device *d, const struct enrolled *e)
{
	struct sql *db = replica_sql(d->r);
	struct why why;
	enum status st = sql_begin(db, &why);

	if (!st)
		st = replica_meta_set_int(d->r, "replica", e->number, &why);
	if (!st)
		st = replica_meta_set(d->r, "badge", d->badge, &why);
	if (!st)
		st = replica_meta_set(d->r, "token", e->token, &why);
	if (!st)
		st = replica_meta_set(d->r, "hub", e->hub, &why);
	if (!st)
		st = sql_commit(db, &why);
	world_good(st, &why);
}

static void
open_file(struct device *d)
{
	struct why why;

	world_good(replica_open(d->path, &d->clock, &d->r, &why), &why);
}

static void
make_file(struct device *d, const struct enrolled *e)
{
	memory_disk_put(d->path, blank_file(d->w, e));
	open_file(d);
	write_identity(d, e);
	replica_close(d->r);
	open_file(d);
	d->number = e->number;
}

struct device *
world_enroll(struct world *w, const char *badge)
{
	struct device *d = &w->devices[w->device_count];
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	struct enrolled e;
	struct why why;
	int status;

	memset(d, 0, sizeof(*d));
	d->w = w;
	d->index = w->device_count++;
	d->clock = (struct clock){read_device_clock, d};
	d->booted = w->t.now.wall_ms;
	snprintf(d->badge, sizeof(d->badge), "%s", badge);
	d->path = mem_printf("%s/%u", w->t.dir, ++w->files);
	world_good(hub_invite(w->t.h, badge, &code, &why), &why);
	enroll_request(badge, buf_text(&code), "mdt", NULL, &body);
	status = hub_call(w->t.h, "POST", "/v1/enroll", NULL, body.data,
		body.len, &answer);
	world_good(
		enroll_answer(status, answer.data, answer.len, &e, &why), &why);
	make_file(d, &e);
	enrolled_release(&e);
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
	return d;
}

/* Besides those of hubs.h. */
static void
add_people(struct world *w)
{
	hubs_set(&w->t, "member", "940", "name", "940", "access", "coordinator",
		"org_unit_id", "A1", "supervisor_id", "900", NULL);
	hubs_set(&w->t, "member", "950", "name", "950", "access", "records",
		"org_unit_id", "D1", NULL);
	hubs_set(&w->t, "assignment", "", "member_id", "940", "beat_id", "12Y",
		NULL);
	hubs_set(&w->t, "org_unit", "A1", "parent_id", "", NULL);
}

void
world_make(struct world *w)
{
	static const char *const badges[] = {"4471", "4480", "900", "5000",
		"4471", "940", "910", "999", "920", "930", "950"};

	memory_disk_use();
	memset(w, 0, sizeof(*w));
	hubs_make(&w->t);
	snprintf(w->hub_path, sizeof(w->hub_path), "%s/hub.db", w->t.place);
	add_people(w);
	w->ledger = ledger_new();
	for (size_t i = 0; i < sizeof(badges) / sizeof(*badges); i++) {
		world_enroll(w, badges[i]);
		link_sync_whole(&w->devices[i]);
	}
}

void
device_drop_form(struct device *d)
{
	record_free(d->form);
	d->form = NULL;
}

static void
device_close(struct device *d)
{
	device_drop_form(d);
	replica_close(d->r);
	d->r = NULL;
}

void
world_remove(struct world *w)
{
	for (unsigned i = 0; i < w->device_count; i++) {
		device_close(&w->devices[i]);
		free(w->devices[i].path);
	}
	ledger_free(w->ledger);
	hubs_remove(&w->t);
}

void
world_start(struct world *w, uint64_t seed, unsigned devices)
{
	struct chance c = {seed * 2 + 1};
	struct device *d;
	char badge[sizeof(d->badge)];

	w->t.seed = seed;
	while (w->device_count < devices) {
		memcpy(badge, w->devices[w->device_count % 7].badge,
			sizeof(badge));
		d = world_enroll(w, badge);
		link_sync_whole(d);
	}
	w->device_count = devices;
	for (unsigned i = 0; i < devices; i++) {
		d = &w->devices[i];
		/* Years wrong, or nearly right. */
		d->skew = one_in(&c, 4) ? ((int64_t)draw(&c, 7300) - 3650) * DAY
					: (int64_t)draw(&c, 600000) - 300000;
	}
}

void
device_kill(struct device *d)
{
	struct disk_image *now = memory_disk_copy(d->path);

	device_close(d);
	memory_disk_put(d->path, now);
	disk_image_free(now);
	open_file(d);
}

void
hub_kill(struct world *w)
{
	struct disk_image *now = memory_disk_copy(w->hub_path);
	struct why why;

	hub_close(w->t.h);
	memory_disk_put(w->hub_path, now);
	disk_image_free(now);
	world_good(
		hub_open(w->t.place, &w->t.clock, &w->t.random, &w->t.h, &why),
		&why);
}
