#include "sync/hub_hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"

#define FILE_NAME "serve.lock"

/* The kernel tells no number of a process that is not seen from here, as from
 * within a container. */
static enum status
held_already(int fd, const char *place, struct why *why)
{
	struct flock holder = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_GETLK, &holder) != 0 || holder.l_pid <= 0)
		return why_set(why, ST_FILE,
			"another process serves %s already: end that first, or "
			"name another folder with -d",
			place);
	return why_set(why, ST_FILE,
		"process %ld serves %s already: end it first with `kill %ld`, "
		"or name another folder with -d",
		(long)holder.l_pid, place, (long)holder.l_pid);
}

static enum status
lock_file(int fd, const char *place, struct why *why)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fd >= 0 && fcntl(fd, F_SETLK, &whole) == 0)
		return ST_OK;
	if (fd >= 0 && (errno == EACCES || errno == EAGAIN))
		return held_already(fd, place, why);
	return why_set(why, ST_FILE,
		"%s/" FILE_NAME " cannot be locked (%s): check whose the "
		"folder is, and keep it on a local disk",
		place, strerror(errno));
}

enum status
hub_hold(const char *place, int *fd, struct why *why)
{
	char *path = mem_printf("%s/" FILE_NAME, place);
	enum status st;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(path);
	st = lock_file(*fd, place, why);
	if (st && *fd >= 0)
		close(*fd);
	if (st)
		*fd = -1;
	return st;
}
