#include "tests/support/line.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/draft.h"
#include "tests/support/fixture.h"

#define QUIET_MS 300 /* nothing more comes after so long */

static void
tell_drafts(struct replica *r, int to)
{
	struct names names = {0};
	struct buf text = BUF_INIT;
	struct why why;
	int64_t at;

	if (draft_list(r, &names, &why))
		return;
	for (size_t i = 0; i < names.count; i++)
		if (draft_get(r, names.items[i], &text, &at, &why))
			buf_puts(&text, why.text);
	if (write(to, buf_text(&text), text.len) < 0)
		_exit(9);
	buf_release(&text);
	names_release(&names);
}

static int
run_screens(const char *type, const struct screens_options *o, int after)
{
	static const char *const strange[] = {
		"LINES", "COLUMNS", "NO_COLOR", "SSH_CONNECTION", "SSH_TTY"};
	struct screens_options options = {0};
	struct fixture f;
	struct why why;
	enum status st;

	if (o)
		options = *o;
	if (!options.keymap_file)
		options.keymap_file = "/dev/null";
	if (!options.theme_file)
		options.theme_file = "/dev/null";
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		unsetenv(strange[i]);
	setenv("TERM", type, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	fixture_make(&f);
	st = screens_run(f.r, &options, &why);
	tell_drafts(f.r, after);
	fixture_remove(&f);
	return (int)st;
}

void
line_open(struct line *l, const char *type, const struct screens_options *o)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	char drafts[PLACE_MAX];

	memset(l, 0, sizeof(*l));
	place_file(drafts, "drafts", "");
	l->after = open(drafts, O_RDWR);
	assert_true(l->after >= 0);
	unlink(drafts);
	l->pid = forkpty(&l->fd, NULL, NULL, &size);
	if (l->pid == 0)
		_exit(run_screens(type, o, l->after));
	assert_true(l->pid > 0);
}

void
line_close(struct line *l)
{
	if (l->fd >= 0)
		close(l->fd);
	close(l->after);
	buf_release(&l->seen);
}

/* False: nothing came in time, or the line has ended. */
static bool
read_some(struct line *l, int patience_ms)
{
	struct pollfd p = {l->fd, POLLIN, 0};
	char chunk[4096];
	ssize_t got;

	if (poll(&p, 1, patience_ms) <= 0)
		return false;
	got = read(l->fd, chunk, sizeof(chunk));
	if (got > 0)
		buf_add(&l->seen, chunk, (size_t)got);
	return got > 0;
}

void
line_expect(struct line *l, const char *text)
{
	while (!strstr(buf_text(&l->seen), text))
		if (!read_some(l, LINE_PATIENCE_MS))
			fail_msg("'%s' did not come: %s", text,
				buf_text(&l->seen));
}

void
line_send(struct line *l, const char *keys)
{
	size_t len = strlen(keys);

	buf_clear(&l->seen);
	assert_int_equal(write(l->fd, keys, len), len);
}

/* Bytes that the program can read; the line tells no event of their number. */
static int
bytes_there(int near)
{
	int there = 0;

	assert_int_equal(ioctl(near, FIONREAD, &there), 0);
	return there;
}

void
line_send_unread(struct line *l, const char *keys)
{
	int near = open(ptsname(l->fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	int status, expected;

	assert_true(near >= 0);
	kill(l->pid, SIGSTOP);
	assert_int_equal(waitpid(l->pid, &status, WUNTRACED), l->pid);
	assert_true(WIFSTOPPED(status));
	expected = bytes_there(near) + (int)strlen(keys);
	line_send(l, keys);
	for (int i = 0; bytes_there(near) < expected; i++) {
		assert_true(i < LINE_PATIENCE_MS);
		usleep(1000);
	}
	close(near);
}

void
line_size(struct line *l, int rows, int cols)
{
	struct winsize size = {
		.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	assert_int_equal(ioctl(l->fd, TIOCSWINSZ, &size), 0);
}

size_t
line_drain(struct line *l)
{
	size_t before = l->seen.len;

	while (read_some(l, QUIET_MS)) {
	}
	return l->seen.len - before;
}

void
line_expect_end(struct line *l)
{
	int status = -1;

	for (int i = 0; i < LINE_PATIENCE_MS / 10; i++) {
		if (waitpid(l->pid, &status, WNOHANG) == l->pid) {
			assert_true(WIFEXITED(status));
			assert_int_equal(WEXITSTATUS(status), 0);
			return;
		}
		usleep(10000);
	}
	kill(l->pid, SIGKILL);
	waitpid(l->pid, &status, 0);
	fail_msg("it did not end");
}

char *
line_drafts(struct line *l)
{
	struct buf all = BUF_INIT;
	char chunk[4096];
	ssize_t got;

	lseek(l->after, 0, SEEK_SET);
	while ((got = read(l->after, chunk, sizeof(chunk))) > 0)
		buf_add(&all, chunk, (size_t)got);
	return buf_take(&all);
}
