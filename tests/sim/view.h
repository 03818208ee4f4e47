/* view.h - the hub's tables as they lie on its disk, read whole. */
#ifndef SIM_VIEW_H
#define SIM_VIEW_H

#include "common/names.h"
#include "tests/sim/world.h"

struct view_cell {
	char *kind, *id, *field, *value;
	struct edit_id edit;
};
struct view_loser {
	char *kind, *id, *field;
	struct edit_id edit;
};
struct view {
	struct entry *entries; /* by seq; those not decoded have no values */
	int64_t *came;	       /* hub time of each entry's commit */
	size_t entry_count, entry_cap;
	struct view_cell *cells; /* by kind, id, field */
	size_t cell_count, cell_cap;
	struct view_loser *losers; /* by kind, id, field, edit */
	size_t loser_count, loser_cap;
};
void view_read(struct world *w, struct view *v);
void view_release(struct view *v);
/* A cell as it is from now on, copied. */
void view_set(struct view *v, const struct view_cell *c);

/* "" where nothing was ever set. */
const char *view_value(const struct view *v, const char *kind, const char *id,
	const char *field);
/* The cells of a record: the first, and how many. */
const struct view_cell *view_record(
	const struct view *v, const char *kind, const char *id, size_t *count);
/* Badge of who made it; "" the hub, or it is not there (to decline a held
 * making does not make it). */
const char *view_author(const struct view *v, const char *kind, const char *id);
/* The entry that made the record; NULL: none. */
const struct entry *view_making(
	const struct view *v, const char *kind, const char *id);
const struct entry *view_entry(const struct view *v, struct edit_id id);

#endif
