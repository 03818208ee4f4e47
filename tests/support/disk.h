/*
 * disk.h - disks in memory, under SQLite and under the program's own calls:
 * as fast as memory, and with all that can happen to a disk.
 *
 * Every path under /disk/NAME/ is on the disk NAME; others are the machine's.
 * What is written waits in the disk's cache until it is synced: contents by a
 * sync of the file, names (made, renamed, removed) by one of their folder.
 * As with SQLite on unix, the first sync of a new -wal or -journal file syncs
 * its folder too, and a write changes no byte beside its own.
 *
 * SQLite meets the disks as its default VFS; open, close, access, stat,
 * mkdir, chmod, rename, unlink and fsync do where a program is linked with
 * $(DISK_CALLS) of the Makefile. Sleeping takes no time. One thread.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include <stdbool.h>
#include <stdint.h>

#define DISK_ROOT "/disk/"

void disk_start(void); /* from here on, what is opened may be on a disk */
void disk_stop(void);  /* all disks are gone; no file may be open */
void disk_make(const char *disk); /* a new empty one; durable itself */
void disk_remove(const char *disk);

/* Faults. */
enum disk_fault {
	DISK_FINE,
	DISK_FULL,	/* nothing can grow or be made */
	DISK_READ_ONLY, /* nothing can be written */
	DISK_BUSY,	/* others hold every lock for writing */
	DISK_BROKEN	/* no call on contents comes back well */
};
/* It happens after so many more of this disk's changing calls. */
void disk_fail(const char *disk, enum disk_fault fault, long after);

long disk_calls(const char *disk); /* changing calls on it so far */

/* Power. What a file holds afterwards is durable. No file may be open. */
enum disk_loss {
	LOSS_NONE, /* the program was killed: the cache lives on */
	LOSS_ALL,  /* all that was not synced is gone */
	LOSS_SOME  /* by `seed`, each sector of 512 bytes not synced is kept,
		    * lost or torn, each size and name kept or lost */
};
void disk_lose(const char *disk, enum disk_loss loss, uint64_t seed);

/* Of all names, and of contents but those of files named *.part*. */
uint64_t disk_hash(const char *disk);

/* All of a disk, its cache too, also while files are open. To end a program
 * as if killed: take an image, close, put it back. */
struct disk_image;
struct disk_image *disk_image(const char *disk); /* disk_image_free */
/* The disk becomes this; made if it was not there. No file may be open. */
void disk_put(const char *disk, const struct disk_image *image);
void disk_image_free(struct disk_image *image);

/*
 * The tape: every changing call on every disk, in order. Winding to n makes
 * all disks as they were when n calls were done, caches included; forward is
 * cheap. No file may be open.
 */
struct disk_tape;
void disk_record(void);		       /* from here on */
long disk_recorded(void);	       /* how many calls are on it now */
struct disk_tape *disk_end_tape(void); /* disk_tape_free */
void disk_wind(struct disk_tape *tape, long n);
/* The call that was done as the nth (1 …), in words; until the next. */
const char *disk_tape_call(const struct disk_tape *tape, long n);
bool disk_tape_on(const struct disk_tape *tape, long n, const char *disk);
/* As disk_wind, but only this disk becomes as it was then. */
void disk_wind_one(struct disk_tape *tape, long n, const char *disk);
void disk_tape_free(struct disk_tape *tape);

#endif
