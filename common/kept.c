#include "common/kept.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

static const struct {
	const char *name; /* in the table */
	int64_t max;
} kinds_of_kept[] = {{"saved", KEPT_NAMES_MAX}, {"filter", KEPT_FILTERS_MAX},
	{"searched", KEPT_SEARCHED_MAX}};

void
kept_list_release(struct kept_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].name);
		free(l->items[i].text);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

static enum status
check_name(struct replica *r, const char *name, struct why *why)
{
	size_t len = strlen(name), at;
	int64_t others;
	enum status st;

	if (!name[strspn(name, " ")] || len > KEPT_NAME_MAX ||
		!utf8_clean(name, len, false, &at))
		return why_set(why, ST_DATA,
			"a saved search needs a name of at most %d bytes: "
			"such as night-thefts",
			KEPT_NAME_MAX);
	st = sql_int(replica_sql(r), 0, &others, why,
		"SELECT count(*) FROM _kept WHERE which='saved' AND name<>?1",
		"s", name);
	if (!st && others >= KEPT_NAMES_MAX)
		return why_set(why, ST_DATA,
			"%d searches are saved already: drop one first",
			KEPT_NAMES_MAX);
	return st;
}

/* Only the newest stay. */
static enum status
prune(struct replica *r, enum kept which, struct why *why)
{
	return sql_run(replica_sql(r), why,
		"DELETE FROM _kept WHERE which=?1 AND name NOT IN (SELECT name "
		"FROM _kept WHERE which=?1 ORDER BY at DESC LIMIT ?2)",
		"si", kinds_of_kept[which].name, kinds_of_kept[which].max);
}

enum status
kept_put(struct replica *r, enum kept which, const char *name, const char *text,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = which == KEPT_SAVED ? check_name(r, name, why) : ST_OK;

	if (!st)
		st = sql_begin(db, why);
	if (st)
		return st;
	/* `at` counts: clocks are set back */
	st = sql_run(db, why,
		"INSERT OR REPLACE INTO _kept(which,name,text,at) VALUES(?1,"
		"?2,?3,(SELECT coalesce(max(at),0)+1 FROM _kept))",
		"sss", kinds_of_kept[which].name, name, text);
	if (!st)
		st = prune(r, which, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st;
}

static enum status
no_such(const char *name, struct why *why)
{
	return why_set(why, ST_NOT_FOUND,
		"no saved search is called '%.60s': F3 lists them", name);
}

enum status
kept_get(struct replica *r, enum kept which, const char *name, struct buf *out,
	struct why *why)
{
	char *text;
	enum status st = sql_text(replica_sql(r), &text, why,
		"SELECT text FROM _kept WHERE which=?1 AND name=?2", "ss",
		kinds_of_kept[which].name, name);

	if (st)
		return st;
	if (!text)
		return no_such(name, why);
	buf_puts(out, text);
	free(text);
	return ST_OK;
}

enum status
kept_drop(struct replica *r, enum kept which, const char *name, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = kept_get(r, which, name, &text, why);

	buf_release(&text);
	if (st)
		return st;
	return sql_run(replica_sql(r), why,
		"DELETE FROM _kept WHERE which=?1 AND name=?2", "ss",
		kinds_of_kept[which].name, name);
}

enum status
kept_read(struct replica *r, enum kept which, struct kept_list *out,
	struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT name,text FROM _kept WHERE which=?1 ORDER BY at DESC",
		"s", kinds_of_kept[which].name);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count].name = mem_text(sql_column(s, 0));
		out->items[out->count++].text = mem_text(sql_column(s, 1));
	}
	return st;
}
