/* bar.h - the frame: title, messages, status and hints. */
#ifndef TUI_BAR_H
#define TUI_BAR_H

#include "tui/syncing.h"
#include "tui/view.h"

/* Rows of the body: all but the title, and messages, status and hints. */
#define BAR_BODY_FIRST 1
int bar_body_rows(const struct canvas *c);
/* How many of them, at the end, what is said takes now: a long text, or one
 * above a question. */
int bar_covered_rows(const struct app *a, const struct canvas *c);

void bar_title(struct app *a, struct canvas *c);
/* Messages or the prompt, status, hints. */
void bar_bottom(struct app *a, const struct syncing *s, struct canvas *c);

#endif
