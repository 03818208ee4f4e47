/* nearest.h - what a person may have meant by a name that is not known. */
#ifndef COMMON_NEAREST_H
#define COMMON_NEAREST_H

/* Names offered one by one; zeroed but for `typed` to begin with. */
struct nearest {
	const char *typed;
	const char *best; /* borrowed from the offers; NULL: none is near */
	unsigned distance;
};

/* Keep `name` if it is nearer than what was offered before, and near. */
void nearest_offer(struct nearest *n, const char *name);
/* The same for a name that a person may know by this label instead, whose
 * capitals do not count. */
void nearest_offer_label(
	struct nearest *n, const char *label, const char *name);

/* "; did you mean NAME?" or "": a piece of a sentence, in `out`. */
#define NEAREST_HINT_MAX 80
const char *nearest_hint(const struct nearest *n, char out[NEAREST_HINT_MAX]);

#endif
