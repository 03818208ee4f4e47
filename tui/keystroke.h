/*
 * keystroke.h - what one key does: it belongs to a paste, answers the question
 * that is on, is part of a chord, chooses a row by its number, or is typed.
 */
#ifndef TUI_KEYSTROKE_H
#define TUI_KEYSTROKE_H

#include "tui/view.h"

void app_key(struct app *a, key k);

/* Do digits choose rows on this screen, where no key is bound to them? */
bool app_takes_digits(const struct app *a);
/* Choose the n-th, from 1, of the rows that the canvas noted when the screen
 * was drawn the last time. False: there is none. */
bool app_choose(struct app *a, size_t n);

#endif
