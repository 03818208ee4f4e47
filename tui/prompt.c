#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/area.h"

#define ANSWER_MAX 1000 /* bytes */

void
prompt_release(struct prompt *p)
{
	free(p->label);
	text_release(&p->text);
	memset(p, 0, sizeof(*p));
}

void
prompt_line(struct prompt *p, const char *label, const char *preset,
	prompt_done *done, prompt_done *typing, void *arg)
{
	prompt_release(p);
	p->on = true;
	p->label = mem_text(label);
	p->done = done;
	p->typing = typing;
	p->arg = arg;
	text_init(&p->text, false, ANSWER_MAX);
	text_set(&p->text, preset);
}

void
prompt_yes(struct prompt *p, const char *question, prompt_done *done, void *arg)
{
	prompt_line(p, question, "", done, NULL, arg);
	p->yes_no = true;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

void
prompt_finish(struct prompt *p, bool accept)
{
	bool given_up = !accept && p->given_up && !is_blank(text_get(&p->text));
	char *answer = accept || given_up ? mem_text(text_get(&p->text)) : NULL;
	prompt_done *done = given_up ? p->given_up : p->done;
	void *arg = p->arg;

	prompt_release(p); /* the answer may ask the next question */
	done(arg, answer);
	free(answer);
}

bool
prompt_keep(struct prompt *p)
{
	if (p->on && p->given_up)
		prompt_finish(p, false);
	return !p->on || !p->given_up;
}

void
prompt_changed(struct prompt *p)
{
	if (p->typing)
		p->typing(p->arg, text_get(&p->text));
}

bool
prompt_tab(struct prompt *p, enum action act)
{
	return p->tab && (act == ACT_PANE_NEXT || act == ACT_PANE_PREV) &&
	       completing_tab(p->tab, &p->text, act == ACT_PANE_NEXT ? 1 : -1);
}

void
prompt_draw(const struct prompt *p, struct canvas *c, int row)
{
	const char *tail = p->yes_no ? " y or n" : ": ";
	int at = canvas_text(c, row, 1, c->cols - 9, INK_PLAIN, p->label) + 1;
	int room, col;
	size_t from;

	at += canvas_text(c, row, at, 9, INK_PLAIN, tail);
	if (p->yes_no) {
		canvas_cursor(c, row, at);
		return;
	}
	room = c->cols - at;
	from = field_window(&p->text, room, &col);
	canvas_text(c, row, at, room, INK_PLAIN, text_get(&p->text) + from);
	canvas_cursor(c, row, at + col);
}
