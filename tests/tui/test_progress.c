/* How far a sync is: the status row's words, and the sync screen's bars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	return 0;
}

static void
says(struct sync_progress p, const char *words)
{
	struct buf out = BUF_INIT;

	progress_words(&p, &out);
	assert_string_equal(buf_text(&out), words);
	buf_release(&out);
}

static void
test_words(void **state)
{
	(void)state;
	says((struct sync_progress){.books = 5, .filled = 5}, "");
	says((struct sync_progress){.sent = 3, .to_send = 5}, "3 of 5");
	/* what is one's own comes first */
	says((struct sync_progress){.sent = 3,
		     .to_send = 5,
		     .came = 9,
		     .filled = 1,
		     .books = 2},
		"3 of 5");
	says((struct sync_progress){.sent = 5, .to_send = 5, .came = 9},
		"9 in");
	says((struct sync_progress){.filled = 2, .books = 5}, "book 3 of 5");
	says((struct sync_progress){.came = 1240, .filled = 2, .books = 5},
		"book 3 of 5, 1240 in");
}

static void
test_bars(void **state)
{
	(void)state;
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, "g s");
	stage_lacks(&st, "UNDER WAY");
	st.s.sync.progress = (struct sync_progress){
		.sent = 3, .to_send = 6, .came = 1240, .filled = 1, .books = 3};
	stage_paint(&st);
	stage_shows(&st, "UNDER WAY");
	stage_shows(&st, "Sent    3 of 6  ###############\n");
	stage_shows(&st, "Books   1 of 3  ##########\n");
	stage_shows(&st, "Came    1240 changes and records so far");
	st.s.sync.progress.filled = 2;
	stage_paint(&st);
	stage_shows(&st, "Books   2 of 3  ####################\n");
	memset(&st.s.sync.progress, 0, sizeof(st.s.sync.progress));
	stage_paint(&st);
	stage_lacks(&st, "UNDER WAY");
	stage_close(&st);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_words),
		TEST(test_bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
