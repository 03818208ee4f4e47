/* The screens on a real pseudo terminal: what only a line can show. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/line.h"

#define F3 "\033OR"
#define NEW_CONCERN ":new concern\r"
#define REPAINT "\014"
#define LEAVE "Qy"

static struct line l;

static int
begin(void **state)
{
	(void)state;
	line_open(&l, "xterm", NULL);
	line_expect(&l, "F1 help");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	line_close(&l);
	return 0;
}

static void
hang_up(void)
{
	close(l.fd);
	l.fd = -1;
}

/* A form with something typed in it. */
static void
type_a_concern(const char *text)
{
	line_send(&l, NEW_CONCERN);
	line_expect(&l, "NEW Concern");
	line_send(&l, text);
}

static void
draft_is_kept(const char *text)
{
	char *drafts = line_drafts(&l);

	if (!strstr(drafts, text))
		fail_msg("'%s' is in no draft: %s", text, drafts);
	free(drafts);
}

static void
test_a_paste_is_marked_and_fires_nothing(void **state)
{
	(void)state;
	line_send(&l, REPAINT "\033[200~qyqy\r\033[201~");
	line_expect(&l, "Pasted text is not taken here");
	line_send(&l, "qy");
	line_expect(&l, "\033[?2004l");
	line_expect_end(&l);
}

/* As xterm and rxvt send them; the third key is one that every one has. */
static void
test_words_by_ctrl_and_arrows(void **state)
{
	(void)state;
	line_send(&l, "gfmotel garage lot\033[1;5D\033Od1\033[1;5C2\0203\014");
	line_expect(&l, "motel 1garage 32lot");
	hang_up();
	line_expect_end(&l);
}

/* TERM says xterm and the keys are PuTTY's, a console's, or in the other of
 * two modes. */
static void
test_keys_under_another_name(void **state)
{
	static const char *const f3[] = {
		"\033OR", "\033[13~", "\033[[C", "\0303"};
	static const char *const ends[] = {
		"\033[F", "\033OF", "\033[4~", "\033[8~"};

	(void)state;
	for (size_t i = 0; i < sizeof(f3) / sizeof(f3[0]); i++) {
		line_send(&l, f3[i]);
		line_expect(&l, "SEARCH");
		line_send(&l, "b\033[Da");
		line_send(&l, ends[i]);
		line_send(&l, "c" REPAINT);
		line_expect(&l, " abc");
		line_send(&l, "\033");
		line_expect(&l, "TODAY");
	}
	line_send(&l, "\033[20~");
	line_expect(&l, "COMMANDS");
	line_send(&l, "\033");
	line_expect(&l, "TODAY");
	line_send(&l, LEAVE);
	line_expect_end(&l);
}

static void
test_a_line_that_hangs_up(void **state)
{
	(void)state;
	type_a_concern("cars race");
	line_expect(&l, "race");
	hang_up();
	line_expect_end(&l);
	draft_is_kept("cars race");
}

/* This many bytes of words. The caller's. */
static char *
many_words(size_t bytes)
{
	static const char words[] = "cars race here at night ";
	struct buf all = BUF_INIT;

	while (all.len < bytes)
		buf_puts(&all, words);
	buf_cut(&all, bytes);
	return buf_take(&all);
}

/* What fits comes in as one; what does not is told, and nothing of it comes. */
static void
test_a_long_paste(void **state)
{
	char *much = many_words(50000), *too_much = many_words(100000);

	(void)state;
	type_a_concern("begun, ");
	line_send(&l, "\033[200~");
	line_send(&l, too_much);
	line_send(&l, "\033[201~");
	line_expect(&l, "bytes more do not fit");
	line_send(&l, "\033[200~");
	line_send(&l, much);
	line_send(&l, "\033[201~, ended");
	line_expect(&l, "ended");
	hang_up();
	line_expect_end(&l);
	draft_is_kept("begun, cars race here");
	draft_is_kept(", ended");
	free(much);
	free(too_much);
}

/* A terminal that does not mark it types it: as fast as it comes, until the
 * field is full. */
static void
test_a_long_paste_without_marks(void **state)
{
	char *words = many_words(100000);

	(void)state;
	type_a_concern("begun, ");
	line_send(&l, words);
	line_expect(&l, "bytes more do not fit");
	line_drain(&l);
	hang_up();
	line_expect_end(&l);
	draft_is_kept("begun, cars race here at night cars race here");
	free(words);
}

static void
test_a_hang_up_on_all_terminals(void **state)
{
	static const char *const types[] = {"vt220", "linux", "screen"};

	(void)state;
	hang_up();
	line_expect_end(&l);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		line_close(&l);
		line_open(&l, types[i], NULL);
		line_expect(&l, "F1 help");
		type_a_concern("cars race at ");
		line_send(&l, "night" REPAINT);
		line_expect(&l, "night");
		hang_up();
		line_expect_end(&l);
		draft_is_kept("cars race at night");
	}
}

static void
test_being_told_to_end(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (i) {
			line_close(&l);
			begin(NULL);
		}
		type_a_concern("cars race");
		line_expect(&l, "race");
		kill(l.pid, signals[i]);
		line_expect(&l, "\033[?1049l"); /* the shell's screen again */
		line_expect_end(&l);
		draft_is_kept("cars race");
	}
}

static void
test_a_lone_escape_is_quick(void **state)
{
	(void)state;
	line_send(&l, F3);
	line_expect(&l, "SEARCH");
	line_send(&l, "\033");
	line_expect(&l, "TODAY");
	line_send(&l, "qy");
	line_expect_end(&l);
}

/* Whoever is far away may want Esc to wait longer. */
static void
test_escape_waits_as_long_as_one_wants(void **state)
{
	(void)state;
	line_send(&l, LEAVE);
	line_expect_end(&l);
	line_close(&l);
	setenv("ESCDELAY", "100000", 1);
	begin(NULL);
	unsetenv("ESCDELAY");
	line_send(&l, F3);
	line_expect(&l, "SEARCH");
	line_send(&l, "\033");
	line_drain(&l);	       /* a while, longer than Esc waits by itself */
	line_send(&l, "[18~"); /* F7 */
	line_expect(&l, "was not reached");
	line_send(&l, "\033[19~" LEAVE); /* F8 */
	line_expect_end(&l);
}

/* What waits for the line needs no room that others can take: /dev/shm. */
static void
test_what_waits_takes_no_disk(void **state)
{
	char path[64], to[256];
	int trays = 0;

	(void)state;
	for (int fd = 0; fd < 32; fd++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)l.pid, fd);
		len = readlink(path, to, sizeof(to) - 1);
		to[len > 0 ? len : 0] = '\0';
		assert_null(strstr(to, "/dev/shm"));
		trays += strncmp(to, "/memfd:", 7) == 0;
	}
	assert_true(trays > 0);
	line_send(&l, LEAVE);
	line_expect_end(&l);
}

static void
test_a_new_size(void **state)
{
	(void)state;
	buf_clear(&l.seen);
	line_size(&l, 9, 39);
	line_expect(&l, "Needs 40x10");
	line_send(&l, "qy");
	line_expect_end(&l);
}

static void
test_a_storm_of_sizes(void **state)
{
	(void)state;
	type_a_concern("cars race");
	for (int i = 0; i < 500; i++)
		line_size(&l, 1 + i * 7 % 60, 1 + i * 13 % 200);
	line_size(&l, 24, 80);
	line_drain(&l);
	line_send(&l, REPAINT);
	line_expect(&l, "| cars race");
	hang_up();
	line_expect_end(&l);
	draft_is_kept("cars race");
}

/* Nobody reads, as when a link hangs: keys are taken all the same, frames are
 * dropped, and what comes at last is the newest. */
static void
test_a_line_that_lags(void **state)
{
	size_t came;

	(void)state;
	for (int i = 0; i < 200; i++) {
		line_send(&l, REPAINT); /* all of the screen, each time */
		usleep(2000);		/* a frame for each key */
	}
	line_send(&l, "gp");
	came = line_drain(&l);
	print_message("200 frames of a line that hangs: %zu bytes\n", came);
	assert_true(came < 40000);
	assert_non_null(strstr(buf_text(&l.seen), "PROJECTS"));
	line_send(&l, REPAINT);
	line_expect(&l, "PROJECTS");
	line_send(&l, LEAVE);
	line_expect_end(&l);
}

static void
fill_the_line(void)
{
	for (int i = 0; i < 60; i++) {
		line_send(&l, REPAINT);
		usleep(2000);
	}
}

/* A busy machine: what it is told meets keys that came before and that it had
 * no time for. */
static void
tell_to_end(int sign)
{
	line_send_unread(&l, " at night");
	kill(l.pid, sign);
	kill(l.pid, SIGCONT);
	line_expect_end(&l); /* nothing is read */
	draft_is_kept("cars race at night");
}

static void
test_told_to_end_with_keys_before_it(void **state)
{
	(void)state;
	type_a_concern("cars race");
	line_expect(&l, "race");
	tell_to_end(SIGTERM);
}

static void
test_told_that_it_hung_up_with_keys_before_it(void **state)
{
	(void)state;
	type_a_concern("cars race");
	line_expect(&l, "race");
	tell_to_end(SIGHUP);
}

static void
test_told_to_end_while_it_lags(void **state)
{
	(void)state;
	type_a_concern("cars race");
	line_expect(&l, "race");
	fill_the_line();
	tell_to_end(SIGTERM);
}

static void
test_a_hang_up_while_it_lags(void **state)
{
	(void)state;
	type_a_concern("cars race");
	line_expect(&l, "race");
	fill_the_line();
	hang_up();
	line_expect_end(&l);
	draft_is_kept("cars race");
}

/* Stopped as by a shell's job control, the terminal as it was; then on. */
static void
test_a_stop(void **state)
{
	struct termios before, now;
	int status;

	(void)state;
	tcgetattr(l.fd, &before);
	line_send(&l, "\032");
	line_expect(&l, "\033[?1049l");
	/* a session of its own has no shell to go back to: it goes on */
	line_expect(&l, "\033[?1049h");
	line_expect(&l, "TODAY");
	tcgetattr(l.fd, &now);
	assert_int_equal(now.c_lflag, before.c_lflag);
	assert_int_equal(waitpid(l.pid, &status, WNOHANG | WUNTRACED), 0);
	line_send(&l, LEAVE);
	line_expect_end(&l);
}

static void
test_no_stop_when_restricted(void **state)
{
	(void)state;
	line_send(&l, LEAVE);
	line_expect_end(&l);
	line_close(&l);
	line_open(&l, "xterm", &(struct screens_options){.restricted = true});
	line_expect(&l, "F1 help");
	line_send(&l, "\032");
	line_expect(&l, "there is no shell here");
	kill(l.pid, SIGTSTP);
	line_send(&l, REPAINT);
	line_expect(&l, "F1 help");
	assert_null(strstr(buf_text(&l.seen), "\033[?1049l"));
	line_send(&l, LEAVE);
	line_expect_end(&l);
}

/* What a terminal without a second screen keeps is wiped. */
static void
test_a_lock_wipes_the_screen(void **state)
{
	(void)state;
	line_send(&l, LEAVE);
	line_expect_end(&l);
	line_close(&l);
	line_open(&l, "linux", NULL);
	line_expect(&l, "F1 help");
	line_send(&l, "\030l");
	line_expect(&l, "LOCKED");
	line_expect(&l, "\033[3J");
	line_expect(&l, "\033[H\033[J");
	line_send(&l, "qyqy");
	line_expect(&l, "TODAY");
	line_send(&l, LEAVE);
	line_expect_end(&l);
	line_drain(&l);
	assert_non_null(strstr(buf_text(&l.seen), "\033[J"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_a_paste_is_marked_and_fires_nothing),
		TEST(test_words_by_ctrl_and_arrows),
		TEST(test_keys_under_another_name),
		TEST(test_a_line_that_hangs_up),
		TEST(test_a_long_paste),
		TEST(test_a_long_paste_without_marks),
		TEST(test_a_hang_up_on_all_terminals),
		TEST(test_being_told_to_end),
		TEST(test_a_lone_escape_is_quick),
		TEST(test_escape_waits_as_long_as_one_wants),
		TEST(test_what_waits_takes_no_disk),
		TEST(test_a_new_size),
		TEST(test_a_storm_of_sizes),
		TEST(test_a_line_that_lags),
		TEST(test_told_to_end_with_keys_before_it),
		TEST(test_told_that_it_hung_up_with_keys_before_it),
		TEST(test_told_to_end_while_it_lags),
		TEST(test_a_hang_up_while_it_lags),
		TEST(test_a_stop),
		TEST(test_no_stop_when_restricted),
		TEST(test_a_lock_wipes_the_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
