/* beat_rows.h - what goes on on a beat, for its record's screen: places, what
 * is left for the next officer, officers, projects, priorities, promises,
 * councils, concerns. */
#ifndef TUI_BEAT_ROWS_H
#define TUI_BEAT_ROWS_H

#include "tui/record_state.h"

/* Add them to the page, section by section. */
void beat_rows(struct view *v);

/* The query for promises on anything of a beat, added to `out`. */
void beat_promises_query(const char *beat, struct buf *out);

/* "Scanning 3 ###  Analysis 2 ##": open projects that `query` gives, by stage,
 * where there are any. Adds to `out`; *open is their number. */
void beat_put_stages(
	struct app *a, const char *query, struct buf *out, int64_t *open);

#endif
