/*
 * catalog_source.h - the JSON texts a catalogue is read from, and messages
 * that name the file and the line of a mistake. For catalog_*.c only.
 */
#ifndef COMMON_CATALOG_SOURCE_H
#define COMMON_CATALOG_SOURCE_H

#include <stddef.h>

#include "common/json.h"
#include "common/status.h"

struct source {
	const char *file; /* as messages call it */
	const char *text;
	size_t len;
	cJSON *tree;
};

/* Where a mistake is; what is not known is NULL. */
struct place {
	const struct source *source;
	const char *kind;
	const char *field;
	const char *word; /* the quoted text that is wrong */
};

/* Parse the text; source_release frees the tree. ST_DATA: not JSON. */
MUST_CHECK enum status source_parse(struct source *s, struct why *why);
void source_release(struct source *s);

/* ST_DATA and "FILE:LINE: KIND.FIELD: message". */
enum status source_wrong(const struct place *at, struct why *why,
	const char *fmt, ...) PRINTF_LIKE(3, 4);

/* What an object may hold. */
struct member_rule {
	const char *name;
	enum {
		MEMBER_TEXT,
		MEMBER_TRUE, /* true or false */
		MEMBER_INT,
		MEMBER_TEXTS,	/* array of texts */
		MEMBER_OBJECTS, /* array of objects */
		MEMBER_OBJECT
	} shape;
	bool required;
};

/* Has an object the members these rules ask for, of their shapes, and no
 * others? The rules end with a NULL name. */
MUST_CHECK enum status source_members(const struct place *at,
	const cJSON *object, const struct member_rule *rules, struct why *why);

#endif
