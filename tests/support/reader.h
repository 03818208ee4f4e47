/* reader.h - the screens as lines (tui/plain.h), without a terminal: lines go
 * in, what would be read comes out. */
#ifndef TESTS_READER_H
#define TESTS_READER_H

#include "tests/support/fixture.h"
#include "tui/plain_state.h"

#define READER_PAGE 20

struct reader {
	struct plain p;
	struct fixture *f;
	char *text; /* what was read since the last line, and the question */
};

/* Open the first screen, or a record or list; files of settings that are not
 * named are empty. */
void reader_open_with(
	struct reader *r, struct fixture *f, const struct screens_options *o);
void reader_open(struct reader *r, struct fixture *f, const char *kind,
	const char *id, const char *query);
void reader_close(struct reader *r);

/* For cmocka: a begin() makes the fixture that is read; and the end of it: the
 * reader is closed where it is open, the replica is sound, the fixture goes. */
void reader_make(struct reader *r, struct fixture *f, void **state);
int reader_tear_down(void **state);
/* One line. */
void reader_say(struct reader *r, const char *line);
/* Fail the test where what was read last does not, or does, hold this; and
 * where it is not exactly this. */
void reader_hears(struct reader *r, const char *text);
void reader_misses(struct reader *r, const char *text);
void reader_hears_only(struct reader *r, const char *text);
/* The number of the line read last that holds this; fails where none does. */
const char *reader_number(struct reader *r, const char *text);

#endif
