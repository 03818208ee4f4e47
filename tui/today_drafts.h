/* today_drafts.h - what was typed and not saved, on the first screen. */
#ifndef TUI_TODAY_DRAFTS_H
#define TUI_TODAY_DRAFTS_H

#include "tui/view.h"

/* The section, where there are any; their names go into the state. */
void today_drafts(struct view *v);

/* What a draft is of, and its record's id: a new string, NULL for a new record.
 * Where the draft cannot be read, its name. What it says is cut to fit within
 * `cells`, names are not. */
void today_draft_title(struct view *v, const char *name, int cells,
	struct buf *title, char **id);

#endif
