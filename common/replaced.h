/*
 * replaced.h - one's own values that others replaced without having seen them,
 * or in settling a conflict; those that stand again are not among them.
 */
#ifndef COMMON_REPLACED_H
#define COMMON_REPLACED_H

#include "common/history.h"

struct record;

struct replaced {
	const char *field; /* NULL: none was */
	const char *by;	   /* badge of who replaced it */
	size_t more;	   /* other fields of the same record */
};

/*
 * What entries from seq `first` to `last` replaced of what `me` set on this
 * record, the newest first. `past` are its entries, newest first; what is
 * found is borrowed from them.
 */
struct replaced replaced_in(const struct past *past, int64_t first,
	int64_t last, const char *me, const struct record *rec);

#endif
