/* today_rows.h - what stands on the first screen, section by section; for
 * today.c. */
#ifndef TUI_TODAY_ROWS_H
#define TUI_TODAY_ROWS_H

#include "common/names.h"
#include "tui/page.h"

/* What a row stands for. */
enum {
	ROW_RECORD, /* index: the section's; a record may be in several */
	ROW_DRAFT,  /* index: of drafts */
	ROW_NEWS,   /* the rest of what others changed */
	ROW_MORE,   /* index: of the lists that Today has a part of */
	ROW_HELD,   /* the rest of the edits that wait or were sent back */
	ROW_EDIT,   /* one of those; index: of edits */
	ROW_SYNC,   /* what is unsent */
};

struct today {
	struct page page;
	struct names drafts;
	struct edit_id *edits; /* held ones that have a row */
	size_t edit_count, edit_cap;
	int64_t news; /* records that others changed */
};

#define TODAY_WHAT_CELLS 20 /* of the words at the right of a row */

/* Fill the screen anew, as wide as `cols`. */
void today_rows(struct view *v);

/* Open one of those lists. */
void today_list_open(struct view *v, size_t index);

/* A record's title, or its kind where it has none of its own; a member's name
 * alone would not say what it is about. */
void today_put_title(
	struct view *v, const char *kind, const char *id, struct buf *out);
int today_title_cells(int cols); /* cells of a row's title */

/* A row: id, title, and words at the right; that of a record with its mark, 0
 * none; a blank row where it is not the first. */
struct row *today_row(
	struct view *v, const char *id, const char *title, const char *what);
struct row *today_record(struct view *v, const char *kind, const char *id,
	const char *what, char mark);
/* That of an edit that was not applied; its record may not be made. */
void today_held(struct view *v, const struct edit *e, const char *what);
void today_blank(struct today *t);
/* Rows of so many: where one more holds all, it is not spent on saying so. */
size_t today_shown_of(size_t count, size_t max);
/* "3 more Action items: Enter shows all"; `what` may be "". */
void today_more(
	struct view *v, int64_t count, const char *what, int tag, size_t index);

/* The text of such a row on a screen of `cols`, added to `out`. */
void today_line(struct view *v, int cols, const char *kind, const char *id,
	const char *what, struct buf *out);

#endif
