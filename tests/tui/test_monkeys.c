/*
 * Monkeys at the keyboard of a device that syncs with a real hub while another
 * officer writes: keys, chords, commands, pastes, sizes, looks, hang-ups, all by
 * a seed. The screens must stay whole, nothing that was typed may be lost, and
 * the files must be sound at the end.
 *
 *   MONKEYS=30 MONKEY_KEYS=20000   how many (seeds from 1), and keys of each
 *   MONKEY_SEED=7                  that one alone
 *   MONKEY_SHOW=1                  tells what is pressed
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "tests/support/good.h"
#include "tests/support/mdt.h"
#include "tests/support/stage.h"
#include "tests/support/typed.h"
#include "tui/keystroke.h"
#include "tui/lock.h"
#include "tui/theme.h"

#define MONKEYS 3
#define KEYS 1500
#define BURST 6 /* keys that are taken before the screen is painted again */
#define VIEWS_MAX 24

static struct hubs hub;
static struct mdt own, other;
static struct fixture f; /* its r alone, for the stage */
static struct stage st;
static struct typed typed;
static uint32_t chance_state;
static long pressed;
static bool show;

static size_t
chance(size_t below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 17;
	chance_state ^= chance_state << 5;
	return chance_state % below;
}

static const char *
any(const char *const *texts, size_t count)
{
	return texts[chance(count)];
}

/* The power-safe way costs a monkey's time and shows nothing. */
static void
hurry(struct replica *r)
{
	good(sql_script(replica_sql(r), "PRAGMA synchronous=OFF", &why));
}

/* What the other officer does, and syncs. */

static const char *const titles[] = {"Harbor Garage lot B", "Sunset Motel",
	"Pine Terrace", "caf\xc3\xa9 on Elm",
	"\xe5\xad\xa6\xe6\xa0\xa1 crossing",
	("a title that goes on and on, over the end of any row it might be "
	 "put into, and then some more")};

/* The id of any project that the other officer holds, to be freed; NULL. */
static char *
any_project(struct mdt *d)
{
	struct sql *db = replica_sql(d->r);
	int64_t count;
	char *id;

	good(sql_int(db, 0, &count, &why, "SELECT count(*) FROM project", ""));
	if (!count)
		return NULL;
	good(sql_text(db, &id, &why,
		"SELECT id FROM project ORDER BY id LIMIT 1 OFFSET ?1", "i",
		(int64_t)chance((size_t)count)));
	return id;
}

static void
other_writes(void)
{
	const char *title = any(titles, COUNT(titles));
	char *project = any_project(&other), *made = NULL, source[80];

	snprintf(source, sizeof(source), "project/%s", project ? project : "");
	if (!project || chance(10) == 0)
		made = mdt_project(&other, title);
	else if (chance(3) == 0)
		made = mdt_save(&other, "project", project, "title", title,
			"goal", any(titles, COUNT(titles)), NULL);
	else if (chance(2))
		made = mdt_save(&other, "project_update", "", "project_id",
			project, "text", title, NULL);
	else if (chance(2))
		made = mdt_save(&other, "action_item", "", "text", title,
			"source_id", source, "owner_id", "4471", "due_on",
			"2026-07-20", NULL);
	else
		made = mdt_save(&other, "project", project, "stage",
			chance(2) ? "analysis" : "response", NULL);
	free(made);
	free(project);
}

/* The same field from both, neither seeing the other's: a conflict. */
static void
both_write(void)
{
	char *project = any_project(&own);
	struct record *rec = NULL;
	enum status there;

	if (!project)
		return;
	there = record_load(other.r, "project", project, &rec, &why);
	record_free(rec);
	if (!there) {
		mdt_change(&own, project, "goal", any(titles, COUNT(titles)));
		mdt_change(&other, project, "goal", any(titles, COUNT(titles)));
	}
	free(project);
}

/* The file is copied, and the copy syncs first: it keeps the number, and ours
 * is given another. */
static void
be_copied(void)
{
	struct mdt copy;
	char name[32];

	snprintf(name, sizeof(name), "copy%ld.db", pressed);
	mdt_copy(&copy, &own, name);
	hurry(copy.r);
	free(mdt_project(&copy, "of the copy"));
	mdt_sync_whole(&copy);
	mdt_put_away(&copy);
	if (chance(2))
		free(mdt_project(&own, "of the first"));
}

static void
something_arrives(void)
{
	for (size_t n = chance(4); n; n--)
		other_writes();
	if (chance(3) == 0)
		both_write();
	if (chance(60) == 0)
		be_copied();
	mdt_sync_whole(&other);
	if (chance(4))
		mdt_sync_whole(&own);
	if (chance(2))
		mdt_sync_whole(&other);
	app_refresh(&st.s.app);
	app_sent(&st.s.app);
}

/* The terminal. */

static void
open_screens(void)
{
	static const char *const types[] = {
		"xterm-256color", "screen", "linux", "vt220"};
	static const char *const selects[] = {"mark", "id", "row", NULL};
	struct screens_options o = {
		.look = {.mono = chance(4) == 0,
			.ascii = chance(3) == 0,
			.contrast = chance(4) == 0,
			.big = chance(4) == 0,
			.select = any(selects, COUNT(selects))},
		.restricted = chance(2),
		.lock_minutes = chance(3) ? 0 : 10};

	stage_open_on(&st, &f, &o, any(types, COUNT(types)), 24, 80);
}

static void
hang_up(void)
{
	typed_note(&typed, &st.s.app);
	stage_close(&st);
	replica_close(own.r);
	good(replica_open(own.path, &hub.clock, &own.r, &why));
	hurry(own.r);
	f.r = own.r;
	typed_is_kept(&typed, NULL, own.r);
	open_screens();
}

static void
another_size(void)
{
	typed_note(&typed, &st.s.app);
	if (chance(4) == 0)
		stage_size(&st, 2 + (int)chance(60), 2 + (int)chance(180));
	else
		stage_size(&st, 10 + (int)chance(40), 40 + (int)chance(100));
	typed_is_kept(&typed, &st.s.app, own.r);
}

/* The cursor is on the chosen row, or where one types. */
static void
check_cursor(void)
{
	const struct canvas *c = &st.s.app.canvas;

	assert_in_range(c->cursor_row, 0, c->rows ? c->rows - 1 : 0);
	if (!c->pick_count || st.s.app.prompt.on ||
		context_is_text(app_context(&st.s.app)))
		return;
	if (c->marked < 0)
		fail_msg("none is chosen:\n%s", stage_all(&st));
	assert_int_equal(c->cursor_row, c->marked);
	assert_int_equal(c->cursor_col, 0);
	if (stage_row(&st, c->marked + 1)[0] != '>')
		fail_msg("no > in row %d:\n%s", c->marked + 1, stage_all(&st));
}

/* What the loop does after keys, but for the line and the clock. */
static void
after_keys(void)
{
	struct app *a = &st.s.app;

	a->suspend = a->sync_soon = false;
	lock_due(a);
	syncing_step(&st.s.sync);
	assert_false(sql_in_transaction(replica_sql(own.r)));
	stage_paint(&st);
	check_cursor();
}

static void
press(key k)
{
	struct app *a = &st.s.app;
	char name[KEY_NAME_MAX];

	key_text(k, name);
	if (show)
		fprintf(stderr, "%s ", name);
	typed_note(&typed, a);
	screens_key(&st.s, k);
	typed_is_kept(&typed, a, own.r);
	pressed++;
	if (a->leaving)
		hang_up();
}

static void
press_all(const char *names)
{
	while (*names) {
		size_t len = strcspn(names, " ");
		key k;

		assert_true(key_parse(names, len, &k));
		press(k);
		names += len + strspn(names + len, " ");
	}
}

static void
type(const char *text)
{
	size_t len = strlen(text);
	uint32_t code;

	while (len) {
		size_t n = utf8_decode(text, len, &code);

		press(code);
		text += n;
		len -= n;
	}
}

/* Things a monkey does. */

static void
press_something(void)
{
	static const char *const keys[] = {"<Up>", "<Down>", "<Down>", "j", "k",
		"<PgUp>", "<PgDn>", "<Home>", "<End>", "<Left>", "<Right>",
		"<Enter>", "<Enter>", "<Enter>", "<Tab>", "<Tab>", "<S-Tab>",
		"<Esc>", "<Esc>", "<Esc>", "q", "<BS>", "<Del>", "<F1>", "<F2>",
		"<F2>", "<F3>", "<F4>", "<F4>", "<F6>", "<F7>", "<F8>", "<F9>",
		"<F5>", "<F12>", "<C-x> 2", "<C-x> 9", "<C-x> l", "<C-x> w",
		"<C-x> q", "<C-c>", "<C-l>", "<C-z>", "<C-n>", "<C-p>", "<C-w>",
		"<C-t>", "<C-u>", "<C-k>", "<C-r>", "<C-y>", "<C-a>", "<C-e>",
		"<C-Left>", "<C-Right>", "<C-Home>", "<C-End>", "g t", "g p",
		"g p", "g b", "g s", "g c", "g h", "g l", "g f", "g <Esc>", "n",
		"n", "e", "e", "u", "r", "o", "/", ":", "?", "h", "c", "S", "D",
		"V", "U", "m", "t", "A", "B", "Q", "y", "y", "1", "2", "9", "0",
		"<Space>"};

	press_all(any(keys, COUNT(keys)));
}

static void
type_something(void)
{
	static const char *const texts[] = {"walked the lot ", "+3d", "fri",
		"e\xcc\x81\xcc\x80", "\xe5\xad\xa6\xe6\xa0\xa1",
		"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", "35X", "4471",
		"stage:analysis -status:open", "opened_on:<-30d",
		"\"harbor gar", "12", "x", "2026-07-20", "garage", "project/",
		"(", "\\", "%", "\xef\xbf\xbd\xe2\x80\xae", "y", "n"};

	type(any(texts, COUNT(texts)));
}

/* A command by its name, with a word after it or none. */
static void
run_something(void)
{
	static const char *const words[] = {"", "", "", " project",
		" action_item", " meeting", " contact", " project/2-1",
		" beat/35X", " garage", " member/4471", " 35X", " nothing"};

	press(NAMED_F0 + 9);
	type(action_name((enum action)chance(ACTION_COUNT)));
	type(any(words, COUNT(words)));
	press(NAMED_ENTER);
}

static void
paste_something(void)
{
	size_t size = chance(50) ? chance(2000) : chance(300000);

	press(NAMED_PASTE_BEGIN);
	for (size_t i = 0; i < size; i++)
		app_key(&st.s.app, chance(9)   ? 'a' + (key)chance(26)
				   : chance(3) ? NAMED_ENTER
					       : (key)(1 + chance(0x3000)));
	if (chance(20))
		press(NAMED_PASTE_END);
}

static void
do_something(void)
{
	size_t what = chance(200);

	if (what < 120)
		press_something();
	else if (what < 165)
		type_something();
	else if (what < 177)
		run_something();
	else if (what < 180)
		paste_something();
	else if (what < 186)
		something_arrives();
	else if (what < 190)
		another_size();
	else if (what < 193)
		hubs_pass(&hub, (int64_t)chance(20) * MINUTE);
	else if (what < 196)
		app_keep(&st.s.app);
	else if (what < 198)
		press((key)(1 + chance(0x3000)));
	else if (what < 199)
		stage_paint(&st);
	else
		hang_up();
}

/* From the beginning to the end. */

static void
begin(uint32_t seed)
{
	char dir[PLACE_MAX];

	chance_state = seed * 2654435761u;
	pressed = 0;
	place_folder(dir, "monkey");
	hubs_make_in(&hub, dir);
	setenv("XDG_DATA_HOME", dir, 1);
	mdt_enroll(&own, &hub, "4471", "own.db");
	mdt_enroll(&other, &hub, "4480", "other.db");
	hurry(own.r);
	hurry(other.r);
	f.r = own.r;
	mdt_sync_whole(&other);
	for (int i = 0; i < 12; i++)
		other_writes();
	mdt_sync_whole(&other);
	mdt_sync_whole(&own);
	open_screens();
}

static void
end(void)
{
	hang_up();
	st.s.app.lock.on = false;
	stage_size(&st, 24, 80);
	stage_resume_drafts(&st);
	stage_close(&st);
	mdt_sync_whole(&own);
	mdt_sync_whole(&other);
	mdt_sync_whole(&own);
	assert_int_equal(mdt_unsent(&own), 0);
	mdt_put_away(&own);
	mdt_put_away(&other);
	hubs_verify(&hub);
	hubs_remove(&hub);
	typed_release(&typed);
}

static void
play(uint32_t seed, long keys)
{
	print_message("monkey %u, %ld keys\n", seed, keys);
	begin(seed);
	while (pressed < keys) {
		for (size_t n = 1 + chance(BURST); n; n--)
			do_something();
		after_keys();
		if (st.s.app.count > VIEWS_MAX)
			press_all("<Esc> <F8> y");
	}
	end();
}

static long
number_from(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text && text[0] ? strtol(text, NULL, 10) : otherwise;
}

static void
test_monkeys(void **state)
{
	uint32_t only = (uint32_t)number_from("MONKEY_SEED", 0);
	uint32_t last = only ? only : (uint32_t)number_from("MONKEYS", MONKEYS);

	(void)state;
	show = number_from("MONKEY_SHOW", 0) != 0;
	for (uint32_t seed = only ? only : 1; seed <= last; seed++)
		play(seed, number_from("MONKEY_KEYS", KEYS));
}

/* The seed makes it all again: where one found something, its files go too. */
static int
clean_up(void **state)
{
	(void)state;
	if (hub.dir[0])
		place_remove(hub.dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_monkeys, clean_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
