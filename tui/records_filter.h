/* records_filter.h - which records a list shows: its query, how it is changed,
 * and remembered. The state of a list. */
#ifndef TUI_RECORDS_FILTER_H
#define TUI_RECORDS_FILTER_H

#include "tui/columns.h"
#include "tui/completing.h"
#include "tui/list.h"

struct records {
	const struct kind *kind;
	char *query;
	char *place;   /* its filter is remembered under this name; or NULL */
	char *usual;   /* the filter that it was made with, of its own */
	bool filtered; /* it has another one now, but for void records */
	bool voids;    /* those are shown */
	int64_t all;   /* records it has without that filter */
	int64_t all_version; /* of the replica, as of which */
	bool all_voids;
	int64_t gone;  /* void ones there are, where no other is */
	char word[24]; /* a hint with a number */
	struct completing completing;
	char *before; /* the query when the filter was begun */
	size_t order; /* 0 the kind's own, else the column's number */
	char sort[NAME_MAX_BYTES + 2];
	struct names ids;
	bool stale;
	struct list list;
	struct columns columns;
};

/* Read the ids anew, staying at the record that was chosen. */
MUST_CHECK enum status records_read(struct view *v, struct why *why);

/* What is known of the filter, after the ids were read. */
void records_look_at_filter(struct view *v);

/* Another query; false: it is none, and the old one stays in force. */
bool records_set_query(struct view *v, const char *query, bool say);
/* The same for good: as it was typed, without the blanks at its end. */
bool records_filter(struct view *v, const char *text);
void records_ask_filter(struct view *v); /* shown as it is typed */
/* Its own again; the void records go on being shown or not. */
void records_show_all(struct view *v);
/* Does the filter give more than that? */
bool records_wider(const struct records *l);
/* "(8)"; where it is filtered "(3 of 8)", which is said first. */
void records_put_count(const struct records *l, struct buf *out);
/* Void records too, or not any more; as it was where none is void. */
void records_toggle_void(struct view *v);
/* As a search that opens this list so; NULL: its name is asked for. */
void records_save_filter(struct view *v, const char *name);

#endif
