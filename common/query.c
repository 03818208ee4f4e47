#include "common/query.h"

#include <stdlib.h>
#include <string.h>

#include "common/query_clause.h"
#include "common/record.h"

static enum status
run_ids(struct clause *c, const char *sql, struct names *ids, struct why *why)
{
	sqlite3_stmt *s = clause_use(c, sql);
	enum status st;
	bool row;

	while (!(st = sql_step(replica_sql(c->r), s, &row, why)) && row)
		names_push(ids, sql_column(s, 0));
	return st;
}

static enum status
no_kind(const struct catalog *c, const char *name, struct why *why)
{
	struct nearest near = {.typed = name};
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < c->kind_count; i++)
		nearest_offer(&near, c->kinds[i].name);
	nearest_hint(&near, hint);
	return why_set(why, ST_DATA, "there is no kind '%.40s': %s", name,
		hint[0] ? hint + 2 : "`beatbook kinds` lists them");
}

static enum status
query_kind(struct replica *r, const struct query *q, struct terms *terms,
	const struct kind **kind, struct why *why)
{
	const char *name = q->kind ? q->kind : terms_kind(terms);

	if (!name)
		return why_set(why, ST_DATA, "name a kind: in:project");
	*kind = catalog_kind(replica_catalog(r), name);
	return *kind ? ST_OK : no_kind(replica_catalog(r), name, why);
}

static enum status
ids_of(struct clause *c, const struct query *q, const struct terms *terms,
	struct names *ids, struct why *why)
{
	struct buf sql = BUF_INIT;
	enum status st = clause_build(c, terms, why);

	buf_printf(&sql, "SELECT k.id FROM \"%s\" k WHERE %s", c->kind->name,
		buf_text(&c->sql));
	if (!st)
		st = clause_order(
			c, q->sort ? q->sort : c->kind->sort, &sql, why);
	if (q->limit > 0)
		buf_printf(&sql, " LIMIT %lld", (long long)q->limit);
	if (!st)
		st = run_ids(c, buf_text(&sql), ids, why);
	buf_release(&sql);
	return st;
}

enum status
query_ids(struct replica *r, const struct query *q, struct names *ids,
	struct why *why)
{
	struct clause c = {.r = r};
	struct terms terms = {0};
	enum status st = terms_parse(q->text ? q->text : "", &terms, why);

	if (!st)
		st = query_kind(r, q, &terms, &c.kind, why);
	if (!st)
		st = ids_of(&c, q, &terms, ids, why);
	clause_release(&c);
	terms_release(&terms);
	return st;
}

void
finds_release(struct finds *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->items[i].kind);
		free(f->items[i].id);
		free(f->items[i].title);
		free(f->items[i].snippet);
	}
	free(f->items);
	memset(f, 0, sizeof(*f));
}

static void
finds_add(struct finds *f, const char *kind, const char *id, const char *title,
	const char *snippet)
{
	struct found *x;

	MEM_ROOM(f->items, f->count, f->cap);
	x = &f->items[f->count++];
	x->kind = mem_text(kind);
	x->id = mem_text(id);
	x->title = mem_text(title[0] ? title : id);
	x->snippet = mem_text(snippet);
}

#define FIND_COLUMNS                                                     \
	"SELECT r.kind,r.id,f.title,snippet(_find,-1,'[',']','...',12) " \
	"FROM _find f CROSS JOIN _record r ON r.rowid=f.rowid "

static enum status
is_void(struct replica *r, const char *kind, const char *id, bool *gone,
	struct why *why)
{
	struct buf sql = BUF_INIT;
	int64_t found;
	enum status st;

	buf_printf(&sql,
		"SELECT 1 FROM \"%s\" WHERE id=?1 AND void IS NOT NULL", kind);
	st = sql_int(replica_sql(r), 0, &found, why, buf_text(&sql), "s", id);
	*gone = found != 0;
	buf_release(&sql);
	return st;
}

/* Words alone, over all kinds at once. */
static enum status
find_words(struct replica *r, const char *match, int64_t limit,
	struct finds *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		FIND_COLUMNS "WHERE f._find MATCH ?1 ORDER BY f.rank", "s",
		match);
	enum status st = ST_OK;
	bool row = true;

	while (!st && (!limit || (int64_t)out->count < limit)) {
		bool gone;

		st = sql_step(db, s, &row, why);
		if (st || !row)
			return st;
		st = is_void(r, sql_column(s, 0), sql_column(s, 1), &gone, why);
		if (!st && !gone)
			finds_add(out, sql_column(s, 0), sql_column(s, 1),
				sql_column(s, 2), sql_column(s, 3));
	}
	sqlite3_reset(s);
	return st;
}

/* Words and fields within one kind; no words: the kind's own order. */
static enum status
find_in_kind(struct clause *c, const struct terms *terms, int64_t limit,
	struct finds *out, struct why *why)
{
	struct query q = {c->kind->name, NULL, NULL, limit};
	struct names ids = {0};
	struct buf match = BUF_INIT;
	enum status st = ids_of(c, &q, terms, &ids, why);

	terms_match(terms, false, &match);
	for (size_t i = 0; !st && i < ids.count; i++) {
		char *title =
			record_title_of(c->r, c->kind->name, ids.items[i]);
		char *snippet = NULL;

		if (match.len)
			st = sql_text(replica_sql(c->r), &snippet, why,
				"SELECT snippet(_find,-1,'[',']','...',12) "
				"FROM _find f WHERE f._find MATCH ?1 AND "
				"f.rowid=(SELECT rowid FROM _record WHERE "
				"kind=?2 AND id=?3)",
				"sss", buf_text(&match), c->kind->name,
				ids.items[i]);
		finds_add(out, c->kind->name, ids.items[i], title,
			snippet ? snippet : "");
		free(snippet);
		free(title);
	}
	buf_release(&match);
	names_release(&ids);
	return st;
}

static bool
kind_has_all(const struct kind *k, const struct terms *terms)
{
	for (size_t i = 0; i < terms->count; i++) {
		const char *field = terms->items[i].field;

		if (field && strcmp(field, "in") != 0 &&
			!term_everywhere(field) && !term_field(k, field))
			return false;
	}
	return true;
}

static bool
field_somewhere(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->kind_count; i++)
		if (term_field(&c->kinds[i], name))
			return true;
	return term_everywhere(name);
}

/* A field that no kind has may be a slip. */
static enum status
no_kind_has_all(
	const struct catalog *c, const struct terms *terms, struct why *why)
{
	char hint[NEAREST_HINT_MAX] = "";

	for (size_t i = 0; i < terms->count && !hint[0]; i++) {
		const char *field = terms->items[i].field;
		struct nearest near = {.typed = field};

		if (!field || field_somewhere(c, field))
			continue;
		for (size_t j = 0; j < c->kind_count; j++)
			offer_fields(&c->kinds[j], &near);
		nearest_hint(&near, hint);
	}
	return why_set(why, ST_DATA, "no kind has all of these fields: %s",
		hint[0] ? hint + 2
			: "name one with in:KIND, `beatbook kinds` lists them");
}

static enum status
find_by_fields(struct replica *r, const struct terms *terms, int64_t limit,
	struct finds *out, struct why *why)
{
	const struct catalog *all = replica_catalog(r);
	enum status st = ST_OK;
	bool any = false;

	for (size_t i = 0; !st && i < all->kind_count; i++) {
		struct clause c = {.r = r, .kind = &all->kinds[i]};
		int64_t left = limit ? limit - (int64_t)out->count : 0;

		if (!kind_has_all(c.kind, terms))
			continue;
		any = true;
		if (limit && left <= 0)
			break;
		st = find_in_kind(&c, terms, left, out, why);
		clause_release(&c);
	}
	return st || any ? st : no_kind_has_all(all, terms, why);
}

static enum status
find_terms(struct replica *r, struct terms *terms, int64_t limit,
	struct finds *out, struct why *why)
{
	struct clause c = {.r = r};
	struct buf match = BUF_INIT;
	const struct query q = {0};
	enum status st = ST_OK;

	if (terms_kind(terms)) {
		st = query_kind(r, &q, terms, &c.kind, why);
		if (!st)
			st = find_in_kind(&c, terms, limit, out, why);
	} else if (terms_plain(terms)) {
		if (terms_match(terms, false, &match))
			st = find_words(r, buf_text(&match), limit, out, why);
	} else {
		st = find_by_fields(r, terms, limit, out, why);
	}
	buf_release(&match);
	clause_release(&c);
	return st;
}

enum status
query_find(struct replica *r, const char *text, int64_t limit,
	struct finds *out, struct why *why)
{
	struct terms terms = {0};
	enum status st = terms_parse(text, &terms, why);

	if (!st)
		st = find_terms(r, &terms, limit, out, why);
	terms_release(&terms);
	return st;
}
