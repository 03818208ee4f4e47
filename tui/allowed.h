/* allowed.h - what one's access lets write: said before one begins to type. */
#ifndef TUI_ALLOWED_H
#define TUI_ALLOWED_H

#include "tui/view.h"

struct kind;

/*
 * Why this member may not write a record of a kind, whichever book it is in; in
 * `why`. NULL: they may. `id` NULL: a new one, about oneself if about anybody.
 */
const char *allowed_why_off(
	struct app *a, const struct kind *k, const char *id, struct why *why);

#endif
