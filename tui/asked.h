/* asked.h - the record that a question is about: by its name, for it may have
 * changed when the answer comes. */
#ifndef TUI_ASKED_H
#define TUI_ASKED_H

#include "tui/view.h"

struct record;

/* The record that an action on the top view is about; the question will be.
 * To be freed; NULL: there is none, or it could not be read, which is said. */
struct record *asked_about(struct app *a, enum action act);
/* The same as it is now, for the answer. */
struct record *asked_record(struct app *a);
/* Did anybody change it since? Then it is said who, and that changed record is
 * what the next answer is about. */
bool asked_changed(struct app *a, const struct record *rec);

#endif
