/* office.h - what the department does at its hub. */
#ifndef SIM_OFFICE_H
#define SIM_OFFICE_H

#include "tests/sim/world.h"

/* A member is put on a beat, taken off one, or given a day to leave it. */
void office_assign(struct world *w, struct chance *c);
void office_move_beat(struct world *w, struct chance *c);   /* to a unit */
void office_move_member(struct world *w, struct chance *c); /* to a unit */
void office_member_off(struct world *w, struct chance *c);  /* or on again */
void office_level(struct world *w, struct chance *c);
void office_revoke(struct world *w, struct chance *c);
void office_enroll(struct world *w, struct chance *c);
/* Onto the file that a device has, revoked or not. */
void office_enroll_again(struct world *w, struct chance *c);
void office_profile(struct world *w, struct chance *c);

#endif
