/* Last writer wins, conflicts and stamps, through the hub. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fixture.h"
#include "tests/support/two.h"

static void
first_edit_wins_cleanly(void **state)
{
	struct two *w = *state;

	two_edit(&w->a, peer_id(&w->a, 1), "two");
	peer_sync(&w->a);
	two_value_is(w, "two");
	assert_int_equal(two_conflicts(w), 0);
	assert_int_equal(peer_verdict(&w->a, 2)->verdict.lost_count, 0);
}

/* The one who wrote later wins, whichever syncs first. */
static void
later_wins_when_it_syncs_last(void **state)
{
	struct two *w = *state;

	two_edit(&w->a, peer_id(&w->a, 1), "early");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 1), "late");
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->a);
	peer_sync(&w->b);
	two_value_is(w, "late");
	assert_int_equal(two_conflicts(w), 1);
	assert_int_equal(peer_verdict(&w->b, 1)->verdict.lost_count, 0);
	assert_string_equal(
		peer_verdict(&w->b, 1)->verdict.standing[0].field, "problem");
}

static void
later_wins_when_it_syncs_first(void **state)
{
	struct two *w = *state;
	const struct verdict *v;

	two_edit(&w->a, peer_id(&w->a, 1), "early");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 1), "late");
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->b);
	peer_sync(&w->a);
	two_value_is(w, "late");
	assert_int_equal(two_conflicts(w), 1);
	v = &peer_verdict(&w->a, 2)->verdict;
	assert_int_equal(v->lost_count, 1);
	assert_int_equal(v->lost[0].against.replica, w->b.number);
	assert_int_equal(v->standing[0].losers[0].n, 2);
}

static void
same_value_is_no_conflict(void **state)
{
	struct two *w = *state;

	two_edit(&w->a, peer_id(&w->a, 1), "same");
	two_edit(&w->b, peer_id(&w->a, 1), "same");
	peer_sync(&w->a);
	peer_sync(&w->b);
	two_value_is(w, "same");
	assert_int_equal(two_conflicts(w), 0);
}

static void
other_fields_do_not_meet(void **state)
{
	struct two *w = *state;

	two_edit(&w->a, peer_id(&w->a, 1), "mine");
	peer_edit(&w->b, "project/p-1", peer_id(&w->a, 1), "title", "Other",
		NULL);
	peer_sync(&w->a);
	peer_sync(&w->b);
	two_value_is(w, "mine");
	assert_string_equal(hubs_value(&w->t, "project/p-1", "title"), "Other");
	assert_int_equal(two_conflicts(w), 0);
}

static void
run_of(struct peer *p, const char *over, size_t count)
{
	static const char *const values[] = {"r1", "r2", "r3", "r4", "r5"};

	for (size_t i = 0; i < count; i++) {
		two_edit(p, i ? peer_id(p, (uint32_t)p->count) : over,
			values[i]);
		hubs_pass(p->t, MINUTE);
	}
}

/* A run of offline edits against one other: one conflict, with one loser. */
static void
a_run_is_one_branch(void **state)
{
	struct two *w = *state;
	const struct entry *e;

	run_of(&w->a, peer_id(&w->a, 1), 2);
	two_edit(&w->b, peer_id(&w->a, 1), "other");
	hubs_pass(&w->t, MINUTE);
	run_of(&w->a, peer_id(&w->a, 3), 3);
	peer_sync(&w->b);
	peer_sync(&w->a);
	two_value_is(w, "r3");
	assert_int_equal(two_conflicts(w), 1);
	/* The second edit lost; the third won, and its own line is no loser. */
	assert_int_equal(peer_verdict(&w->a, 3)->verdict.lost_count, 1);
	e = peer_verdict(&w->a, 4);
	assert_int_equal(e->verdict.lost_count, 0);
	assert_int_equal(e->verdict.standing[0].count, 1);
	assert_int_equal(e->verdict.standing[0].losers[0].replica, w->b.number);
	assert_int_equal(peer_verdict(&w->a, 5)->verdict.standing_count, 0);
}

static void
a_losing_run_is_told_by_its_newest(void **state)
{
	struct two *w = *state;
	const struct standing *s;

	run_of(&w->a, peer_id(&w->a, 1), 3);
	two_edit(&w->b, peer_id(&w->a, 1), "last");
	peer_sync(&w->b);
	peer_sync(&w->a);
	two_value_is(w, "last");
	s = &peer_verdict(&w->a, 4)->verdict.standing[0];
	assert_int_equal(s->count, 1);
	assert_int_equal(s->losers[0].n, 4);
	assert_int_equal(two_conflicts(w), 1);
}

/* A long run: value 1, 2 … over one's own before, a minute apart. */
static void
long_run(struct peer *p, const char *over, int count)
{
	char value[16];

	for (int i = 1; i <= count; i++) {
		snprintf(value, sizeof(value), "%d", i);
		two_edit(p, i > 1 ? peer_id(p, (uint32_t)p->count) : over,
			value);
		hubs_pass(p->t, MINUTE);
	}
}

static void
losers_are(const struct verdict *v, size_t count, struct edit_id first)
{
	assert_int_equal(v->standing_count, 1);
	assert_int_equal(v->standing[0].count, count);
	assert_true(edit_id_same(v->standing[0].losers[0], first));
}

/* 300 offline edits that lose, told by their newest, and the 301st wins. */
static void
a_long_run_is_one_branch(void **state)
{
	struct two *w = *state;

	long_run(&w->a, peer_id(&w->a, 1), 300);
	two_edit(&w->b, peer_id(&w->a, 1), "last");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->a, peer_id(&w->a, 301), "very last");
	peer_sync(&w->b);
	peer_sync(&w->a);
	two_value_is(w, "very last");
	assert_int_equal(two_conflicts(w), 1);
	losers_are(&peer_verdict(&w->a, 301)->verdict, 1,
		(struct edit_id){w->a.number, 301});
	losers_are(&peer_verdict(&w->a, 302)->verdict, 1,
		(struct edit_id){w->b.number, 1});
}

/* The same, where the run comes first and wins until the other arrives. */
static void
a_long_run_that_comes_first(void **state)
{
	struct two *w = *state;

	long_run(&w->a, peer_id(&w->a, 1), 300);
	two_edit(&w->b, peer_id(&w->a, 1), "last");
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->a);
	assert_int_equal(two_conflicts(w), 0);
	peer_sync(&w->b);
	two_value_is(w, "last");
	losers_are(&peer_verdict(&w->b, 1)->verdict, 1,
		(struct edit_id){w->a.number, 301});
}

/* Two run at once and sync in turns: one conflict, two branches. */
static void
two_runs_in_turns(void **state)
{
	struct two *w = *state;
	struct buf request = BUF_INIT;

	for (int i = 0; i < 60; i++) {
		char value[16];

		snprintf(value, sizeof(value), "a%d", i);
		two_edit(&w->a,
			peer_id(&w->a, (uint32_t)(w->a.count ? w->a.count : 1)),
			value);
		hubs_pass(&w->t, MINUTE);
		snprintf(value, sizeof(value), "b%d", i);
		two_edit(&w->b,
			i ? peer_id(&w->b, (uint32_t)w->b.count)
			  : peer_id(&w->a, 1),
			value);
		hubs_pass(&w->t, MINUTE);
		/* They send, and hear nothing. */
		peer_request(i % 2 ? &w->a : &w->b, &request);
		peer_send(i % 2 ? &w->a : &w->b, request.data, request.len, 1);
		buf_clear(&request);
		assert_true(two_conflicts(w) <= 1);
	}
	buf_release(&request);
	peer_sync(&w->a);
	peer_sync(&w->b);
	two_value_is(w, "b59");
	assert_int_equal(two_conflicts(w), 1);
	losers_are(&peer_verdict(&w->b, 60)->verdict, 1,
		(struct edit_id){w->a.number, 61});
}

/* Who goes on over what lost, not knowing it, goes on with the branch. */
static void
a_branch_goes_on_after_it_lost(void **state)
{
	struct two *w = *state;
	struct buf request = BUF_INIT;

	two_edit(&w->a, peer_id(&w->a, 1), "early");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 1), "late");
	peer_sync(&w->b);
	peer_request(&w->a, &request);
	peer_send(&w->a, request.data, request.len, 1); /* lost, unheard */
	two_edit(&w->b, peer_id(&w->b, 1), "later");
	peer_sync(&w->b);
	w->a.wrote[1] -= MINUTE;
	two_edit(&w->a, peer_id(&w->a, 2), "early two");
	w->a.wrote[2] -= MINUTE;
	buf_clear(&request);
	peer_sync(&w->a);
	two_value_is(w, "later");
	assert_int_equal(two_conflicts(w), 1);
	losers_are(&peer_verdict(&w->a, 3)->verdict, 1,
		(struct edit_id){w->a.number, 3});
	buf_release(&request);
}

/* Settling and a later edit meet: what was settled stays so, the two are a
 * conflict of their own. */
static void
settling_against_a_later_edit(void **state)
{
	struct two *w = *state;
	struct dated_edit *d;

	two_edit(&w->a, peer_id(&w->a, 1), "early");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 1), "late");
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_sync(&w->a);
	hubs_pass(&w->t, MINUTE);
	d = peer_edit(&w->a, "project/p-1", peer_id(&w->b, 1), "problem",
		"early", NULL);
	edit_settle(&d->edit, "problem", (struct edit_id){w->a.number, 2});
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->b, 1), "newer");
	peer_sync(&w->b);
	peer_sync(&w->a);
	two_value_is(w, "newer");
	assert_int_equal(two_conflicts(w), 1);
	losers_are(&peer_verdict(&w->a, 3)->verdict, 1,
		(struct edit_id){w->a.number, 3});
}

/* An edit that could not be read stands between: who wrote over it had seen
 * what their file held. */
static void
over_one_that_was_refused(void **state)
{
	struct two *w = *state;
	struct buf long_text = BUF_INIT;

	two_edit(&w->b, peer_id(&w->a, 1), "theirs");
	peer_sync(&w->b);
	peer_sync(&w->a);
	while (long_text.len < EDIT_LINE_MAX)
		buf_puts(&long_text, "more and more of it, ");
	two_edit(&w->a, peer_id(&w->b, 1), buf_text(&long_text));
	two_edit(&w->a, peer_id(&w->a, 2), "mine");
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->a);
	assert_non_null(peer_verdict(&w->a, 2)->verdict.refused);
	two_value_is(w, "mine");
	assert_int_equal(two_conflicts(w), 0);
	buf_release(&long_text);
}

/* A run of 300 that was held, and one more when the rights were back. */
static void
over_a_run_that_was_held(void **state)
{
	struct two *w = *state;

	hubs_set(&w->t, "assignment", "0-1", "ends_on", "2026-07-01", NULL);
	hubs_pass(&w->t, MINUTE);
	long_run(&w->a, peer_id(&w->a, 1), 300);
	hubs_set(&w->t, "assignment", "0-1", "ends_on", "", NULL);
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->a, peer_id(&w->a, 301), "mine");
	peer_sync(&w->a);
	assert_non_null(peer_verdict(&w->a, 301)->verdict.held);
	two_value_is(w, "mine");
	assert_int_equal(two_conflicts(w), 0);
}

/* A hub that was restored lost an edit; what was written over it came first. */
static void
an_ancestor_that_comes_again(void **state)
{
	struct two *w = *state;
	char file[96];
	struct why why;

	snprintf(file, sizeof(file), "%s/backup", w->t.dir);
	assert_int_equal(ST_OK, hub_backup(w->t.h, file, &why));
	two_edit(&w->a, peer_id(&w->a, 1), "first");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 2), "over it");
	hub_close(w->t.h);
	place_remove(w->t.place);
	assert_int_equal(
		ST_OK, hub_restore(w->t.place, file, &w->t.random, &why));
	assert_int_equal(ST_OK,
		hub_open(w->t.place, &w->t.clock, &w->t.random, &w->t.h, &why));
	hubs_pass(&w->t, MINUTE);
	peer_sync(&w->b);
	/* Its age is unknown by now: it would be the later one. */
	w->a.wrote[1] = w->t.now.boot_ms;
	peer_sync(&w->a);
	two_value_is(w, "over it");
	assert_int_equal(two_conflicts(w), 0);
	assert_int_equal(peer_verdict(&w->a, 2)->verdict.lost_count, 1);
}

static void
settling_closes_and_a_plain_edit_does_not(void **state)
{
	struct two *w = *state;
	struct dated_edit *d;

	two_edit(&w->a, peer_id(&w->a, 1), "early");
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->a, 1), "late");
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_sync(&w->a);
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->b, peer_id(&w->b, 1), "later still");
	peer_sync(&w->b);
	assert_int_equal(two_conflicts(w), 1);
	assert_int_equal(peer_verdict(&w->b, 2)->verdict.standing_count, 0);
	peer_sync(&w->a);
	d = peer_edit(&w->a, "project/p-1", peer_id(&w->b, 2), "problem",
		"early", NULL);
	edit_settle(&d->edit, "problem", (struct edit_id){w->a.number, 2});
	peer_sync(&w->a);
	two_value_is(w, "early");
	assert_int_equal(two_conflicts(w), 0);
	assert_int_equal(peer_verdict(&w->a, 3)->verdict.standing[0].count, 0);
}

static void
a_group_wins_together(void **state)
{
	struct two *w = *state;

	peer_edit(&w->a, "place/q-1", NULL, "kind", "problem_property",
		"beat_id", "35X", "address", "1 Main", "geo", "1,1", NULL);
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_edit(&w->a, "place/q-1", peer_id(&w->a, 2), "address", "2 Main",
		"geo", "2,2", NULL);
	hubs_pass(&w->t, MINUTE);
	peer_edit(&w->b, "place/q-1", peer_id(&w->a, 2), "address", "3 Main",
		"geo", "1,1", NULL);
	peer_sync(&w->b);
	peer_sync(&w->a);
	assert_string_equal(hubs_value(&w->t, "place/q-1", "geo"), "1,1");
	assert_string_equal(
		hubs_value(&w->t, "place/q-1", "address"), "3 Main");
	assert_int_equal(peer_verdict(&w->a, 3)->verdict.lost_count, 2);
}

/* A device's clock decides nothing, and no stamp is before what it follows. */
static void
stamps(void **state)
{
	struct two *w = *state;
	int64_t t0 = w->t.now.wall_ms;
	struct buf request = BUF_INIT;

	w->t.now.wall_ms += 5 * MINUTE;
	w->t.now.boot_ms += 5 * MINUTE;
	two_edit(&w->a, peer_id(&w->a, 1), "x");
	hubs_pass(&w->t, 2 * MINUTE);
	peer_sync(&w->a);
	assert_int_equal(peer_verdict(&w->a, 2)->at, t0 + 5 * MINUTE);
	/* An age of years: not before the edit it was written over. */
	peer_edit(
		&w->b, "project/p-1", peer_id(&w->a, 2), "problem", "y", NULL);
	w->b.wrote[0] -= 1000000 * MINUTE;
	peer_request(&w->b, &request);
	assert_int_equal(200, peer_send(&w->b, request.data, request.len, 0));
	assert_int_equal(peer_verdict(&w->b, 1)->at, t0 + 5 * MINUTE);
	buf_release(&request);
	/* The hub's clock is set back: time goes on from the log's last. */
	w->t.now.wall_ms -= 600 * MINUTE;
	two_edit(&w->b, peer_id(&w->b, 1), "z");
	peer_sync(&w->b);
	assert_true(peer_verdict(&w->b, 2)->at >= t0 + 7 * MINUTE);
}

static void
unsure_stamps(void **state)
{
	struct two *w = *state;
	int64_t committed = w->t.now.wall_ms - MINUTE;
	struct dated_edit *d;

	/* Reckoned at years ago: not before what the replica held came. */
	d = peer_edit(&w->b, "project/p-1", NULL, "title", "y", NULL);
	d->unsure = true;
	w->b.wrote[0] -= 1000000 * MINUTE;
	/* Reckoned at now: not after the sure one that follows it. */
	d = peer_edit(&w->b, "project/p-1", NULL, "goal", "y", NULL);
	d->unsure = true;
	w->b.wrote[1] += 30 * MINUTE;
	peer_edit(&w->b, "project/p-1", NULL, "problem", "y", NULL);
	hubs_pass(&w->t, 30 * MINUTE);
	peer_sync(&w->b);
	assert_int_equal(peer_verdict(&w->b, 1)->at, committed);
	assert_true(peer_verdict(&w->b, 1)->unsure);
	assert_int_equal(
		peer_verdict(&w->b, 2)->at, peer_verdict(&w->b, 3)->at);
	assert_false(peer_verdict(&w->b, 3)->unsure);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, two_set_up, two_tear_down)

static int64_t
held_on_file(struct two *w)
{
	struct hub_stats s;
	struct why why;

	assert_int_equal(ST_OK, hub_stats(w->t.h, &s, &why));
	return s.held;
}

/* A device that does not say what it had seen, or a great many that were
 * offline: what would make a conflict of more losers than anybody can look at
 * waits to be decided, and what each push costs does not grow. */
static void
more_losers_than_can_be_settled_are_held(void **state)
{
	struct two *w = *state;
	const struct verdict *v;
	char value[32];

	two_edit(&w->b, peer_id(&w->a, 1), "what b saw and wrote");
	peer_sync(&w->b);
	for (int i = 0; i < 200; i++) {
		hubs_pass(&w->t, 1000);
		snprintf(value, sizeof(value), "blind %d", i);
		two_edit(&w->a, NULL, value);
	}
	peer_sync(&w->a);
	assert_int_equal(two_conflicts(w), 1);
	v = &peer_verdict(&w->a, 65)->verdict;
	assert_null(v->held);
	assert_int_equal(v->standing_count, 1);
	assert_int_equal(v->standing[0].count, 64);
	two_value_is(w, "blind 63");
	for (uint32_t n = 66; n <= 201; n++) {
		v = &peer_verdict(&w->a, n)->verdict;
		assert_non_null(strstr(v->held, "settle"));
		assert_int_equal(v->standing_count + v->lost_count, 0);
	}
	assert_int_equal(held_on_file(w), 136);
	/* Who has seen what stands goes on, and settles. */
	peer_sync(&w->b);
	edit_settle(&peer_edit(&w->b, "project/p-1", peer_id(&w->a, 65),
			    "problem", "settled", NULL)
			     ->edit,
		"problem", (struct edit_id){w->b.number, 1});
	peer_sync(&w->b);
	v = &peer_verdict(&w->b, 2)->verdict;
	assert_null(v->held);
	assert_int_equal(v->standing[0].count, 63);
	hubs_pass(&w->t, MINUTE);
	two_edit(&w->a, NULL, "blind again");
	peer_sync(&w->a);
	assert_null(peer_verdict(&w->a, 202)->verdict.held);
}

/* Whoever decided made them more yet: who then settles one of them, or goes on
 * with what lost, adds none and is not held. */
static void
what_adds_no_loser_is_not_held(void **state)
{
	struct two *w = *state;
	struct peer s;
	char value[32];

	for (int i = 0; i < 70; i++) {
		hubs_pass(&w->t, 1000);
		snprintf(value, sizeof(value), "blind %d", i);
		two_edit(&w->a, NULL, value);
	}
	peer_sync(&w->a);
	assert_non_null(peer_verdict(&w->a, 70)->verdict.held);
	peer_enroll(&s, &w->t, "900");
	for (uint32_t n = 70; n <= 71; n++) {
		hubs_pass(&w->t, 1000);
		snprintf(value, sizeof(value), "accepted %u", n);
		edit_settle(&peer_edit(&s, "project/p-1", NULL, "problem",
				    value, NULL)
				     ->edit,
			"problem", (struct edit_id){w->a.number, n});
		peer_sync(&s);
	}
	assert_int_equal(peer_verdict(&s, 2)->verdict.standing[0].count, 66);
	peer_sync(&w->b);
	edit_settle(&peer_edit(&w->b, "project/p-1", peer_id(&s, 2), "problem",
			    "settled", NULL)
			     ->edit,
		"problem", (struct edit_id){w->a.number, 9});
	peer_sync(&w->b);
	assert_null(peer_verdict(&w->b, 1)->verdict.held);
	assert_int_equal(peer_verdict(&w->b, 1)->verdict.standing[0].count, 65);
	peer_release(&s);
}

/* All of a form's texts, written by one who saw none that the other wrote. */
static void
edit_widely(struct peer *p, char letter)
{
	struct dated_edit *d = peer_edit(p, "project/p-1", NULL, NULL);
	char field[24], text[4001];

	memset(text, letter, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 30; i++) {
		snprintf(field, sizeof(field), "text_%d", i);
		edit_change(&d->edit, field, text, EDIT_ID_NONE);
	}
}

/* What lost in many fields travels once. */
static void
a_wide_conflict_is_not_too_large_to_be_sent(void **state)
{
	struct two *w = *state;
	struct peer s;

	edit_widely(&w->a, 'a');
	hubs_pass(&w->t, 1000);
	edit_widely(&w->b, 'b');
	peer_sync(&w->a);
	peer_sync(&w->b);
	assert_int_equal(two_conflicts(w), 30);
	peer_sync(&w->a);
	two_edit(&w->a, peer_id(&w->a, 1), "a word more");
	peer_sync(&w->a);
	assert_null(peer_verdict(&w->a, 3)->verdict.refused);
	two_value_is(w, "a word more");
	peer_enroll(&s, &w->t, "900");
	peer_sync(&s);
	assert_true(peer_saw(&s, "aaa") && peer_saw(&s, "bbb"));
	peer_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_edit_wins_cleanly),
		TEST(later_wins_when_it_syncs_last),
		TEST(later_wins_when_it_syncs_first),
		TEST(same_value_is_no_conflict),
		TEST(other_fields_do_not_meet),
		TEST(a_run_is_one_branch),
		TEST(a_losing_run_is_told_by_its_newest),
		TEST(a_long_run_is_one_branch),
		TEST(a_long_run_that_comes_first),
		TEST(two_runs_in_turns),
		TEST(a_branch_goes_on_after_it_lost),
		TEST(settling_against_a_later_edit),
		TEST(over_one_that_was_refused),
		TEST(over_a_run_that_was_held),
		TEST(an_ancestor_that_comes_again),
		TEST(settling_closes_and_a_plain_edit_does_not),
		TEST(a_group_wins_together),
		TEST(stamps),
		TEST(unsure_stamps),
		TEST(more_losers_than_can_be_settled_are_held),
		TEST(what_adds_no_loser_is_not_held),
		TEST(a_wide_conflict_is_not_too_large_to_be_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
