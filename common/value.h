/*
 * value.h - what people type becomes canonical text, and back.
 *
 * Every value is text in one canonical form for its type; empty text is "not
 * set". Sets and refs are joined with commas, `\,` for a comma within and
 * `\\` for a backslash. Bools are true and false. Instants and days as in
 * when.h. geo is `lat,lon`, six decimals at most; area is the coordinates of
 * a GeoJSON MultiPolygon, six decimals at most.
 */
#ifndef COMMON_VALUE_H
#define COMMON_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/catalog.h"
#include "common/status.h"

#define ID_MAX 64 /* bytes of a record's id */

/*
 * Read what was typed for `f` into canonical text (a new string in *out, ""
 * when it empties the field). Takes `me`, relative days, choice labels, local
 * times. ST_DATA: `why` names the field, the reason and what would be right.
 */
struct value_context {
	const char *me; /* the member's badge */
	int64_t now_ms;
};
MUST_CHECK enum status value_read(const struct field *f, const char *typed,
	const struct value_context *ctx, char **out, struct why *why);

/*
 * Is this text canonical for `f`? The hub's and the store's check: takes no
 * shorthand and does not look for refs. ST_DATA with the reason.
 */
MUST_CHECK enum status value_check(
	const struct field *f, const char *text, struct why *why);

/* For people: labels of choices, local times, "yes", at full length. Refs
 * stay ids: the caller knows their titles. */
void value_print(const struct field *f, const char *text, struct buf *out);

/* Walk a comma-joined list: the next item, unescaped, into `item` (cleared
 * first). Start with *at = 0; false at the end. */
bool value_next(const char *list, size_t *at, struct buf *item);
void value_join(struct buf *list, const char *item); /* escape and append */

/* KIND/ID apart: *id points into `text`. False: no such form. */
bool record_name_split(
	const char *text, char kind[NAME_MAX_BYTES + 1], const char **id);
/* The id that a replica gives to the n-th record it makes: both in base 36. */
void record_id_text(uint32_t replica, int64_t n, char out[ID_MAX + 1]);
/* An id: 1 to ID_MAX of letters, digits, - _ . */
bool record_id_ok(const char *id);

#endif
