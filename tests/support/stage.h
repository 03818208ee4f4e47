/*
 * stage.h - the real screens on a terminal that is a file: keys go in, what
 * would be sent is counted, cells are read back.
 */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include <stdio.h>

#include "tests/support/fixture.h"
#include "tui/screens_loop.h"

struct stage {
	struct fixture *f;
	struct screens s;
	FILE *out;
	long sent;	  /* bytes of the last paint */
	char text[65536]; /* what stage_row() and stage_all() gave */
};

/* Open the screens on a terminal of this type and size, and paint once; files
 * of settings that are not named are empty. */
void stage_open_on(struct stage *st, struct fixture *f,
	const struct screens_options *o, const char *type, int rows, int cols);
/* The same on a vt220 of 80x24, chosen rows by their mark as over SSH. */
void stage_open(struct stage *st, struct fixture *f, const char *kind,
	const char *id, const char *query);
void stage_close(struct stage *st);

/* For cmocka: a begin() makes the fixture that the screens will be of; and the
 * end of it: they are closed where they are open, the replica is sound, the
 * fixture goes. */
void stage_make(struct stage *st, struct fixture *f, void **state);
int stage_tear_down(void **state);

/* Keys by name, with blanks between; one paint at the end. */
void stage_press(struct stage *st, const char *keys);
/* Letters as they are. */
void stage_type(struct stage *st, const char *text);
/* Letters that come as one paste; ASCII, and line ends as Enter. */
void stage_paste(struct stage *st, const char *text);
void stage_paint(struct stage *st);
/* What others changed in the file comes to the screen. */
void stage_refresh(struct stage *st);
/* An entry of the hub comes (fixture_take), also before a screen is open. */
void stage_take(
	struct stage *st, struct fixture *f, struct entry e, const char *book);

/* Rows are counted from 1, as people do. Borrowed until the next call. */
const char *stage_row(struct stage *st, int row);
const char *stage_all(struct stage *st);
/* Fail the test where the screen, or a row of it, does not, or does, hold
 * this. */
void stage_shows(struct stage *st, const char *text);
void stage_row_shows(struct stage *st, int row, const char *text);
void stage_lacks(struct stage *st, const char *text);
void stage_cursor(int *row, int *col);
void stage_size(struct stage *st, int rows, int cols);
/* A size that came and went before anything was painted. */
void stage_size_between(struct stage *st, int rows, int cols);
/* Each draft that the replica keeps can be gone on with. */
void stage_resume_drafts(struct stage *st);
/* Has any byte string been sent to the terminal so far? */
int stage_was_sent(struct stage *st, const char *bytes);

#endif
