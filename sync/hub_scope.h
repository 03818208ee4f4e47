/*
 * hub_scope.h - which books records are in, and which a member holds.
 * DESIGN.md section 8.
 */
#ifndef SYNC_HUB_SCOPE_H
#define SYNC_HUB_SCOPE_H

#include "common/books.h"
#include "common/catalog.h"
#include "common/rights.h"
#include "sync/hub_log.h"

/* Records as the log has them, with one edit laid over (may be NULL): `by` is
 * who wrote that, asked for where the record is not in the log yet. */
struct scope_view {
	struct hub_log *log;
	const struct edit *over;
	const char *by;
};
struct book_lookup scope_lookup(struct scope_view *v);

/*
 * An entry was applied: tell anew the books of its record and of all that
 * lean on it, and note what entered and left which book, at its seq.
 */
MUST_CHECK enum status scope_follow(struct hub_log *log,
	const struct catalog *c, const struct entry *e, struct why *why);

/* A member's level and books as of an instant. */
struct holder {
	enum access access; /* ACCESS_NONE: no such member, or off */
	char *badge, *unit; /* unit "": none */
	struct names books; /* sorted; empty for ACCESS_NONE */
};
MUST_CHECK enum status holder_read(struct hub_log *log, const char *badge,
	int64_t at, struct holder *out, struct why *why);
void holder_release(struct holder *h);

/* Is the record in a book of these? */
bool books_meet(const struct log_books *in, const struct names *held);

/* May the holder write this entry's edit? ST_NOT_ALLOWED with the reason. */
MUST_CHECK enum status scope_may_write(struct hub_log *log,
	const struct catalog *c, const struct entry *e, const struct holder *h,
	struct why *why);

#endif
