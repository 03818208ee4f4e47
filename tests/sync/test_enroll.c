/* Enrolling: the codes at the hub, and what a device sends and takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/engine.h"
#include "sync/request.h"
#include "tests/support/good.h"
#include "tests/support/hubs.h"

static int
enroll(struct hubs *t, const char *badge, const char *code, const char *more,
	struct buf *out)
{
	struct buf body = BUF_INIT;
	int status;

	buf_printf(&body,
		"{\"badge\":\"%s\",\"code\":\"%s\",\"device\":\"mdt\"%s}",
		badge, code, more);
	buf_clear(out);
	status = hub_call(
		t->h, "POST", "/v1/enroll", NULL, body.data, body.len, out);
	buf_release(&body);
	return status;
}

static void
enrolling(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT, low = BUF_INIT;

	assert_int_equal(ST_NOT_FOUND, hub_invite(t->h, "1234", &code, &why));
	good(hub_invite(t->h, "4471", &code, &why));
	assert_int_equal(14, code.len);
	assert_int_equal('-', code.data[4]);
	assert_int_equal(401, enroll(t, "4480", buf_text(&code), "", &out));
	assert_int_equal(401, enroll(t, "4471", "WRONG", "", &out));
	/* However it is typed. */
	for (size_t i = 0; i < code.len; i++)
		if (code.data[i] != '-')
			buf_putc(&low, (char)(code.data[i] | 0x20));
	assert_int_equal(200, enroll(t, "4471", buf_text(&low), "", &out));
	assert_non_null(strstr(out.data, "\"replica\":1,"));
	assert_non_null(strstr(out.data, "America/Los_Angeles"));
	/* Once. */
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	/* For 72 hours. */
	buf_clear(&code);
	good(hub_invite(t->h, "4471", &code, &why));
	hubs_pass(t, 72 * 60 * MINUTE);
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	buf_release(&code);
	buf_release(&out);
	buf_release(&low);
}

static void
guessing_codes(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	for (int i = 0; i < 5; i++)
		assert_int_equal(401, enroll(t, "4471", "ABCD", "", &out));
	assert_int_equal(401, enroll(t, "4471", buf_text(&code), "", &out));
	assert_non_null(strstr(out.data, "too many"));
	hubs_pass(t, 60 * MINUTE);
	assert_int_equal(200, enroll(t, "4471", buf_text(&code), "", &out));
	buf_release(&code);
	buf_release(&out);
}

/* Onto a file that has a number: a new number, and never another member. */
static void
enrolling_again(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT, more = BUF_INIT;
	struct peer p;

	peer_enroll(&p, t, "4471");
	buf_printf(&more, ",\"token\":\"%s\"", p.token);
	good(hub_invite(t->h, "4471", &code, &why));
	assert_int_equal(
		200, enroll(t, "4471", buf_text(&code), buf_text(&more), &out));
	assert_non_null(strstr(out.data, "\"replica\":2,"));
	buf_clear(&code);
	good(hub_invite(t->h, "4480", &code, &why));
	assert_int_equal(
		401, enroll(t, "4480", buf_text(&code), buf_text(&more), &out));
	assert_non_null(strstr(out.data, "member 4471"));
	peer_release(&p);
	buf_release(&code);
	buf_release(&out);
	buf_release(&more);
}

/* Whoever enrolls is told who vouches for the hub. */
static void
tells_its_authority(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT, out = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	hub_set_authority(t->h, "-----BEGIN CERTIFICATE-----\n");
	assert_int_equal(200, enroll(t, "4471", buf_text(&code), "", &out));
	assert_non_null(
		strstr(out.data, "\"ca\":\"-----BEGIN CERTIFICATE-----\\n\""));
	buf_release(&code);
	buf_release(&out);
}

/* Wrong codes from one address do not keep the member out at another. */
static int
enroll_from(struct hubs *t, const char *address, const char *code)
{
	struct buf body = BUF_INIT, out = BUF_INIT;
	int status;

	buf_printf(&body,
		"{\"badge\":\"4471\",\"code\":\"%s\",\"device\":\"mdt\"}",
		code);
	status = hub_call_from(t->h, address, "POST", "/v1/enroll", NULL,
		body.data, body.len, &out);
	buf_release(&body);
	buf_release(&out);
	return status;
}

static void
strangers_lock_nobody_out(void **state)
{
	struct hubs *t = *state;
	struct buf code = BUF_INIT;

	good(hub_invite(t->h, "4471", &code, &why));
	for (int i = 0; i < 6; i++)
		assert_int_equal(401, enroll_from(t, "192.0.2.1", "ABCD"));
	assert_int_equal(401, enroll_from(t, "192.0.2.1", buf_text(&code)));
	assert_int_equal(200, enroll_from(t, "192.0.2.2", buf_text(&code)));
	buf_release(&code);
}

static void
enrolment_goes_both_ways(void **state)
{
	static const char answer[] =
		"{\"replica\":47,\"token\":\"47.4471.bWFj\",\"hub\":\"h1\","
		"\"zone\":\"America/Los_Angeles\",\"profile\":\"{}\","
		"\"hash\":\"5f\"}\n";
	struct buf b = BUF_INIT;
	struct enrolled e;

	(void)state;
	enroll_request("4471", "ab-cd", "car \"7\"", NULL, &b);
	assert_string_equal(buf_text(&b),
		"{\"badge\":\"4471\",\"code\":\"ab-cd\","
		"\"device\":\"car \\\"7\\\"\"}\n");
	good(enroll_answer(200, answer, strlen(answer), &e, &why));
	assert_int_equal(e.number, 47);
	assert_string_equal(e.token, "47.4471.bWFj");
	assert_string_equal(e.zone, "America/Los_Angeles");
	enrolled_release(&e);
	buf_release(&b);
}

static void
bad_enrolments_are_refused(void **state)
{
	static const char *const answers[] = {"", "<html>", "{}",
		"{\"replica\":0,\"token\":\"0.1.x\",\"hub\":\"h\"}",
		"{\"replica\":47,\"token\":\"48.1.x\",\"hub\":\"h\"}",
		"{\"replica\":47,\"token\":7,\"hub\":\"h\"}",
		"{\"replica\":47,\"token\":\"47.1.x\"}"};
	static const char no[] = "{\"error\":\"no such code: ask again\"}";
	struct enrolled e;

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++)
		assert_int_equal(enroll_answer(200, answers[i],
					 strlen(answers[i]), &e, &why),
			ST_LATER);
	assert_int_equal(
		enroll_answer(401, no, strlen(no), &e, &why), ST_REFUSED);
	assert_string_equal(why.text, "no such code: ask again");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(enrolling),
		HUBS_TEST(guessing_codes),
		HUBS_TEST(enrolling_again),
		HUBS_TEST(strangers_lock_nobody_out),
		HUBS_TEST(tells_its_authority),
		cmocka_unit_test(enrolment_goes_both_ways),
		cmocka_unit_test(bad_enrolments_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
