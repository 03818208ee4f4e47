/*
 * mdt.h - devices' files that are copied and put back, and a hub that is: real
 * engines and a real hub in one process.
 */
#ifndef TESTS_MDT_H
#define TESTS_MDT_H

#include "sync/engine.h"
#include "tests/support/fixture.h"
#include "tests/support/hubs.h"

struct mdt {
	struct hubs *t;
	struct replica *r;
	char path[128];
	struct sync_counts sum; /* of the last whole sync */
	struct buf request;	/* the last that was sent */
};

struct mdt_backup {
	struct hub *kept;
	char file[128], place[128];
};

void mdt_enroll(
	struct mdt *d, struct hubs *t, const char *badge, const char *name);
/* cp: the same file under another name. */
void mdt_copy(struct mdt *to, struct mdt *from, const char *name);
/* The verify of the file is part of closing it. */
void mdt_put_away(struct mdt *d);
/* These bytes to the hub, and its answer. */
void mdt_send(struct mdt *d, const struct buf *request, struct buf *got);
/* One request; its answer is lost where `lost`. */
void mdt_request(struct mdt *d, bool lost, struct sync_counts *now);
/* Requests until nothing is left to be asked. */
void mdt_sync_whole(struct mdt *d);
/* Save over what is shown: field, value, …, NULL; "" makes a record. The id
 * belongs to the caller. */
char *mdt_save(struct mdt *d, const char *kind, const char *id, ...);
char *mdt_project(struct mdt *d, const char *title);
void mdt_change(
	struct mdt *d, const char *id, const char *field, const char *value);
/* The file has exactly one project of this title: its id, the caller's. */
char *mdt_find(struct mdt *d, const char *title);
void mdt_shows(struct mdt *d, const char *title);
void mdt_value_is(
	struct mdt *d, const char *id, const char *field, const char *value);
int64_t mdt_unsent(struct mdt *d);
int64_t mdt_aside(struct mdt *d);
struct hub_stats mdt_stats(struct hubs *t);
uint32_t mdt_number(struct mdt *d);
/* The hub as it is now; and again, as a restored one, in t->h. */
void mdt_back_up(struct hubs *t, struct mdt_backup *g);
void mdt_restore(struct hubs *t, struct mdt_backup *g);
/* An audit of the restored hub; then the first one is there again. */
void mdt_clean_up(struct hubs *t, struct mdt_backup *g);

#endif
