/* record_new.h - new records that belong to another one. */
#ifndef TUI_RECORD_NEW_H
#define TUI_RECORD_NEW_H

#include "tui/record_state.h"

/* On a record's page: of a kind (NULL: of the chosen row's section, or which
 * one is asked), for the page's record. */
void record_new_here(struct view *v, const char *kind);

/* Why the record that a view is about or has chosen gets no note, and what does
 * there; lies in `why`. NULL: it may get one. */
const char *record_note_off(struct view *v, struct why *why);
/* A form for a note on a record; says so where its kind has no notes. */
void record_note(struct app *a, const char *kind, const char *id);

#endif
