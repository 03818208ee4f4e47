/* sync_watch.h - one sync after another, and the words for how each went. */
#ifndef TUI_SYNC_WATCH_H
#define TUI_SYNC_WATCH_H

#include "common/outbox.h"
#include "sync/client.h"
#include "tui/commands.h"

void put_json_number(struct buf *out, const char *name, int64_t n);
void put_json_seconds(struct buf *out, const char *name, int64_t ms);
/* Members without braces; and a line for people without its newline. */
void put_json_counts(const struct sync_counts *n, const struct outbox_counts *o,
	struct buf *out);
void put_counts(const struct sync_counts *n, struct buf *out);
/* What went from this device, in words after `before`; nothing where that is
 * none, or where the books were filled anew. */
void put_left(const char *before, const struct sync_counts *n, struct buf *out);
/* What happened to the file itself, a sentence each; nothing mostly. */
void put_turns(struct replica *r, const struct sync_counts *n, struct buf *out);

/*
 * Sync at once, 5 s after another process saved to the file, and every five
 * minutes; after a failure when sync/retry.h says. A line or a JSON document
 * for each, printed as it comes, until SIGINT, SIGTERM or SIGHUP: then ST_OK.
 * The replica must be open.
 */
MUST_CHECK enum status sync_watch(
	struct session *s, bool json, struct why *why);

#endif
