/* Long values that travel as what differs, and what is never taken so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/request.h"
#include "sync/splice.h"
#include "tests/support/devices.h"
#include "tests/support/good.h"

#define LONG                                                                \
	"Bicycles vanish from the racks at the lake, most of them between " \
	"six and nine in the evening, when the boat house has closed."
#define PROJECT_TITLE "title", "Lake theft", "beat_ids", "35X"

/* Cut and joined again; "" where it is not worth it. */
static void
around(const char *base, const char *value, bool worth)
{
	struct buf b = BUF_INIT;
	struct splice s;

	assert_int_equal(splice_cut(base, value, &s), worth);
	if (worth) {
		assert_true(splice_join(base, &s, strlen(value), &b));
		assert_string_equal(buf_text(&b), value);
		buf_clear(&b);
		assert_false(splice_join(base, &s, strlen(value) - 1, &b));
		assert_int_equal(b.len, 0);
	}
	splice_release(&s);
	buf_release(&b);
}

static void
cut_and_join(void **state)
{
	(void)state;
	around(LONG, LONG " Walked it.", true);
	around(LONG, "Walked it. " LONG, true);
	around(LONG, LONG, true);
	around(LONG LONG, LONG, true);
	around(LONG, LONG LONG, true);
	around(LONG, "", false);
	around("", LONG, false);
	around("short", "shorter", false);
	around(LONG, "Something else altogether was written in its place.",
		false);
}

/* Between characters, where a byte more would agree. */
static void
cut_between_characters(void **state)
{
	struct splice s;

	(void)state;
	assert_true(splice_cut(LONG "\xc3\xa9", LONG "\xc3\xa8", &s));
	assert_int_equal(s.head, strlen(LONG));
	assert_string_equal(s.middle, "\xc3\xa8");
	splice_release(&s);
	/* The same last byte of two characters. */
	assert_true(splice_cut("\xc3\xa9" LONG, "\xc4\xa9" LONG, &s));
	assert_int_equal(s.head, 0);
	assert_int_equal(s.tail, strlen(LONG));
	assert_string_equal(s.middle, "\xc4\xa9");
	splice_release(&s);
}

static void
hostile_splices(void **state)
{
	struct buf b = BUF_INIT;
	struct splice s, h;

	(void)state;
	assert_true(splice_cut(LONG "\xc3\xa9", LONG "!", &s));
	h = s;
	h.head = SIZE_MAX;
	assert_false(splice_join(LONG, &h, FRAME_MAX, &b));
	h = s;
	h.tail = strlen(LONG);
	assert_false(splice_join(LONG, &h, FRAME_MAX, &b));
	h.tail = SIZE_MAX;
	assert_false(splice_join(LONG, &h, FRAME_MAX, &b));
	h = s;
	h.head++; /* within a character */
	assert_false(splice_join(LONG "\xc3\xa9", &h, FRAME_MAX, &b));
	h = s;
	h.check[0] ^= 1;
	assert_false(splice_join(LONG, &h, FRAME_MAX, &b));
	assert_false(splice_join("shorter", &s, FRAME_MAX, &b));
	assert_int_equal(b.len, 0);
	splice_release(&s);
	buf_release(&b);
}

struct pair {
	struct hubs *t;
	struct device a, b;
	char id[80];
};

/* Two officers of beat 35X, both with a project that has a long text. */
static void
pair_make(struct pair *p, struct hubs *t)
{
	p->t = t;
	device_enroll(&p->a, t, "4471");
	device_enroll(&p->b, t, "4480");
	device_sync(&p->a);
	device_sync(&p->b);
	snprintf(p->id, sizeof(p->id), "%s",
		fixture_save(&p->a.f, "project", "", PROJECT_TITLE, "problem",
			LONG, NULL));
	device_sync(&p->a);
	device_sync(&p->b);
}

static void
pair_release(struct pair *p)
{
	device_release(&p->a);
	device_release(&p->b);
}

static void
shows(struct device *d, const struct pair *p, const char *text)
{
	assert_string_equal(
		fixture_text(&d->f, "project", p->id, "problem"), text);
	fixture_sound(&d->f);
}

static void
set(struct pair *p, struct device *d, const char *text)
{
	hubs_pass(p->t, MINUTE);
	fixture_save(&d->f, "project", p->id, "problem", text, NULL);
}

/* Each edit leans on the one before, in the request and in the answer. */
static void
splices_go_both_ways(void **state)
{
	struct pair p;

	pair_make(&p, *state);
	set(&p, &p.a, LONG " Walked it.");
	set(&p, &p.a, LONG " Walked it. Twice.");
	device_sync(&p.a);
	assert_true(device_asked(&p.a, "\"problem\":[125,0,\" Walked it.\","));
	assert_true(device_asked(&p.a, "\"problem\":[136,0,\" Twice.\","));
	device_sync(&p.b);
	assert_int_equal(p.b.requests, 1);
	assert_true(device_heard(&p.b, "\"problem\":[125,0,\" Walked it.\","));
	assert_true(device_heard(&p.b, "\"problem\":[136,0,\" Twice.\","));
	assert_false(device_heard(&p.b, "Bicycles"));
	shows(&p.a, &p, LONG " Walked it. Twice.");
	shows(&p.b, &p, LONG " Walked it. Twice.");
	pair_release(&p);
}

/* Both sides of a conflict come whole. */
static void
a_loser_travels_whole(void **state)
{
	struct pair p;

	pair_make(&p, *state);
	set(&p, &p.b, LONG " Lost.");
	set(&p, &p.a, LONG " Won.");
	device_sync(&p.a);
	device_sync(&p.b);
	device_sync(&p.a);
	assert_true(device_heard(&p.a, "Bicycles"));
	shows(&p.a, &p, LONG " Won.");
	shows(&p.b, &p, LONG " Won.");
	pair_release(&p);
}

/* A file that lacks what a splice leans on asks for whole values, once. */
static void
a_missing_base_is_asked_for(void **state)
{
	struct pair p;

	pair_make(&p, *state);
	set(&p, &p.a, LONG " Walked it.");
	device_sync(&p.a);
	good(sql_run(replica_sql(p.b.f.r), &why,
		"UPDATE _entry SET body=replace(body,'Bicycles','Tricycles')",
		""));
	device_sync(&p.b);
	assert_int_equal(p.b.requests, 2);
	assert_true(device_asked(&p.b, "\"w\":true"));
	assert_true(device_heard(&p.b, "Bicycles"));
	assert_string_equal(fixture_text(&p.b.f, "project", p.id, "problem"),
		LONG " Walked it.");
	set(&p, &p.a, LONG " Walked it. Twice.");
	device_sync(&p.a);
	device_sync(&p.b);
	assert_int_equal(p.b.requests, 1);
	assert_false(device_asked(&p.b, "\"w\":true"));
	assert_true(device_heard(&p.b, "\"problem\":[136,0,"));
	pair_release(&p);
}

/* Before the splice that does not fit all is taken, and nothing after it. */
static void
nothing_after_it_is_taken(void **state)
{
	struct pair p;
	int64_t cursor = 0, after = 0;

	pair_make(&p, *state);
	set(&p, &p.a, LONG " Walked it.");
	fixture_save(&p.a.f, "project", p.id, "title", "Lake", NULL);
	device_sync(&p.a);
	good(sql_run(replica_sql(p.b.f.r), &why,
		"UPDATE _entry SET body=replace(body,'Bicycles','Tricycles')",
		""));
	good(replica_meta_int(p.b.f.r, META_CURSOR, 0, &cursor, &why));
	good(device_try(&p.b, 0));
	assert_true(p.b.counts.again);
	good(replica_meta_int(p.b.f.r, META_CURSOR, 0, &after, &why));
	assert_int_equal(cursor, after);
	assert_string_equal(
		fixture_text(&p.b.f, "project", p.id, "title"), "Lake theft");
	device_sync(&p.b);
	assert_string_equal(
		fixture_text(&p.b.f, "project", p.id, "title"), "Lake");
	pair_release(&p);
}

/* The hub takes nothing of or after an edit whose splice does not fit. */
static void
the_hub_asks_for_whole_values(void **state)
{
	struct pair p;
	struct buf text = BUF_INIT;

	pair_make(&p, *state);
	good(sql_run(replica_sql(p.a.f.r), &why,
		"UPDATE _entry SET body=replace(body,'Bicycles','Tricycles')",
		""));
	buf_printf(&text, "Tricycles%s Walked it.", &LONG[strlen("Bicycles")]);
	fixture_save(&p.a.f, "project", p.id, "title", "Lake", NULL);
	set(&p, &p.a, buf_text(&text));
	fixture_save(&p.a.f, "project", p.id, "goal", "none", NULL);
	good(device_try(&p.a, 0));
	assert_true(device_asked(&p.a, "\"problem\":[126,0,"));
	assert_true(device_heard(&p.a, "\"w\":true"));
	assert_int_equal(p.a.counts.confirmed, 1);
	assert_true(p.a.counts.again);
	device_sync(&p.a);
	assert_int_equal(p.a.requests, 1);
	assert_int_equal(p.a.counts.confirmed, 2);
	assert_true(device_asked(&p.a, "\"problem\":\"Tricycles"));
	device_sync(&p.b);
	shows(&p.b, &p, buf_text(&text));
	/* From then on it splices again. */
	buf_puts(&text, " Twice.");
	set(&p, &p.a, buf_text(&text));
	device_sync(&p.a);
	assert_true(device_asked(&p.a, "\"problem\":[137,0,"));
	device_sync(&p.b);
	shows(&p.b, &p, buf_text(&text));
	buf_release(&text);
	pair_release(&p);
}

/*
 * The hub has the edit, its answer was lost, and the record has left: what the
 * splice leans on is out of sight when the same comes again. The verdict comes
 * all the same, or the edit would keep the record for ever.
 */
static void
a_verdict_outlasts_what_it_leans_on(void **state)
{
	struct pair p;
	int64_t projects;
	char *record;

	pair_make(&p, *state);
	record = mem_printf("project/%s", p.id);
	set(&p, &p.b, LONG " Walked it.");
	assert_int_equal(device_try(&p.b, 1), ST_LATER);
	assert_true(device_asked(&p.b, "\"problem\":[125,0,"));
	assert_string_equal(
		hubs_value(p.t, record, "problem"), LONG " Walked it.");
	hubs_set(p.t, "project", p.id, "beat_ids", "7Z", NULL);
	device_sync(&p.b);
	good(sql_int(replica_sql(p.b.f.r), -1, &projects, &why,
		"SELECT count(*) FROM project", ""));
	assert_int_equal(projects, 0);
	fixture_sound(&p.b.f);
	free(record);
	pair_release(&p);
}

/* What the member may not see cannot be guessed at with a splice. */
static void
what_is_out_of_sight_is_no_base(void **state)
{
	struct hubs *t = *state;
	struct buf b = BUF_INIT;
	struct peer p, q;
	struct splice s;
	char check[BASE64_SIZE(SPLICE_CHECK_SIZE)];

	peer_enroll(&q, t, "5000");
	peer_edit(&q, "project/q-1", NULL, "title", "Secret", "beat_ids", "7Z",
		"problem", LONG, NULL);
	peer_sync(&q);
	peer_enroll(&p, t, "4471");
	peer_sync(&p);
	assert_true(splice_cut(LONG, LONG "!", &s));
	base64_encode(s.check, SPLICE_CHECK_SIZE, check);
	peer_request(&p, &b);
	buf_printf(&b,
		"{\"r\":\"project/q-1\",\"f\":{\"problem\":[%zu,0,\"!\","
		"\"%s\"]},\"o\":\"%s\"}\n",
		s.head, check, peer_id(&q, 1));
	assert_int_equal(peer_send(&p, b.data, b.len, 0), 200);
	assert_true(p.head.whole || peer_saw(&p, "\"w\":true"));
	assert_true(peer_saw(&p, "\"n\":0"));
	splice_release(&s);
	buf_release(&b);
	peer_release(&p);
	peer_release(&q);
}

/* Small frames that join to large values are bounded like large ones. */
static void
joined_bytes_are_bounded(void **state)
{
	struct hubs *t = *state;
	struct buf text = BUF_INIT, b = BUF_INIT;
	struct peer p;
	struct splice s;
	char check[BASE64_SIZE(SPLICE_CHECK_SIZE)];

	while (text.len < 400000)
		buf_puts(&text, LONG);
	peer_enroll(&p, t, "4471");
	peer_edit(&p, "project/p-1", NULL, "title", "Large", "beat_ids", "35X",
		"problem", buf_text(&text), "goal", buf_text(&text), NULL);
	peer_sync(&p);
	assert_true(splice_cut(buf_text(&text), buf_text(&text), &s));
	base64_encode(s.check, SPLICE_CHECK_SIZE, check);
	peer_request(&p, &b);
	for (int i = 0; i < 300; i++)
		buf_printf(&b,
			"{\"r\":\"project/p-1\",\"f\":{\"problem\":[%zu,%zu,"
			"\"\",\"%s\"]},\"o\":\"%s\"}\n",
			s.head, s.tail, check, peer_id(&p, 1));
	assert_int_equal(peer_send(&p, b.data, b.len, 0), 200);
	assert_true(peer_saw(&p, "\"w\":true"));
	splice_release(&s);
	buf_release(&text);
	buf_release(&b);
	peer_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_and_join),
		cmocka_unit_test(cut_between_characters),
		cmocka_unit_test(hostile_splices),
		HUBS_TEST(splices_go_both_ways),
		HUBS_TEST(a_loser_travels_whole),
		HUBS_TEST(a_missing_base_is_asked_for),
		HUBS_TEST(nothing_after_it_is_taken),
		HUBS_TEST(the_hub_asks_for_whole_values),
		HUBS_TEST(a_verdict_outlasts_what_it_leans_on),
		HUBS_TEST(what_is_out_of_sight_is_no_base),
		HUBS_TEST(joined_bytes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
