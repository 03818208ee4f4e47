/* A department's profile comes with an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sync/message.h"
#include "tests/support/good.h"
#include "tests/support/syncing.h"

/* An answer with a profile alone, and what comes of it. */
static enum status
take_profile(struct fixture *f, const char *name)
{
	struct buf text = BUF_INIT, answer = BUF_INIT, request = BUF_INIT;
	struct engine *e = syncing_begin(f, &request);
	struct sync_counts counts;
	enum status st;

	good(catalog_profile_text(name, &text, &why));
	buf_puts(&answer, "{\"t\":1784025065000,\"i\":\"inc1\",\"n\":0,\"d\":6,"
			  "\"p\":\"77aa\"}\n{\"profile\":");
	json_put_text(&answer, buf_text(&text));
	buf_puts(&answer, "}\n{\"end\":true}\n");
	st = engine_feed(e, 200, answer.data, answer.len, &why);
	assert_int_equal(engine_end(e, &counts, &why), st);
	engine_free(e);
	buf_release(&request);
	buf_release(&answer);
	buf_release(&text);
	return st;
}

static void
it_is_laid_over(void **state)
{
	struct fixture f;
	struct buf hash = BUF_INIT;

	(void)state;
	syncing_make(&f);
	good(take_profile(&f, "sanjose"));
	assert_string_equal(replica_catalog(f.r)->profile, "sanjose");
	good(replica_meta(f.r, META_PROFILE_HASH, &hash, &why));
	assert_string_equal(buf_text(&hash), "77aa");
	buf_release(&hash);
	fixture_remove(&f);
}

/* The disk fails after it was laid over: nothing of it stays. */
static void
it_is_taken_back(void **state)
{
	struct fixture f;

	(void)state;
	syncing_make(&f);
	good(sql_script(replica_sql(f.r),
		"CREATE TRIGGER fails BEFORE INSERT ON _meta WHEN "
		"new.key='last_sync' BEGIN SELECT RAISE(ABORT, 'no'); END",
		&why));
	assert_int_equal(take_profile(&f, "sanjose"), ST_FILE);
	assert_string_equal(replica_catalog(f.r)->profile, "oakland");
	good(sql_script(replica_sql(f.r), "DROP TRIGGER fails", &why));
	fixture_sound(&f);
	fixture_remove(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_laid_over),
		cmocka_unit_test(it_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
