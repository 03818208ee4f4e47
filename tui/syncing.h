/* syncing.h - syncs that run while the screens stay live, and when. */
#ifndef TUI_SYNCING_H
#define TUI_SYNCING_H

#include "sync/client.h"
#include "sync/retry.h"

enum sync_state { SYNC_OFFLINE, SYNC_ONLINE, SYNC_REFUSED };

/* How far a sync has come. */
struct sync_progress {
	int64_t sent, to_send; /* edits */
	int64_t came;	       /* changes and records */
	int64_t filled, books; /* books held that are whole, of all */
};

struct syncing {
	struct replica *replica;
	struct client *client; /* NULL: not made, see `why` */
	enum sync_state state;
	bool asked; /* by a person: they are told how it went */
	struct retry retry;
	int64_t begun_at, tried_at, reached_at; /* boot ms; 0 never */
	int64_t unsent; /* when the sync that is under way began */
	struct sync_progress progress; /* as of the last look at it */
	struct sync_counts counts;     /* of the last that ended well */
	struct why why;		       /* of the last that did not */
};

void syncing_init(struct syncing *s, struct replica *r);
void syncing_release(struct syncing *s);
bool syncing_busy(const struct syncing *s);
void syncing_start(struct syncing *s, bool asked);
void syncing_soon(struct syncing *s); /* 5 s after a save */
/* Start one that is due. Returns ms until the next is. */
int syncing_due(struct syncing *s);
/* Go on after a poll: true when a sync ended. */
bool syncing_step(struct syncing *s);
/* Did the hub answer within the last two minutes? */
bool syncing_online(const struct syncing *s);
/* Look at how far the sync under way has come; `unsent` are left of what was
 * to be sent. What is shown follows these looks alone, so that it does not
 * change with every frame. */
void syncing_look(struct syncing *s, int64_t unsent);
/*
 * OFFLINE 14m: it did not answer when it was last tried; it did 14 minutes ago.
 * ONLINE: it answered within two minutes. SYNCED 4m: it did when it was last
 * tried, 4 minutes ago, and whether it would now is not known: syncs are five
 * minutes apart, and asking more often only to say so is not worth the link. So
 * it is at the start, before the first try.
 * SYNCING, with how far it has come. SIGN IN AGAIN.
 */
void syncing_words(const struct syncing *s, int64_t last_sync, struct buf *out);

/* "3 of 5", edits sent; "book 3 of 5, 1240 in" while books are filled; "1240
 * in"; nothing where nothing is known. Adds to `out`. */
void progress_words(const struct sync_progress *p, struct buf *out);

#endif
