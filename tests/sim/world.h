/*
 * world.h - a whole fleet in one process: one hub, devices with replicas,
 * their clocks, links and disks, all driven by chance from one seed.
 *
 * What goes wrong ends the process with a sentence on standard error: every
 * run is a process of its own (runs.h).
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "common/record.h"
#include "sync/engine.h"
#include "tests/support/disk.h"
#include "tests/support/hubs.h"

#define DEVICES_MAX 208
#define HUB_DISK "hub"
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Chance of one event: the same whatever happens around it. */
struct chance {
	uint64_t state;
};
uint32_t draw(struct chance *c, uint32_t below); /* 0 <= … < below */
bool one_in(struct chance *c, uint32_t n);
uint64_t chance_next(struct chance *c);

/* What a device showed of one cell, to see that no read goes back. */
struct sight {
	char *name; /* KIND/ID/FIELD */
	int64_t seq;
};

struct device {
	struct world *w;
	unsigned index;
	char badge[8];
	char disk[16], path[32];
	struct replica *r; /* NULL: not in use */
	uint32_t number;
	struct clock clock;
	int64_t skew, booted; /* of its wall clock; world time of its boot */
	unsigned boots;
	bool revoked, ailing;	 /* its disk is */
	struct record *form;	 /* opened, and not saved yet */
	struct disk_image *kept; /* its file as it was once; NULL: none */
	uint32_t ledger_n;	 /* newest own edit that the ledger has */
	struct sight *sights;
	size_t sight_count, sight_cap;
	unsigned syncs;
};

/* A request on its way, or long delivered. */
struct letter {
	struct buf bytes;
	unsigned device;
	bool whole; /* delivered before, to the end */
};
#define LETTERS_MAX 24

struct ledger; /* ledger.h */

/* A hub that was restored: its incarnation before, and the seq up to which the
 * one after has the same log. */
struct fork {
	char incarnation[24];
	int64_t seq;
};

struct world {
	struct hubs t;
	bool talks;	 /* tells each event */
	bool hurries;	 /* the first failure is enough */
	bool shows;	 /* and what is sent, as lines */
	bool hub_ailing; /* its disk is */
	bool fair;	 /* good weather: nothing goes wrong any more */
	struct device devices[DEVICES_MAX];
	unsigned device_count;
	bool copied;	    /* files were copied or restored */
	bool restored;	    /* the hub was */
	bool parted;	    /* a file was enrolled again that has its like */
	struct fork *forks; /* in turn */
	size_t fork_count, fork_cap;
	unsigned backups, used; /* of the hub, made; the newest restored */
	struct letter letters[LETTERS_MAX]; /* in turn */
	unsigned letter_count;
	unsigned files; /* made so far */
	unsigned words; /* texts written so far, each another */
	struct ledger *ledger;
	char profile[PLACE_MAX]; /* a file: Oakland's with a field of its own */
	char hub_path[128];	 /* on the disk HUB_DISK */
};

/* The hub, its people, and some devices that have synced once: made once,
 * before any run. */
void world_make(struct world *w);
void world_remove(struct world *w);
/* A new device with a copy of this one's file. */
struct device *device_copy(struct device *d);
void device_drop_sights(struct device *d);
/* Its file is as it was when device_keep was called; nothing if never. */
void device_keep(struct device *d);
bool device_restore(struct device *d);
/* A copy's file was given a number of its own: its edits have other names. */
void device_follow_number(struct device *d);
/* Number and counters may be others after a sync. */
void device_learn_number(struct device *d);
/* The hub becomes what its newest backup has; false: there is none. */
void hub_keep(struct world *w);
bool hub_restore_newest(struct world *w);

/* A new device of this member, enrolled; its file is empty. */
struct device *world_enroll(struct world *w, const char *badge);
/* It is enrolled once more, onto the file that it has; `heard`: the answer
 * comes. */
void world_enroll_again(struct device *d, bool heard);
/* Begin a run: only the first `devices` stay in use. */
void world_start(struct world *w, uint64_t seed, unsigned devices);

/* End the process: an oracle has spoken. */
_Noreturn void world_fail(const char *oracle, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void world_good(enum status st, const struct why *why); /* else world_fail */
void world_tell(const struct world *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

void device_drop_form(struct device *d);
/* The process ends in the midst, or the power fails: what was committed is
 * there, no more. Its disk is good from then on. */
void device_kill(struct device *d, enum disk_loss loss, uint64_t seed);
void hub_kill(struct world *w, enum disk_loss loss, uint64_t seed);

#endif
