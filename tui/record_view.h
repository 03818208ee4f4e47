/* record_view.h - one record: its fields, timeline and related records. */
#ifndef TUI_RECORD_VIEW_H
#define TUI_RECORD_VIEW_H

#include "tui/view.h"

void record_open(struct app *a, const char *kind, const char *id);
/* Why records of a kind get no notes; NULL: they do. */
const char *record_note_off(const struct app *a, const struct kind *k);
/* A form for a note on a record; says so where its kind has no notes. */
void record_note(struct app *a, const char *kind, const char *id);

#endif
