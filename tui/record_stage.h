/* record_stage.h - the stages of a record: shown as a line, and the move to the
 * next one. */
#ifndef TUI_RECORD_STAGE_H
#define TUI_RECORD_STAGE_H

#include "common/history.h"
#include "tui/record_state.h"

/* The stages that a record goes through, or NULL: those of a field with one to
 * begin with. Without that a stage says where the record belongs. */
const struct field *record_stages(const struct kind *k);

/* A row of the page with when the record came to each, as its log tells;
 * nothing where it has none. */
void record_stage_line(struct view *v, const struct past *past);

/* Why a record does not move to a next stage; NULL: it can. */
const char *record_stage_why_off(const struct record *rec);
/* Asks, and moves the record that is meant on the top view there. */
void record_ask_stage(struct app *a);

#endif
