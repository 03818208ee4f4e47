/* group.h - several requests that share one commit of the hub. */
#ifndef SIM_GROUP_H
#define SIM_GROUP_H

#include "tests/sim/world.h"

/* Some of them are cut, repeated, malformed, given up or refused; the commit
 * may find the log busy, or fail for all. */
void group_sync(struct world *w, struct chance *c);

#endif
