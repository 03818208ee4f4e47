/*
 * What an officer does ten times a shift, each from Today: at most eight
 * keystrokes, and the words that are written. The table is the promise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/kept.h"
#include "tests/support/shift.h"

#define KEYS_MAX 8

static struct fixture f;
static struct stage st;
static char keymap_file[200];

/* Keys, and what the screen says then, between bars. */
static const struct task {
	const char *what, *keys, *seen;
} tasks[] = {
	{"find what is due and open it", "<Enter>",
		"Call the manager back|Action item"},
	{"add an update", "<F3> 'garage lot' <F4> 'Walked it' <F2>",
		"Saved, not sent yet"},
	{"answer a promise", "D y", "Done, not sent yet|DUE: nothing"},
	{"see who changed the goal", "<F3> 'garage lot' <Enter> h",
		"HISTORY|Chen|Half as many by 31 August"},
	{"settle a conflict", "g c m", "No open conflicts"},
	{"find everything about an address", "<F3> '410 front'",
		"3 found|Sunset Motel|Dana of"},
	{"change a key", "X", "SYNC"},
	{"undo a save", "u y", "Undone: |is a draft"},
	{"see what is unsent and sync", "g s <F7>", "UNSENT|Trying the hub"},
	{"add a meeting's attendance",
		"<F3> 'ncpc' <Enter> n 'att' <Enter> 'chen' <Enter> <F2>",
		"Saved, not sent yet|Attendance (1)"},
	{"void with a reason", "<F3> 'twice' <Enter> V 'a slip' <Enter>",
		"Void, not sent yet|VOID: a slip"},
	{"move to the next stage", "<F3> 'garage lot' <Enter> S y",
		"[>] Analysis"},
	{"list what one searches for each week", ": 'scans' <Enter>",
		"PROJECTS  (1)|filter: stage:scanning motel"},
	{"go to a record by its id", ": 'open 30-1' <Enter>",
		"30-1  Harbor Garage lot B"},
};

/* In another window, while the screens are open. */
static void
edit_keymap(void)
{
	FILE *file = fopen(keymap_file, "w");

	assert_non_null(file);
	fputs("bind all X go-sync\n", file);
	assert_int_equal(fclose(file), 0);
	f.now.boot_ms += 5000;
}

static void
expect_seen(const struct task *t)
{
	char part[100];

	for (const char *p = t->seen; *p; p += *p == '|') {
		size_t len = strcspn(p, "|");

		snprintf(part, sizeof(part), "%.*s", (int)len, p);
		if (!strstr(stage_all(&st), part))
			fail_msg("%s: no '%s' on\n%s", t->what, part, st.text);
		p += len;
	}
}

static void
test_task(void **state)
{
	const struct task *t = *state;
	struct why why;
	int count;

	fixture_make(&f);
	shift_begins(&f);
	assert_int_equal(kept_put(f.r, KEPT_SAVED, "open scans",
				 "in:project stage:scanning motel", &why),
		ST_OK);
	snprintf(keymap_file, sizeof(keymap_file), "%s/keymap.conf", f.dir);
	stage_open_on(&st, &f,
		&(struct screens_options){
			.keymap_file = keymap_file, .look = {.select = "mark"}},
		"vt220", 24, 80);
	edit_keymap();
	stage_shows(&st, "TODAY");
	count = shift_play(&st, t->keys);
	expect_seen(t);
	print_message("%-38s %d keys\n", t->what, count);
	assert_in_range(count, 1, KEYS_MAX);
	stage_close(&st);
	fixture_remove(&f);
}

int
main(void)
{
	enum { TASKS = sizeof(tasks) / sizeof(tasks[0]) };
	struct CMUnitTest tests[TASKS];

	for (size_t i = 0; i < TASKS; i++)
		tests[i] = (struct CMUnitTest){tasks[i].what, test_task, NULL,
			NULL, (void *)(uintptr_t)&tasks[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
