/*
 * scope.h - who should hold what, worked out anew from DESIGN.md sections 3
 * and 8, by other code than the programs'.
 */
#ifndef SIM_SCOPE_H
#define SIM_SCOPE_H

#include "tests/sim/view.h"

/* Books of a record that the hub has. */
void scope_record(const struct view *v, const char *kind, const char *id,
	struct names *books);
/* Those that are looked at to tell its books, without itself. */
void scope_leans(const struct view *v, const char *kind, const char *id,
	struct names *leans);
/* Books of a member at an instant. */
void scope_member(const struct view *v, const char *badge, int64_t at,
	struct names *books);
bool scope_meets(const struct names *a, const struct names *b);

#endif
