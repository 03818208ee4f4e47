/*
 * catalog_build.h - a catalogue while it is read and checked. For
 * catalog_*.c only.
 */
#ifndef COMMON_CATALOG_BUILD_H
#define COMMON_CATALOG_BUILD_H

#include "common/arena.h"
#include "common/catalog.h"
#include "common/catalog_source.h"

struct value_list {
	const char *name;
	struct choice *choices;
	size_t count;
};

struct build {
	struct catalog *cat;
	struct source sources[2]; /* built in, then the profile */
	size_t source_count;
	struct value_list *lists;
	size_t list_count;
};

struct value_list *build_list(const struct build *b, const char *name);

/* The source that declares a kind, or a field of it. */
struct place build_place(
	const struct build *b, const char *kind, const char *field);

/* How many items the member of that name holds; 0 if it is absent. */
size_t build_members(const cJSON *parent, const char *name);

/* Read the lists of values and their labels from all sources. */
MUST_CHECK enum status build_lists(struct build *b, struct why *why);

/* Does everything that is named exist and fit? */
MUST_CHECK enum status build_check(const struct build *b, struct why *why);

/* Take away what the profile switches off. After build_check. */
MUST_CHECK enum status build_switch_off(struct build *b, struct why *why);

/* Tell in which order the kinds that are left are offered. */
void build_offered(struct build *b);

#endif
