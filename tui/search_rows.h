/*
 * search_rows.h - what was found as rows: which record, what names it, and
 * what of it matched.
 */
#ifndef TUI_SEARCH_ROWS_H
#define TUI_SEARCH_ROWS_H

#include "common/query.h"
#include "tui/view.h"

/* Begun with the app and what is found, which it borrows; the rest zeroed. */
struct search_rows {
	struct app *app;
	const struct finds *found;
	char **names; /* of those that were drawn, else NULL */
	size_t count;
};
/* Other ones are found, or they changed. Also the release. */
void search_rows_forget(struct search_rows *s);

/* The one at `at` of them; void ones may be among them. */
void search_rows_draw(struct search_rows *s, struct canvas *c, int row,
	size_t at, bool chosen, bool voids);

#endif
