/* untrusted.h - why the certificate of a hub is not taken, and what to do. */
#ifndef SYNC_UNTRUSTED_H
#define SYNC_UNTRUSTED_H

#include <stdbool.h>

#include "common/status.h"

/*
 * `verdict` is what OpenSSL found of it, 0 or 1 where all but its name may be
 * good; `reason` is libcurl's sentence on it. `named`: an authority was
 * named for this hub, and no other is taken. `kept` ends the sentence. Returns
 * ST_LATER: a network that wants a sign-in first, and a wrong clock, look the
 * same.
 */
enum status untrusted(const char *url, long verdict, const char *reason,
	bool named, const char *kept, struct why *why);

#endif
