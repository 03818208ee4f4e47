/*
 * form_carry.h - values that a new record begins with from where one stands:
 * the same beat, the same council, the same project. By the catalogue's refs
 * alone, never by names of kinds.
 */
#ifndef TUI_FORM_CARRY_H
#define TUI_FORM_CARRY_H

#include "common/record.h"

/*
 * What `field` of a new record would begin with, added to `out`: nothing where
 * that cannot be told. `from` is the record one stands at, or NULL.
 *
 * A ref takes that record itself, where it is of the field's kind; or else what
 * that record points to by its own ref to the same kind; or else one's own: the
 * beat, where one holds but one and the record lives by it. Only where there
 * can be no doubt: refs to people are not carried, nor where a kind has two
 * fields for the same kind, nor several values into one.
 *
 * What is at a place that is titled by its address has that address and its
 * position.
 */
void form_carry(struct replica *r, const struct record *from,
	const struct field *field, struct buf *out);

#endif
