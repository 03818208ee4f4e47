/*
 * columns.h - the fields of a kind that a list shows beside one another, as
 * many as there is room for, and its rows as they were read.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "common/names.h"
#include "tui/view.h"

#define COLUMNS_MAX 11
#define COLUMNS_LEFT 4	/* the cell where the first begins */
#define COLUMNS_ROWS 64 /* kept at a time */

/* A column that fits on the screen. */
struct column {
	const struct field *field; /* NULL: updated_at */
	int at, width;		   /* in cells */
};

/* One row as it was read. */
struct column_row {
	size_t index; /* of the list, plus one; 0: nothing here */
	char *cells[COLUMNS_MAX];
	char mark;
	bool faint;
};

/* Begun with the app and the kind alone, the rest zeroed. */
struct columns {
	struct app *app;
	const struct kind *kind;
	const char *query; /* that the list is of; borrowed */
	struct column items[COLUMNS_MAX];
	size_t count;
	int cols; /* that they were laid for; 0: not yet */
	struct column_row rows[COLUMNS_ROWS];
};
/* The rows as they were read; the columns stay. Also the release. */
void columns_forget(struct columns *l);
/* The list is of another query now. */
void columns_follow(struct columns *l, const char *query);

/* Lays them for so many cells, if they are not yet: by rank, but for one that
 * would say the same in each row, since the query holds it to one choice. */
void columns_fit(struct columns *l, int cols);
/* Row `index` of the list, which is the record `id`; read where it is not
 * there. Borrowed until the next call. */
const struct column_row *columns_read(
	struct columns *l, size_t index, const char *id);

/* Their names at row `at`; a row of the list, its mark left to the caller. */
void columns_draw_names(const struct columns *l, struct canvas *c, int at);
const struct column_row *columns_draw(struct columns *l, struct canvas *c,
	int at, size_t index, const char *id);

/* All columns of the kind as CSV, whole and in words, whatever fits. */
MUST_CHECK enum status columns_table(const struct columns *l,
	const struct names *ids, struct buf *out, struct why *why);

#endif
