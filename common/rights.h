/* rights.h - may this member do this; if not, why. DESIGN.md section 8. */
#ifndef COMMON_RIGHTS_H
#define COMMON_RIGHTS_H

#include <stdbool.h>

#include "common/catalog.h"
#include "common/status.h"

enum access {
	ACCESS_NONE, /* no such level, or the member is off */
	ACCESS_OFFICER,
	ACCESS_COORDINATOR,
	ACCESS_SERGEANT,
	ACCESS_COMMANDER,
	ACCESS_ANALYST,
	ACCESS_RECORDS,
	ACCESS_ADMIN
};

enum access access_from_name(const char *name); /* ACCESS_NONE: unknown */
const char *access_name(enum access a);
bool access_supervises(enum access a); /* sergeant, commander, admin */
bool access_reads_only(enum access a); /* analyst, records */

struct writer {
	const char *badge;
	enum access access;
	bool holds_book; /* one of the record's books before the edit (of a new
			    record: of its books after it) */
	bool is_subject; /* WRITERS_SELF: the record is about this member */
};

/* May `w` write a record of kind `k`? ST_NOT_ALLOWED with the reason. */
MUST_CHECK enum status rights_may_write(
	const struct kind *k, const struct writer *w, struct why *why);

/* May this access level read records of this kind in a book it holds? */
bool rights_may_read(const struct kind *k, enum access a);

#endif
