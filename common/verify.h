/* verify.h - do a replica's invariants hold? DESIGN.md section 5. */
#ifndef COMMON_VERIFY_H
#define COMMON_VERIFY_H

#include "common/replica.h"

/*
 * Check the file and the invariants; each finding adds one line to `report`.
 * ST_OK: all hold. ST_NOT_FOUND: some do not. ST_FILE: could not be checked.
 */
MUST_CHECK enum status replica_verify(
	struct replica *r, struct buf *report, struct why *why);

#endif
