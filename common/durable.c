#include "common/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"

/* Have the folder that holds this path write its names down. */
static bool
sync_folder_of(const char *path)
{
	char *folder = mem_text(path);
	char *slash = strrchr(folder, '/');
	bool kept = false;
	int fd;

	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY);
	if (fd >= 0) {
		kept = fsync(fd) == 0;
		close(fd);
	}
	free(folder);
	return kept;
}

bool
durable_rename(const char *from, const char *to)
{
	return rename(from, to) == 0 && sync_folder_of(to);
}

bool
durable_folder(const char *path)
{
	return mkdir(path, 0700) == 0 && sync_folder_of(path);
}

bool
durable_folders(const char *path)
{
	char *copy = mem_text(path);
	bool made = true;

	for (char *p = strchr(copy + 1, '/'); p && made; p = strchr(p, '/')) {
		*p = '\0';
		made = durable_folder(copy) || errno == EEXIST;
		*p++ = '/';
	}
	free(copy);
	return made;
}
