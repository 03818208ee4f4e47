/* The screens on a real pseudo terminal: what only a line can show. */
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

#include "tests/support/fixture.h"
#include "tui/screens.h"

#define PATIENCE_MS 5000

struct line {
	int fd;
	pid_t pid;
	struct buf seen;
};

static int
run_screens(void)
{
	const struct screens_options o = {.keymap_file = "/dev/null"};
	struct fixture f;
	struct why why;
	enum status st;

	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	fixture_make(&f);
	st = screens_run(f.r, &o, &why);
	fixture_remove(&f);
	return (int)st;
}

static int
begin(void **state)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct line *l = mem_alloc(sizeof(*l));

	l->pid = forkpty(&l->fd, NULL, NULL, &size);
	if (l->pid == 0)
		_exit(run_screens());
	*state = l;
	return l->pid < 0;
}

static int
end(void **state)
{
	struct line *l = *state;

	buf_release(&l->seen);
	free(l);
	return 0;
}

/* Read until this has come. */
static void
expect(struct line *l, const char *text)
{
	struct pollfd p = {l->fd, POLLIN, 0};
	char chunk[4096];
	ssize_t got;

	while (!strstr(buf_text(&l->seen), text)) {
		if (poll(&p, 1, PATIENCE_MS) <= 0)
			fail_msg("'%s' did not come: %s", text,
				buf_text(&l->seen));
		got = read(l->fd, chunk, sizeof(chunk));
		if (got <= 0)
			fail_msg("the line ended before '%s'", text);
		buf_add(&l->seen, chunk, (size_t)got);
	}
}

static void
send_keys(struct line *l, const char *keys)
{
	size_t len = strlen(keys);

	buf_clear(&l->seen);
	assert_int_equal(write(l->fd, keys, len), len);
}

static void
expect_end(struct line *l)
{
	int status = -1;

	for (int i = 0; i < PATIENCE_MS / 10; i++) {
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

static void
test_a_paste_is_marked_and_fires_nothing(void **state)
{
	struct line *l = *state;

	expect(l, "\033[?2004h");
	expect(l, "TODAY");
	send_keys(l, "\033[200~qyqy\r\033[201~");
	expect(l, "Pasted text is not taken here");
	send_keys(l, "qy");
	expect(l, "\033[?2004l");
	expect_end(l);
	close(l->fd);
}

/* As xterm and rxvt send them; the third key is one that every one has. */
static void
test_words_by_ctrl_and_arrows(void **state)
{
	struct line *l = *state;

	expect(l, "TODAY");
	send_keys(l, "gfmotel garage lot\033[1;5D\033Od1\033[1;5C2\0203\014");
	expect(l, "motel 1garage 32lot");
	close(l->fd);
	expect_end(l);
}

static void
test_a_line_that_hangs_up(void **state)
{
	struct line *l = *state;

	expect(l, "TODAY");
	close(l->fd);
	expect_end(l);
}

static void
test_being_told_to_end(void **state)
{
	struct line *l = *state;

	expect(l, "TODAY");
	kill(l->pid, SIGTERM);
	expect_end(l);
	close(l->fd);
}

static void
test_a_lone_escape_is_quick(void **state)
{
	struct line *l = *state;

	expect(l, "TODAY");
	send_keys(l, "\033OR"); /* F3 */
	expect(l, "SEARCH");
	send_keys(l, "\033");
	expect(l, "TODAY");
	send_keys(l, "qy");
	expect_end(l);
	close(l->fd);
}

static void
test_a_new_size(void **state)
{
	struct winsize size = {.ws_row = 9, .ws_col = 39};
	struct line *l = *state;

	expect(l, "TODAY");
	buf_clear(&l->seen);
	ioctl(l->fd, TIOCSWINSZ, &size);
	expect(l, "Needs 40x10");
	send_keys(l, "qy");
	expect_end(l);
	close(l->fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_a_paste_is_marked_and_fires_nothing),
		TEST(test_words_by_ctrl_and_arrows),
		TEST(test_a_line_that_hangs_up),
		TEST(test_being_told_to_end),
		TEST(test_a_lone_escape_is_quick),
		TEST(test_a_new_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
