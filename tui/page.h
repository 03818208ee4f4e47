/*
 * page.h - a screen that is one page of rows, made anew when its width or the
 * replica changed. The state of such a screen begins with a struct page.
 */
#ifndef TUI_PAGE_H
#define TUI_PAGE_H

#include "tui/rows.h"
#include "tui/view.h"

struct page {
	struct rows rows;
	int cols;	 /* that the rows were made for; 0: make them */
	unsigned undone; /* of the app, when they were made */
	void (*fill)(struct view *v); /* makes them; set when it is opened */
};
void page_release(struct page *p);

/* The view was opened: filled at once, for keys may come before it is drawn. */
void page_open(struct view *v, void (*fill)(struct view *v));
/* It is of something else, or begins at its first row again: the same. */
void page_anew(struct view *v);

/* Operations of view.h. */
void page_draw(struct view *v, struct canvas *c, int first, int count);
void page_reload(struct view *v);
void page_from_top(struct view *v);
/* Moves, and OPEN of the record that the chosen row stands for. */
bool page_act(struct view *v, enum action a, const char *arg);
/* That record. */
bool page_subject(struct view *v, const char **kind, const char **id);

#endif
