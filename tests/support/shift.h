/* shift.h - what an officer finds at the start of a shift, and keys as a script
 * with words between them. */
#ifndef TESTS_SHIFT_H
#define TESTS_SHIFT_H

#include "tests/support/stage.h"

/*
 * Projects 30-1 "Harbor Garage lot B", whose goal Chen set over ours, and two
 * of one's own, one of them "Entered twice"; a place and an update at 410 Front
 * St; the meeting "NCPC of July"; a promise that is overdue.
 */
void shift_begins(struct fixture *f);

/* Play "<F3> 'garage' <Enter>": keys by name, words in quotes. Gives how many
 * keys were pressed, without the words. */
int shift_play(struct stage *st, const char *script);

#endif
