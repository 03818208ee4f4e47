/*
 * whole.h - in the midst of a run: what a device has is whole up to its
 * cursor, and up to a filling's head what that has brought.
 */
#ifndef SIM_WHOLE_H
#define SIM_WHOLE_H

#include "tests/sim/world.h"

void whole_check(struct device *d);

#endif
