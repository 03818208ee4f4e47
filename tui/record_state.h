/* record_state.h - what the files of a record's page share. */
#ifndef TUI_RECORD_STATE_H
#define TUI_RECORD_STATE_H

#include "common/record.h"
#include "tui/page.h"

/* What a row of the record's page is. */
enum {
	ROW_TEXT,
	ROW_FIELD,   /* index: the field's */
	ROW_EVENT,   /* an entry of the log, or a note */
	ROW_SECTION, /* index: of kind->sections; also rows of its records */
	ROW_LIST,    /* index: the field's that holds several */
	ROW_ADDRESS, /* index: the kind's in the catalogue; as ROW_SECTION */
};

struct record_view {
	struct page page;
	char *kind, *id;
	uint32_t number;    /* the file's when that was its id: renumber.h */
	struct record *rec; /* NULL: not held any more */
	const struct field *follow; /* one of its records is being chosen */
	char hint[48];		    /* the last word that has an id */
};

#define BEAT_KIND "beat" /* whose screen is of what goes on there */

void record_rows(struct view *v); /* fill the page */

bool record_is_narrow(const struct view *v); /* the page */

/* Is a record held by a lent book alone? A beat: is its book lent? */
bool record_read_only(struct app *a, const char *kind, const char *id,
	char book[BOOK_MAX], struct why *why);

/* The query for the records of a section, added to `out`. */
void record_section_query(const struct kind *child, const struct kind *parent,
	const char *id, struct buf *out);

#endif
