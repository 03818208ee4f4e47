/*
 * query_offer.h - what may go where the cursor is in a query that is being
 * typed: names of fields, kinds, and values.
 */
#ifndef COMMON_QUERY_OFFER_H
#define COMMON_QUERY_OFFER_H

#include "common/replica.h"

struct offer {
	char *text;  /* what goes in, such as stage: or analysis */
	char *label; /* what a person knows it by; "" where that is the text */
};
struct offers {
	struct offer *items;
	size_t count, cap;
	size_t from; /* replaced is the text from here to the cursor */
};
void offers_release(struct offers *o);
void offers_add(struct offers *o, const char *text, const char *label);
/* Names of kinds that begin with `typed`, their labels as well. */
void offer_kinds(const struct catalog *c, const char *typed, struct offers *o);
/* Records of a kind that goes by a code, such as a beat, which begin so. */
void offer_codes(struct replica *r, const char *kind, const char *typed,
	struct offers *o);
/* Records found by the words typed, as their KIND/ID; of a kind as the id. */
void offer_records(struct replica *r, const char *kind, const char *typed,
	struct offers *o);

/*
 * Replaces what is in `o`. `kind` is that of a list, NULL: any, or that of
 * `in:`. `at` is the cursor, in bytes. Nothing is offered within a word that
 * no field begins with.
 */
void query_offers(struct replica *r, const struct kind *kind, const char *text,
	size_t at, struct offers *o);

#endif
