/* pick.h - choose one or several of a list, by typing a part of them. */
#ifndef TUI_PICK_H
#define TUI_PICK_H

#include "tui/view.h"

struct choices {
	struct choice_row {
		char *value, *label;
	} * items;
	size_t count, cap;
};
void choices_add(struct choices *c, const char *value, const char *label);

struct pick_options {
	const char *title;
	/* All that match what was typed; the nearest are shown first. */
	void (*fill)(void *arg, const char *typed, struct choices *out);
	/* One was chosen; or with `several`: the comma-joined list, at the
	 * end. The pick is off the stack already. */
	void (*done)(void *arg, const char *value);
	void (*given_up)(void *arg); /* may be NULL */
	void *arg;
	bool several;
	const char *chosen; /* the value now; several: what is on */
	const char *typed;  /* to begin with; NULL for nothing */
};
void pick_open(struct app *a, const struct pick_options *o);

/* Does `label` hold each word of `typed`, whatever the case? */
bool pick_matches(const char *label, const char *typed);

/* How near the words of `typed` are to a choice, 0 nearest: its value or label
 * begins with them, words of it do, it holds them, none of that. */
#define PICK_RANKS 4
int pick_rank(const char *value, const char *label, const char *typed);

#endif
