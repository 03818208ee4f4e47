/*
 * rows.h - a page of lines, some of which can be chosen: what records,
 * Today, histories, conflicts and sync status are made of.
 */
#ifndef TUI_ROWS_H
#define TUI_ROWS_H

#include "common/status.h"
#include "tui/canvas.h"
#include "tui/list.h"

struct row {
	char *text;
	enum ink ink;
	char mark;	 /* column 3; 0 none */
	bool pick;	 /* may be chosen */
	bool head;	 /* begins a section */
	bool bare;	 /* one that may be chosen, without a rule */
	int tag;	 /* the screen's own */
	size_t index;	 /* the screen's own */
	char *kind, *id; /* record it stands for, or NULL */
	char *key;	 /* tells it from all others, where the rest does not */
};
struct rows {
	struct row *items;
	size_t count, cap;
	struct list list;
	bool whole; /* texts are not cut to a number of lines */
	/* While they are made anew, what they were. */
	struct row *was;
	size_t was_count;
	struct row lost; /* was chosen and went; no move was made since */
	bool gone;	 /* it went when they were made the last time */
	bool undone;	 /* something was undone: what was lost may be back */
	bool from_top;	 /* to be shown from the first one on */
};

void rows_release(struct rows *r);
void rows_clear(struct rows *r); /* to make them anew: the choice is kept */
void rows_anew(struct rows *r);	 /* of something else: it is not */
/* A new row; the pointer lives until the next one is added. */
struct row *rows_add(struct rows *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A section's head. */
struct row *rows_head(struct rows *r, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Text after `head`, wrapped below it to at most `max` lines of `cells`;
 * gives the number of its first row, which can be chosen. */
size_t rows_wrap(
	struct rows *r, const char *head, const char *text, int cells, int max);
void row_stands_for(struct row *row, const char *kind, const char *id);
void row_set_key(struct row *row, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* After filling: what was chosen stays so by what it stands for, not by its
 * place; see list_follow(). */
void rows_settle(struct rows *r);
const struct row *rows_chosen(const struct rows *r); /* NULL: none */
/* Moves, and PANE_NEXT and PANE_PREV to the first choice of the next section
 * that has one, around the end. */
bool rows_act(struct rows *r, enum action a);
void rows_draw(struct rows *r, struct canvas *c, int first, int count);

#endif
