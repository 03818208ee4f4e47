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
void choices_clear(struct choices *c);
void choices_release(struct choices *c);
/* The nearest to what was typed first, in their order else: pick_rank(). */
void choices_sort(struct choices *c, const char *typed);

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
/* Does one choose several on this view? Is there but one that matches what was
 * typed, or one that is called so? False where the view is no choosing. */
bool pick_several(const struct view *v);
bool pick_only(const struct view *v);

/* Does `label` hold each word of `typed`, whatever the case? */
bool pick_matches(const char *label, const char *typed);

/* How near the words of `typed` are to a choice, 0 nearest: its value or label
 * begins with them, words of it do, it holds them, none of that. */
#define PICK_RANKS 4
int pick_rank(const char *value, const char *label, const char *typed);

#endif
