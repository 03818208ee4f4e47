/* prompt.h - one question on the message row. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "tui/canvas.h"
#include "tui/text.h"

/* What is done with the answer; NULL text: it was given up. */
typedef void prompt_done(void *arg, const char *text);

struct prompt {
	bool on, yes_no;
	char *label;
	struct text text;
	prompt_done *done;
	prompt_done *typing; /* after each change; may be NULL */
	void *arg;
};

void prompt_release(struct prompt *p);
void prompt_line(struct prompt *p, const char *label, const char *preset,
	prompt_done *done, prompt_done *typing, void *arg);
/* A question that y answers with yes, n and Esc with no. */
void prompt_yes(
	struct prompt *p, const char *question, prompt_done *done, void *arg);
void prompt_finish(struct prompt *p, bool accept);
void prompt_changed(struct prompt *p); /* its text was edited */
void prompt_draw(const struct prompt *p, struct canvas *c, int row);

#endif
