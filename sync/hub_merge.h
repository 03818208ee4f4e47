/*
 * hub_merge.h - what becomes of an arriving edit: its stamp, and for each
 * cell whether it won or lost. PROTOCOL.md, "Ages and stamps" and
 * "Reconciliation".
 */
#ifndef SYNC_HUB_MERGE_H
#define SYNC_HUB_MERGE_H

#include "common/catalog.h"
#include "sync/hub_log.h"

/* What is known of the time an edit was written. */
struct age {
	int64_t hub_ms; /* t, the hub's clock when the request came */
	int64_t age_ms;
	bool unsure;
	int64_t ceiling; /* unsure: the same replica's next sure stamp */
	int64_t floor;	 /* seq to count from instead of seen; 0: seen */
};

/* Mint the stamp: t - age, never after t, never before what it was written
 * over. */
MUST_CHECK enum status merge_stamp(struct hub_log *log, const struct edit *e,
	const struct age *age, int64_t *at, struct why *why);

/* Open losers of one field: what would make more is held. */
#define LOSERS_MAX 64

/*
 * Decide every cell of `e` (its seq and at are set; it is not in the log
 * yet), fill its verdict, and write the cells that it won and the losers of
 * the conflicts it changed. Where one would have more than LOSERS_MAX, `e` is
 * held and nothing is written. `age` tells, besides the stamp that `e` has,
 * what of this log its author was told.
 */
MUST_CHECK enum status merge_edit(struct hub_log *log, const struct catalog *c,
	struct entry *e, const struct age *age, struct why *why);

#endif
