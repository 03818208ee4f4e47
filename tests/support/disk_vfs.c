/* SQLite's way to the disks: a VFS, with locks and shared memory. */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "tests/support/disk_world.h"

#define PATH_MAX_BYTES 512
#define SECTOR_SIZE 4096 /* as unix says */

struct opened {
	sqlite3_file base;
	unsigned number;
	char *path; /* NULL: without a name, in memory alone */
	struct disk_bytes own;
	bool folder_due; /* its first sync syncs the folder too */
	bool gone_at_close;
	bool maps_memory;
	int level;		       /* SQLITE_LOCK_… */
	unsigned shm_shares, shm_owns; /* slots, as bits */
};

static sqlite3_vfs *real; /* the machine's */

static struct opened *
opened(sqlite3_file *base)
{
	return (struct opened *)base;
}

static struct disk_file *
file_of(const struct opened *o)
{
	return world_file(disk_world(), o->number);
}

static bool
is_broken(const struct opened *o)
{
	return disk_fault_of(o->path) == DISK_BROKEN;
}

/* Which error it is that a failed call gives. */
static int
failure(const struct opened *o, int otherwise)
{
	switch (disk_fault_of(o->path)) {
	case DISK_FULL:
		return SQLITE_FULL;
	case DISK_READ_ONLY:
		return SQLITE_READONLY;
	default:
		return otherwise;
	}
}

static int
done(const struct opened *o, const struct disk_call *c, int otherwise)
{
	return disk_do(o->path, c) ? SQLITE_OK : failure(o, otherwise);
}

static struct disk_call
call_on(const struct opened *o, enum disk_call_kind kind)
{
	return (struct disk_call){kind, NULL, NULL, o->number, 0, 0, NULL};
}

static bool
sync_folder_of(const char *path)
{
	struct disk_call c = {CALL_SYNC_FOLDER, NULL, NULL, 0, 0, 0, NULL};
	bool good;

	c.path = mem_text(path);
	*strrchr(c.path, '/') = '\0';
	good = disk_do(path, &c);
	free(c.path);
	return good;
}

static bool
remove_path(const char *path)
{
	struct disk_call c = {CALL_REMOVE, NULL, NULL, 0, 0, 0, NULL};
	bool good;

	c.path = mem_text(path);
	good = disk_do(path, &c);
	free(c.path);
	return good;
}

/* Contents. */

static int
disk_read(sqlite3_file *base, void *to, int len, sqlite3_int64 at)
{
	struct opened *o = opened(base);
	const struct disk_bytes *b = o->path ? &file_of(o)->now : &o->own;
	size_t want = (size_t)len, from = (size_t)at;
	size_t have = from < b->len ? b->len - from : 0;

	if (is_broken(o))
		return SQLITE_IOERR_READ;
	if (have > want)
		have = want;
	if (have)
		memcpy(to, b->data + from, have);
	memset((char *)to + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* What has no name does not outlive its program: no disk is asked. */
static void
resize_own(struct disk_bytes *b, size_t len)
{
	if (len > b->cap) {
		b->cap = len * 2;
		b->data = mem_grow(b->data, b->cap, 1);
	}
	if (len > b->len)
		memset(b->data + b->len, 0, len - b->len);
	b->len = len;
}

static int
disk_write(sqlite3_file *base, const void *from, int len, sqlite3_int64 at)
{
	struct opened *o = opened(base);
	struct disk_call c = call_on(o, CALL_WRITE);
	int rc;

	c.at = (size_t)at;
	c.len = (size_t)len;
	if (!o->path) {
		if (c.at + c.len > o->own.len)
			resize_own(&o->own, c.at + c.len);
		memcpy(o->own.data + c.at, from, c.len);
		return SQLITE_OK;
	}
	c.bytes = mem_alloc(c.len + 1);
	memcpy(c.bytes, from, c.len);
	rc = done(o, &c, SQLITE_IOERR_WRITE);
	free(c.bytes);
	return rc;
}

static int
disk_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct opened *o = opened(base);
	struct disk_call c = call_on(o, CALL_CUT);

	c.at = (size_t)size;
	if (o->path)
		return done(o, &c, SQLITE_IOERR_TRUNCATE);
	resize_own(&o->own, c.at);
	return SQLITE_OK;
}

static int
disk_sync(sqlite3_file *base, int flags)
{
	struct opened *o = opened(base);
	struct disk_call c = call_on(o, CALL_SYNC);
	int rc;

	(void)flags;
	if (!o->path)
		return SQLITE_OK;
	rc = done(o, &c, SQLITE_IOERR_FSYNC);
	if (rc == SQLITE_OK && o->folder_due) {
		if (!sync_folder_of(o->path))
			return SQLITE_IOERR_DIR_FSYNC;
		o->folder_due = false;
	}
	return rc;
}

static int
disk_size(sqlite3_file *base, sqlite3_int64 *size)
{
	struct opened *o = opened(base);

	if (is_broken(o))
		return SQLITE_IOERR_FSTAT;
	*size = (sqlite3_int64)(o->path ? file_of(o)->now.len : o->own.len);
	return SQLITE_OK;
}

static int
disk_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
disk_sector(sqlite3_file *base)
{
	(void)base;
	return SECTOR_SIZE;
}

static int
disk_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Locks, among the connections of this process. */

static bool
is_free(const void *owner, const struct opened *o)
{
	return !owner || owner == o;
}

static int
lock_shared(struct disk_file *f, struct opened *o)
{
	if (!is_free(f->pending, o) || !is_free(f->exclusive, o))
		return SQLITE_BUSY;
	f->sharing++;
	o->level = SQLITE_LOCK_SHARED;
	return SQLITE_OK;
}

static int
lock_reserved(struct disk_file *f, struct opened *o)
{
	if (!is_free(f->reserved, o) || !is_free(f->pending, o))
		return SQLITE_BUSY;
	f->reserved = o;
	o->level = SQLITE_LOCK_RESERVED;
	return SQLITE_OK;
}

static int
lock_exclusive(struct disk_file *f, struct opened *o)
{
	if (!is_free(f->reserved, o) || !is_free(f->pending, o))
		return SQLITE_BUSY;
	f->pending = o;
	o->level = SQLITE_LOCK_PENDING;
	if (f->sharing > 1)
		return SQLITE_BUSY;
	f->exclusive = o;
	o->level = SQLITE_LOCK_EXCLUSIVE;
	return SQLITE_OK;
}

static int
disk_lock(sqlite3_file *base, int level)
{
	struct opened *o = opened(base);
	struct disk_file *f = file_of(o);

	if (o->level >= level || !o->path)
		return SQLITE_OK;
	if (level > SQLITE_LOCK_SHARED && disk_fault_of(o->path) == DISK_BUSY)
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_SHARED)
		return lock_shared(f, o);
	if (level == SQLITE_LOCK_RESERVED)
		return lock_reserved(f, o);
	return lock_exclusive(f, o);
}

static void
give_up(const void **owner, const struct opened *o)
{
	if (*owner == o)
		*owner = NULL;
}

static int
disk_unlock(sqlite3_file *base, int level)
{
	struct opened *o = opened(base);
	struct disk_file *f = file_of(o);

	if (o->level <= level || !o->path)
		return SQLITE_OK;
	give_up(&f->exclusive, o);
	give_up(&f->pending, o);
	give_up(&f->reserved, o);
	if (level == SQLITE_LOCK_NONE && o->level >= SQLITE_LOCK_SHARED)
		f->sharing--;
	o->level = level;
	return SQLITE_OK;
}

static int
disk_reserved(sqlite3_file *base, int *result)
{
	struct opened *o = opened(base);

	*result = o->path && file_of(o)->reserved != NULL;
	return SQLITE_OK;
}

/* Shared memory, of the index of a write-ahead log. */

static int
disk_shm_map(sqlite3_file *base, int region, int size, int extend,
	void volatile **out)
{
	struct opened *o = opened(base);
	struct disk_file *f = file_of(o);
	size_t want = (size_t)region;

	if (!o->maps_memory)
		f->shm_users++;
	o->maps_memory = true;
	while (extend && f->region_count <= want) {
		MEM_ROOM(f->shared_memory, f->region_count, f->region_cap);
		f->shared_memory[f->region_count++] = mem_alloc((size_t)size);
	}
	*out = want < f->region_count ? f->shared_memory[want] : NULL;
	return SQLITE_OK;
}

static bool
may_lock_slot(const struct disk_file *f, const struct opened *o, int slot,
	bool exclusive)
{
	int others =
		f->shm_sharing[slot] - ((o->shm_shares >> slot) & 1u ? 1 : 0);

	if (!is_free(f->shm_owner[slot], o))
		return false;
	return !exclusive || others == 0;
}

static void
lock_slot(struct disk_file *f, struct opened *o, int slot, int flags)
{
	unsigned bit = 1u << slot;

	if (flags & SQLITE_SHM_EXCLUSIVE) {
		bool lock = flags & SQLITE_SHM_LOCK;

		f->shm_owner[slot] = lock ? o : NULL;
		o->shm_owns = lock ? o->shm_owns | bit : o->shm_owns & ~bit;
	} else if (flags & SQLITE_SHM_LOCK) {
		f->shm_sharing[slot] += o->shm_shares & bit ? 0 : 1;
		o->shm_shares |= bit;
	} else {
		f->shm_sharing[slot] -= o->shm_shares & bit ? 1 : 0;
		o->shm_shares &= ~bit;
	}
}

/* Slot 0 is the lock for writing. */
static int
disk_shm_lock(sqlite3_file *base, int first, int count, int flags)
{
	struct opened *o = opened(base);
	struct disk_file *f = file_of(o);
	bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;

	if (flags & SQLITE_SHM_LOCK) {
		if (first == 0 && disk_fault_of(o->path) == DISK_BUSY)
			return SQLITE_BUSY;
		for (int i = first; i < first + count; i++)
			if (!may_lock_slot(f, o, i, exclusive))
				return SQLITE_BUSY;
	}
	for (int i = first; i < first + count; i++)
		lock_slot(f, o, i, flags);
	return SQLITE_OK;
}

static void
disk_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static int
disk_shm_unmap(sqlite3_file *base, int remove)
{
	struct opened *o = opened(base);
	struct disk_file *f = file_of(o);

	(void)remove;
	if (!o->maps_memory)
		return SQLITE_OK;
	o->maps_memory = false;
	if (--f->shm_users)
		return SQLITE_OK;
	while (f->region_count)
		free(f->shared_memory[--f->region_count]);
	return SQLITE_OK;
}

static int
disk_close(sqlite3_file *base)
{
	struct opened *o = opened(base);

	if (o->path) {
		disk_unlock(base, SQLITE_LOCK_NONE);
		disk_shm_unmap(base, 0);
		file_of(o)->handles--;
		if (o->gone_at_close && !remove_path(o->path))
			o->gone_at_close = false;
		world_collect(disk_world());
	}
	free(o->own.data);
	free(o->path);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {2, disk_close, disk_read, disk_write,
	disk_truncate, disk_sync, disk_size, disk_lock, disk_unlock,
	disk_reserved, disk_control, disk_sector, disk_characteristics,
	disk_shm_map, disk_shm_lock, disk_shm_barrier, disk_shm_unmap, NULL,
	NULL};

/* Files. */

static int
open_path(struct opened *o, const char *path, int flags)
{
	struct disk_file *f = world_find(disk_world(), path);
	struct disk_call make = {CALL_MAKE, NULL, NULL, 0, 0, 0, NULL};

	o->path = mem_text(path);
	make.path = o->path;
	if (is_broken(o) || (f && f->folder))
		return SQLITE_CANTOPEN;
	if (!f && !(flags & SQLITE_OPEN_CREATE))
		return SQLITE_CANTOPEN;
	if (!f && !disk_do(path, &make))
		return failure(o, SQLITE_CANTOPEN);
	f = world_find(disk_world(), path);
	o->number = f->number;
	o->folder_due = (flags & SQLITE_OPEN_CREATE) &&
			(flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL |
					 SQLITE_OPEN_SUPER_JOURNAL));
	o->gone_at_close = flags & SQLITE_OPEN_DELETEONCLOSE;
	f->handles++;
	return SQLITE_OK;
}

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
	int *flags_out)
{
	struct opened *o = opened(base);
	int rc = SQLITE_OK;

	(void)vfs;
	if (path && !disk_on(path))
		return real->xOpen(real, path, base, flags, flags_out);
	memset(o, 0, sizeof(*o));
	if (path && disk_fault_of(path) == DISK_READ_ONLY &&
		flags & SQLITE_OPEN_READWRITE) {
		flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
		flags |= SQLITE_OPEN_READONLY;
	}
	if (path)
		rc = open_path(o, path, flags);
	if (rc != SQLITE_OK) {
		free(o->path);
		return rc;
	}
	base->pMethods = &methods;
	if (flags_out)
		*flags_out = flags;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	(void)vfs;
	if (!disk_on(path))
		return real->xDelete(real, path, sync);
	if (!world_find(disk_world(), path))
		return SQLITE_IOERR_DELETE_NOENT;
	if (!remove_path(path))
		return SQLITE_IOERR_DELETE;
	if (sync && !sync_folder_of(path))
		return SQLITE_IOERR_DIR_FSYNC;
	return SQLITE_OK;
}

static int
vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *result)
{
	const struct disk_file *f;

	(void)vfs;
	if (!disk_on(path))
		return real->xAccess(real, path, flags, result);
	f = world_find(disk_world(), path);
	*result = f != NULL;
	/* As unix does: an empty file is none. */
	if (flags == SQLITE_ACCESS_EXISTS)
		*result = f && (f->folder || f->now.len > 0);
	if (flags == SQLITE_ACCESS_READWRITE &&
		disk_fault_of(path) == DISK_READ_ONLY)
		*result = 0;
	return SQLITE_OK;
}

static int
vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
	(void)vfs;
	if (!disk_on(path))
		return real->xFullPathname(real, path, size, out);
	snprintf(out, (size_t)size, "%s", path);
	return SQLITE_OK;
}

/* The same in every run. */
static int
vfs_randomness(sqlite3_vfs *vfs, int len, char *out)
{
	(void)vfs;
	for (int i = 0; i < len; i++)
		out[i] = (char)(i * 7 + 1);
	return len;
}

static int
vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int
vfs_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	return real->xCurrentTime(real, out);
}

static int
vfs_last_error(sqlite3_vfs *vfs, int len, char *out)
{
	(void)vfs;
	(void)len;
	(void)out;
	return 0;
}

static sqlite3_vfs vfs = {.iVersion = 1,
	.mxPathname = PATH_MAX_BYTES,
	.zName = "disk",
	.xOpen = vfs_open,
	.xDelete = vfs_delete,
	.xAccess = vfs_access,
	.xFullPathname = vfs_full_path,
	.xRandomness = vfs_randomness,
	.xSleep = vfs_sleep,
	.xCurrentTime = vfs_time,
	.xGetLastError = vfs_last_error};

void
disk_vfs_start(void)
{
	real = sqlite3_vfs_find("unix");
	assert(real);
	vfs.szOsFile = real->szOsFile > (int)sizeof(struct opened)
			       ? real->szOsFile
			       : (int)sizeof(struct opened);
	sqlite3_vfs_register(&vfs, 1);
}

void
disk_vfs_stop(void)
{
	sqlite3_vfs_unregister(&vfs);
	sqlite3_vfs_register(real, 1);
}
