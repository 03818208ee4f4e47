/* samples.h - a value for each field of the catalogue, as it is typed and as it
 * is stored, and a record of each kind for refs to point to. */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include "tests/support/fixture.h"

/* What one types into a field, what is wrong there (NULL: nothing is), and what
 * comes of it. */
struct sample {
	const char *wrong, *right, *stored;
};
struct sample sample_of(const struct field *field);
bool sample_left_out(const struct fixture *f, const struct field *field);

/* A fixture of this profile, its officer an admin, with a record of each kind
 * that another officer wrote; they are called Seed, or have no name. */
void samples_make(struct fixture *f, const char *profile);

/* Fails the test where a field's stored text is not what the sample gives, or
 * for what is chosen where it is not canonical, or is empty. */
void samples_check(const struct fixture *f, const struct record *rec);
/* The record that the newest own edit made; the caller frees it. */
struct record *sample_newest(struct fixture *f, const struct kind *k);

/* A test for each profile there is, its name in *state. The exit status. */
int samples_run(void (*test)(void **state));

#endif
