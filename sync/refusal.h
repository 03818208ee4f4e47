/*
 * refusal.h - what an answer means that is not what was asked for: the hub's
 * own refusal, or something else on the way (a login page, a proxy).
 */
#ifndef SYNC_REFUSAL_H
#define SYNC_REFUSAL_H

#include <stddef.h>

#include "common/status.h"

#define REFUSAL_MAX 8192 /* bytes of such an answer that are looked at */

/*
 * ST_REFUSED with the hub's sentence where the body is our {"error":…} with a
 * status 4xx; ST_LATER for its 429, 500, 503 and all that is not a hub's.
 */
enum status refusal_read(
	int http_status, const char *body, size_t len, struct why *why);

/* The sentence for what is not a hub's answer; returns ST_LATER. */
enum status refusal_not_ours(struct why *why);

#endif
