/*
 * inbox_log.h - the entries that a replica was sent, each under its seq. Like
 * inbox.h: inside a transaction.
 */
#ifndef COMMON_INBOX_LOG_H
#define COMMON_INBOX_LOG_H

#include "common/entry.h"
#include "common/replica.h"

enum entry_state { STATE_APPLIED, STATE_HELD, STATE_REFUSED };
enum entry_state inbox_log_state(const struct entry *e);

/* An entry that is not here. *added false: its seq is taken, or its edit is
 * here already; nothing was changed. */
MUST_CHECK enum status inbox_log_add(
	struct replica *r, const struct entry *e, bool *added, struct why *why);

/*
 * The same, or more of one that is here: a trimmed entry may be followed by
 * the whole one, never the other way. A place has one edit and an edit one
 * place: while books are filled anew the hub's word goes, and what another past
 * had there gives way; else ST_DATA.
 */
MUST_CHECK enum status inbox_log_write(
	struct replica *r, const struct entry *e, struct why *why);

/* The record's cells as the entries that are here have them. */
MUST_CHECK enum status inbox_log_cells(
	struct replica *r, const char *kind, const char *id, struct why *why);

#endif
