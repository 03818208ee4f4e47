#include "tests/support/memory_disk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"

#define REGIONS_MAX 64 /* of the shared index of a write-ahead log */
#define NAME_SIZE 512
#define LABEL "memory disk "

struct content {
	char *name; /* of a log; NULL: a database, known by its number */
	unsigned number;
	uint8_t *bytes;
	size_t len, cap;
	struct content *database; /* a log's */
	enum disk_fault fault;
	unsigned writes; /* that still succeed */
	unsigned open, shared;
	bool reserved, pending, exclusive;
	uint8_t *regions[REGIONS_MAX];
	unsigned readers[SQLITE_SHM_NLOCK];
	bool writer[SQLITE_SHM_NLOCK];
	struct content *next;
};

struct disk_image {
	uint8_t *bytes, *log;
	size_t len, log_len;
};

struct handle { /* SQLite's first, then ours */
	sqlite3_file base;
	struct content *at;
	int level;
	unsigned reads, writes; /* locks of the index held, as bits */
};

static struct content *contents;
static unsigned last_number;
static sqlite3_vfs *below;

static struct content *
content_new(const char *name, unsigned number)
{
	struct content *c = mem_alloc(sizeof(*c));

	c->name = name ? mem_text(name) : NULL;
	c->number = number;
	c->next = contents;
	contents = c;
	return c;
}

static struct content *
find_log(const char *name)
{
	struct content *c = contents;

	while (c && (!c->name || strcmp(c->name, name) != 0))
		c = c->next;
	return c;
}

static struct content *
find_number(unsigned number)
{
	struct content *c = contents;

	while (c && (c->name || c->number != number))
		c = c->next;
	return c;
}

/* Nothing has been written to it, or by a process that is gone. */
static struct content *
label_anew(int fd)
{
	char label[64];
	int len = snprintf(label, sizeof(label), LABEL "%u\n", ++last_number);

	if (pwrite(fd, label, (size_t)len, 0) != len || ftruncate(fd, len))
		return NULL;
	return content_new(NULL, last_number);
}

/* The number that the file in its folder holds, and given to it if none. */
static struct content *
find_database(const char *path, bool make)
{
	char label[64] = "";
	unsigned number = 0;
	int fd = open(path, make ? O_RDWR | O_CREAT : O_RDWR, 0600);
	ssize_t n = fd < 0 ? -1 : read(fd, label, sizeof(label) - 1);
	struct content *c = NULL;

	if (n > 0 && sscanf(label, LABEL "%u", &number) == 1)
		c = find_number(number);
	if (!c && n >= 0)
		c = label_anew(fd);
	if (fd >= 0)
		close(fd);
	return c;
}

static void
resize(struct content *c, size_t len)
{
	if (len > c->cap) {
		c->cap = len * 2;
		c->bytes = mem_grow(c->bytes, c->cap, 1);
	}
	if (len > c->len)
		memset(c->bytes + c->len, 0, len - c->len);
	c->len = len;
}

static int
disk_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
	struct content *c = ((struct handle *)f)->at;
	size_t from = (size_t)at, want = (size_t)n;
	size_t have = from < c->len ? c->len - from : 0;

	if (have > want)
		have = want;
	if (have)
		memcpy(out, c->bytes + from, have);
	memset((uint8_t *)out + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* May this write be done? */
static int
strike(struct content *c)
{
	struct content *d = c->database ? c->database : c;

	if (d->fault == DISK_GOOD || d->fault == DISK_BUSY)
		return SQLITE_OK;
	if (d->writes) {
		d->writes--;
		return SQLITE_OK;
	}
	return d->fault == DISK_FULL ? SQLITE_FULL : SQLITE_READONLY;
}

static int
disk_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	struct content *c = ((struct handle *)f)->at;
	size_t end = (size_t)at + (size_t)n;
	int rc = strike(c);

	if (rc)
		return rc;
	if (end > c->len)
		resize(c, end);
	memcpy(c->bytes + at, bytes, (size_t)n);
	return SQLITE_OK;
}

static int
disk_truncate(sqlite3_file *f, sqlite3_int64 len)
{
	struct content *c = ((struct handle *)f)->at;
	int rc = strike(c);

	if (!rc && (size_t)len < c->len)
		resize(c, (size_t)len);
	return rc;
}

static int
disk_sync(sqlite3_file *f, int flags)
{
	(void)f;
	(void)flags;
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *f, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct handle *)f)->at->len;
	return SQLITE_OK;
}

static void
set_level(struct handle *h, int level)
{
	struct content *c = h->at;

	if (level < SQLITE_LOCK_RESERVED && h->level >= SQLITE_LOCK_RESERVED)
		c->reserved = c->pending = c->exclusive = false;
	if (h->level == SQLITE_LOCK_NONE && level > SQLITE_LOCK_NONE)
		c->shared++;
	if (h->level > SQLITE_LOCK_NONE && level == SQLITE_LOCK_NONE)
		c->shared--;
	if (level >= SQLITE_LOCK_RESERVED)
		c->reserved = true;
	if (level == SQLITE_LOCK_EXCLUSIVE)
		c->exclusive = true;
	h->level = level;
}

static int
disk_lock(sqlite3_file *f, int level)
{
	struct handle *h = (struct handle *)f;
	struct content *c = h->at;

	if (level <= h->level)
		return SQLITE_OK;
	if (h->level == SQLITE_LOCK_NONE && (c->pending || c->exclusive))
		return SQLITE_BUSY;
	if (level >= SQLITE_LOCK_RESERVED && h->level < SQLITE_LOCK_RESERVED &&
		c->reserved)
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_EXCLUSIVE && c->shared > 1) {
		c->pending = true;
		set_level(h, SQLITE_LOCK_RESERVED);
		return SQLITE_BUSY;
	}
	set_level(h, level);
	return SQLITE_OK;
}

static int
disk_unlock(sqlite3_file *f, int level)
{
	struct handle *h = (struct handle *)f;

	if (level < h->level)
		set_level(h, level);
	return SQLITE_OK;
}

static int
disk_reserved(sqlite3_file *f, int *out)
{
	*out = ((struct handle *)f)->at->reserved;
	return SQLITE_OK;
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
disk_sector(sqlite3_file *f)
{
	(void)f;
	return 4096;
}

static int
disk_traits(sqlite3_file *f)
{
	(void)f;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int
index_map(
	sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	struct content *c = ((struct handle *)f)->at;

	*out = NULL;
	if (region >= REGIONS_MAX)
		return SQLITE_FULL;
	if (!c->regions[region] && extend)
		c->regions[region] = mem_alloc((size_t)size);
	*out = c->regions[region];
	return SQLITE_OK;
}

static int
take_index(struct handle *h, int i, bool alone)
{
	struct content *c = h->at;
	unsigned bit = 1u << i;
	unsigned others = c->readers[i] - ((h->reads & bit) != 0);

	if (alone && i == 0 && c->fault == DISK_BUSY)
		return SQLITE_BUSY;
	if ((c->writer[i] && !(h->writes & bit)) || (alone && others))
		return SQLITE_BUSY;
	if (alone) {
		c->writer[i] = true;
		h->writes |= bit;
	} else if (!(h->reads & bit)) {
		c->readers[i]++;
		h->reads |= bit;
	}
	return SQLITE_OK;
}

static void
give_index(struct handle *h, int i)
{
	unsigned bit = 1u << i;

	if (h->writes & bit)
		h->at->writer[i] = false;
	if (h->reads & bit)
		h->at->readers[i]--;
	h->writes &= ~bit;
	h->reads &= ~bit;
}

static int
index_lock(sqlite3_file *f, int from, int n, int flags)
{
	struct handle *h = (struct handle *)f;

	for (int i = from; i < from + n; i++) {
		if (flags & SQLITE_SHM_UNLOCK) {
			give_index(h, i);
		} else if (take_index(h, i, flags & SQLITE_SHM_EXCLUSIVE)) {
			while (i-- > from)
				give_index(h, i);
			return SQLITE_BUSY;
		}
	}
	return SQLITE_OK;
}

static void
index_barrier(sqlite3_file *f)
{
	(void)f;
}

static int
index_unmap(sqlite3_file *f, int erase)
{
	struct handle *h = (struct handle *)f;

	for (int i = 0; i < SQLITE_SHM_NLOCK; i++)
		give_index(h, i);
	(void)erase;
	return SQLITE_OK;
}

static void
drop_index(struct content *c)
{
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		free(c->regions[i]);
		c->regions[i] = NULL;
	}
}

static int
disk_close(sqlite3_file *f)
{
	struct handle *h = (struct handle *)f;

	index_unmap(f, 0);
	set_level(h, SQLITE_LOCK_NONE);
	if (--h->at->open == 0)
		drop_index(h->at);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {2, disk_close, disk_read, disk_write,
	disk_truncate, disk_sync, disk_size, disk_lock, disk_unlock,
	disk_reserved, disk_control, disk_sector, disk_traits, index_map,
	index_lock, index_barrier, index_unmap, NULL, NULL};

/* The log beside a database, or its rollback journal. */
static struct content *
open_beside(const char *name)
{
	struct content *c = find_log(name);
	const char *dash = strrchr(name, '-');
	char *base;

	if (!c)
		c = content_new(name, 0);
	if (dash) {
		base = mem_printf("%.*s", (int)(dash - name), name);
		c->database = find_database(base, false);
		free(base);
	}
	return c;
}

static int
disk_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags,
	int *given)
{
	struct handle *h = (struct handle *)f;
	char own[32];

	(void)v;
	memset(h, 0, sizeof(*h));
	if (!name) { /* SQLite's own, for a while */
		snprintf(own, sizeof(own), "passing %u", ++last_number);
		name = own;
	}
	h->at = flags & SQLITE_OPEN_MAIN_DB
			? find_database(name, flags & SQLITE_OPEN_CREATE)
			: open_beside(name);
	if (!h->at)
		return SQLITE_CANTOPEN;
	h->at->open++;
	h->base.pMethods = &methods;
	if (given)
		*given = flags;
	return SQLITE_OK;
}

static int
disk_delete(sqlite3_vfs *v, const char *name, int durably)
{
	struct content *c = find_log(name);

	(void)v;
	(void)durably;
	if (c)
		c->len = 0;
	return SQLITE_OK;
}

static int
disk_access(sqlite3_vfs *v, const char *name, int flags, int *out)
{
	struct content *c = find_log(name);

	(void)v;
	(void)flags;
	*out = (c && c->len) || access(name, F_OK) == 0;
	return SQLITE_OK;
}

static int
disk_path(sqlite3_vfs *v, const char *name, int size, char *out)
{
	(void)v;
	return below->xFullPathname(below, name, size, out);
}

static int
disk_random(sqlite3_vfs *v, int n, char *out)
{
	(void)v;
	memset(out, 42, (size_t)n);
	return n;
}

static int
disk_sleep(sqlite3_vfs *v, int us)
{
	(void)v;
	return us;
}

static int
disk_now(sqlite3_vfs *v, double *out)
{
	(void)v;
	*out = 2461235.5;
	return SQLITE_OK;
}

static int
disk_last_error(sqlite3_vfs *v, int size, char *out)
{
	(void)v;
	if (size > 0)
		*out = '\0';
	return 0;
}

void
memory_disk_use(void)
{
	static sqlite3_vfs disk = {.iVersion = 1,
		.szOsFile = sizeof(struct handle),
		.mxPathname = NAME_SIZE,
		.zName = "memory-disk",
		.xOpen = disk_open,
		.xDelete = disk_delete,
		.xAccess = disk_access,
		.xFullPathname = disk_path,
		.xRandomness = disk_random,
		.xSleep = disk_sleep,
		.xCurrentTime = disk_now,
		.xGetLastError = disk_last_error};

	if (!below)
		below = sqlite3_vfs_find(NULL);
	sqlite3_vfs_register(&disk, 1);
}

static struct content *
need_database(const char *path)
{
	struct content *c = find_database(path, true);

	if (!c) {
		fprintf(stderr, "memory disk: no file at %s\n", path);
		abort();
	}
	return c;
}

void
memory_disk_break(const char *path, enum disk_fault fault, unsigned writes)
{
	struct content *c = need_database(path);

	c->fault = fault;
	c->writes = writes;
}

static uint8_t *
copy_bytes(const struct content *c, size_t *len)
{
	uint8_t *bytes = mem_alloc(c && c->len ? c->len : 1);

	*len = c ? c->len : 0;
	if (*len)
		memcpy(bytes, c->bytes, *len);
	return bytes;
}

static struct content *
log_beside(const char *path, bool make)
{
	char real[NAME_SIZE + 8];
	struct content *c;

	if (below->xFullPathname(below, path, NAME_SIZE, real) != SQLITE_OK)
		return NULL;
	strcat(real, "-wal");
	c = find_log(real);
	if (!c && make)
		c = open_beside(real);
	return c;
}

struct disk_image *
memory_disk_copy(const char *path)
{
	struct disk_image *image = mem_alloc(sizeof(*image));

	image->bytes = copy_bytes(need_database(path), &image->len);
	image->log = copy_bytes(log_beside(path, false), &image->log_len);
	return image;
}

static void
put_bytes(struct content *c, const uint8_t *bytes, size_t len)
{
	c->len = 0;
	resize(c, len);
	if (len)
		memcpy(c->bytes, bytes, len);
}

void
memory_disk_put(const char *path, const struct disk_image *image)
{
	put_bytes(need_database(path), image->bytes, image->len);
	put_bytes(log_beside(path, true), image->log, image->log_len);
}

void
disk_image_free(struct disk_image *image)
{
	if (!image)
		return;
	free(image->bytes);
	free(image->log);
	free(image);
}
