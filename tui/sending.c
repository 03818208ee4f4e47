#include "tui/sending.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <linux/memfd.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHUNK 4096

void
sending_begin(struct sending *s, int fd)
{
	memset(s, 0, sizeof(*s));
	s->line = -1;
	/* in no folder: others may fill that, and nothing would be shown */
	s->tray = (int)syscall(SYS_memfd_create, "beatbook", MFD_CLOEXEC);
	if (s->tray < 0)
		return;
	s->line = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (s->line >= 0 && dup2(s->tray, fd) >= 0)
		return;
	close(s->tray);
	if (s->line >= 0)
		close(s->line);
	s->tray = s->line = -1;
}

void
sending_end(struct sending *s, int fd)
{
	if (s->tray < 0)
		return;
	dup2(s->line, fd);
}

void
sending_release(struct sending *s)
{
	buf_release(&s->waiting);
	if (s->tray >= 0)
		close(s->tray);
	if (s->line >= 0)
		close(s->line);
	s->tray = s->line = -1;
}

void
sending_add(struct sending *s, const char *bytes)
{
	size_t len = strlen(bytes);

	if (s->tray >= 0 && write(s->tray, bytes, len) < 0)
		buf_puts(&s->waiting, bytes);
}

static void
empty_tray(struct sending *s)
{
	char chunk[CHUNK];
	off_t size = lseek(s->tray, 0, SEEK_CUR), at = 0;
	ssize_t got = 1;

	while (at < size && got > 0) {
		size_t left = (size_t)(size - at);

		got = pread(s->tray, chunk,
			left < sizeof(chunk) ? left : sizeof(chunk), at);
		if (got > 0)
			buf_add(&s->waiting, chunk, (size_t)got);
		at += got;
	}
	/* its memory is written over: it is as large as the largest frame */
	if (size > 0)
		lseek(s->tray, 0, SEEK_SET);
}

/* What the line takes without waiting. That is asked for this one write alone:
 * the shell and this program's input share the terminal's flags. */
static ssize_t
write_now(int line, const struct buf *b)
{
	int flags = fcntl(line, F_GETFL);
	ssize_t put;
	int trouble;

	fcntl(line, F_SETFL, flags | O_NONBLOCK);
	put = write(line, b->data, b->len);
	trouble = errno;
	fcntl(line, F_SETFL, flags);
	errno = trouble;
	return put;
}

bool
sending_go(struct sending *s)
{
	ssize_t put = 1;

	if (s->tray < 0)
		return true;
	empty_tray(s);
	while (s->waiting.len && put > 0) {
		put = write_now(s->line, &s->waiting);
		if (put > 0)
			buf_drop(&s->waiting, (size_t)put);
		else if (put < 0 && errno == EINTR)
			put = 1;
		else if (put < 0 && errno != EAGAIN)
			buf_clear(&s->waiting); /* the line is gone */
	}
	return s->waiting.len == 0;
}

void
sending_finish(struct sending *s, int patience_ms)
{
	struct pollfd p = {s->line, POLLOUT, 0};

	while (!sending_go(s))
		if (poll(&p, 1, patience_ms) <= 0 ||
			(p.revents & (POLLHUP | POLLERR)))
			return;
}
