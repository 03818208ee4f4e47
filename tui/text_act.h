/* text_act.h - which change of a text each editing action is. */
#ifndef TUI_TEXT_ACT_H
#define TUI_TEXT_ACT_H

#include "tui/action.h"
#include "tui/text.h"

/* Editing actions on any text. False: another action. */
bool text_act(struct text *t, enum action a);

#endif
