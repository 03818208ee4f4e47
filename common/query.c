#include "common/query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/fulltext.h"
#include "common/json.h"
#include "common/query_clause.h"
#include "common/record.h"

static enum status
run_ids(struct clause *c, const char *sql, struct names *ids, struct why *why)
{
	sqlite3_stmt *s = clause_use(c, sql);

	return sql_names(replica_sql(c->r), s, ids, NULL, why);
}

static enum status
no_kind(const struct catalog *c, const char *name, struct why *why)
{
	struct nearest near = {.typed = name};
	char hint[NEAREST_HINT_MAX];

	catalog_offer_kinds(c, &near);
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

	buf_printf(&sql, "SELECT k.id FROM %s WHERE %s", buf_text(&c->from),
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

/* Records by their id. */

static enum status
has_record(struct replica *r, const char *kind, const char *id, bool *has,
	struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(r), 0, &found, why,
		"SELECT 1 FROM _record WHERE kind=?1 AND id=?2", "ss", kind,
		id);

	*has = found != 0;
	return st;
}

static enum status
kinds_of(
	struct replica *r, const char *id, struct names *kinds, struct why *why)
{
	const struct catalog *c = replica_catalog(r);
	enum status st = ST_OK;
	bool has;

	for (size_t i = 0; !st && i < c->kind_count; i++) {
		st = has_record(r, c->kinds[i].name, id, &has, why);
		if (!st && has)
			names_push(kinds, c->kinds[i].name);
	}
	return st;
}

/* How an id may be meant: as it is, in small letters, in capitals. */
static void
other_case(const char *id, int turn, struct buf *out)
{
	buf_clear(out);
	for (; *id; id++)
		buf_putc(out, turn == 0	  ? *id
			      : turn == 1 ? (char)tolower((unsigned char)*id)
					  : (char)toupper((unsigned char)*id));
}

enum status
query_id(struct replica *r, const char *id, struct names *kinds,
	struct buf *as_kept, struct why *why)
{
	enum status st = ST_OK;

	for (int turn = 0; !st && !kinds->count && turn < 3; turn++) {
		other_case(id, turn, as_kept);
		st = kinds_of(r, buf_text(as_kept), kinds, why);
	}
	return st;
}

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

static enum status
find_id(struct replica *r, const char *id, struct finds *out, struct why *why)
{
	struct names kinds = {0};
	struct buf kept = BUF_INIT;
	enum status st = query_id(r, id, &kinds, &kept, why);

	for (size_t i = 0; !st && i < kinds.count; i++) {
		const char *kind = kinds.items[i];
		char *title;
		bool gone;

		st = is_void(r, kind, buf_text(&kept), &gone, why);
		if (st || gone)
			continue;
		title = record_title_of(r, kind, buf_text(&kept));
		finds_add(out, kind, buf_text(&kept), title, "");
		free(title);
	}
	names_release(&kinds);
	buf_release(&kept);
	return st;
}

/*
 * Words. To rank is to read every match: past some thousands, which no word
 * would lift above the others anyway, they come by their place, the newest
 * first, and only those that are asked for are read.
 */
#define RANKED_MAX 4000
#define SNIPPET "snippet(_find,-1,'[',']','...',12)"
#define FIND_WORDS                                                        \
	"SELECT r.kind,r.id,f.title," SNIPPET " FROM _find f CROSS JOIN " \
	"_record r ON r.rowid=f.rowid WHERE f._find MATCH ?1 ORDER BY "

/* How many match and are not void. */
static enum status
count_words(
	struct replica *r, const char *match, size_t *count, struct why *why)
{
	const struct catalog *all = replica_catalog(r);
	struct buf sql = BUF_INIT;
	int64_t found;
	enum status st;

	buf_puts(&sql, "SELECT count(*) FROM _find WHERE _find MATCH ?1");
	for (size_t i = 0; i < all->kind_count; i++)
		buf_printf(&sql,
			"%s SELECT r.rowid FROM \"%s\" k CROSS JOIN _record r "
			"ON r.kind='%s' AND r.id=k.id WHERE k.void IS NOT NULL",
			i ? " UNION ALL" : " AND rowid NOT IN (",
			all->kinds[i].name, all->kinds[i].name);
	buf_puts(&sql, all->kind_count ? ")" : "");
	st = sql_int(
		replica_sql(r), 0, &found, why, buf_text(&sql), "s", match);
	*count = (size_t)found;
	buf_release(&sql);
	return st;
}

/* Is it one of the first, which were found by their id? */
static bool
is_among(const struct finds *f, size_t first, const char *kind, const char *id)
{
	for (size_t i = 0; i < first; i++)
		if (strcmp(f->items[i].kind, kind) == 0 &&
			strcmp(f->items[i].id, id) == 0)
			return true;
	return false;
}

static enum status
fetch_words(struct replica *r, const char *match, bool ranked, size_t limit,
	struct finds *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s =
		ranked ? sql_use(db, FIND_WORDS "f.rank", "s", match)
		       : sql_use(db, FIND_WORDS "f.rowid DESC", "s", match);
	size_t first = out->count;
	enum status st = ST_OK;
	bool row = true, gone;

	while (!st && out->count < limit) {
		const char *kind, *id;

		st = sql_step(db, s, &row, why);
		if (st || !row)
			return st;
		kind = sql_column(s, 0);
		id = sql_column(s, 1);
		st = is_void(r, kind, id, &gone, why);
		if (!st && !gone && !is_among(out, first, kind, id))
			finds_add(out, kind, id, sql_column(s, 2),
				sql_column(s, 3));
	}
	sqlite3_reset(s);
	return st;
}

/* Words alone, over all kinds at once. */
static enum status
find_words(struct replica *r, const struct terms *terms, size_t limit,
	struct finds *out, struct why *why)
{
	struct buf match = BUF_INIT;
	enum status st = ST_OK;

	if (terms->lone_word)
		st = find_id(r, terms->lone_word, out, why);
	if (!st && terms_match(terms, false, &match)) {
		fulltext_ready(r);
		st = count_words(r, buf_text(&match), &out->total, why);
		if (!st)
			st = fetch_words(r, buf_text(&match),
				out->total <= RANKED_MAX, limit, out, why);
	}
	if (out->count < limit)
		out->total = out->count;
	buf_release(&match);
	return st;
}

/* Words and fields within one kind. */

static int
compare_ids(const void *a, const void *b)
{
	const struct found *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

/* Those from `first` on in the order of their ids, and the ids as JSON. */
static struct found **
by_id(struct finds *f, size_t first, struct buf *ids)
{
	size_t count = f->count - first;
	struct found **sorted = mem_alloc((count + 1) * sizeof(struct found *));

	for (size_t i = 0; i < count; i++) {
		sorted[i] = &f->items[first + i];
		buf_putc(ids, i ? ',' : '[');
		json_put_text(ids, sorted[i]->id);
	}
	buf_puts(ids, count ? "]" : "[]");
	qsort(sorted, count, sizeof(struct found *), compare_ids);
	return sorted;
}

/* What matched in those from `first` on: the index is gone through once. */
static enum status
put_snippets(struct clause *c, const char *match, struct finds *out,
	size_t first, struct why *why)
{
	struct sql *db = replica_sql(c->r);
	struct buf ids = BUF_INIT;
	struct found **sorted = by_id(out, first, &ids);
	sqlite3_stmt *s = sql_use(db,
		"SELECT r.id," SNIPPET " FROM _find f CROSS JOIN _record r ON "
		"r.rowid=f.rowid WHERE f._find MATCH ?1 AND +f.rowid IN "
		"(SELECT rowid FROM _record WHERE kind=?2 AND id IN (SELECT "
		"value FROM json_each(?3)))",
		"sss", match, c->kind->name, buf_text(&ids));
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct found like = {.id = (char *)sql_column(s, 0)};
		const struct found *key = &like;
		struct found **at = bsearch(&key, sorted, out->count - first,
			sizeof(struct found *), compare_ids);

		if (at) {
			free((*at)->snippet);
			(*at)->snippet = mem_text(sql_column(s, 1));
		}
	}
	buf_release(&ids);
	free(sorted);
	return st;
}

/* Until there are `limit`; no words: the kind's own order. */
static enum status
find_in_kind(struct clause *c, const struct terms *terms, size_t limit,
	struct finds *out, struct why *why)
{
	const struct query q = {.kind = c->kind->name};
	struct names ids = {0};
	struct buf match = BUF_INIT;
	enum status st = ids_of(c, &q, terms, &ids, why);
	size_t first = out->count;

	for (size_t i = 0; !st && i < ids.count && out->count < limit; i++) {
		char *title =
			record_title_of(c->r, c->kind->name, ids.items[i]);

		finds_add(out, c->kind->name, ids.items[i], title, "");
		free(title);
	}
	if (!st && out->count > first && terms_match(terms, false, &match))
		st = put_snippets(c, buf_text(&match), out, first, why);
	out->total += ids.count;
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
find_by_fields(struct replica *r, const struct terms *terms, size_t limit,
	struct finds *out, struct why *why)
{
	const struct catalog *all = replica_catalog(r);
	enum status st = ST_OK;
	bool any = false;

	for (size_t i = 0; !st && i < all->kind_count; i++) {
		struct clause c = {.r = r, .kind = &all->kinds[i]};

		if (!kind_has_all(c.kind, terms))
			continue;
		any = true;
		st = find_in_kind(&c, terms, limit, out, why);
		clause_release(&c);
	}
	return st || any ? st : no_kind_has_all(all, terms, why);
}

static enum status
find_terms(struct replica *r, struct terms *terms, size_t limit,
	struct finds *out, struct why *why)
{
	struct clause c = {.r = r};
	const struct query q = {0};
	enum status st = ST_OK;

	if (terms_kind(terms)) {
		st = query_kind(r, &q, terms, &c.kind, why);
		if (!st)
			st = find_in_kind(&c, terms, limit, out, why);
	} else if (terms_plain(terms)) {
		st = find_words(r, terms, limit, out, why);
	} else {
		st = find_by_fields(r, terms, limit, out, why);
	}
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
		st = find_terms(r, &terms, limit > 0 ? (size_t)limit : SIZE_MAX,
			out, why);
	terms_release(&terms);
	return st;
}

bool
query_toggle_void(const char *text, struct buf *out)
{
	struct terms terms = {0};
	bool asked = false;
	size_t from = 0;
	struct why why;

	if (terms_parse(text, &terms, &why))
		terms_release(&terms); /* it is in no force either */
	for (size_t i = 0; i < terms.count; i++) {
		const struct term *t = &terms.items[i];

		if (!t->field || strcmp(t->field, FIELD_VOID) != 0)
			continue;
		asked = true;
		buf_add(out, text + from, t->at - from);
		from = t->at + t->len;
		from += text[from] == ' ';
	}
	buf_puts(out, text + from);
	while (out->len && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	if (!asked)
		buf_printf(out, "%s%s:any", out->len ? " " : "", FIELD_VOID);
	terms_release(&terms);
	return !asked;
}

bool
query_holds(const char *text, const struct field *f)
{
	struct terms terms = {0};
	bool holds = false;
	struct why why;

	if (f->type != TYPE_ENUM || terms_parse(text, &terms, &why))
		terms_release(&terms); /* it is in no force either */
	for (size_t i = 0; i < terms.count && !holds; i++) {
		const struct term *t = &terms.items[i];

		holds = t->field && strcmp(t->field, f->name) == 0 &&
			!t->negated && t->how == COMPARE_EQUAL &&
			field_choice(f, t->value);
	}
	terms_release(&terms);
	return holds;
}
