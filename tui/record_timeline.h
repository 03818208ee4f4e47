/* record_timeline.h - what became of a record: the edits of its log and its
 * notes, newest first. */
#ifndef TUI_RECORD_TIMELINE_H
#define TUI_RECORD_TIMELINE_H

#include "common/history.h"
#include "tui/record_state.h"

#define RECORD_EVENTS_MAX 100 /* edits, and notes, that are shown */
#define RECORD_NOTE_LINES 3   /* of a note; of any text that is not a field's */

/* Rows of the page. */
void record_timeline(struct view *v, const struct past *past);

/* The kind of a section that holds a record's notes, or NULL: one with a long
 * text, newest first, and no sections of its own. */
const struct kind *record_note_kind(
	const struct catalog *c, const struct kind *k);

#endif
