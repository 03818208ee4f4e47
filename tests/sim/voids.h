/*
 * voids.h - what opposes the void of a record, foretold entry by entry from
 * what each writer had seen. Written from DESIGN.md section 6 and PROTOCOL.md,
 * "Voids".
 */
#ifndef SIM_VOIDS_H
#define SIM_VOIDS_H

#include "tests/sim/view.h"

struct voids;
struct voids *voids_new(const struct world *w, const struct view *v);
void voids_free(struct voids *m); /* NULL is fine */

/* The next entry of the log; `applied`: it is neither held nor refused. Fails
 * where its void, or what opposes voids after it, is other. */
void voids_entry(struct voids *m, const struct entry *e, bool applied);

#endif
