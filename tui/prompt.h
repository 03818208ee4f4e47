/* prompt.h - one question on the message row. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "tui/action.h"
#include "tui/completing.h"

/* What is done with the answer; NULL text: it was given up. */
typedef void prompt_done(void *arg, const char *text);

struct prompt {
	bool on, yes_no;
	bool gives_way; /* what is no answer answers no, and acts as itself */
	char *label;
	/* Bytes of the label that are shortened first where what is typed needs
	 * the room, a record's title; set by who asked. Length 0: none. */
	size_t title_at, title_len;
	struct text text;
	prompt_done *done;
	prompt_done *typing; /* after each change; may be NULL */
	/* Set by who asked, or NULL: what is done instead with a text that was
	 * typed and given up, so that it is not lost; and what completes it. */
	prompt_done *given_up;
	struct completing *tab; /* for Tab */
	void *arg;
};

void prompt_release(struct prompt *p);
void prompt_line(struct prompt *p, const char *label, const char *preset,
	prompt_done *done, prompt_done *typing, void *arg);
/* A question that y and the key that saves a form answer with yes, n and Esc
 * with no. */
void prompt_yes(
	struct prompt *p, const char *question, prompt_done *done, void *arg);
void prompt_finish(struct prompt *p, bool accept);
/* The screens end: what was typed, and is not to be lost, goes where it would
 * when the question is given up. False: it could not. */
bool prompt_keep(struct prompt *p);
void prompt_changed(struct prompt *p); /* its text was edited */
/* Tab and Shift-Tab. False: another action, or nothing to complete it by. */
bool prompt_tab(struct prompt *p, enum action act);
/* A question is whole while what is typed fits beside it; then it takes half of
 * the row at most. */
void prompt_draw(const struct prompt *p, struct canvas *c, int row);

#endif
