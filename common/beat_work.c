#include "common/beat_work.h"

#include <stdlib.h>

/* The profile may do without a kind: then it has no table. */
static bool
has_kinds(struct replica *r, const char *a, const char *b)
{
	const struct catalog *c = replica_catalog(r);

	return catalog_kind(c, a) && catalog_kind(c, b);
}

static enum status
take_ids(struct replica *r, sqlite3_stmt *s, struct names *ids, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(replica_sql(r), s, &row, why)) && row)
		names_push(ids, sql_column(s, 0));
	return st;
}

#define BEAT_UPDATES                                                      \
	" FROM _link l CROSS JOIN project_update u ON u.project_id=l.id " \
	"WHERE l.target=?1 AND l.kind='project' AND l.field='beat_ids' "  \
	"AND u.void IS NULL "

enum status
beat_updates(struct replica *r, const char *beat, struct tally_weeks *out,
	struct why *why)
{
	char since[WHEN_MAX];

	if (!has_kinds(r, "project", "project_update"))
		return ST_OK;
	tally_weeks_since(r, since);
	return tally_weeks_of(r,
		sql_use(replica_sql(r),
			"SELECT u.made_at,1" BEAT_UPDATES "AND u.made_at>=?2",
			"ss", beat, since),
		out, why);
}

enum status
beat_newest_updates(struct replica *r, const char *beat, int64_t limit,
	struct names *ids, struct why *why)
{
	if (!has_kinds(r, "project", "project_update"))
		return ST_OK;
	return take_ids(r,
		sql_use(replica_sql(r),
			"SELECT u.id" BEAT_UPDATES
			"ORDER BY u.made_at DESC,u.id LIMIT ?2",
			"si", beat, limit),
		ids, why);
}

enum status
beat_untouched(struct replica *r, const char *beat, int64_t since,
	int64_t *count, struct why *why)
{
	char from[WHEN_MAX];

	*count = 0;
	if (!has_kinds(r, "project", "project_update"))
		return ST_OK;
	when_instant_text(since, from);
	return sql_int(replica_sql(r), 0, count, why,
		"SELECT count(*) FROM _link l CROSS JOIN project p ON "
		"p.id=l.id WHERE l.target=?1 AND l.kind='project' AND "
		"l.field='beat_ids' AND p.status='open' AND p.void IS NULL AND "
		"p.updated_at<?2 AND NOT EXISTS(SELECT 1 FROM project_update u "
		"WHERE u.project_id=p.id AND u.void IS NULL AND "
		"u.made_at>=?2)",
		"ss", beat, from);
}

enum status
project_touched(struct replica *r, const char *project, int64_t changed,
	int64_t *at, struct why *why)
{
	char *newest = NULL;
	int64_t made;
	enum status st = ST_OK;

	*at = changed;
	if (has_kinds(r, "project", "project_update"))
		st = sql_text(replica_sql(r), &newest, why,
			"SELECT max(made_at) FROM project_update WHERE "
			"project_id=?1 AND void IS NULL",
			"s", project);
	if (newest && when_parse_instant(newest, &made) && made > *at)
		*at = made;
	free(newest);
	return st;
}
