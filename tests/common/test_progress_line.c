/* How far long work is, as one line of a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/buf.h"
#include "common/progress.h"

static struct buf out = BUF_INIT;

static void
put(const char *text)
{
	buf_puts(&out, text);
}

static void
test_of_all_and_without(void **state)
{
	struct progress_line l = {.what = "beats", .put = put};
	struct progress_line m = {.what = "in", .put = put};

	(void)state;
	progress_line_tell(&l, 37, 100);
	assert_string_equal(buf_text(&out), "beats 37 %, 37 of 100");
	buf_clear(&out);
	progress_line_tell(&m, 1240, 0);
	assert_string_equal(buf_text(&out), "in 1240");
	buf_clear(&out);
	progress_line_end(&m);
	assert_string_equal(buf_text(&out), "\r       \r");
	buf_release(&out);
}

static void
test_not_at_every_step(void **state)
{
	struct progress_line l = {.what = "in", .put = put};

	(void)state;
	progress_line_tell(&l, 1, 2);
	buf_clear(&out);
	for (int i = 0; i < 100; i++)
		progress_line_tell(&l, 2, 2);
	assert_true(out.len < 60); /* one more, if this machine sleeps */
	buf_clear(&out);
	progress_line_end(&l);
	progress_line_end(&l);
	assert_int_equal(strspn(buf_text(&out), "\r "), out.len);
	buf_release(&out);
}

static void
test_nobody_asks(void **state)
{
	struct progress_line l = {.what = "in", .put = put};

	(void)state;
	progress_tell(NULL, 1, 2);
	progress_line_end(&l);
	assert_int_equal(out.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_all_and_without),
		cmocka_unit_test(test_not_at_every_step),
		cmocka_unit_test(test_nobody_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
