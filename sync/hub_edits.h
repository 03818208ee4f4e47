/* hub_edits.h - edits of the hub's own, gathered and written together. */
#ifndef SYNC_HUB_EDITS_H
#define SYNC_HUB_EDITS_H

#include "sync/hub.h"

struct hub_edits {
	struct edit *items;
	size_t count, cap;
};
void hub_edits_release(struct hub_edits *l);

/* One more, of this record; id "" makes a new one. The last to be added is
 * what hub_edits_put goes on with. */
void hub_edits_add(struct hub_edits *l, const char *kind, const char *id);

/* Put what was typed for a field into the last edit, unless the record has
 * that value. ST_DATA: the value will not do. */
MUST_CHECK enum status hub_edits_put(struct hub *h, struct hub_edits *l,
	const char *field, const char *typed, struct why *why);

/* How many fields the last edit changes. */
size_t hub_edits_changes(const struct hub_edits *l);

/* Write those that change something: all or none. */
MUST_CHECK enum status hub_edits_write(
	struct hub *h, struct hub_edits *l, struct why *why);

/* What the hub's commands call a kind: unit for org_unit. */
const char *hub_word(const char *kind);

/* ST_DATA: there is no such record; the nearest is named, and what lists
 * them. */
MUST_CHECK enum status hub_need(
	struct hub *h, const char *kind, const char *id, struct why *why);

#endif
