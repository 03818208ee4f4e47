#include "tests/support/disk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "tests/support/disk_world.h"

struct disk {
	char *name;
	enum disk_fault fault;
	long after; /* changing calls until it happens */
	long calls;
};

struct disk_image {
	char *disk;
	struct disk_world world;
};

struct disk_tape {
	struct disk_world start;
	struct disk_call *calls;
	size_t count, cap;
	struct disk_world at; /* as after `wound` calls */
	size_t wound;
};

/* SQLite knows VFSes for the whole process, so the disks are the process's. */
static struct disk_world world;
static struct disk *disks;
static size_t disk_count, disk_cap;
static struct disk_tape *tape; /* being recorded; NULL none */

struct disk_world *
disk_world(void)
{
	return &world;
}

static struct disk *
find_disk(const char *path)
{
	for (size_t i = 0; i < disk_count; i++)
		if (disk_holds(disks[i].name, path))
			return &disks[i];
	return NULL;
}

bool
disk_on(const char *path)
{
	return path && find_disk(path) != NULL;
}

static struct disk *
named(const char *name)
{
	for (size_t i = 0; i < disk_count; i++)
		if (strcmp(disks[i].name, name) == 0)
			return &disks[i];
	return NULL;
}

void
disk_start(void)
{
	disk_vfs_start();
}

void
disk_stop(void)
{
	assert(!world_in_use(&world, NULL));
	disk_vfs_stop();
	world_release(&world);
	for (size_t i = 0; i < disk_count; i++)
		free(disks[i].name);
	free(disks);
	disks = NULL;
	disk_count = disk_cap = 0;
	disk_tape_free(tape);
	tape = NULL;
}

static void
add_disk(const char *name)
{
	if (named(name))
		return;
	MEM_ROOM(disks, disk_count, disk_cap);
	disks[disk_count++] = (struct disk){mem_text(name), DISK_FINE, 0, 0};
}

static unsigned
next_file(void)
{
	return world.file_count ? (unsigned)world.file_count : 1;
}

/* Its own folder is the machine's work: no call of a program made it. */
void
disk_make(const char *name)
{
	char *path = mem_printf(DISK_ROOT "%s", name);
	char root[] = "/disk";
	struct disk_call make = {CALL_MAKE_FOLDER, path, NULL, 0, 0, 0, NULL};
	struct disk_call sync = {CALL_SYNC_FOLDER, root, NULL, 0, 0, 0, NULL};

	assert(!named(name) && !tape);
	add_disk(name);
	make.file = next_file();
	world_apply(&world, &make);
	world_apply(&world, &sync);
	free(path);
}

void
disk_remove(const char *name)
{
	struct disk *d = named(name);

	assert(d && !tape && !world_in_use(&world, name));
	world_drop_disk(&world, name);
	free(d->name);
	*d = disks[--disk_count];
}

void
disk_fail(const char *name, enum disk_fault fault, long after)
{
	struct disk *d = named(name);

	assert(d);
	d->fault = fault;
	d->after = after;
}

long
disk_calls(const char *name)
{
	return named(name) ? named(name)->calls : 0;
}

enum disk_fault
disk_fault_of(const char *path)
{
	struct disk *d = path ? find_disk(path) : NULL;

	return d && d->after <= 0 ? d->fault : DISK_FINE;
}

void
disk_lose(const char *name, enum disk_loss loss, uint64_t seed)
{
	assert(named(name) && !tape && !world_in_use(&world, name));
	world_lose(&world, name, loss, seed);
}

uint64_t
disk_hash(const char *name)
{
	return world_hash(&world, name);
}

struct disk_image *
disk_image(const char *name)
{
	struct disk_image *image = mem_alloc(sizeof(*image));

	assert(named(name));
	image->disk = mem_text(name);
	world_take_disk(&image->world, name, &world);
	return image;
}

/* The image's names are of the disk it was taken from. */
static void
rename_all(struct disk_names *n, const char *from, const char *to)
{
	size_t skip = strlen(DISK_ROOT) + strlen(from);

	for (size_t i = 0; i < n->count; i++) {
		char *old = n->items[i].path;

		n->items[i].path = mem_printf(DISK_ROOT "%s%s", to, old + skip);
		free(old);
	}
}

static void
rename_path(char **path, const char *from, const char *to)
{
	char *old = *path;

	if (!old)
		return;
	*path = mem_printf(
		DISK_ROOT "%s%s", to, old + strlen(DISK_ROOT) + strlen(from));
	free(old);
}

static void
rename_world(struct disk_world *w, const char *from, const char *to)
{
	rename_all(&w->now, from, to);
	rename_all(&w->kept, from, to);
	for (size_t i = 0; i < w->entry_count; i++) {
		rename_path(&w->entries[i].path, from, to);
		rename_path(&w->entries[i].old, from, to);
	}
	for (size_t i = 0; i < w->file_count; i++)
		if (w->files[i])
			rename_path(&w->files[i]->path, from, to);
}

void
disk_put(const char *name, const struct disk_image *image)
{
	struct disk_world copy;

	assert(!tape && !world_in_use(&world, name));
	add_disk(name);
	world_copy(&image->world, &copy);
	rename_world(&copy, image->disk, name);
	world_take_disk(&world, name, &copy);
	world_release(&copy);
}

void
disk_image_free(struct disk_image *image)
{
	if (!image)
		return;
	world_release(&image->world);
	free(image->disk);
	free(image);
}

/* The tape. */

static void
call_copy(struct disk_call *to, const struct disk_call *from)
{
	*to = *from;
	to->path = mem_text(from->path);
	to->to = mem_text(from->to);
	if (!from->bytes)
		return;
	to->bytes = mem_alloc(from->len + 1);
	memcpy(to->bytes, from->bytes, from->len);
}

static bool
grows(const struct disk_call *c)
{
	const struct disk_file *f = world_file(&world, c->file);

	switch (c->kind) {
	case CALL_MAKE:
	case CALL_MAKE_FOLDER:
		return true;
	case CALL_WRITE:
		return f && c->at + c->len > f->now.len;
	case CALL_CUT:
		return f && c->at > f->now.len;
	default:
		return false;
	}
}

static bool
is_refused(const char *path, const struct disk_call *c)
{
	switch (disk_fault_of(path)) {
	case DISK_FULL:
		return grows(c);
	case DISK_READ_ONLY:
	case DISK_BROKEN:
		return true;
	default:
		return false;
	}
}

bool
disk_do(const char *path, const struct disk_call *call)
{
	struct disk *d = find_disk(path);
	struct disk_call c = *call;
	char *named_path;

	if (is_refused(path, call))
		return false;
	if (d && d->after > 0)
		d->after--;
	if (d)
		d->calls++;
	if (c.kind == CALL_MAKE || c.kind == CALL_MAKE_FOLDER)
		c.file = next_file();
	world_apply(&world, &c);
	if (!tape)
		return true;
	named_path = mem_text(path);
	MEM_ROOM(tape->calls, tape->count, tape->cap);
	c.path = c.path ? c.path : named_path;
	call_copy(&tape->calls[tape->count++], &c);
	free(named_path);
	return true;
}

void
disk_record(void)
{
	assert(!tape);
	tape = mem_alloc(sizeof(*tape));
	world_copy(&world, &tape->start);
	world_copy(&world, &tape->at);
}

long
disk_recorded(void)
{
	return tape ? (long)tape->count : 0;
}

struct disk_tape *
disk_end_tape(void)
{
	struct disk_tape *done = tape;

	tape = NULL;
	return done;
}

static void
wind_to(struct disk_tape *t, size_t to)
{
	assert(to <= t->count && !tape);
	if (to < t->wound) {
		world_release(&t->at);
		world_copy(&t->start, &t->at);
		t->wound = 0;
	}
	while (t->wound < to)
		world_apply(&t->at, &t->calls[t->wound++]);
}

void
disk_wind_one(struct disk_tape *t, long n, const char *disk)
{
	assert(!world_in_use(&world, disk));
	wind_to(t, (size_t)n);
	world_take_disk(&world, disk, &t->at);
}

void
disk_wind(struct disk_tape *t, long n)
{
	assert(!world_in_use(&world, NULL));
	wind_to(t, (size_t)n);
	world_release(&world);
	world_copy(&t->at, &world);
}

bool
disk_tape_on(const struct disk_tape *t, long n, const char *disk)
{
	return disk_holds(disk, t->calls[n - 1].path);
}

const char *
disk_tape_call(const struct disk_tape *t, long n)
{
	static const char *const words[] = {"make", "make folder", "write",
		"cut", "sync", "remove", "rename", "sync folder"};
	static char text[256];
	const struct disk_call *c = &t->calls[n - 1];

	snprintf(text, sizeof(text), "%s %s%s%s at %zu, %zu bytes",
		words[c->kind], c->path, c->to ? " to " : "",
		c->to ? c->to : "", c->at, c->len);
	return text;
}

void
disk_tape_free(struct disk_tape *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++) {
		free(t->calls[i].path);
		free(t->calls[i].to);
		free(t->calls[i].bytes);
	}
	free(t->calls);
	world_release(&t->start);
	world_release(&t->at);
	free(t);
}
