/* Whatever happens, another sync is due: a pure function of outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/retry.h"

static const enum status outcomes[] = {ST_OK, ST_LATER, ST_REFUSED, ST_FILE,
	ST_DATA, ST_NOT_FOUND, ST_NOT_ALLOWED, ST_USAGE};
#define OUTCOMES (sizeof(outcomes) / sizeof(*outcomes))

/* A small generator: the same numbers in every run. */
static uint32_t
roll(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
always_armed(void **state)
{
	uint32_t seed = 1;
	int64_t now = 1000;
	struct retry r;

	(void)state;
	retry_start(&r, now);
	assert_int_equal(r.next_at, now);
	for (int i = 0; i < 100000; i++) {
		int64_t after =
			roll(&seed) % 4 ? 0 : (int64_t)roll(&seed) * 100000;

		retry_ended(&r, outcomes[roll(&seed) % OUTCOMES], after,
			roll(&seed), now);
		assert_true(r.next_at > now);
		assert_true(r.next_at <= now + RETRY_LONGEST_MS);
		if (roll(&seed) % 2)
			retry_soon(&r, now + roll(&seed) % 1000);
		assert_true(r.next_at > now);
		assert_true(r.next_at >= r.not_before);
		now = r.next_at + roll(&seed) % 1000;
	}
}

static void
longer_and_longer(void **state)
{
	struct retry r;
	int64_t most = 5000;

	(void)state;
	retry_start(&r, 0);
	for (int i = 0; i < 12; i++) {
		retry_ended(&r, ST_LATER, 0, UINT32_MAX, 0);
		assert_in_range(r.next_at, most / 2, most);
		most = most * 2 > RETRY_EVERY_MS ? RETRY_EVERY_MS : most * 2;
	}
	retry_ended(&r, ST_OK, 0, 0, 0);
	retry_ended(&r, ST_LATER, 0, 0, 0);
	assert_int_equal(r.next_at, 2500);
}

static void
not_all_at_once(void **state)
{
	struct retry a, b;

	(void)state;
	retry_start(&a, 0);
	b = a;
	retry_ended(&a, ST_LATER, 0, 7, 0);
	retry_ended(&b, ST_LATER, 0, 1999, 0);
	assert_int_not_equal(a.next_at, b.next_at);
}

static void
as_the_hub_says(void **state)
{
	struct retry r;

	(void)state;
	retry_start(&r, 0);
	retry_ended(&r, ST_LATER, 60000, 5, 0);
	assert_in_range(r.next_at, 60000, 90000);
	retry_soon(&r, 1000);
	assert_in_range(r.next_at, 60000, 90000);
	/* A portal that asks for a year gets half an hour. */
	retry_ended(&r, ST_LATER, INT64_C(31536000000), 5, 0);
	assert_in_range(r.next_at, 1, RETRY_LONGEST_MS);
}

/* A refusal waits for a person: a save does not make it come sooner. */
static void
refused(void **state)
{
	struct retry r;

	(void)state;
	retry_start(&r, 0);
	retry_ended(&r, ST_REFUSED, 0, 0, 0);
	assert_in_range(r.next_at, 150000, 300000);
	retry_soon(&r, 0);
	assert_in_range(r.next_at, 150000, 300000);
	retry_ended(&r, ST_OK, 0, 0, 0);
	retry_soon(&r, 0);
	assert_int_equal(r.next_at, RETRY_SOON_MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(always_armed),
		cmocka_unit_test(longer_and_longer),
		cmocka_unit_test(not_all_at_once),
		cmocka_unit_test(as_the_hub_says), cmocka_unit_test(refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
