/* oracles.h - what must be true: during a run, and when all is over. */
#ifndef SIM_ORACLES_H
#define SIM_ORACLES_H

#include "tests/sim/world.h"

/* May the hub refuse this device: revoked, or its member off? */
bool oracle_refused(struct device *d);
/* Of all tables of the hub but when who synced last. */
void oracle_hub_digest(struct world *w, struct digest *out);
/* What one device has just made of an answer. */
void oracle_after_sync(struct device *d);
/* All of them, after good weather. */
void oracle_end(struct world *w);

#endif
