/*
 * hub_hold.h - one server a folder. The kernel keeps the lock, on a file in
 * the folder, so it ends with the process however that ends; the hub's other
 * commands do not ask for it.
 */
#ifndef SYNC_HUB_HOLD_H
#define SYNC_HUB_HOLD_H

#include "common/status.h"

/* Hold the hub's folder: closing *fd gives it up. ST_FILE: another process
 * holds it, and which; or the file cannot be locked. */
MUST_CHECK enum status hub_hold(const char *place, int *fd, struct why *why);

#endif
