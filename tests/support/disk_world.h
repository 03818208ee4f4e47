/*
 * disk_world.h - what is on the disks: files and names as they were last
 * written, what of it is durable, and the calls that change them. Only for
 * disk.c and the two faces it has, disk_vfs.c and disk_libc.c.
 */
#ifndef TESTS_DISK_WORLD_H
#define TESTS_DISK_WORLD_H

#include <stddef.h>

#include "tests/support/disk.h"

#define DISK_NONE 0u /* no file has this number */
#define SHM_SLOTS 8

struct disk_bytes {
	uint8_t *data;
	size_t len, cap;
};

struct disk_change { /* not synced; bytes NULL: cut, or grown, to `at` */
	size_t at, len;
	uint8_t *bytes;
};

struct disk_file {
	unsigned number;
	char *path; /* as made: tells the disk it is on */
	bool folder;
	struct disk_bytes now, kept;
	struct disk_change *changes;
	size_t change_count, change_cap;

	/* Of the programs that have it open; copies of a world have none. */
	int handles;
	int sharing;	      /* locks for reading */
	const void *reserved; /* who holds it; NULL nobody */
	const void *pending, *exclusive;
	uint8_t **shared_memory; /* regions */
	size_t region_count, region_cap;
	int shm_users, shm_sharing[SHM_SLOTS];
	const void *shm_owner[SHM_SLOTS];
};

struct disk_name {
	char *path;
	unsigned file;
};
struct disk_names {
	struct disk_name *items;
	size_t count, cap;
};

/* A name that was made, removed or, with `old`, renamed; not synced. */
struct disk_entry {
	char *path, *old;
	unsigned file; /* DISK_NONE: removed */
};

struct disk_world {
	struct disk_file **files; /* by number; NULL: gone for ever */
	size_t file_count, file_cap;
	struct disk_names now, kept;
	struct disk_entry *entries;
	size_t entry_count, entry_cap;
};

enum disk_call_kind {
	CALL_MAKE,	  /* path */
	CALL_MAKE_FOLDER, /* path */
	CALL_WRITE,	  /* file, at, bytes, len */
	CALL_CUT,	  /* file, at: its new size */
	CALL_SYNC,	  /* file */
	CALL_REMOVE,	  /* path */
	CALL_RENAME,	  /* path, to */
	CALL_SYNC_FOLDER  /* path */
};
struct disk_call {
	enum disk_call_kind kind;
	char *path, *to;
	unsigned file;
	size_t at, len;
	uint8_t *bytes;
};

void world_release(struct disk_world *w);
/* A copy of all, or of what is on one disk. */
void world_copy(const struct disk_world *from, struct disk_world *to);
void world_take_disk(struct disk_world *w, const char *disk,
	const struct disk_world *from); /* that disk alone becomes as there */
void world_drop_disk(struct disk_world *w, const char *disk);
struct disk_file *world_find(const struct disk_world *w, const char *path);
struct disk_file *world_file(const struct disk_world *w, unsigned number);
void world_apply(struct disk_world *w, const struct disk_call *c);
void world_lose(struct disk_world *w, const char *disk, enum disk_loss loss,
	uint64_t seed);
uint64_t world_hash(const struct disk_world *w, const char *disk);
/* Is a file open there? */
bool world_in_use(const struct disk_world *w, const char *disk);
/* Forget files that neither a name nor a program knows. */
void world_collect(struct disk_world *w);
bool disk_holds(const char *disk, const char *path);

/* The disks there are, and what disk_fail said of the one with this path. */
struct disk_world *disk_world(void);
bool disk_on(const char *path); /* is it on one of ours? */
enum disk_fault disk_fault_of(const char *path);
/* Do it, on the tape too. False: the disk has failed; nothing changed. */
bool disk_do(const char *path, const struct disk_call *c);

void disk_vfs_start(void); /* disk_vfs.c */
void disk_vfs_stop(void);

#endif
