/* today_rows.h - what stands on the first screen, section by section; for
 * today.c. */
#ifndef TUI_TODAY_ROWS_H
#define TUI_TODAY_ROWS_H

#include "common/names.h"
#include "tui/page.h"

/* What a row stands for. */
enum { ROW_RECORD, ROW_DRAFT /* index: of drafts */ };

struct today {
	struct page page;
	struct names drafts;
	int64_t seen; /* seq up to which the log was looked at */
};

/* Fill the screen anew, as wide as `cols`. */
void today_rows(struct view *v);

/* What a draft is of, and its record's id: a new string, NULL for a new record.
 * Where the draft cannot be read, its name. */
void today_draft_title(
	struct view *v, const char *name, struct buf *title, char **id);

#endif
