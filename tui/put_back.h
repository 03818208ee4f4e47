/* put_back.h - a value that stands in a record's history, in force again. */
#ifndef TUI_PUT_BACK_H
#define TUI_PUT_BACK_H

#include "common/entry.h"
#include "tui/view.h"

/* Why what that entry set is not put back; NULL: it can be. May lie in `why`.
 * A `c` of NULL: no value is chosen. */
const char *put_back_why_off(struct app *a, const struct entry *from,
	const struct change *c, struct why *why);

/* "Put back in 2f-1a Harbor Garage, Goal: Cut by half?", added to `out`; `rec`
 * is the record as it is now. */
void put_back_question(struct app *a, const struct record *rec,
	const struct change *c, struct buf *out);

/*
 * One edit over what stands now, with those fields that win together with this
 * one as the entry had them. It settles the conflicts that they are in.
 * Fails as record_save does.
 */
MUST_CHECK enum status put_back_save(struct replica *r,
	const struct entry *from, const char *field, struct why *why);

#endif
