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
	(void)state;
	fixture_make(&f);
	good(replica_meta_set(f.r, META_INCARNATION, "k3J9x2", &why));
	take("48.1", "title", "Garage", NULL);
	stage_open(&st, &f, "project", "30-1", NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	stage_close(&st);
	fixture_sound(&f);
	fixture_remove(&f);
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

/* Save; the void that the edit says its author saw. */
static struct edit_id
saw(void)
{
	struct outbox_counts n;
	struct edit_id id = {47, 0};
	struct entry e;

	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	good(outbox_count(f.r, &n, &why));
	id.n = (uint32_t)n.unsent;
	good(history_edit(f.r, id, &e, &why));
	id = e.edit.saw_void;
	entry_release(&e);
	return id;
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

static void
test_nor_by_a_draft_of_the_record_itself(void **state)
{
	(void)state;
	stage_press(&st, "e <S-Tab> <S-Tab> <S-Tab> <S-Tab>");
	stage_type(&st, " lot");
	take("48.2", "void", "twice", NULL);
	hang_up();
	assert_true(edit_id_none(saw()));
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

/* Edit 47.1, which was undone, gave its number to another one: who had typed
 * over the first has not seen that, but what the first was written over. */
static void
typed_over_the_undone(bool drafted)
{
	struct buf what = BUF_INIT;
	const struct change *title;
	struct entry e;

	fixture_save(&f, "project", "30-1", "title", "Motel", NULL);
	stage_press(&st, "e <S-Tab> <S-Tab> <S-Tab> <S-Tab>");
	stage_type(&st, " lot");
	good(outbox_undo(f.r, &what, &why));
	fixture_save(&f, "project", "30-1", "title", "Harbor", NULL);
	if (drafted)
		hang_up();
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	good(history_edit(f.r, (struct edit_id){47, 2}, &e, &why));
	title = edit_find(&e.edit, "title");
	assert_string_equal(title->value, "Motel lot");
	assert_int_equal(title->over.replica, 48);
	assert_int_equal(title->over.n, 1);
	entry_release(&e);
	buf_release(&what);
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

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_comes_while_a_form_is_open_was_not_seen),
		TEST(test_nor_what_comes_before_a_draft_goes_on),
		TEST(test_nor_by_a_draft_of_the_record_itself),
		TEST(test_a_void_seen_stays_seen),
		TEST(test_a_form_over_what_was_undone),
		TEST(test_a_draft_over_what_was_undone),
		TEST(test_another_past_was_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
