/* schema.h - the replica's tables: made once, following the catalogue. */
#ifndef COMMON_SCHEMA_H
#define COMMON_SCHEMA_H

#include "common/shown.h"

#define SCHEMA_APPLICATION_ID 0x42454154 /* "BEAT", PRAGMA application_id */
#define SCHEMA_VERSION 5		 /* PRAGMA user_version */

/* Make the tables that every replica has, in an empty file. */
MUST_CHECK enum status schema_make(struct sql *db, struct why *why);

/* Is this file a replica that this program can read? ST_FILE: why not. */
MUST_CHECK enum status schema_check(
	struct sql *db, const char *path, struct why *why);

/* Bring an older replica's file up to this version, in one transaction. */
MUST_CHECK enum status schema_upgrade(struct sql *db, struct why *why);

/*
 * Make kind tables and columns that the catalogue has and the file has not,
 * and lay anew the rows of every kind that changed; what the catalogue no
 * longer knows waits in the log and the cells. To be called inside a
 * transaction, when the catalogue is not the one the file was last used with.
 */
MUST_CHECK enum status schema_follow(const struct tables *t, struct why *why);

#endif
