/* record_view.h - one record: its fields, timeline and related records. */
#ifndef TUI_RECORD_VIEW_H
#define TUI_RECORD_VIEW_H

#include "tui/view.h"

void record_open(struct app *a, const char *kind, const char *id);
/* Why the record that a view is about or has chosen gets no note, and what does
 * there; lies in `why`. NULL: it may get one. */
const char *record_note_off(struct view *v, struct why *why);
/* A form for a note on a record; says so where its kind has no notes. */
void record_note(struct app *a, const char *kind, const char *id);

#endif
