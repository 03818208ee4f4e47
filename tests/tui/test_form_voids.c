/* Which voids a person knew of: those that were in force when their form, or
 * its draft, was opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/outbox.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

/* Something of project 30-1 comes, and the cursor with it. */
static void
take(const char *edit, const char *field, const char *value, const char *over)
{
	struct entry e = fixture_entry(
		&f, edit, "4480", "project/30-1", field, value, NULL);

	if (strcmp(field, "title") == 0)
		edit_change(&e.edit, "beat_ids", "35X", EDIT_ID_NONE);
	if (over)
		assert_true(edit_id_parse(over, &e.edit.saw_void));
	fixture_take(&f, &e, "beat:35X");
	good(replica_meta_set_int(f.r, META_CURSOR, f.seq, &why));
}

static int
begin(void **state)
{
	stage_make(&st, &f, state);
	good(replica_meta_set(f.r, META_INCARNATION, "k3J9x2", &why));
	take("48.1", "title", "Garage", NULL);
	stage_open(&st, &f, "project", "30-1", NULL);
	return 0;
}

/* Leave with a draft kept, as when the line hangs up, and come back to it. */
static void
hang_up(void)
{
	stage_close(&st);
	fixture_open_again(&f);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "Your draft of");
}

/* The void that the newest edit says its author saw. */
static struct edit_id
newest_saw(void)
{
	struct outbox_counts n;
	struct edit_id id = {47, 0};
	struct entry e;

	good(outbox_count(f.r, &n, &why));
	id.n = (uint32_t)n.unsent;
	good(history_edit(f.r, id, &e, &why));
	id = e.edit.saw_void;
	entry_release(&e);
	return id;
}

static struct edit_id
saw(void)
{
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	return newest_saw();
}

static void
test_what_comes_while_a_form_is_open_was_not_seen(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked it");
	take("48.2", "void", "twice", NULL);
	assert_true(edit_id_none(saw()));
	stage_press(&st, "<F4>");
	stage_type(&st, "And again");
	assert_int_equal(saw().n, 2);
}

static void
test_nor_what_comes_before_a_draft_goes_on(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked it");
	take("48.2", "void", "twice", NULL);
	hang_up();
	assert_true(edit_id_none(saw()));
}

/* Of the record itself they are told, and asked. */
static void
test_a_void_of_the_record_is_told_before_the_save(void **state)
{
	(void)state;
	stage_press(&st, "e <S-Tab> <S-Tab> <S-Tab> <S-Tab>");
	stage_type(&st, " lot");
	take("48.2", "void", "twice", NULL);
	hang_up();
	stage_shows(&st, "made it void: twice");
	stage_press(&st, "<F2>");
	stage_shows(&st, "made this Project void: twice");
	stage_press(&st, "<Esc>");
	stage_shows(&st, "Garage lot");
	stage_press(&st, "<F2> <Enter>");
	stage_shows(&st, "Saved, not sent yet");
	assert_int_equal(newest_saw().n, 2);
}

/* A void that was seen, and confirmed meanwhile, is the one that was seen. */
static void
test_a_void_seen_stays_seen(void **state)
{
	(void)state;
	take("48.2", "void", "twice", NULL);
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked it");
	take("48.3", "void", "after all", "48.2");
	hang_up();
	assert_int_equal(saw().n, 2);
}

/* Over which edit the save of `value` went. */
static struct edit_id
title_over(uint32_t n, const char *value)
{
	struct edit_id id = {47, n};
	const struct change *title;
	struct entry e;

	good(history_edit(f.r, id, &e, &why));
	title = edit_find(&e.edit, "title");
	assert_string_equal(title->value, value);
	id = title->over;
	entry_release(&e);
	return id;
}

/* Typed over edit 47.1, which was undone; as a form, or a draft of one. */
static void
type_over_the_undone(bool drafted, const char *again)
{
	struct buf what = BUF_INIT;

	fixture_save(&f, "project", "30-1", "title", "Motel", NULL);
	stage_press(&st, "e <S-Tab> <S-Tab> <S-Tab> <S-Tab>");
	stage_type(&st, " lot");
	good(outbox_undo(f.r, &what, &why));
	buf_release(&what);
	if (again)
		fixture_save(&f, "project", "30-1", "title", again, NULL);
	if (drafted)
		hang_up();
	stage_press(&st, "<F2>");
	stage_shows(&st, "mine    Motel lot");
}

/* Another edit got its number: it was never seen, until it is shown. */
static void
typed_over_the_undone(bool drafted)
{
	struct edit_id over;

	type_over_the_undone(drafted, "Harbor");
	stage_shows(&st, "you, elsewhere,");
	stage_shows(&st, ": Harbor");
	stage_press(&st, "m");
	stage_shows(&st, "Saved, not sent yet");
	over = title_over(2, "Motel lot");
	assert_int_equal(over.replica, 47);
	assert_int_equal(over.n, 1);
}

static void
test_a_form_over_what_was_undone(void **state)
{
	(void)state;
	typed_over_the_undone(false);
}

static void
test_a_draft_over_what_was_undone(void **state)
{
	(void)state;
	typed_over_the_undone(true);
}

/* What stands is again what the undone edit was written over. */
static void
test_a_form_over_what_came_back(void **state)
{
	struct edit_id over;

	(void)state;
	type_over_the_undone(true, NULL);
	stage_shows(&st, ": Garage");
	stage_press(&st, "m");
	over = title_over(1, "Motel lot");
	assert_int_equal(over.replica, 48);
	assert_int_equal(over.n, 1);
}

/* Seqs of a hub that was restored tell nothing of what was seen before. */
static void
test_another_past_was_not_seen(void **state)
{
	(void)state;
	stage_press(&st, "<F4>");
	stage_type(&st, "Walked it");
	good(replica_meta_set_int(f.r, META_CURSOR, 90, &why));
	hang_up();
	stage_type(&st, " twice");
	take("48.2", "void", "twice", NULL);
	good(replica_meta_set(f.r, META_INCARNATION, "p7Qa00", &why));
	assert_true(edit_id_none(saw()));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_comes_while_a_form_is_open_was_not_seen),
		TEST(test_nor_what_comes_before_a_draft_goes_on),
		TEST(test_a_void_of_the_record_is_told_before_the_save),
		TEST(test_a_void_seen_stays_seen),
		TEST(test_a_form_over_what_was_undone),
		TEST(test_a_draft_over_what_was_undone),
		TEST(test_a_form_over_what_came_back),
		TEST(test_another_past_was_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
