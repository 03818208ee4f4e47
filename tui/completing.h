/*
 * completing.h - Tab on a text being typed: what may go in is shown while one
 * types, Tab puts in as much as is certain, and Tab again one after another.
 */
#ifndef TUI_COMPLETING_H
#define TUI_COMPLETING_H

#include "common/query_offer.h"
#include "tui/canvas.h"
#include "tui/text.h"

struct completing {
	/* What may go in at the cursor; of a query: query_offers(). */
	void (*fill)(void *arg, const char *text, size_t at, struct offers *o);
	void *arg;
	struct offers offers;
	bool looked;	  /* they are those of the text at `version` and `at` */
	unsigned version; /* of the text */
	size_t at;	  /* its cursor */
	size_t chosen;	  /* the one that Tab put in; count: none */
};
void completing_release(struct completing *c);

/* Tab, or with `by` of -1 back to the one before. False: nothing goes in. */
bool completing_tab(struct completing *c, struct text *t, int by);
/* "Tab: stage: status:" on a row. False: nothing is offered, nothing drawn. */
bool completing_draw(
	struct completing *c, const struct text *t, struct canvas *to, int row);

#endif
