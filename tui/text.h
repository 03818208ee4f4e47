/*
 * text.h - text being edited: bytes, a cursor, undo. No terminal needed.
 *
 * The text is always clean UTF-8; the cursor stands before a character,
 * never within one or before its combining marks.
 */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

struct text_change;
struct text {
	struct buf bytes;
	size_t at; /* the cursor, in bytes */
	bool many_lines;
	struct text_change *undo; /* oldest first */
	size_t undo_count, undo_cap;
	bool run;	  /* the next letter belongs to the last change */
	unsigned version; /* moves with every change */
};

void text_init(struct text *t, bool many_lines, size_t max);
void text_release(struct text *t);
void text_set(struct text *t, const char *value); /* forgets the undo */
const char *text_get(const struct text *t);	  /* borrowed */

/*
 * Insert at the cursor. Control characters become blanks (newlines stay
 * where there are many lines). False: it would pass the maximum; nothing
 * was inserted.
 */
bool text_insert(struct text *t, const char *s, size_t len);
bool text_rub_left(struct text *t);
bool text_rub_right(struct text *t);
bool text_rub_word(struct text *t);
bool text_rub_line(struct text *t);
bool text_undo(struct text *t); /* false: nothing to undo */

void text_left(struct text *t);
void text_right(struct text *t);
void text_start(struct text *t); /* of the line */
void text_end(struct text *t);
void text_move(struct text *t, size_t at); /* to the nearest such place */

#endif
