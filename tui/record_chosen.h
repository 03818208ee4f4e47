/* record_chosen.h - the row that is chosen on a record's page: what it is of,
 * what opening it does, and which record an action is about. */
#ifndef TUI_RECORD_CHOSEN_H
#define TUI_RECORD_CHOSEN_H

#include "tui/record_state.h"

/* Where the row leads; a field that leads nowhere is edited. */
void record_open_chosen(struct view *v);
/* The form of the page's own record, from the row's field on. */
void record_edit_here(struct view *v);

/* The kind of the section that the row is in, or NULL. */
const struct kind *record_chosen_section(struct view *v);
/* The row's field, where it names several records; else NULL. */
const struct field *record_names_several(const struct record_view *rv);
/*
 * The row's record, where it is another one than the page's and is of a kind
 * that the action is for; false: it is the page's. A row of a field is the
 * page's own, also of one that names a record.
 */
bool record_meant(
	struct view *v, enum action a, const char **kind, const char **id);
/* Is the row of another record, and yet the action about the page's own? */
bool record_falls_to_page(struct view *v, enum action a);

#endif
