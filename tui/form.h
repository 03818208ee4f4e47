/*
 * form.h - any record's fields to fill in, as the catalogue has them.
 *
 * What is saved goes over the values that were there when the form, or the
 * draft it goes on with, was opened.
 */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include "tui/view.h"

/* Change a record, beginning at a field (NULL: the first). */
void form_edit(
	struct app *a, const char *kind, const char *id, const char *field);
/* The same at a field that was empty when `text` was written for it: what
 * others set meanwhile is shown beside it. */
void form_written(struct app *a, const char *kind, const char *id,
	const char *field, const char *text);
/* The same text, as a draft of that form. */
MUST_CHECK enum status form_keep_written(struct replica *r, const char *kind,
	const char *id, const char *field, const char *text, struct why *why);
/* A new record; `field` (may be NULL) is set to `value` to begin with. It is
 * said where this member may not write such. */
void form_new(
	struct app *a, const char *kind, const char *field, const char *value);
/* A third value for a field in conflict: saving it settles the conflict. */
void form_settle(
	struct app *a, const char *kind, const char *id, const char *field);
/* Go on with a draft by its name. */
void form_resume(struct app *a, const char *draft);
/*
 * The save was undone (outbox_undo_keeping): what it said in a record that it
 * made, in a long text, or to settle a conflict in words of neither side, is
 * kept as a draft of that form. *kept: something was.
 */
MUST_CHECK enum status form_keep_undone(
	struct replica *r, const struct edit *e, bool *kept, struct why *why);

/* The field through which a record of kind `child` belongs to one of kind
 * `parent`, or NULL. */
const struct field *form_parent_field(
	const struct kind *child, const char *parent);

#endif
