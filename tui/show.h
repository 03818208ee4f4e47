/* show.h - values, times and log entries in words that fit on a row. */
#ifndef TUI_SHOW_H
#define TUI_SHOW_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/catalog.h"
#include "common/edit.h"
#include "common/replica.h"
#include "common/when.h"
#include "tui/look.h"

struct record;

bool record_is_void(const struct record *rec);

/* Adds to `out`: labels of choices, titles of refs, local times; one line. */
void show_value(struct replica *r, const struct field *f, const char *text,
	struct buf *out);
/* The same of a field by its name, where there is room: a long text keeps its
 * lines, and what the catalogue does not know is shown as it is. */
void show_whole(struct replica *r, const struct kind *k, const char *field,
	const char *text, struct buf *out);
/* A day gets how near it is: today, Wed 16, OVER 2d. */
void show_due(const char *day, int64_t now, char out[WHEN_MAX]);
/* A day in full and how far off it is: Fri 27 Nov 2026, in 3 days. Short: its
 * name alone. Nothing is added where it is no day. */
void show_day(const char *day, int64_t now, bool in_short, struct buf *out);
void show_date(int64_t at, int64_t now, char out[WHEN_MAX]); /* 14 Jul */
void show_time(int64_t at, int64_t now, char out[WHEN_MAX]); /* 14 Jul 10:31 */
/* 14m, 3h, 2d: three cells at most, up to 99 days. */
void show_age(int64_t ms, char out[WHEN_MAX]);
/* A member's name, or the badge where it is not held. */
void show_member(struct replica *r, const char *badge, struct buf *out);
/* A record's title, one line. */
void show_title(
	struct replica *r, const char *kind, const char *id, struct buf *out);
/* "Void 2f-1a Harbor Garage": what is asked about, its title clipped; gives the
 * title's bytes, which are the last. */
size_t show_asked(struct replica *r, const struct look *l, const char *verb,
	const struct record *rec, struct buf *out);
/* The first person that a record points to, for one without a title of its
 * own. False: it points to none. */
bool show_person(struct replica *r, const struct kind *k, const char *id,
	struct buf *out);
/*
 * The record that this one hangs on, such as an update's project or the meeting
 * of an attendance, in words; nothing where its own title says which it is. Of
 * several, one that must be there goes first, a beat or unit last.
 */
void show_parent(struct replica *r, const struct record *rec, struct buf *out);
/* Is the record held, void or not? One that cannot be read is taken for it. */
bool show_is_here(struct replica *r, const char *kind, const char *id);
/* What is said behind the name of a record that is not held, beginning with a
 * blank: "" where it is, or is of a kind that goes by a code. */
const char *show_absent(struct replica *r, const char *kind, const char *id);
/* What a record that is not made would be: its kind, and the text that tells
 * most of it. */
void show_unmade(struct replica *r, const struct edit *e, struct buf *out);
/* What an entry set, without its long texts: "Stage Response; Goal ...". */
void show_changes(struct replica *r, const struct edit *e, struct buf *out);
/* Which of its changes tells an entry from others: that of the title, else of a
 * text; 0 where none does. */
size_t show_telling(const struct kind *k, const struct edit *e);
/* The help of a field, without the ids of the policies it comes from. */
void show_help(const struct field *f, struct buf *out);
/* The label of a field, or its name where the catalogue has none. */
const char *show_label(const struct kind *k, const char *field);
/* At most `cells` wide; what is clipped ends in an ellipsis. A plain look has
 * no width: there it is whole, and padded by two blanks at most. */
void show_clipped(
	const char *text, int cells, const struct look *l, struct buf *out);
/* The same with blanks after it: exactly `cells` wide. */
void show_padded(
	const char *text, int cells, const struct look *l, struct buf *out);
/* Whole, with blanks after it: `cells` wide, and more where it needs more. */
void show_column(
	const char *text, int cells, const struct look *l, struct buf *out);
/* The whole text, its lines run together: line ends and tabs are a blank. */
void show_one_line(const char *text, struct buf *out);

#endif
