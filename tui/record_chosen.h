/* record_chosen.h - the row that is chosen on a record's page: what it is of,
 * and what opening or editing it does. */
#ifndef TUI_RECORD_CHOSEN_H
#define TUI_RECORD_CHOSEN_H

#include "tui/record_state.h"

/* Where the row leads; a field that leads nowhere is edited. */
void record_open_chosen(struct view *v);
/* The form of the page's record, from the row's field on. */
void record_edit_here(struct view *v);

/* The kind of the section that the row is in, or NULL. */
const struct kind *record_chosen_section(struct view *v);
/* The row's field, where it names several records; else NULL. */
const struct field *record_names_several(const struct record_view *rv);
/* The row where it is of another record, or NULL: a field that names one is
 * the page's own. */
const struct row *record_other_row(const struct record_view *rv);

#endif
