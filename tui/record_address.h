/*
 * record_address.h - what else is known at an address: records that have or
 * name it, on the page of the place that is titled by it.
 */
#ifndef TUI_RECORD_ADDRESS_H
#define TUI_RECORD_ADDRESS_H

#include "tui/record_state.h"

/* Sections of them, kind by kind, but for those that the page has sections of
 * for what belongs to it; nothing where the record is no place. */
void record_address(struct view *v);
/* Is this a place, and the kind one of what has an address, which a new one is
 * given by form_carry.h? Not of those sections. */
bool record_address_is_of(const struct record *rec, const struct kind *k);
/* The query for them, the part with a number as one phrase, added to `out`. */
void record_address_query(const struct record *rec, struct buf *out);

#endif
