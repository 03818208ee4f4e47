/*
 * A hub and its officers' files lose power, or their program is killed, at
 * every single call on their disk. Whatever was reported as done is there
 * afterwards, nothing is half, and the story comes to the same end.
 *
 * CRASH_STRIDE=10 takes every tenth call; CRASH_AT=N that one alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/fulltext.h"
#include "common/outbox.h"
#include "common/verify.h"
#include "tests/support/crew.h"
#include "tests/support/disk.h"
#include "tests/support/good.h"

#define LOSSES 4 /* ways to stop: killed, all lost, and two seeds */

struct seen {
	uint64_t *keys;
	size_t count, cap;
};

struct scene {
	struct crew crew;
	struct disk_tape *tape;
	long calls;
	const char *victim; /* the disk that stops */
	struct seen seen;
	long points, ends;
	long *others; /* by call: how many before it were of other disks */
};

static long
number_of(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 10) : otherwise;
}

static void
record_story(struct scene *s)
{
	disk_start();
	crew_make(&s->crew);
	s->crew.telling = true;
	disk_record();
	crew_tell(&s->crew, 0);
	crew_check_end(&s->crew);
	crew_close(&s->crew);
	s->calls = disk_recorded();
	s->tape = disk_end_tape();
	s->crew.telling = false;
	s->others = mem_alloc((size_t)(s->calls + 1) * sizeof(*s->others));
}

static void
stop_disk(struct scene *s, long n, int loss)
{
	enum disk_loss how =
		loss > LOSS_SOME ? LOSS_SOME : (enum disk_loss)loss;

	disk_lose(s->victim, how, (uint64_t)(n * LOSSES + loss));
}

static void
let_recover(const char *path)
{
	struct sql *db;

	if (sql_open(path, SQL_EXISTING, "file", &db, &why))
		return;
	sqlite3_wal_checkpoint_v2(
		sql_handle(db), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sql_close(db);
}

static bool
is_seen(struct scene *s, long n)
{
	struct seen *seen = &s->seen;
	uint64_t key;
	long facts = 0;

	for (size_t i = 0; i < s->crew.facts.count; i++)
		facts += s->crew.facts.items[i].call <= n;
	key = disk_hash(s->victim) ^ (uint64_t)s->others[n] << 40 ^
	      (uint64_t)facts << 20;
	for (size_t i = 0; i < seen->count; i++)
		if (seen->keys[i] == key)
			return true;
	MEM_ROOM(seen->keys, seen->count, seen->cap);
	seen->keys[seen->count++] = key;
	return false;
}

/* Has a disk come back that, with all the rest, was met before: as it is, or
 * once SQLite has recovered its files? */
static bool
is_known(struct scene *s, long n)
{
	if (is_seen(s, n))
		return true;
	if (strcmp(s->victim, CREW_HUB) == 0) {
		let_recover(CREW_PLACE "/hub.db");
		let_recover(CREW_BACKUP);
	}
	for (int i = 0; i < OFFICERS; i++)
		if (strcmp(s->victim, s->crew.officers[i].badge) == 0)
			let_recover(s->crew.officers[i].path);
	return is_seen(s, n);
}

/* What was told is so, at once. */

static void
check_saved(struct scene *s, const struct fact *f)
{
	struct officer *o = &s->crew.officers[f->officer];
	int64_t found = 0;

	if (sql_int(replica_sql(o->r), 0, &found, &why,
		    "SELECT count(*) FROM (SELECT n FROM _outbox WHERE n=?1"
		    " UNION SELECT n FROM _entry WHERE replica=?2 AND n=?1)",
		    "ii", f->n, (int64_t)replica_identity(o->r)->number))
		fail_msg("%s", why.text);
	assert_int_equal(1, found);
}

static void
check_confirmed(struct scene *s, const struct fact *f)
{
	struct officer *o = &s->crew.officers[f->officer];

	assert_int_equal(f->n,
		crew_count(CREW_PLACE "/hub.db",
			"SELECT count(*) FROM entry WHERE replica=?1 AND n<=?2",
			replica_identity(o->r)->number, f->n));
}

static void
check_backup(struct scene *s, const struct fact *f)
{
	struct hub *h = NULL;
	struct buf report = BUF_INIT;

	if (hub_restore("/disk/hub/again", CREW_BACKUP, &s->crew.hub.random,
		    &why) ||
		hub_open("/disk/hub/again", &s->crew.hub.clock,
			&s->crew.hub.random, &h, &why) ||
		hub_verify(h, &report, &why))
		fail_msg("%s %s", why.text, buf_text(&report));
	hub_close(h);
	buf_release(&report);
	assert_int_equal(f->n, crew_count("/disk/hub/again/hub.db",
				       "SELECT max(seq) FROM entry", 0, 0));
}

static void
check_facts(struct scene *s, long n)
{
	for (size_t i = 0; i < s->crew.facts.count; i++) {
		const struct fact *f = &s->crew.facts.items[i];

		if (f->call > n)
			continue;
		if (f->kind == FACT_SAVED)
			check_saved(s, f);
		if (f->kind == FACT_CONFIRMED)
			check_confirmed(s, f);
		if (f->kind == FACT_BACKUP && strcmp(s->victim, CREW_HUB) == 0)
			check_backup(s, f);
	}
}

static void
check_sound(struct crew *c)
{
	struct buf report = BUF_INIT;

	for (int i = 0; i < OFFICERS; i++) {
		if (!c->officers[i].r)
			continue;
		fulltext_ready(c->officers[i].r);
		if (replica_verify(c->officers[i].r, &report, &why))
			fail_msg("%s %s", why.text, buf_text(&report));
	}
	buf_release(&report);
	if (c->hub.h)
		hubs_verify(&c->hub);
}

/* The devices start anew, and the story is taken up. */
static void
go_on_from(struct scene *s, long n)
{
	struct crew *c = &s->crew;
	size_t step = 0;

	c->hub.seed = (uint64_t)n;
	for (int i = 0; i < OFFICERS; i++)
		c->officers[i].boots++;
	crew_open(c, n);
	check_sound(c);
	check_facts(s, n);
	while (step < crew_steps() && c->ends[step] <= n)
		step++;
	/* The hub is open for all steps, whoever made it. */
	crew_tell(c, step);
	crew_check_end(c);
	crew_close(c);
}

static void
crash_at(struct scene *s, long n)
{
	for (int loss = 0; loss < LOSSES; loss++) {
		s->points++;
		disk_wind_one(s->tape, n, s->victim);
		stop_disk(s, n, loss);
		if (is_known(s, n))
			continue;
		s->ends++;
		disk_wind(s->tape, n);
		stop_disk(s, n, loss);
		print_message("# %s stops after call %ld (%s), loss %d\n",
			s->victim, n, n ? disk_tape_call(s->tape, n) : "none",
			loss);
		go_on_from(s, n);
	}
}

static void
crash_everywhere(struct scene *s, const char *victim)
{
	long stride = number_of("CRASH_STRIDE", 1);
	long only = number_of("CRASH_AT", 0);

	s->victim = victim;
	for (long n = 1; n <= s->calls; n++)
		s->others[n] =
			s->others[n - 1] + !disk_tape_on(s->tape, n, victim);
	s->seen.count = 0;
	s->points = s->ends = 0;
	for (long n = 1; n <= s->calls; n++) {
		if (!disk_tape_on(s->tape, n, victim) || n % stride ||
			(only && n != only))
			continue;
		if (n == 1 || !disk_tape_on(s->tape, n - 1, victim))
			crash_at(s, n - 1);
		crash_at(s, n);
	}
	print_message("# %s: %ld stops, %ld ends, of %ld calls\n", victim,
		s->points, s->ends, s->calls);
}

static int
set_up(void **state)
{
	struct scene *s = mem_alloc(sizeof(*s));

	*state = s;
	record_story(s);
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *s = *state;

	crew_release(&s->crew);
	disk_tape_free(s->tape);
	free(s->seen.keys);
	free(s->others);
	free(s);
	disk_stop();
	return 0;
}

static void
the_hub_stops(void **state)
{
	crash_everywhere(*state, CREW_HUB);
}

static void
an_officers_device_stops(void **state)
{
	crash_everywhere(*state, "4471");
}

static void
another_device_stops(void **state)
{
	crash_everywhere(*state, "4480");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hub_stops),
		cmocka_unit_test(an_officers_device_stops),
		cmocka_unit_test(another_device_stops),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
