/*
 * hub_merging.h - one edit being decided: what hub_merge.c, which decides
 * about cells, shares with hub_void.c, which decides about voids.
 */
#ifndef SYNC_HUB_MERGING_H
#define SYNC_HUB_MERGING_H

#include "common/catalog.h"
#include "sync/hub_log.h"

struct merging {
	struct hub_log *log;
	const struct catalog *catalog;
	const struct kind *kind; /* NULL: not in the catalogue */
	struct entry *e;
	int64_t told; /* seq of this log that its author had been told */
	bool astray;  /* and more, of a log that this one is not */
	struct log_cells cells;	  /* the record's, before */
	struct log_losers losers; /* the record's, changed on the way */
	struct names touched;	  /* fields whose losers changed */
	struct edit_id *line;	  /* ancestors of e in the cell at hand */
	size_t line_count, line_cap;
	struct why *why;
};

/* In `losers`, noting that the field's changed. Adding what is there does
 * nothing; dropping is by place. */
void merging_add_loser(struct merging *m, const char *field, struct edit_id id);
void merging_drop_loser(struct merging *m, size_t i);

/* Was it written after the value that stands? */
bool merging_later(const struct entry *e, const struct log_cell *c);

#endif
