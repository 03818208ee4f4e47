/* Keys at random in forms, while the record changes, sizes change, drafts are
 * kept and edits are undone. What was saved must be sound; what was not must
 * come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/good.h"
#include "tests/support/stage.h"
#include "tui/keystroke.h"

#define STEPS 2500

static struct fixture f;
static struct stage st;
static uint32_t chance_state, edits;

static size_t
chance(size_t below)
{
	chance_state = chance_state * 1664525u + 1013904223u;
	return (chance_state >> 8) % below;
}

static void
somebody_changes_it(void)
{
	static const char *const fields[] = {"owner_text", "rank", "address",
		"calls_count", "period_start", "kind"};
	static const char *const values[][2] = {{"Lake Ltd", "Shore Ltd"},
		{"3", "4"}, {"12 Elm St", "14 Elm St"}, {"20", "21"},
		{"2026-07-01", ""}, {"rental_property", "problem_property"}};
	size_t which = chance(sizeof(fields) / sizeof(fields[0]));
	char edit[24];
	struct entry e;

	snprintf(edit, sizeof(edit), "48.%u", ++edits);
	e = fixture_entry(&f, edit, "4480", "place/30-1", fields[which],
		values[which][chance(2)], NULL);
	if (which == 2)
		edit_change(&e.edit, "geo", chance(2) ? "37.8,-122.2" : "",
			EDIT_ID_NONE);
	fixture_take(&f, &e, edits == 1 ? "beat:35X" : NULL);
	if (chance(2))
		app_refresh(&st.s.app);
}

static void
begin(uint32_t seed)
{
	struct entry e;

	chance_state = seed;
	edits = 1;
	fixture_make(&f);
	e = fixture_entry(&f, "48.1", "4480", "place/30-1", "kind",
		"problem_property", "address", "12 Elm St", "geo",
		"37.8,-122.2", "beat_id", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	stage_open(&st, &f, "place", "30-1", NULL);
}

static void
hang_up(void)
{
	stage_close(&st);
	fixture_open_again(&f);
	stage_open(&st, &f, "place", "30-1", NULL);
}

static void
press_something(void)
{
	static const char *const keys[] = {"<Tab>", "<Tab>", "<S-Tab>", "<Up>",
		"<Down>", "<Left>", "<Right>", "<Home>", "<End>", "<PgUp>",
		"<PgDn>", "<BS>", "<Del>", "<C-w>", "<C-t>", "<C-u>", "<C-k>",
		"<C-r>", "<C-r>", "<C-y>", "<C-n>", "<C-p>", "<C-Home>",
		"<C-End>", "<Enter>", "<Enter>", "<Esc>", "<Esc>", "<Esc>",
		"<Esc>", "<Esc> n", "<Esc> n", "<F2>", "<F2>", "<F4>", "m", "t",
		"y", "n", "e", "e", "u", "<F8>"};

	stage_press(&st, keys[chance(sizeof(keys) / sizeof(keys[0]))]);
}

static void
type_something(void)
{
	static const char *const texts[] = {"walked the lot ", "+3d", "fri",
		"e\xcc\x81", "\xe5\xad\xa6", "\xf0\x9f\x91\xa8\xe2\x80\x8d",
		"\t", "12", "x"};

	stage_type(&st, texts[chance(sizeof(texts) / sizeof(texts[0]))]);
}

static void
paste_something(void)
{
	app_key(&st.s.app, NAMED_PASTE_BEGIN);
	for (size_t n = chance(3000); n; n--)
		app_key(&st.s.app, chance(9) ? 'a' + (key)chance(26) : '\n');
	app_key(&st.s.app, NAMED_PASTE_END);
}

static void
step(void)
{
	size_t what = chance(100);

	if (what < 60)
		press_something();
	else if (what < 85)
		type_something();
	else if (what < 90)
		somebody_changes_it();
	else if (what < 92)
		paste_something();
	else if (what < 94)
		app_keep(&st.s.app);
	else if (what < 96)
		stage_size(&st, 10 + (int)chance(30), 40 + (int)chance(90));
	else if (what < 99)
		f.now.wall_ms += 60000;
	else
		hang_up();
	if (st.s.app.leaving)
		hang_up();
}

static void
play(uint32_t seed)
{
	begin(seed);
	for (int i = 0; i < STEPS; i++)
		step();
	hang_up();
	stage_size(&st, 24, 80);
	stage_resume_drafts(&st);
	stage_close(&st);
	fixture_sound(&f);
	fixture_remove(&f);
}

static void
test_monkeys(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 3; seed++)
		play(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_monkeys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
