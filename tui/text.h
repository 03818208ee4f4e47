/*
 * text.h - text being edited: bytes, a cursor, undo and redo. No terminal
 * needed.
 *
 * The text is always clean UTF-8; the cursor stands before a character,
 * never within one (utf8.h says what one is). A key costs one move of the
 * bytes behind the cursor, and what is laid out learns what changed.
 */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

struct text_change;
struct text_log {
	struct text_change *items; /* oldest first */
	size_t count, cap;
	size_t bytes; /* kept in them */
};

/* What the last key did, where the next may be undone together with it. */
enum text_run { RUN_NONE, RUN_TYPED, RUN_RUBBED_LEFT, RUN_RUBBED_RIGHT };

struct text {
	struct buf bytes;
	size_t at; /* the cursor, in bytes */
	bool many_lines;
	struct text_log undo, redo;
	enum text_run run;
	unsigned version; /* moves with every change */
	/* Since version `laid`, the first `head` bytes and the last `tail` are
	 * as they were. */
	size_t head, tail;
	unsigned laid;
};

void text_init(struct text *t, bool many_lines, size_t max);
void text_release(struct text *t);
void text_set(struct text *t, const char *value); /* forgets the undo */
/* The same as a change that can be undone. False: too long. */
bool text_replace(struct text *t, const char *value);
const char *text_get(const struct text *t); /* borrowed */

/*
 * Insert at the cursor. Control characters become blanks (newlines and tabs
 * stay where there are many lines). False: it would pass the maximum; nothing
 * was inserted. Letters come one at a time; more at once are a paste, which is
 * undone by itself.
 */
bool text_insert(struct text *t, const char *s, size_t len);

/* Take out what is before or behind the cursor. False: there is nothing. */
bool text_rub_left(struct text *t);
bool text_rub_right(struct text *t);
bool text_rub_word(struct text *t);
bool text_rub_word_right(struct text *t);
bool text_rub_line(struct text *t); /* to the line's start */
bool text_rub_line_end(struct text *t);

/* Letters typed one after another, a word, are undone as one; letters rubbed
 * out one after another likewise. False: nothing to undo. */
bool text_undo(struct text *t);
bool text_redo(struct text *t);

void text_left(struct text *t);
void text_right(struct text *t);
void text_word_left(struct text *t);  /* to where a word begins */
void text_word_right(struct text *t); /* to where the next begins */
void text_start(struct text *t);      /* of the line */
void text_end(struct text *t);
void text_first(struct text *t); /* of the whole */
void text_last(struct text *t);
void text_move(struct text *t, size_t at); /* to the character there */

/* Who lays the text out has taken in all its changes. */
void text_laid(struct text *t);

#endif
