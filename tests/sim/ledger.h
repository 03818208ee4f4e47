/*
 * ledger.h - the test's own book of everything that anybody wrote: what each
 * edit set, and what its writer was looking at.
 */
#ifndef SIM_LEDGER_H
#define SIM_LEDGER_H

#include "tests/sim/world.h"

/* One thing that the writer had on the screen. */
struct seen_value {
	char *field, *text;
	struct edit_id edit;
};

struct written {
	struct edit edit;
	struct edit_id now; /* its name in the file that wrote it */
	struct digest digest;
	unsigned device;
	char past[24]; /* incarnation of the hub that its file knew */
	bool gone; /* its file was put back to before it; the hub may have it */
	struct seen_value *seen;
	size_t seen_count, seen_cap;
};

struct ledger {
	struct written *items;
	size_t count, cap;
};
struct ledger *ledger_new(void);
void ledger_free(struct ledger *l);

/* Enter what this device wrote since the last call; `rec` is what its writer
 * was looking at (NULL: nothing). */
void ledger_note(struct device *d, const struct record *rec);
/* The one that this entry is, by its name or, where a copy's file took another
 * number, by its clocks; NULL: none. */
const struct written *ledger_find(const struct ledger *l, const struct edit *e);
/* Those of this device after `upto` were given this number. */
void ledger_renumber(struct device *d, uint32_t upto, uint32_t number);
/* The newest edits of this device were undone. */
void ledger_undo(struct device *d);
/* This device's file was put back: what is not in it, is only where it was
 * sent to. */
void ledger_lose(struct device *d);

#endif
