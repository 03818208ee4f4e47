/*
 * memory_disk.h - a disk in memory for SQLite: files are made, copied and put
 * back at the cost of a memcpy, nothing waits, and it can be full, read-only
 * or in use.
 *
 * The programs look at their files by other means than SQLite's, too: each
 * file stays there in its folder, holding only the number of its contents, so
 * that it may be renamed.
 */
#ifndef TESTS_MEMORY_DISK_H
#define TESTS_MEMORY_DISK_H

#include <stddef.h>

/* Every database that is opened in this process from now on lies in memory.
 * Its times and randomness are the same in every run. */
void memory_disk_use(void);

enum disk_fault { DISK_GOOD, DISK_FULL, DISK_READ_ONLY, DISK_BUSY };
/* What becomes of writing to the database at `path`, and to the log beside
 * it, after `writes` more that succeed. */
void memory_disk_break(
	const char *path, enum disk_fault fault, unsigned writes);

/* A database and the log beside it, as they are at this moment. */
struct disk_image; /* opaque */
/* Belongs to the caller; never NULL: fails the process without a file. */
struct disk_image *memory_disk_copy(const char *path);
/* Put it in the place of what is at `path`, which nobody may have open. A
 * file that is not there is made. */
void memory_disk_put(const char *path, const struct disk_image *image);
void disk_image_free(struct disk_image *image); /* NULL is fine */

#endif
