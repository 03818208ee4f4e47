/* weak.h - a link that breaks off again and again, and what that may cost. */
#ifndef SIM_WEAK_H
#define SIM_WEAK_H

#include "tests/sim/world.h"

/* A device after a shift, and a new one, sync until all has come; every request breaks off after some
 * thousand bytes. Fails where that takes many more bytes than over a good
 * link. */
void weak_sync(struct device *d, struct chance *c);

#endif
