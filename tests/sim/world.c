#include "tests/sim/world.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/ledger.h"
#include "tests/sim/link.h"
#include "tests/support/place.h"

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

/* The files in this folder outlive a loss of power from here on. */
static void
keep_names(const char *folder)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), DISK_ROOT "%s", folder);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	if (fd < 0 || fsync(fd) != 0)
		world_fail("must not fail", "syncing %s", path);
	close(fd);
}

static void
place(struct device *d, const char *disk)
{
	snprintf(d->disk, sizeof(d->disk), "%s", disk);
	snprintf(d->path, sizeof(d->path), DISK_ROOT "%s/replica", disk);
}

/* An empty file of everybody's, so that not every enrolment has to make the
 * tables anew. */
static const struct disk_image *
blank_file(struct world *w, const struct enrolled *e)
{
	static struct disk_image *blank;
	struct device d;
	struct why why;

	if (blank)
		return blank;
	place(&d, "blank");
	disk_make(d.disk);
	world_good(replica_create(d.path,
			   &(struct identity){1, "1", "t", "http://hub", "h"},
			   e->profile, e->zone, &w->t.clock, &d.r, &why),
		&why);
	replica_close(d.r);
	blank = disk_image(d.disk);
	disk_remove(d.disk);
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
	disk_put(d->disk, blank_file(d->w, e));
	open_file(d);
	write_identity(d, e);
	replica_close(d->r);
	keep_names(d->disk);
	open_file(d);
	d->number = e->number;
}

/* A new device in the fleet; its disk has nothing yet. */
static struct device *
add_device(struct world *w, const char *badge)
{
	struct device *d = &w->devices[w->device_count];
	char disk[16];

	memset(d, 0, sizeof(*d));
	d->w = w;
	d->index = w->device_count++;
	d->clock = (struct clock){read_device_clock, d};
	d->booted = w->t.now.wall_ms;
	snprintf(d->badge, sizeof(d->badge), "%s", badge);
	snprintf(disk, sizeof(disk), "d%u", ++w->files);
	place(d, disk);
	return d;
}

struct device *
device_copy(struct device *d)
{
	struct disk_image *now = disk_image(d->disk);
	struct device *copy = add_device(d->w, d->badge);

	disk_put(copy->disk, now);
	disk_image_free(now);
	copy->number = d->number;
	copy->revoked = d->revoked;
	open_file(copy);
	copy->ledger_n = d->ledger_n;
	d->w->copied = true;
	return copy;
}

struct device *
world_enroll(struct world *w, const char *badge)
{
	struct device *d = add_device(w, badge);
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	struct enrolled e;
	struct why why;
	int status;

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

/* Is there another who may send what the file has, under its number: a file
 * like it, or a request that is on its way still? */
static bool
has_like(const struct device *d)
{
	const struct world *w = d->w;
	bool like = false;

	for (unsigned i = 0; i < w->device_count; i++)
		like = like ||
		       (i != d->index && w->devices[i].number == d->number);
	for (unsigned i = 0; i < LETTERS_MAX; i++)
		like = like ||
		       (w->letters[i].device == d->index &&
			       w->letters[i].bytes.len && !w->letters[i].whole);
	return like;
}

static void
go_on_as(struct device *d, const struct enrolled *e)
{
	int64_t renamed;
	struct why why;

	d->w->parted = d->w->parted || has_like(d);
	device_drop_form(d);
	disk_image_free(d->kept);
	d->kept = NULL;
	world_good(enroll_again(d->r, "http://hub", e, &renamed, &why), &why);
	ledger_renumber(d, e->upto, e->number);
	device_learn_number(d);
	d->revoked = false;
	/* What is renamed is found as that of copies is. */
	d->w->copied = true;
}

void
world_enroll_again(struct device *d, bool heard)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	struct former former;
	struct enrolled e;
	struct why why;
	int status;

	world_good(hub_invite(d->w->t.h, d->badge, &code, &why), &why);
	world_good(former_read(d->r, &former, &why), &why);
	enroll_request(d->badge, buf_text(&code), "mdt", &former, &body);
	former_release(&former);
	status = hub_call(d->w->t.h, "POST", "/v1/enroll", NULL, body.data,
		body.len, &answer);
	world_good(
		enroll_answer(status, answer.data, answer.len, &e, &why), &why);
	if (heard)
		go_on_as(d, &e);
	enrolled_release(&e);
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
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

/* A department with a field that no other knows. */
static void
make_profile(struct world *w)
{
	static const char text[] =
		"{\"name\": \"invented\", \"title\": \"Invented\",\n"
		" \"limits\": {\"lend_beats\": \"true\"},\n"
		" \"kinds\": [{\"name\": \"project\", \"fields\": [\n"
		"  {\"name\": \"camera_note\", \"type\": \"text\",\n"
		"   \"label\": \"Cameras\"}]}]}\n";

	place_file(w->profile, "profile", text);
}

void
world_make(struct world *w)
{
	static const char *const badges[] = {"4471", "4480", "900", "5000",
		"4471", "940", "910", "999", "920", "930", "950"};

	disk_start();
	disk_make(HUB_DISK);
	memset(w, 0, sizeof(*w));
	hubs_make_in(&w->t, DISK_ROOT HUB_DISK);
	snprintf(w->hub_path, sizeof(w->hub_path), "%s/hub.db", w->t.place);
	make_profile(w);
	add_people(w);
	keep_names(HUB_DISK);
	keep_names(HUB_DISK "/hub");
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
	for (unsigned i = 0; i < w->device_count; i++)
		device_close(&w->devices[i]);
	ledger_free(w->ledger);
	hub_close(w->t.h);
	disk_stop();
	unlink(w->profile);
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

/* What is on the disk in the midst: closing would tidy it up. */
static void
lose(const char *disk, struct disk_image *now, enum disk_loss loss,
	uint64_t seed)
{
	disk_put(disk, now);
	disk_image_free(now);
	disk_lose(disk, loss, seed);
}

void
device_follow_number(struct device *d)
{
	uint32_t number = replica_identity(d->r)->number;
	int64_t upto;
	struct why why;

	if (number == d->number)
		return;
	world_good(sql_int(replica_sql(d->r), 0, &upto, &why,
			   "SELECT upto FROM _number WHERE number=?1", "i",
			   (int64_t)d->number),
		&why);
	ledger_renumber(d, (uint32_t)upto, number);
	d->number = number;
	d->ledger_n -= d->ledger_n < upto ? d->ledger_n : (uint32_t)upto;
}

void
device_kill(struct device *d, enum disk_loss loss, uint64_t seed)
{
	struct disk_image *now = disk_image(d->disk);

	disk_fail(d->disk, DISK_FINE, 0);
	d->ailing = false;
	device_close(d);
	lose(d->disk, now, loss, seed);
	open_file(d);
	/* What a killed process had not synced yet was seen, and goes. */
	if (loss)
		device_drop_sights(d);
	/* A save that failed as its disk did may be on the disk for all that,
	 * and so may a number of its own. */
	device_follow_number(d);
	ledger_note(d, NULL);
}

void
hub_kill(struct world *w, enum disk_loss loss, uint64_t seed)
{
	struct disk_image *now = disk_image(HUB_DISK);
	struct why why;

	disk_fail(HUB_DISK, DISK_FINE, 0);
	w->hub_ailing = false;
	hub_close(w->t.h);
	lose(HUB_DISK, now, loss, seed);
	world_good(
		hub_open(w->t.place, &w->t.clock, &w->t.random, &w->t.h, &why),
		&why);
}

void
device_keep(struct device *d)
{
	disk_image_free(d->kept);
	d->kept = disk_image(d->disk);
}

void
device_drop_sights(struct device *d)
{
	for (size_t i = 0; i < d->sight_count; i++)
		free(d->sights[i].name);
	free(d->sights);
	d->sights = NULL;
	d->sight_count = d->sight_cap = 0;
}

/* A copy's file is given the number that another like it was given. */
static bool
is_revoked(struct device *d)
{
	struct hub_replicas all = {0};
	struct why why;
	bool yes = false;

	world_good(hub_replica_list(d->w->t.h, &all, &why), &why);
	for (size_t i = 0; i < all.count; i++)
		yes = yes || (all.items[i].number == d->number &&
				     all.items[i].revoked);
	hub_replicas_release(&all);
	return yes;
}

void
device_learn_number(struct device *d)
{
	struct why why;
	int64_t last;

	d->number = replica_identity(d->r)->number;
	d->revoked = d->revoked || is_revoked(d);
	world_good(replica_meta_int(d->r, META_LAST_N, 0, &last, &why), &why);
	d->ledger_n = (uint32_t)last;
}

bool
device_restore(struct device *d)
{
	if (!d->kept)
		return false;
	device_close(d);
	disk_fail(d->disk, DISK_FINE, 0);
	d->ailing = false;
	disk_put(d->disk, d->kept);
	open_file(d);
	device_drop_sights(d);
	device_learn_number(d);
	ledger_lose(d);
	d->w->copied = true;
	return true;
}

static void
backup_path(const struct world *w, char out[64])
{
	snprintf(out, 64, DISK_ROOT "vault/%u", w->backups);
}

void
hub_keep(struct world *w)
{
	char path[64];
	struct why why;

	if (!w->backups)
		disk_make("vault");
	w->backups++;
	backup_path(w, path);
	world_good(hub_backup(w->t.h, path, &why), &why);
}

/* A value of the hub's log. */
static char *
hub_text(struct world *w, const char *select)
{
	char *text = NULL;
	struct sql *db;
	struct why why;

	world_good(sql_open(w->hub_path, SQL_READ, "the log", &db, &why), &why);
	world_good(sql_text(db, &text, &why, select, ""), &why);
	sql_close(db);
	return text;
}

static void
note_past(struct world *w)
{
	char *name =
		hub_text(w, "SELECT value FROM meta WHERE key='incarnation'");
	struct fork *p;

	MEM_ROOM(w->forks, w->fork_count, w->fork_cap);
	p = &w->forks[w->fork_count++];
	snprintf(p->incarnation, sizeof(p->incarnation), "%s", name);
	free(name);
}

static void
note_fork(struct world *w)
{
	char *head = hub_text(w, "SELECT max(seq) FROM entry");

	w->forks[w->fork_count - 1].seq = strtoll(head, NULL, 10);
	free(head);
}

bool
hub_restore_newest(struct world *w)
{
	char path[64];
	struct why why;
	struct hub_revoked gone;

	/* Twice from one backup would give numbers twice: their files are
	 * refused, and enrolled again. */
	if (w->backups == w->used)
		return false;
	w->used = w->backups;
	note_past(w);
	backup_path(w, path);
	hub_close(w->t.h);
	snprintf(w->t.place, sizeof(w->t.place), DISK_ROOT HUB_DISK "/hub%u",
		++w->files);
	snprintf(w->hub_path, sizeof(w->hub_path), "%.100s/hub.db", w->t.place);
	world_good(hub_restore(w->t.place, path, &w->t.random, &why), &why);
	world_good(
		hub_open(w->t.place, &w->t.clock, &w->t.random, &w->t.h, &why),
		&why);
	note_fork(w);
	w->restored = true;
	for (unsigned i = 0; i < LETTERS_MAX; i++)
		w->letters[i].whole = false;
	for (unsigned i = 0; i < w->device_count; i++) {
		struct device *d = &w->devices[i];

		device_drop_sights(d);
		d->revoked = d->revoked &&
			     !hub_revoke(w->t.h, d->number, &gone, &why);
	}
	return true;
}
