/* beat_section.h - a section of a beat's screen: which records it has, and how
 * they become rows; for beat_rows.c and its like. */
#ifndef TUI_BEAT_SECTION_H
#define TUI_BEAT_SECTION_H

#include "common/names.h"
#include "common/tally.h"
#include "tui/record_state.h"

#define BEAT_NARROW 60 /* cells below which a row says one thing at its right */
#define BEAT_BAR_CELLS 8
#define BEAT_ROWS_MAX 4 /* rows of a section, where it does not say more */

/* A section of the beat's screen, and what gives its records. */
struct section {
	struct view *v;
	size_t index;
	const struct kind *kind;
	struct buf query;
};

/* False: the profile does without that kind. To be ended either way. */
bool beat_section_begin(struct section *s, struct view *v, const char *kind);
void beat_section_end(struct section *s);

/* The section's records that match `more` as well: ids in an order of query.h,
 * at most `limit` (0: all); how many there are. */
void beat_section_ask(struct section *s, const char *more, const char *sort,
	int64_t limit, struct names *ids);
int64_t beat_section_count(struct section *s, const char *more);

int beat_cols(const struct view *v); /* of the page */

/* A row of a record: `text` as wide as there is room beside `right`. */
struct row *beat_row(struct section *s, const struct record *rec,
	const char *text, const char *right);
/* What makes the right side of a record's row. */
typedef void beat_right(
	struct section *s, const struct record *rec, struct buf *out);

/* Rows of the first `max` records, by their titles. */
void beat_records(struct section *s, const struct names *ids, size_t max,
	beat_right *put);
/* A field in exactly so many cells. Adds to `out`. */
void beat_put_field(struct view *v, const struct record *rec, const char *name,
	int cells, struct buf *out);
/* "Updates, 12 weeks: 34  ..:#  this week 4, the week before 2"; nothing where
 * there were none. */
void beat_weeks(struct view *v, const char *what, const struct tally_weeks *w);

/* The sections, each added to the page. */
void beat_places(struct view *v);
void beat_left(struct view *v); /* for the next officer */
void beat_officers(struct view *v);
void beat_projects(struct view *v);
void beat_priorities(struct view *v);
void beat_promises(struct view *v);
void beat_councils(struct view *v);
void beat_concerns(struct view *v);

#endif
