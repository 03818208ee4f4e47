#include "tests/support/two.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int
two_set_up(void **state)
{
	struct two *w = mem_alloc(sizeof(*w));

	hubs_make(&w->t);
	peer_enroll(&w->a, &w->t, "4471");
	peer_enroll(&w->b, &w->t, "4480");
	peer_sync(&w->a);
	peer_sync(&w->b);
	peer_edit(&w->a, "project/p-1", NULL, "title", "Lake theft", "beat_ids",
		"35X", "problem", "one", NULL);
	peer_sync(&w->a);
	peer_sync(&w->b);
	hubs_pass(&w->t, MINUTE);
	*state = w;
	return 0;
}

int
two_tear_down(void **state)
{
	struct two *w = *state;

	hubs_verify(&w->t);
	peer_release(&w->a);
	peer_release(&w->b);
	hubs_remove(&w->t);
	free(w);
	return 0;
}

int64_t
two_conflicts(struct two *w)
{
	struct hub_stats s;
	struct why why;

	assert_int_equal(ST_OK, hub_stats(w->t.h, &s, &why));
	return s.conflicts;
}

void
two_edit(struct peer *p, const char *over, const char *value)
{
	peer_edit(p, "project/p-1", over, "problem", value, NULL);
}

void
two_value_is(struct two *w, const char *value)
{
	assert_string_equal(hubs_value(&w->t, "project/p-1", "problem"), value);
}
