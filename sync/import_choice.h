/* import_choice.h - the properties that features of a file have, for who named
 * one that none has: those most like a code first. */
#ifndef SYNC_IMPORT_CHOICE_H
#define SYNC_IMPORT_CHOICE_H

#include <cjson/cJSON.h>

#include "common/buf.h"
#include "common/names.h"

struct import_property {
	char *name;
	struct names values; /* of the features looked at */
	bool code_like;	     /* so far: short, and no two the same */
};
struct import_choice {
	struct import_property *items;
	size_t count, cap;
	size_t features; /* looked at */
};
void import_choice_release(struct import_choice *c);

/* A feature's properties; those of the first say what there is. */
void import_choice_note(struct import_choice *c, const cJSON *properties);
/* "CP_BEAT, NAME and 13 more" */
void import_choice_put(const struct import_choice *c, struct buf *out);

/* A property as text: "" for null and NULL. False: it is neither text nor a
 * number. */
bool import_property_text(const cJSON *node, struct buf *out);

#endif
