/*
 * Every screen as tests/tui/screens/ has it, row by row, in colour, in mono and
 * in ASCII, at several sizes. The clock stands. BEATBOOK_GOLDEN=write writes
 * down what is shown now; `git diff` is then to be read as a person would see
 * it.
 *
 *   == LOOK COLSxROWS      a screen, the row with the cursor marked by <
 *   -- inks                what is not plain of it: ROW: INK FROM-TO, …
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/inbox_held.h"
#include "tests/support/good.h"
#include "tests/support/shift.h"

#define TEXT_MAX ((size_t)1 << 20)
#define FOLDER "tests/tui/screens/"

static struct fixture f;
static struct stage st;

static void hold_edits(void);
static void send_back(void);
static void change_many(void);

#define DOWN_5 "<Down> <Down> <Down> <Down> <Down> "
#define TO_NEWS DOWN_5 DOWN_5 "<Enter>"

/* What is played from Today on (shift.h), and what there is besides. */
static const struct script {
	const char *name, *keys;
	void (*before)(void);
} scripts[] = {
	{.name = "today", .keys = ""},
	{.name = "beat", .keys = "g b"},
	{.name = "projects", .keys = "g p"},
	{.name = "projects-filtered", .keys = "g p / 'gar'"},
	{.name = "nothing-found", .keys = "g p / 'zebra' <Enter>"},
	{.name = "project", .keys = "g p <Down> <Down> <Enter>"},
	{.name = "update",
		.keys = "g p <Down> <Down> <Enter> <F4> 'Walked the lot; 7 "
			"cars'"},
	{.name = "edit", .keys = "g p <Down> <Down> <Enter> e"},
	{.name = "wrong-field", .keys = ": 'new action_item' <Enter> <F2>"},
	{.name = "stage", .keys = "g p <Down> <Down> <Enter> S"},
	{.name = "history", .keys = "g p <Down> <Down> <Enter> h"},
	{.name = "conflict", .keys = "g c"},
	{.name = "held", .keys = "g h"},
	{.name = "held-to-decide", .keys = "g h", .before = hold_edits},
	{.name = "held-declining",
		.keys = "g h <Down> B",
		.before = hold_edits},
	{.name = "sent-back", .keys = "", .before = send_back},
	{.name = "news", .keys = TO_NEWS, .before = change_many},
	{.name = "news-asks-seen", .keys = TO_NEWS " M", .before = change_many},
	{.name = "sync", .keys = "g s"},
	{.name = "lists", .keys = "g l"},
	{.name = "search", .keys = "<F3> 'garage'"},
	{.name = "help", .keys = "<F1>"},
	{.name = "palette", .keys = "<F9> 'sta'"},
	{.name = "unknown-key", .keys = "z"},
	{.name = "locked", .keys = "<C-x> l"},
	{.name = "new-meeting", .keys = ": 'new meeting' <Enter>"},
	{.name = "picker",
		.keys = ": 'new meeting' <Enter> <Tab> <Tab> <Tab> <Tab> "
			"<Tab> <Enter> 'o'"},
	{.name = "draft-kept",
		.keys = "g p <Down> <Down> <Enter> <F4> 'Half a' <F8> y"},
	{.name = "draft-resumed",
		.keys = "g p <Down> <Down> <Enter> <F4> 'Half a' <F8> y r"},
	{.name = "void-asks",
		.keys = "g p <Down> <Down> <Enter> V 'entered twice'"},
	{.name = "undo-asks", .keys = "u"},
	{.name = "saved-searches",
		.keys = "<F3> 'garage' <F2> 'cars' <Enter> <F3>"},
};

static const struct {
	const char *name, *terminal;
	struct wishes look;
	int rows, cols;
} looks[] = {
	{"colour", "xterm-256color", {.select = "row"}, 24, 80},
	{"mono", "xterm-256color", {.mono = true, .select = "mark"}, 24, 80},
	{"ascii", "vt220", {.ascii = true, .select = "mark"}, 24, 80},
	{"big", "xterm-256color", {.big = true, .select = "mark"}, 24, 80},
	{"ascii", "vt220", {.ascii = true, .select = "mark"}, 10, 40},
	{"colour", "xterm-256color", {.select = "id"}, 43, 132},
};

/* What there is to see. */

static void
pass(int minutes)
{
	fixture_pass(&f, minutes * INT64_C(60000));
}

static void
conflict_about(const char *project)
{
	char record[80];
	struct entry e;

	snprintf(record, sizeof(record), "project/%s", project);
	e = fixture_entry(&f, "48.1", "4480", record, "title", "Package thefts",
		"beat_ids", "35X", NULL);
	fixture_take(&f, &e, "beat:35X");
	fixture_save(&f, "project", project, "title", "Package thefts, Elm St",
		NULL);
	pass(9);
	fixture_lose(&f, "48.2", record, "title", "Package thefts, Oak Hill");
}

static int
begin(void **state)
{
	const char *garage;

	stage_make(&st, &f, state);
	conflict_about("30-1");
	garage = fixture_save(&f, "project", "", "title",
		"Harbor Garage lot B, break-ins", "beat_ids", "35X", "goal",
		"14 to 7 by 31 Aug", "stage", "analysis", NULL);
	pass(3);
	fixture_save(&f, "project_update", "", "project_id", garage, "text",
		"Caf\xc3\xa9 owner says the bay 4 light is out again. Will "
		"meet "
		"facilities on Wednesday.",
		NULL);
	pass(2);
	fixture_save(&f, "project", "", "title",
		"\xe5\xad\xa6\xe6\xa0\xa1 "
		"crossing, cars race at dismissal",
		"beat_ids", "35X", NULL);
	fixture_save(&f, "action_item", "", "text",
		"Call the garage manager back about bay 4", "due_on",
		"2026-07-12", NULL);
	fixture_save(&f, "action_item", "", "text", "Six-week measure",
		"due_on", "2026-07-14", NULL);
	pass(30);
	fixture_save(&f, "project", "", "title", "Sunset Motel", "beat_ids",
		"35X", NULL);
	pass(7);
	return 0;
}

static struct entry
hold(const char *edit, const char *by, const char *record, const char *field,
	const char *value)
{
	struct entry e =
		fixture_entry(&f, edit, by, record, field, value, NULL);

	e.verdict.held = mem_text("not on this beat then");
	return e;
}

/* A sergeant, and two edits that the rights did not allow. */
static void
hold_edits(void)
{
	struct entry e = fixture_entry(
		&f, "0.900", "", "member/4471", "access", "sergeant", NULL);

	fixture_take(&f, &e, "dept");
	e = hold("48.7", "4480", "project/30-1", "goal",
		"Cut thefts by half by end of August; cameras at 3 entrances.");
	fixture_take(&f, &e, NULL);
	pass(1);
	e = hold("48.8", "4480", "project/30-9", "title", "Cars race");
	edit_change(&e.edit, "beat_ids", "35X", EDIT_ID_NONE);
	fixture_take(&f, &e, NULL);
}

/* One's own, which a sergeant declined. */
static void
send_back(void)
{
	struct verdict verdict = {0};
	struct entry e = hold("47.90", "4471", "project/30-1", "goal", "Half");
	struct decision d = {&verdict, f.seq + 9, f.now.wall_ms, "900",
		"which hours? add counts", false};

	fixture_take(&f, &e, NULL);
	verdict_decide(&verdict, (struct edit_id){47, 90});
	good(inbox_held_decided(f.r, &d, &why));
	verdict_release(&verdict);
}

/* Chen and the sergeant changed more records than Today has rows for; one of
 * the changes went over a goal of one's own. */
static void
change_many(void)
{
	static const struct {
		const char *edit, *by, *record, *field, *value;
	} made[] = {
		{"48.20", "4480", "project/30-2", "title", "Lamps on Oak St"},
		{"48.21", "4480", "project/30-3", "title",
			"Thefts from cars at the school, mornings, all along "
			"the fence"},
		{"48.22", "4480", "project/30-4", "title", "Motel, room 12"},
		{"49.20", "900", "action_item/31-1", "text",
			"Ask the city for a fence"},
		{"49.21", "900", "project/30-1", "stage", "response"},
		{"48.23", "4480", "project/30-2", "goal", "All lit by May"},
		{"49.22", "900", "project/30-4", "void", "entered twice"},
		{"48.24", "4480", "concern/30-5", "text", "Racing at night"},
		{"48.25", "4480", "concern/30-6", "text", "Open drug use"},
		{"48.26", "4480", "concern/30-7", "text", "Lamps out"},
		{"48.27", "4480", "concern/30-8", "text", "Noise, Elm St"},
		{"47.90", "4471", "project/30-3", "goal", "None by May"},
		{"48.28", "4480", "project/30-3", "goal", "Half by May"},
	};
	const struct edit_id ours = {47, 90};

	for (size_t i = 0; i < COUNT(made); i++) {
		struct entry e = fixture_entry(&f, made[i].edit, made[i].by,
			made[i].record, made[i].field, made[i].value, NULL);

		if (i == COUNT(made) - 1)
			standing_add(verdict_stand(&e.verdict, "goal"), ours);
		fixture_take(&f, &e, "beat:35X");
		pass(1);
	}
}

/* Writing a screen down. */

static void
put_inks(const struct canvas *c, int row, struct buf *out)
{
	static const char *const names[] = {
#define X(id, name) name,
		INKS(X)
#undef X
	};
	const struct canvas_row *r = &c->lines[row];
	bool any = false;

	for (int col = 0, from; col < r->end; col++) {
		from = col;
		while (col + 1 < r->end &&
			r->cells[col + 1].ink == r->cells[from].ink)
			col++;
		if (r->cells[from].ink == INK_PLAIN)
			continue;
		buf_printf(out, "%s %s %d-%d", any ? "," : "",
			names[r->cells[from].ink], from + 1, col + 1);
		any = true;
	}
}

static void
put_colours(const struct canvas *c, struct buf *out)
{
	struct buf inks = BUF_INIT;

	buf_puts(out, "-- inks\n");
	for (int row = 0; row < c->rows; row++) {
		buf_clear(&inks);
		put_inks(c, row, &inks);
		if (inks.len)
			buf_printf(out, "%d:%s\n", row + 1, buf_text(&inks));
	}
	buf_release(&inks);
}

static void
put_screen(const char *look, struct buf *out)
{
	const struct canvas *c = &st.s.app.canvas;

	buf_printf(out, "== %s %dx%d\n", look, c->cols + 1, c->rows);
	for (int row = 0; row < c->rows; row++)
		buf_printf(out, "%s%s\n", stage_row(&st, row + 1),
			row == c->cursor_row ? " <" : "");
	if (st.s.app.look.colour)
		put_colours(c, out);
}

static void
compare(const char *name, const struct buf *said)
{
	char *path = mem_printf(FOLDER "%s.txt", name);
	const char *how = getenv("BEATBOOK_GOLDEN");
	struct buf kept = BUF_INIT_MAX(TEXT_MAX);
	FILE *file;

	if (how && strcmp(how, "write") == 0) {
		file = fopen(path, "w");
		if (!file ||
			fwrite(said->data, 1, said->len, file) != said->len ||
			fclose(file))
			fail_msg("%s cannot be written", path);
	}
	if (buf_read_file(&kept, path, TEXT_MAX, &why))
		fail_msg("%s (BEATBOOK_GOLDEN=write makes it)", why.text);
	assert_string_equal(buf_text(said), buf_text(&kept));
	buf_release(&kept);
	free(path);
}

/* Of the script that *state names. */
static void
test_is_as_written_down(void **state)
{
	const struct script *script = *state;
	struct buf said = BUF_INIT;
	void *stage;

	for (size_t l = 0; l < COUNT(looks); l++) {
		begin(&stage);
		if (script->before)
			script->before();
		stage_open_on(&st, &f,
			&(struct screens_options){.look = looks[l].look},
			looks[l].terminal, looks[l].rows, looks[l].cols);
		shift_play(&st, script->keys);
		put_screen(looks[l].name, &said);
		stage_tear_down(&stage);
	}
	compare(script->name, &said);
	buf_release(&said);
}

int
main(void)
{
	struct CMUnitTest tests[COUNT(scripts)];

	for (size_t i = 0; i < COUNT(scripts); i++)
		tests[i] = (struct CMUnitTest){.name = scripts[i].name,
			.test_func = test_is_as_written_down,
			.initial_state = (void *)&scripts[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
