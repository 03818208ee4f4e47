/*
 * hub_people.h - what the commands on units, beats and members share. For
 * sync/hub_people.c, hub_units.c and hub_devices.c only.
 */
#ifndef SYNC_HUB_PEOPLE_H
#define SYNC_HUB_PEOPLE_H

#include "common/table.h"
#include "sync/hub_commands.h"
#include "sync/hub_edits.h"

/* One record's fields as options; NULL: not given. */
struct given {
	const char *name, *access, *role, *unit, *beats, *active;
	const char *kind, *parent, *commander;
};

/* A table's next cell: the value of a field. */
MUST_CHECK enum status table_value(struct table *t, struct hub *h,
	const char *kind, const char *id, const char *field, struct why *why);
/* A command that prints a list: it takes no words, `fill` adds the rows. */
struct list_shape {
	const char *command;
	const char *const *heads; /* NULL ends them */
	size_t lead;		  /* table.h */
	enum status (*fill)(struct hub *h, struct table *t, struct why *why);
};
MUST_CHECK enum status print_list(struct hub_context *c, struct words *w,
	const struct list_shape *shape, struct why *why);

/* Into the last edit; NULL: nothing. */
MUST_CHECK enum status put_given(struct hub *h, struct hub_edits *l,
	const char *field, const char *typed, struct why *why);
/* The same of a ref, which must be there already; "" empties it. */
MUST_CHECK enum status put_ref(struct hub *h, struct hub_edits *l,
	const char *field, const char *kind, const char *id, struct why *why);

/* ST_DATA: it is there, or its code will not do. */
MUST_CHECK enum status must_be_new(
	struct hub *h, const char *kind, const char *id, struct why *why);
/* ST_NOT_FOUND: it is not. */
MUST_CHECK enum status must_be_there(
	struct hub *h, const char *kind, const char *id, struct why *why);
MUST_CHECK enum status is_void(struct hub *h, const char *kind, const char *id,
	bool *yes, struct why *why);
/* The ids of a kind that are not void. */
MUST_CHECK enum status ids_in_use(
	struct hub *h, const char *kind, struct names *out, struct why *why);

/* Is this assignment in force now, or with `or_later` some day to come? Then
 * whose it is, and of which beat (both cleared first). */
MUST_CHECK enum status assignment_read(struct hub *h, const char *id,
	bool or_later, struct buf *member, struct buf *beat, bool *yes,
	struct why *why);

/* Walk a list of beat codes: each must exist. */
typedef enum status beat_visit(struct hub *h, struct hub_edits *l,
	const char *beat, const void *arg, struct why *why);
MUST_CHECK enum status each_beat(struct hub *h, struct hub_edits *l,
	const char *codes, beat_visit *visit, const void *arg, struct why *why);
/* A visit that adds the beat to the struct names * that `arg` points to. */
beat_visit want_beat;

/* ST_USAGE: nothing was given that would change. */
MUST_CHECK enum status needs_change(
	const struct given *g, const char *usage, struct why *why);

/* Gather edits of one record and what hangs on it with `put`, write them all
 * or none, and say what was `done` to which `subject`. */
typedef enum status put_edits(struct hub *h, struct hub_edits *l,
	const char *id, const struct given *g, struct why *why);
/* Put what changes in a record that must be there: its fields, and its beats
 * where they are given. */
MUST_CHECK enum status change_there(struct hub *h, struct hub_edits *l,
	const char *kind, const char *id, const struct given *g, put_edits *put,
	put_edits *put_beats, struct why *why);
MUST_CHECK enum status write_edits(struct hub_context *c, const char *subject,
	put_edits *put, const char *id, const struct given *g, const char *done,
	struct why *why);

#endif
