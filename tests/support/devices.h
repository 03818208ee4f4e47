/*
 * devices.h - officers' real files and a real hub in one process: the client's
 * engine on one side, the hub's core on the other, bytes between them.
 */
#ifndef TESTS_DEVICES_H
#define TESTS_DEVICES_H

#include "sync/engine.h"
#include "tests/support/fixture.h"
#include "tests/support/hubs.h"

struct device {
	struct fixture f; /* its replica; its clock is the hub's */
	struct hubs *t;
	bool deflated;
	/* Of the last sync. */
	struct sync_counts counts;
	int requests;
	struct buf request, answer; /* of its last request, as they went */
	int status;
	/* Sees each request and its answer, when not NULL. */
	void (*listen)(struct device *d, void *arg);
	void *listener;
};

/* Enroll a new file; nothing of it is filled yet. */
void device_enroll(struct device *d, struct hubs *t, const char *badge);
void device_release(struct device *d);
/* The end of a story of these devices (struct device *, …, NULL): what they
 * and the hub hold is as it must be, and goes. */
void devices_end(struct hubs *t, ...);

/* One request and its answer; `max` bytes of the answer arrive (0: all). */
enum status device_try(struct device *d, size_t max);
/* Whole syncs, until nothing is left to be asked; fails the test else. */
void device_sync(struct device *d);
/* Bytes both ways of the last sync's requests. */
size_t device_bytes(const struct device *d);
/* Does the last request, or answer, hold this text? Plain lines only. */
bool device_asked(const struct device *d, const char *text);
bool device_heard(const struct device *d, const char *text);

#endif
