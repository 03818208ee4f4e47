#include "tests/support/shift.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Chen had not seen ours, and the hub decided for hers. */
static void
goal_in_conflict(struct fixture *f)
{
	struct entry e = fixture_entry(f, "48.1", "4480", "project/30-1",
		"title", "Harbor Garage lot B", "kind", "sara", "stage",
		"scanning", "status", "open", "owner_id", "4471", "opened_on",
		"2026-07-01", "beat_ids", "35X", NULL);

	fixture_take(f, &e, "beat:35X");
	fixture_save(f, "project", "30-1", "goal", "Cut thefts by half", NULL);
	fixture_lose(
		f, "48.2", "project/30-1", "goal", "Half as many by 31 August");
}

void
shift_begins(struct fixture *f)
{
	goal_in_conflict(f);
	fixture_save(f, "project", "", "title", "Entered twice", "beat_ids",
		"35X", NULL);
	fixture_save(f, "project", "", "title", "Sunset Motel, 410 Front St",
		"beat_ids", "35X", NULL);
	fixture_save(f, "place", "", "kind", "top_calls_location", "address",
		"410 Front St", "beat_id", "35X", NULL);
	fixture_save(f, "project_update", "", "project_id", "30-1", "text",
		"Dana of 410 Front St called", NULL);
	fixture_save(f, "meeting", "", "title", "NCPC of July", "kind",
		"community_meeting", "starts_at", "2026-07-11T02:00:00.000Z",
		"beat_ids", "35X", NULL);
	fixture_save(f, "action_item", "", "text", "Call the manager back",
		"due_on", "2026-07-12", NULL);
}

int
shift_play(struct stage *st, const char *script)
{
	char part[100];
	int count = 0;

	for (; *script; script += strspn(script, " ")) {
		bool words = *script == '\'';
		size_t len = strcspn(script + words, words ? "'" : " ");

		assert_true(len < sizeof(part));
		snprintf(part, sizeof(part), "%.*s", (int)len, script + words);
		if (words)
			stage_type(st, part);
		else
			stage_press(st, part);
		count += !words;
		script += len + (words ? 2 : 0);
	}
	return count;
}
