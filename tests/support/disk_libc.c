/*
 * The program's own calls on the disks. The linker sends them here where a
 * program is linked with $(DISK_CALLS); what is on no disk of ours goes on to
 * the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "tests/support/disk_world.h"

/* clang-format off */
int __real_open(const char *path, int flags, ...);
int __real_close(int fd);
int __real_fsync(int fd);
int __real_access(const char *path, int mode);
int __real_stat(const char *path, struct stat *out);
int __real_unlink(const char *path);
int __real_rename(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __real_chmod(const char *path, mode_t mode);

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_fsync(int fd);
int __wrap_access(const char *path, int mode);
int __wrap_stat(const char *path, struct stat *out);
int __wrap_unlink(const char *path);
int __wrap_rename(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_chmod(const char *path, mode_t mode);
/* clang-format on */

#define OPEN_MAX_FILES 16

/* Files of ours that a program has open: the number is a real one, of
 * /dev/null, so that nobody else gets it. */
static struct {
	int fd;
	char *path;
} files[OPEN_MAX_FILES];

static int
fail(const char *path, int otherwise)
{
	switch (disk_fault_of(path)) {
	case DISK_FULL:
		errno = ENOSPC;
		break;
	case DISK_READ_ONLY:
		errno = EROFS;
		break;
	case DISK_BROKEN:
		errno = EIO;
		break;
	default:
		errno = otherwise;
		break;
	}
	return -1;
}

static bool
done(enum disk_call_kind kind, const char *path, const char *to, unsigned file)
{
	struct disk_call c = {kind, NULL, NULL, file, 0, 0, NULL};
	bool good;

	c.path = mem_text(path);
	c.to = mem_text(to);
	good = disk_do(path, &c);
	free(c.path);
	free(c.to);
	return good;
}

static int
hand_out(const char *path)
{
	int fd = __real_open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < OPEN_MAX_FILES; i++) {
		if (files[i].path)
			continue;
		files[i].fd = fd;
		files[i].path = mem_text(path);
		return fd;
	}
	__real_close(fd);
	errno = EMFILE;
	return -1;
}

static bool
has_folder(const char *path)
{
	char *folder = mem_text(path);
	const struct disk_file *f;

	*strrchr(folder, '/') = '\0';
	f = world_find(disk_world(), folder);
	free(folder);
	return f && f->folder;
}

int
__wrap_open(const char *path, int flags, ...)
{
	struct disk_file *f;
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (!disk_on(path))
		return __real_open(path, flags, mode);
	f = world_find(disk_world(), path);
	if (f && (flags & O_CREAT) && (flags & O_EXCL))
		return fail(path, EEXIST);
	if (!f && (!(flags & O_CREAT) || !has_folder(path)))
		return fail(NULL, ENOENT);
	if (f && (flags & O_DIRECTORY) && !f->folder)
		return fail(NULL, ENOTDIR);
	if (!f && !done(CALL_MAKE, path, NULL, 0))
		return fail(path, EIO);
	return hand_out(path);
}

static char **
path_of(int fd)
{
	for (size_t i = 0; i < OPEN_MAX_FILES; i++)
		if (files[i].path && files[i].fd == fd)
			return &files[i].path;
	return NULL;
}

int
__wrap_close(int fd)
{
	char **path = path_of(fd);

	if (path) {
		free(*path);
		*path = NULL;
	}
	return __real_close(fd);
}

int
__wrap_fsync(int fd)
{
	char **path = path_of(fd);
	struct disk_file *f = path ? world_find(disk_world(), *path) : NULL;

	if (!f)
		return __real_fsync(fd);
	if (!done(f->folder ? CALL_SYNC_FOLDER : CALL_SYNC, *path, NULL,
		    f->number))
		return fail(*path, EIO);
	return 0;
}

int
__wrap_access(const char *path, int mode)
{
	if (!disk_on(path))
		return __real_access(path, mode);
	if (!world_find(disk_world(), path))
		return fail(NULL, ENOENT);
	if ((mode & W_OK) && disk_fault_of(path) == DISK_READ_ONLY)
		return fail(path, EROFS);
	return 0;
}

int
__wrap_stat(const char *path, struct stat *out)
{
	const struct disk_file *f;

	if (!disk_on(path))
		return __real_stat(path, out);
	f = world_find(disk_world(), path);
	if (!f)
		return fail(NULL, ENOENT);
	memset(out, 0, sizeof(*out));
	out->st_mode = f->folder ? S_IFDIR | 0700 : S_IFREG | 0600;
	out->st_size = (off_t)f->now.len;
	out->st_ino = f->number;
	return 0;
}

int
__wrap_unlink(const char *path)
{
	if (!disk_on(path))
		return __real_unlink(path);
	if (!world_find(disk_world(), path))
		return fail(NULL, ENOENT);
	return done(CALL_REMOVE, path, NULL, 0) ? 0 : fail(path, EIO);
}

int
__wrap_rename(const char *from, const char *to)
{
	if (!disk_on(from))
		return __real_rename(from, to);
	if (!world_find(disk_world(), from) || !has_folder(to))
		return fail(NULL, ENOENT);
	return done(CALL_RENAME, from, to, 0) ? 0 : fail(from, EIO);
}

int
__wrap_mkdir(const char *path, mode_t mode)
{
	if (!disk_on(path))
		return __real_mkdir(path, mode);
	if (world_find(disk_world(), path))
		return fail(NULL, EEXIST);
	if (!has_folder(path))
		return fail(NULL, ENOENT);
	return done(CALL_MAKE_FOLDER, path, NULL, 0) ? 0 : fail(path, EIO);
}

int
__wrap_chmod(const char *path, mode_t mode)
{
	if (!disk_on(path))
		return __real_chmod(path, mode);
	return world_find(disk_world(), path) ? 0 : fail(NULL, ENOENT);
}
