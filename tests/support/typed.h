/* typed.h - what is typed in the forms that are open, and whether it is kept
 * when they are not any more. */
#ifndef TESTS_TYPED_H
#define TESTS_TYPED_H

#include "tui/view.h"

struct typed_field {
	const struct view *view; /* only compared: it may be gone */
	uint64_t hash;		 /* of the text */
	char name[NAME_MAX_BYTES + 1];
};
struct typed {
	struct typed_field *fields;
	size_t count, cap;
	int64_t last_n; /* of the replica's own edits */
	bool throwing;	/* it is asked whether to throw a draft away */
};

/* Note every field that is changed in a form of the stack. */
void typed_note(struct typed *t, struct app *a);
void typed_release(struct typed *t);
/*
 * Each of those must be in a form that is still open (`a` of NULL: none is), or
 * in a draft of the replica's, or its form was saved or thrown away on purpose.
 * Fails the test where one is not.
 */
void typed_is_kept(const struct typed *t, struct app *a, struct replica *r);

#endif
