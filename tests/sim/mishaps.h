/* mishaps.h - what happens to devices and to the hub's machine. */
#ifndef SIM_MISHAPS_H
#define SIM_MISHAPS_H

#include "tests/sim/world.h"

void mishap_kill(struct device *d, struct chance *c);
void mishap_clock(struct device *d, struct chance *c); /* it jumps */
void mishap_reboot(struct device *d, struct chance *c);
/* The disk is full, read-only or in use, now or after a few writes; if it is
 * so already, it is good again. */
void mishap_disk(struct device *d, struct chance *c);
void mishap_copy(struct device *d, struct chance *c); /* onto another */
/* The file is kept as it is, or put back to how it was kept. */
void mishap_keep(struct device *d, struct chance *c);
void mishap_restore(struct device *d, struct chance *c);
void mishap_hub_keep(struct world *w, struct chance *c);
void mishap_hub_restore(struct world *w, struct chance *c);
void mishap_hub_kill(struct world *w, struct chance *c);
void mishap_hub_disk(struct world *w, struct chance *c); /* as mishap_disk */
/* All disks are good. */
void mishaps_end(struct world *w);

#endif
