/* table.h - rows of text in aligned columns, safe for a terminal. */
#ifndef COMMON_TABLE_H
#define COMMON_TABLE_H

#include "common/buf.h"

#define TABLE_COLUMNS_MAX 12
#define TABLE_WIDTH 79 /* cells; column 80 stays empty */
#define TABLE_CLIP 16  /* cells that a clipped column keeps: a local time */

struct table {
	size_t columns;
	size_t lead; /* the column that takes what the others leave; 0: none */
	int room[TABLE_COLUMNS_MAX]; /* cells kept for each; 0: as its text
					needs, clipped to TABLE_CLIP */
	char **cells; /* rows one after another, the heads first */
	size_t count, cap;
};
void table_release(struct table *t);

/* The next cell; copied. The first `columns` of them are the heads. */
void table_cell(struct table *t, const char *text);
void table_heads(struct table *t, const char *const heads[]); /* of all */

/*
 * Print in at most TABLE_WIDTH cells: the first column whole, and of the
 * others those that have room, by rank; the lead is never left out. Where all
 * columns have a `room`, the same ones are shown whatever the rows hold.
 */
void table_print(const struct table *t, struct buf *out);

/* Text for a terminal: at most `cells` wide (0: any), control characters as
 * ^X, line breaks as blanks, bad bytes as U+FFFD. Returns the cells used. */
int put_shown(struct buf *out, const char *text, int cells);

/* The same for text of many lines, wrapped, each line after `indent` blanks
 * but the first. */
void put_wrapped(struct buf *out, const char *text, int indent);

#endif
