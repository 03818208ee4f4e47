/*
 * model.h - which edits win, lose and oppose one another, foretold from the
 * order in which they reached the log and from what each writer had seen.
 * Written from DESIGN.md section 6: each value knows the set of all values
 * that were seen, directly or not, by whoever wrote it (its past), as with
 * version vectors; two values conflict when neither is in the other's past.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "tests/sim/view.h"

/* Fails where a verdict, or the open conflicts after it, are others. */
void model_check(struct world *w, const struct view *v);

#endif
