#include "common/beat_work.h"

#include <stdlib.h>
#include <string.h>

/* The profile may do without a kind: then it has no table. */
static bool
has_kinds(struct replica *r, const char *a, const char *b)
{
	const struct catalog *c = replica_catalog(r);

	return catalog_kind(c, a) && catalog_kind(c, b);
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
	return sql_names(replica_sql(r),
		sql_use(replica_sql(r),
			"SELECT u.id" BEAT_UPDATES
			"ORDER BY u.made_at DESC,u.id LIMIT ?2",
			"si", beat, limit),
		ids, NULL, why);
}

void
beat_projects_release(struct beat_projects *p)
{
	tally_release(&p->stages);
}

/* From an index alone, schema.c: open ones by stage, and how many of them were
 * not changed themselves. Counted here: SQLite would sort them first. */
static enum status
read_stages(struct replica *r, const char *beat, const char *since,
	struct beat_projects *out, struct why *why)
{
	sqlite3_stmt *s = sql_use(replica_sql(r),
		"SELECT p.stage,p.updated_at<?2 FROM _link l "
		"CROSS JOIN project p ON p.id=l.id WHERE l.target=?1 AND "
		"l.kind='project' AND l.field='beat_ids' AND p.status='open' "
		"AND p.void IS NULL",
		"ss", beat, since);
	enum status st;
	bool row;

	while (!(st = sql_step(replica_sql(r), s, &row, why)) && row) {
		tally_one(&out->stages, sql_column(s, 0));
		out->untouched += sqlite3_column_int64(s, 1);
	}
	return st;
}

enum status
beat_projects_read(struct replica *r, const char *beat, int64_t since,
	struct beat_projects *out, struct why *why)
{
	char from[WHEN_MAX];
	int64_t updated;
	enum status st;

	memset(out, 0, sizeof(*out));
	if (!has_kinds(r, "project", "project_update"))
		return ST_OK;
	when_instant_text(since, from);
	st = read_stages(r, beat, from, out, why);
	if (!st && out->untouched)
		st = sql_int(replica_sql(r), 0, &updated, why,
			"SELECT count(DISTINCT p.id) FROM project_update u "
			"CROSS JOIN project p ON p.id=u.project_id WHERE "
			"u.made_at>=?2 AND u.void IS NULL AND p.status='open' "
			"AND p.void IS NULL AND p.updated_at<?2 AND EXISTS("
			"SELECT 1 FROM _link l WHERE l.kind='project' AND "
			"l.id=p.id AND l.field='beat_ids' AND l.target=?1)",
			"ss", beat, from);
	if (!st && out->untouched)
		out->untouched -= updated;
	return st;
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
