/*
 * crew.h - a hub and three officers' files on disks of tests/support/disk.h,
 * and a story of theirs that can be taken up again wherever it broke off: each
 * step does what is not done yet.
 */
#ifndef TESTS_CREW_H
#define TESTS_CREW_H

#include "common/replica.h"
#include "sync/engine.h"
#include "tests/support/hubs.h"

#define CREW_HUB "hub" /* names of disks */
#define CREW_PLACE "/disk/hub/hub"
#define CREW_BACKUP "/disk/hub/backup.db"
#define OFFICERS 3

/* 4471 of beat 35X, 4480 of 35X and 12Y, sergeant 900; each disk is named as
 * its badge, and its replica is in a folder that enrolment made. */
struct officer {
	const char *badge;
	char path[64];
	struct crew *crew;
	unsigned boots; /* how often the device was started anew */
	struct clock clock;
	struct replica *r; /* NULL: not open */
};

/* What a program told its user or its peer, at this call of the tape. */
enum fact_kind {
	FACT_HUB_MADE,
	FACT_ENROLLED,	/* officer */
	FACT_SAVED,	/* officer's edit n */
	FACT_CONFIRMED, /* the hub has officer's edits up to n */
	FACT_BACKUP	/* a backup with entries up to n */
};
struct fact {
	enum fact_kind kind;
	long call;
	int officer;
	int64_t n;
};
struct facts {
	struct fact *items;
	size_t count, cap;
};

struct crew {
	struct hubs hub; /* its h NULL: not open */
	struct officer officers[OFFICERS];
	struct facts facts;
	bool telling; /* add to the facts */
	size_t step;  /* that is being told */
	/* Hears each request and its whole answer; NULL: nobody does. */
	void (*overhear)(void *arg, int officer, const struct buf *request,
		const struct buf *answer);
	void *overhear_arg;
	long *ends; /* of each step: the call it ended with */
};

/* Disks are there and empty; nothing is open. */
void crew_make(struct crew *c);
void crew_release(struct crew *c); /* closes */
void crew_close(struct crew *c);   /* all that is open */
size_t crew_steps(void);
/* Do steps `first` and all after it. Fails the test where one fails. */
void crew_tell(struct crew *c, size_t first);
void crew_tell_one(struct crew *c, size_t step);
void crew_open_hub(struct crew *c);
void crew_open_file(struct officer *o);
void crew_open_all(struct crew *c); /* once everyone is enrolled */
/* Open what must be there by these facts; what else is there is opened or
 * made by the steps. */
void crew_open(struct crew *c, long call);
/* The end of the story, as it must be from wherever it was taken up. */
void crew_check_end(struct crew *c);
/* Sync with the hub until nothing is left. */
void crew_sync(struct crew *c, int officer);
/* A code for this badge, and what the hub gives for it: to be released. */
void crew_ask_enrolment(struct crew *c, const char *badge, struct enrolled *e);
/* What the first field of a query on a file says. */
int64_t crew_count(const char *path, const char *sql, int64_t a, int64_t b);

#endif
