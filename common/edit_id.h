/*
 * edit_id.h - the name of an edit, (replica, n), written 47.12.
 */
#ifndef COMMON_EDIT_ID_H
#define COMMON_EDIT_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/json.h"

struct edit_id {
	uint32_t replica; /* 0 is the hub itself */
	uint32_t n;	  /* 1, 2, 3 … in each replica; 0: no edit */
};
#define EDIT_ID_TEXT 24
/* clang-format off */
#define EDIT_ID_NONE ((struct edit_id){0, 0})
/* clang-format on */

bool edit_id_none(struct edit_id id);
bool edit_id_same(struct edit_id a, struct edit_id b);
void edit_id_text(struct edit_id id, char out[EDIT_ID_TEXT]); /* "" if none */
bool edit_id_parse(const char *text, struct edit_id *id);

/* In JSON: one of an array, a member, and a node read back. */
void edit_id_put(struct buf *b, struct edit_id id);
void edit_id_put_member(struct buf *b, const char *name, struct edit_id id);
bool edit_id_get(const cJSON *node, struct edit_id *id);

#endif
