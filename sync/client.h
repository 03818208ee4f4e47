/*
 * client.h - engine and HTTP put together: a sync that can run beside the
 * screens, and the whole of it for commands.
 */
#ifndef SYNC_CLIENT_H
#define SYNC_CLIENT_H

#include "common/progress.h"
#include "sync/engine.h"
#include "sync/http.h"

struct client; /* opaque: one replica's connection to its hub */

MUST_CHECK enum status client_new(
	struct replica *r, struct client **out, struct why *why);
void client_free(struct client *c);

/* Start a sync; ST_OK also when one is under way. */
MUST_CHECK enum status client_start(struct client *c, struct why *why);
bool client_busy(const struct client *c);
int client_poll_set(
	struct client *c, struct pollfd *fds, int max, int *timeout_ms);
/* Go on after a poll; true when a sync ended, with its outcome. A sync that
 * needs another request goes on by itself. */
bool client_step(struct client *c, enum status *outcome,
	struct sync_counts *counts, struct why *why);

/* What came so far in the sync that is under way, or in the last. */
void client_counts(const struct client *c, struct sync_counts *out);

/* client_sync tells how much came so far, of a number nobody knows; NULL: no
 * more. Borrowed. */
void client_set_progress(struct client *c, const struct progress *p);

/* What the hub asked to wait before the next sync, ms; 0: it did not. */
int64_t client_retry_after_ms(const struct client *c);

/* One sync from start to end. */
MUST_CHECK enum status client_sync(
	struct client *c, struct sync_counts *counts, struct why *why);

/*
 * Enroll at `url` and make the replica's file. One that is there goes on under
 * the new number, if it is this member's and that hub's: *renamed counts the
 * records that got other ids. ST_FILE: another member's, or damaged; else
 * ST_REFUSED: another hub's; the code is not spent then. `ca_file`: PEM of the
 * only authority that is taken for this hub, now and from now on; NULL:
 * BEATBOOK_CA_FILE's, else the file's, else the hub's own word, else those of
 * the machine.
 */
MUST_CHECK enum status client_enroll(const char *path, const char *url,
	const char *badge, const char *code, const char *device,
	const char *ca_file, int64_t *renamed, struct replica **out,
	struct why *why);

#endif
