/*
 * allowed.h - what access levels and lent books allow: what each member sees,
 * what is held, and who is told of it.
 */
#ifndef SIM_ALLOWED_H
#define SIM_ALLOWED_H

#include "tests/sim/view.h"

enum access allowed_level(const struct view *v, const char *badge);
/* Those of the books asked for that the hub lends, beside those held. */
void allowed_lent(struct device *d, const struct view *v,
	const struct names *held, struct names *lent);

/* The device knows its level and its lent books, and of held edits those that
 * are for it: fails otherwise. */
void allowed_check_device(struct device *d, const struct view *v);
/* What a level did not allow when it was written is held. */
void allowed_check_log(const struct view *v);

#endif
