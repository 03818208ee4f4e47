/* How often one may ask, and what of it is shown: pure functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "sync/hub_traffic.h"
#include "sync/rate.h"

static const struct rate_limit limit = {1000, 3};

static void
bursts_and_refills(void **state)
{
	struct rate_table *t = rate_new();

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(rate_take(t, &limit, "a", 5000), 0);
	assert_int_equal(rate_take(t, &limit, "a", 5000), 1000);
	assert_int_equal(rate_wait(t, &limit, "a", 5400), 600);
	assert_int_equal(rate_take(t, &limit, "b", 5000), 0);
	assert_int_equal(rate_take(t, &limit, "a", 6000), 0);
	assert_int_equal(rate_take(t, &limit, "a", 6000), 1000);
	/* Long after, a burst again and no more. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(rate_take(t, &limit, "a", 900000), 0);
	assert_int_not_equal(rate_take(t, &limit, "a", 900000), 0);
	rate_free(t);
}

/* More keys than it holds: it stays as it is, and one that was just emptied
 * is not forgotten for many that asked once. */
static void
is_bounded(void **state)
{
	struct rate_table *t = rate_new();
	char key[24];

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(rate_take(t, &limit, "greedy", 1000), 0);
	for (int i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_int_equal(rate_take(t, &limit, key, 1000), 0);
	}
	assert_int_not_equal(rate_take(t, &limit, "greedy", 1000), 0);
	rate_free(t);
}

static void
quantiles(void **state)
{
	struct traffic t = {0};

	(void)state;
	assert_int_equal(traffic_quantile(&t, 0.5), 0);
	for (int i = 0; i < 98; i++)
		traffic_add(&t, TRAFFIC_POLL, 200, 1, 1, 100);
	traffic_add(&t, TRAFFIC_PUSH, 200, 1, 1, 3000);
	traffic_add(&t, TRAFFIC_PUSH, 500, 1, 1, INT64_MAX / 2);
	assert_in_range(traffic_quantile(&t, 0.5), 100, 125);
	assert_in_range(traffic_quantile(&t, 0.99), 3000, 3750);
	assert_true(traffic_quantile(&t, 1) > 1000000);
	assert_int_equal(t.requests[TRAFFIC_POLL], 98);
	assert_int_equal(t.failed, 1);
	assert_int_equal(t.bytes_in, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(bursts_and_refills),
		cmocka_unit_test(is_bounded), cmocka_unit_test(quantiles)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
