/* lock.h - the screen hides what it shows: when asked, and after a while
 * without a key. */
#ifndef TUI_LOCK_H
#define TUI_LOCK_H

#include "tui/view.h"

/* Drafts are kept first. */
void lock_now(struct app *a);
/* True: the key was not for the screens. Locked, any key unlocks and does
 * nothing else, a paste is one key; after an idle time the first one finds the
 * screen locked. */
bool lock_key(struct app *a, key k);
/* Lock, if it is time. Gives ms until it is; -1: it never is. */
int lock_due(struct app *a);
void lock_draw(const struct app *a, struct canvas *c);

#endif
