/* link.h - syncing over a link that loses, delays, repeats and mangles. */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "tests/sim/world.h"

/* One request and what comes of it, whatever the link makes of it. */
void link_sync(struct device *d, struct chance *c);
/* Over a good link until nothing is left for another request. */
void link_sync_whole(struct device *d);
/* A request that was on its way comes, or one that was delivered comes once
 * more; its answer reaches nobody. */
void link_late(struct world *w, struct chance *c);
/* Of the last good sync: bytes both ways. */
size_t link_bytes(void);

#endif
