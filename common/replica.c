#include "common/replica.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/schema.h"

#define META_BADGE "badge"
#define META_CATALOG "catalog" /* hash of the catalogue the tables follow */

struct replica {
	struct sql *db;
	char *path;
	struct catalog *catalog;
	struct {
		struct catalog **items;
		size_t count, cap;
	} old; /* catalogues that screens may still show records by */
	const struct clock *clock;
	struct tables tables;
	struct identity who;
	char *badge, *token, *url, *hub;
	int64_t offset_ms;
	int64_t unshown; /* own changes that no screen shows */
};

struct sql *
replica_sql(struct replica *r)
{
	return r->db;
}

const struct tables *
replica_tables(const struct replica *r)
{
	return &r->tables;
}

const struct catalog *
replica_catalog(const struct replica *r)
{
	return r->catalog;
}

const struct identity *
replica_identity(const struct replica *r)
{
	return &r->who;
}

const char *
replica_path(const struct replica *r)
{
	return r->path;
}

void
replica_now(const struct replica *r, struct clock_reading *now)
{
	clock_read(r->clock, now);
}

int64_t
replica_hub_now(const struct replica *r)
{
	struct clock_reading now;

	replica_now(r, &now);
	return now.wall_ms + r->offset_ms;
}

void
replica_close(struct replica *r)
{
	if (!r)
		return;
	sql_close(r->db);
	catalog_free(r->catalog);
	for (size_t i = 0; i < r->old.count; i++)
		catalog_free(r->old.items[i]);
	free(r->old.items);
	free(r->path);
	free(r->badge);
	free(r->token);
	free(r->url);
	free(r->hub);
	free(r);
}

enum status
replica_meta(
	struct replica *r, const char *key, struct buf *out, struct why *why)
{
	char *text;
	enum status st = sql_text(r->db, &text, why,
		"SELECT value FROM _meta WHERE key=?1", "s", key);

	if (!st && text)
		buf_puts(out, text);
	free(text);
	return st;
}

enum status
replica_meta_int(struct replica *r, const char *key, int64_t otherwise,
	int64_t *out, struct why *why)
{
	return sql_int(r->db, otherwise, out, why,
		"SELECT value FROM _meta WHERE key=?1", "s", key);
}

#define META_WRITE "INSERT OR REPLACE INTO _meta(key,value) VALUES(?1,?2)"

enum status
replica_meta_set(
	struct replica *r, const char *key, const char *value, struct why *why)
{
	return sql_run(r->db, why, META_WRITE, "ss", key, value);
}

enum status
replica_meta_set_int(
	struct replica *r, const char *key, int64_t value, struct why *why)
{
	if (strcmp(key, META_OFFSET) == 0)
		r->offset_ms = value;
	return sql_run(r->db, why, META_WRITE, "si", key, value);
}

/* Read the catalogue with the file's profile; make the tables follow it. */
static enum status
catalog_load(struct replica *r, struct why *why)
{
	struct buf profile = BUF_INIT;
	enum status st = replica_meta(r, META_PROFILE, &profile, why);

	if (!st)
		st = catalog_read(profile.len ? buf_text(&profile) : NULL,
			profile.len, "the department's profile", &r->catalog,
			why);
	r->tables.db = r->db;
	r->tables.catalog = r->catalog;
	buf_release(&profile);
	return st;
}

static enum status
tables_follow(struct replica *r, struct why *why)
{
	enum status st = schema_follow(&r->tables, why);

	if (!st)
		st = replica_meta_set(r, META_CATALOG, r->catalog->hash, why);
	return st;
}

static enum status
catalog_follow(struct replica *r, struct why *why)
{
	struct buf known = BUF_INIT;
	enum status st = replica_meta(r, META_CATALOG, &known, why);

	if (!st && strcmp(buf_text(&known), r->catalog->hash) != 0) {
		st = sql_begin(r->db, why);
		if (!st)
			st = tables_follow(r, why);
		if (!st)
			st = sql_commit(r->db, why);
		sql_rollback(r->db);
	}
	buf_release(&known);
	return st;
}

static enum status
identity_part(struct replica *r, const char *key, char **out, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = replica_meta(r, key, &text, why);

	free(*out);
	*out = buf_take(&text);
	return st;
}

static enum status
identity_load(struct replica *r, struct why *why)
{
	int64_t number = 0;
	enum status st = replica_meta_int(r, META_REPLICA, 0, &number, why);

	if (!st)
		st = identity_part(r, META_BADGE, &r->badge, why);
	if (!st)
		st = identity_part(r, META_TOKEN, &r->token, why);
	if (!st)
		st = identity_part(r, META_URL, &r->url, why);
	if (!st)
		st = identity_part(r, META_HUB, &r->hub, why);
	if (!st)
		st = replica_meta_int(r, META_OFFSET, 0, &r->offset_ms, why);
	r->who.number = (uint32_t)number;
	r->who.badge = r->badge;
	r->who.token = r->token;
	r->who.url = r->url;
	r->who.hub = r->hub;
	r->tables.me = r->badge;
	return st;
}

enum status
replica_reload(struct replica *r, struct why *why)
{
	return identity_load(r, why);
}

static enum status
zone_load(struct replica *r, struct why *why)
{
	struct buf zone = BUF_INIT;
	enum status st = replica_meta(r, META_ZONE, &zone, why);

	if (!st)
		st = when_set_zone(zone.len ? buf_text(&zone) : "UTC", why);
	buf_release(&zone);
	return st;
}

static enum status
load_all(struct replica *r, struct why *why)
{
	enum status st = identity_load(r, why);

	if (!st)
		st = zone_load(r, why);
	if (!st)
		st = catalog_load(r, why);
	if (!st)
		st = catalog_follow(r, why);
	return st;
}

static struct replica *
replica_new(const char *path, const struct clock *clock)
{
	struct replica *r = mem_alloc(sizeof(*r));

	r->path = mem_text(path);
	r->clock = clock;
	return r;
}

enum status
replica_open(const char *path, const struct clock *clock, struct replica **out,
	struct why *why)
{
	struct replica *r = replica_new(path, clock);
	enum status st = sql_open(path, SQL_EXISTING, "replica", &r->db, why);

	if (st == ST_NOT_FOUND)
		st = why_set(why, ST_FILE,
			"there is no replica at %s: make one with `beatbook "
			"enroll URL --badge BADGE --code CODE`",
			path);
	if (!st)
		st = schema_check(r->db, path, why);
	if (!st)
		st = schema_upgrade(r->db, why);
	if (!st)
		st = load_all(r, why);
	if (!st)
		replica_hurry(r, false);
	if (st) {
		replica_close(r);
		r = NULL;
	}
	*out = r;
	return st;
}

enum status
replica_inspect(const char *path, struct buf *report, struct why *why)
{
	bool database = false;
	int findings = 0;
	enum status st =
		sql_inspect(path, "replica", report, &database, &findings, why);

	if (!st && !database)
		return why_set(why, ST_FILE,
			"%s is no database any more: keep it, and enroll into "
			"a new file",
			path);
	if (!st && findings)
		return why_set(why, ST_NOT_FOUND,
			"%s: %d finding%s: keep this file, nothing in it was "
			"changed, and enroll into a new one",
			path, findings, findings == 1 ? "" : "s");
	return st;
}

static enum status
identity_write(struct replica *r, const struct identity *who,
	const char *profile, const char *zone, struct why *why)
{
	enum status st =
		replica_meta_set_int(r, META_REPLICA, who->number, why);

	if (!st)
		st = replica_meta_set(r, META_BADGE, who->badge, why);
	if (!st)
		st = replica_meta_set(r, META_TOKEN, who->token, why);
	if (!st)
		st = replica_meta_set(r, META_URL, who->url, why);
	if (!st)
		st = replica_meta_set(r, META_HUB, who->hub, why);
	if (!st)
		st = replica_meta_set(r, META_PROFILE, profile, why);
	if (!st)
		st = replica_meta_set(r, META_PROFILE_HASH, "", why);
	if (!st)
		st = replica_meta_set(r, META_ZONE, zone, why);
	return st;
}

static enum status
fill_file(struct replica *r, const struct identity *who, const char *profile,
	const char *zone, struct why *why)
{
	enum status st = sql_begin(r->db, why);

	if (!st)
		st = schema_make(r->db, why);
	if (!st)
		st = identity_write(r, who, profile, zone, why);
	if (!st)
		st = sql_commit(r->db, why);
	sql_rollback(r->db);
	return st;
}

/* It has its name once it is whole: what breaks off is in nobody's way. */
static enum status
create_file(struct replica *r, const struct identity *who, const char *profile,
	const char *zone, struct why *why)
{
	char *part = mem_printf("%s.part", r->path);
	enum status st;

	sql_remove(part);
	st = sql_open(part, SQL_CREATE, "replica", &r->db, why);
	if (!st)
		st = fill_file(r, who, profile, zone, why);
	if (!st) {
		st = sql_settle(r->db, part, r->path, why);
		r->db = NULL;
	}
	if (!st)
		st = sql_open(r->path, SQL_EXISTING, "replica", &r->db, why);
	else
		sql_remove(part);
	free(part);
	return st;
}

enum status
replica_create(const char *path, const struct identity *who,
	const char *profile, const char *zone, const struct clock *clock,
	struct replica **out, struct why *why)
{
	struct replica *r;
	enum status st;

	*out = NULL;
	if (access(path, F_OK) == 0)
		return why_set(why, ST_FILE,
			"%s exists already and was left as it is: name another "
			"file with -r",
			path);
	r = replica_new(path, clock);
	st = create_file(r, who, profile, zone, why);
	if (!st)
		st = load_all(r, why);
	if (st) {
		replica_close(r);
		sql_remove(path);
		return st;
	}
	*out = r;
	return ST_OK;
}

enum access
replica_access(struct replica *r)
{
	char *name = NULL;
	enum access a = ACCESS_OFFICER;
	enum status st = sql_text(r->db, &name, NULL,
		"SELECT access FROM member WHERE id=?1", "s", r->badge);

	if (!st && name)
		a = access_from_name(name);
	free(name);
	return a;
}

enum status
replica_set_profile(
	struct replica *r, const char *text, const char *hash, struct why *why)
{
	struct catalog *old = r->catalog;
	enum status st = replica_meta_set(r, META_PROFILE, text, why);

	if (!st)
		st = replica_meta_set(r, META_PROFILE_HASH, hash, why);
	if (!st)
		st = catalog_load(r, why);
	if (st) {
		r->catalog = old;
		r->tables.catalog = old;
		return st;
	}
	MEM_ROOM(r->old.items, r->old.count, r->old.cap);
	r->old.items[r->old.count++] = old;
	return tables_follow(r, why);
}

void
replica_undo_profile(struct replica *r)
{
	struct catalog *undone = r->catalog;

	assert(r->old.count);
	r->catalog = r->old.items[r->old.count - 1];
	r->old.items[r->old.count - 1] = undone;
	r->tables.catalog = r->catalog;
}

void
replica_hurry(struct replica *r, bool hurry)
{
	struct why ignored; /* it is only slower */

	if (sql_script(r->db,
		    hurry ? "PRAGMA cache_size=-10000;"
			    "PRAGMA wal_autocheckpoint=8000"
			  : "PRAGMA cache_size=-700;" /* the lists need less */
			    "PRAGMA wal_autocheckpoint=1000",
		    &ignored))
		return;
}

int64_t
replica_version(struct replica *r)
{
	int64_t version = 0;

	/* data_version counts others' commits, total_changes our own. */
	if (sql_int(r->db, 0, &version, NULL, "PRAGMA data_version", ""))
		return -1;
	return version * 1000003 + sqlite3_total_changes64(sql_handle(r->db)) -
	       r->unshown;
}

void
replica_unshown(struct replica *r, int64_t changes)
{
	r->unshown += changes;
}
