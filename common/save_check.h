/*
 * save_check.h - may this edit be kept: its values, what they point to, what
 * is required, and who writes it.
 */
#ifndef COMMON_SAVE_CHECK_H
#define COMMON_SAVE_CHECK_H

#include "common/saving.h"

/* One edit gives a field one value: two could not be read back. ST_DATA. */
MUST_CHECK enum status check_once(const struct edit *e, struct why *why);
/* All values, the fields that must be set, and refs. ST_DATA. */
MUST_CHECK enum status check_values(struct saving *s, struct why *why);
/* On the rows as they would be, for they tell the books. ST_NOT_ALLOWED. */
MUST_CHECK enum status check_rights(struct saving *s, struct why *why);

#endif
