/*
 * save_fill.h - what an edit carries besides what was typed, and what it need
 * not carry.
 */
#ifndef COMMON_SAVE_FILL_H
#define COMMON_SAVE_FILL_H

#include "common/saving.h"

/* A new record's id: REPLICA-N in base 36; what has an official code keeps it.
 * ST_DATA: there is none, or it cannot be an id. */
MUST_CHECK enum status fill_id(struct saving *s, struct why *why);
/* Fields of a new record that the catalogue presets and nobody set. */
MUST_CHECK enum status fill_defaults(struct saving *s, struct why *why);
/* An edit that touches one field of a group carries all of them. */
MUST_CHECK enum status fill_groups(struct saving *s, struct why *why);

/* Does it change or settle anything? */
bool changes_something(const struct saving *s);
/* Drop changes that change nothing; those that settle a conflict stay. */
void drop_idle_changes(struct saving *s);

#endif
