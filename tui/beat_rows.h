/* beat_rows.h - what goes on on a beat, for its record's screen: places, what
 * is left for the next officer, officers, projects, priorities, promises,
 * councils, concerns. */
#ifndef TUI_BEAT_ROWS_H
#define TUI_BEAT_ROWS_H

#include "common/beat_work.h"
#include "tui/record_state.h"

/* Add them to the page, section by section. */
void beat_rows(struct view *v);

/* The query for promises on anything of a beat, added to `out`. */
void beat_promises_query(const char *beat, struct buf *out);

#define BEAT_STALE_DAYS 30 /* without a touch */

/* Its open projects, and those of them that nobody touched for so long. */
MUST_CHECK enum status beat_projects_now(struct app *a, const char *beat,
	struct beat_projects *out, struct why *why);
/* "Scanning 3 ###  Analysis 2 ##", without the bars where they do not fit in
 * `cells`. Adds to `out`. */
void beat_put_stages(
	struct app *a, const struct tally *stages, int cells, struct buf *out);

#endif
