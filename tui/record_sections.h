/* record_sections.h - what belongs to a record, section by section; for the
 * screens of records. */
#ifndef TUI_RECORD_SECTIONS_H
#define TUI_RECORD_SECTIONS_H

#include "tui/record_state.h"

/* A section of the record's kind by its place in kind->sections: head with the
 * number of records, the newest `max` of them, and a row that lists all. */
void record_section(struct view *v, size_t index, size_t max);

/* Its parts. Enter on a head, or on the row of all, lists the section's
 * records; the new ones made there belong to the record at hand. */
struct row *section_head(struct view *v, size_t index, const char *label);
struct row *section_row(struct view *v, size_t index, const struct record *rec,
	const char *text);
void section_all(struct view *v, size_t index, size_t count);
/* Records of a kind that are no section of the page's kind: the rows are the
 * caller's to tag. */
void section_records(struct view *v, const struct kind *k, const char *where,
	const struct names *ids, size_t max);

/* A record's title; where it has none of its own, or that is the record
 * `besides` (an id), another record that it points to; "": a person. */
void section_title(struct replica *r, const struct record *rec,
	const char *besides, struct buf *out);

/* The records that the record at hand points to, a section for each field that
 * holds several; a new one there is one more in that field. */
void record_lists(struct view *v);
/* Is it such a field? Those that hold official codes are not. */
bool record_lists_field(struct replica *r, const struct field *f);

#endif
