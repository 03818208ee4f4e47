/*
 * when.h - instants, days and the clocks they are read from.
 *
 * Instants are int64_t milliseconds since 1970 UTC; their text is
 * 2026-11-22T10:31:00.000Z. Days are 2026-11-22 in the department's zone.
 */
#ifndef COMMON_WHEN_H
#define COMMON_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define WHEN_MAX 32 /* room for any text written here, with its NUL */
#define WHEN_NONE INT64_MIN
#define BOOT_ID_MAX 40

/* One reading of all of a device's clocks. */
struct clock_reading {
	int64_t wall_ms; /* CLOCK_REALTIME: may be set by anyone */
	int64_t boot_ms; /* CLOCK_BOOTTIME: counts through sleep, never set */
	char boot_id[BOOT_ID_MAX]; /* kernel's random id of this boot */
};

/* Where time comes from; NULL anywhere means the machine's own clocks. */
struct clock {
	void (*read)(void *arg, struct clock_reading *now);
	void *arg;
};

void clock_read(const struct clock *c, struct clock_reading *now);

/*
 * The department's zone, an IANA name such as America/Los_Angeles, for the
 * whole process. ST_DATA: no such zone on this machine (UTC stays).
 */
MUST_CHECK enum status when_set_zone(const char *name, struct why *why);

void when_instant_text(int64_t ms, char out[WHEN_MAX]); /* ISO 8601, UTC */
void when_day_text(int64_t ms, char out[WHEN_MAX]);	/* day in the zone */
/* For people, in the zone: "2026-11-22 10:31". */
void when_local_text(int64_t ms, char out[WHEN_MAX]);

bool when_parse_instant(const char *s, int64_t *ms); /* the exact form */

/*
 * What people type. A day: 2026-11-22, today, yesterday, tomorrow, +3d, -2w,
 * mon..sun (the next one, never today). Canonical text into out; false: none
 * of these. An instant: now, a day's own forms followed by HH:MM in the zone,
 * HH:MM alone (today), or the exact form.
 */
bool when_parse_day(const char *s, int64_t now_ms, char out[WHEN_MAX]);
bool when_parse_local(const char *s, int64_t now_ms, int64_t *ms);

/* The instants of a day (canonical text) in the zone: from its midnight up to
 * the next, 23 to 25 hours; false: not a day. */
bool when_day_bounds(const char *day, int64_t *start, int64_t *end);

/* Whole days from day a to day b (canonical texts); false: not days. */
bool when_days_between(const char *a, const char *b, long *days);

#endif
