/*
 * beat_work.h - what goes on on a beat that none of its records' own fields
 * tell.
 */
#ifndef COMMON_BEAT_WORK_H
#define COMMON_BEAT_WORK_H

#include "common/names.h"
#include "common/tally.h"

/* Updates of the beat's projects, by the week they were made in. */
MUST_CHECK enum status beat_updates(struct replica *r, const char *beat,
	struct tally_weeks *out, struct why *why);

/* Those newest updates. Adds their ids, at most `limit`. */
MUST_CHECK enum status beat_newest_updates(struct replica *r, const char *beat,
	int64_t limit, struct names *ids, struct why *why);

struct beat_projects {
	struct tally stages; /* of the open ones */
	int64_t untouched;
};
void beat_projects_release(struct beat_projects *p);
/* The beat's open projects; untouched are those that nobody has changed or
 * written an update on since `since` (ms). */
MUST_CHECK enum status beat_projects_read(struct replica *r, const char *beat,
	int64_t since, struct beat_projects *out, struct why *why);

/* When a project was last changed or written an update on, ms; `changed` is
 * when the project itself was. */
MUST_CHECK enum status project_touched(struct replica *r, const char *project,
	int64_t changed, int64_t *at, struct why *why);

#endif
