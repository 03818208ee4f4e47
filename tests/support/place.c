#include "tests/support/place.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define UNDER_MAX 32 /* bytes of TMPDIR; a longer one is not used */

static void
name_it(char path[PLACE_MAX], const char *name)
{
	const char *under = getenv("TMPDIR");

	if (!under || !under[0] || strlen(under) > UNDER_MAX)
		under = "/tmp";
	snprintf(path, PLACE_MAX, "%s/beatbook-%.12s-XXXXXX", under, name);
}

void
place_folder(char path[PLACE_MAX], const char *name)
{
	name_it(path, name);
	if (!mkdtemp(path))
		fail_msg("no folder %s", path);
}

void
place_file(char path[PLACE_MAX], const char *name, const char *text)
{
	size_t len = strlen(text);
	int fd;

	name_it(path, name);
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		fail_msg("no file %s", path);
	close(fd);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type == FTW_DP)
		rmdir(path);
	else
		unlink(path);
	return 0;
}

void
place_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
