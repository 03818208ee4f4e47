#include "tui/text_act.h"

/* What each editing action does; those that give false had nothing to do. */
static const struct {
	enum action action;
	void (*move)(struct text *t);
	bool (*change)(struct text *t);
} text_acts[] = {
	{ACT_LEFT, text_left, NULL},
	{ACT_RIGHT, text_right, NULL},
	{ACT_WORD_LEFT, text_word_left, NULL},
	{ACT_WORD_RIGHT, text_word_right, NULL},
	{ACT_LINE_START, text_start, NULL},
	{ACT_LINE_END, text_end, NULL},
	{ACT_TEXT_START, text_first, NULL},
	{ACT_TEXT_END, text_last, NULL},
	{ACT_RUB_LEFT, NULL, text_rub_left},
	{ACT_RUB_RIGHT, NULL, text_rub_right},
	{ACT_RUB_WORD, NULL, text_rub_word},
	{ACT_RUB_WORD_RIGHT, NULL, text_rub_word_right},
	{ACT_RUB_LINE, NULL, text_rub_line},
	{ACT_RUB_LINE_END, NULL, text_rub_line_end},
	{ACT_TEXT_UNDO, NULL, text_undo},
	{ACT_TEXT_REDO, NULL, text_redo},
};

bool
text_act(struct text *t, enum action a)
{
	size_t at = t->at;

	for (size_t i = 0; i < sizeof(text_acts) / sizeof(text_acts[0]); i++) {
		if (text_acts[i].action != a)
			continue;
		if (text_acts[i].move)
			text_acts[i].move(t);
		else
			text_acts[i].change(t);
		if (t->at == at && a == ACT_LINE_START)
			text_first(t);
		else if (t->at == at && a == ACT_LINE_END)
			text_last(t);
		return true;
	}
	return false;
}
