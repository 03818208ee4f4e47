/* What the hub's log is asked costs as much however long it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub_core.h"
#include "sync/lite.h"
#include "tests/support/hubs.h"

/* What SQLite counts (SQLITE_STMTSTATUS_…), of all statements so far. */
static int64_t
counted(struct hubs *t, int what)
{
	sqlite3 *db = sql_handle(lite_db(t->h->log));
	int64_t sum = 0;

	for (sqlite3_stmt *s = sqlite3_next_stmt(db, NULL); s;
		s = sqlite3_next_stmt(db, s))
		sum += sqlite3_stmt_status(s, what, 0);
	return sum;
}

/* Edits of a record that is not made, 100 in one request; what they cost. */
static int64_t
push_held(struct peer *p)
{
	int64_t before = counted(p->t, SQLITE_STMTSTATUS_VM_STEP);

	for (int i = 0; i < 100; i++)
		peer_edit(p, "project/p-1", NULL, "problem", "Elsewhere", NULL);
	peer_sync(p);
	assert_non_null(peer_verdict(p, p->n)->verdict.held);
	return counted(p->t, SQLITE_STMTSTATUS_VM_STEP) - before;
}

static void
held_edits_of_a_record_that_is_not_made(void **state)
{
	struct hubs *t = *state;
	struct peer a;
	int64_t first, last = 0;

	peer_enroll(&a, t, "4471");
	peer_edit(
		&a, "project/p-1", NULL, "title", "x", "beat_ids", "7Z", NULL);
	peer_sync(&a);
	first = push_held(&a);
	for (int i = 0; i < 9; i++)
		last = push_held(&a);
	assert_true(last < 2 * first);
	peer_release(&a);
}

/* Nothing that moved is looked at but what did since the filling began. */
static void
a_filling_after_many_moves(void **state)
{
	struct hubs *t = *state;
	struct peer a, b;
	int64_t before;
	char id[32];

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	for (int i = 0; i < 300; i++) {
		snprintf(id, sizeof(id), "project/p-%d", i);
		peer_edit(&a, id, NULL, "title", "x", "beat_ids", "35X", NULL);
	}
	peer_sync(&a);
	peer_enroll(&b, t, "5000");
	before = counted(t, SQLITE_STMTSTATUS_FULLSCAN_STEP);
	peer_sync(&b);
	assert_int_equal(b.fill_count, 0);
	assert_true(counted(t, SQLITE_STMTSTATUS_FULLSCAN_STEP) - before < 100);
	peer_release(&a);
	peer_release(&b);
}

/* One edit of many fields of which none was seen, and then a word. */
static int64_t
meet_in_many_fields(struct peer *p, const char *text)
{
	struct dated_edit *d = peer_edit(p, "project/p-1", NULL, NULL);
	char field[24];
	int64_t before;

	for (int i = 0; i < 200; i++) {
		snprintf(field, sizeof(field), "field_%d", i);
		edit_change(&d->edit, field, text, EDIT_ID_NONE);
	}
	peer_sync(p);
	before = counted(p->t, SQLITE_STMTSTATUS_RUN);
	peer_edit(p, "project/p-1", NULL, "title", text, NULL);
	peer_sync(p);
	assert_null(peer_verdict(p, p->n)->verdict.refused);
	return counted(p->t, SQLITE_STMTSTATUS_RUN) - before;
}

/* A loser is read once, in however many fields it lost. */
static void
a_word_on_a_record_of_wide_conflicts(void **state)
{
	struct hubs *t = *state;
	struct peer a;

	peer_enroll(&a, t, "4471");
	peer_sync(&a);
	peer_edit(
		&a, "project/p-1", NULL, "title", "x", "beat_ids", "35X", NULL);
	peer_sync(&a);
	meet_in_many_fields(&a, "one");
	assert_in_range(meet_in_many_fields(&a, "two"), 1, 200);
	assert_in_range(meet_in_many_fields(&a, "three"), 1, 200);
	peer_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HUBS_TEST(held_edits_of_a_record_that_is_not_made),
		HUBS_TEST(a_filling_after_many_moves),
		HUBS_TEST(a_word_on_a_record_of_wide_conflicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
