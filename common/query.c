#include "common/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/nearest.h"
#include "common/query_terms.h"
#include "common/record.h"
#include "common/value.h"

/* A WHERE clause and what is bound to it, in order. */
struct clause {
	struct replica *r;
	const struct kind *kind;
	struct buf sql;
	struct names bound;
	bool any_void;
};

static void
clause_release(struct clause *c)
{
	buf_release(&c->sql);
	names_release(&c->bound);
}

/* Bind one more text; its number goes into the SQL. */
static void
bind(struct clause *c, const char *text)
{
	names_push(&c->bound, text);
	buf_printf(&c->sql, "?%zu", c->bound.count);
}

static struct value_context
context(struct clause *c)
{
	struct value_context ctx = {
		replica_identity(c->r)->badge, replica_hub_now(c->r)};

	return ctx;
}

static enum status
bad_value(const struct term *t, const char *right, struct why *why)
{
	return why_set(why, ST_DATA, "%s:%.60s is not understood: give %s",
		t->field, t->value, right);
}

/* Fields that every record has, as if the catalogue named them. */
static const struct field *
common_field(const char *name)
{
	static const struct field fields[] = {
		{.name = "id", .label = "Id", .type = TYPE_TEXT},
		{.name = "created_at", .label = "Made", .type = TYPE_DATETIME},
		{.name = "updated_at",
			.label = "Written",
			.type = TYPE_DATETIME},
		{.name = "created_by",
			.label = "Made by",
			.type = TYPE_REF,
			.ref_kind = "member"},
		{.name = "updated_by",
			.label = "Written by",
			.type = TYPE_REF,
			.ref_kind = "member"},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

static const struct field *
term_field(const struct kind *k, const char *name)
{
	const struct field *f = kind_field(k, name);

	return f ? f : common_field(name);
}

static void
offer_fields(const struct kind *k, struct nearest *near)
{
	for (size_t i = 0; i < k->field_count; i++)
		nearest_offer(near, k->fields[i].name);
	nearest_offer(near, "created_at");
	nearest_offer(near, "updated_at");
}

static enum status
no_field(const struct kind *k, const char *name, const char *purpose,
	struct why *why)
{
	struct nearest near = {.typed = name};
	char hint[NEAREST_HINT_MAX];

	offer_fields(k, &near);
	nearest_hint(&near, hint);
	if (hint[0])
		return why_set(why, ST_DATA, "%s has no field '%.40s' %s: %s",
			k->name, name, purpose, hint + 2);
	return why_set(why, ST_DATA,
		"%s has no field '%.40s' %s: `beatbook kinds %s` lists them",
		k->name, name, purpose, k->name);
}

static const char *const operators[] = {"=", "<", "<=", ">", ">="};

static void
compare(struct clause *c, const struct field *f, enum compare how,
	const char *value)
{
	buf_printf(&c->sql, "k.\"%s\"%s", f->name, operators[how]);
	bind(c, value);
}

/* A day stands for all of its instants. */
static enum status
add_instant(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	struct value_context ctx = context(c);
	char day[WHEN_MAX], first[WHEN_MAX], after[WHEN_MAX];
	int64_t ms, start, end;

	if (when_parse_day(t->value, ctx.now_ms, day)) {
		if (!when_day_bounds(day, &start, &end))
			return bad_value(t, "a day", why);
	} else if (when_parse_local(t->value, ctx.now_ms, &ms)) {
		start = ms;
		end = ms + 1;
	} else {
		return bad_value(
			t, "a day such as 2026-11-22, today, -14d", why);
	}
	when_instant_text(start, first);
	when_instant_text(end, after);
	if (t->how == COMPARE_EQUAL) {
		compare(c, f, COMPARE_FROM, first);
		buf_puts(&c->sql, " AND ");
		compare(c, f, COMPARE_BELOW, after);
	} else if (t->how == COMPARE_BELOW || t->how == COMPARE_FROM) {
		compare(c, f, t->how, first);
	} else {
		compare(c, f,
			t->how == COMPARE_ABOVE ? COMPARE_FROM : COMPARE_BELOW,
			after);
	}
	return ST_OK;
}

static enum status
add_date(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	char day[WHEN_MAX];

	if (!when_parse_day(t->value, context(c).now_ms, day))
		return bad_value(
			t, "a day such as 2026-11-22, today, -14d", why);
	compare(c, f, t->how, day);
	return ST_OK;
}

static enum status
add_number(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	char *end;

	(void)strtod(t->value, &end);
	if (end == t->value || *end ||
		strspn(t->value, "0123456789+-.eE") != strlen(t->value))
		return bad_value(t, "a number", why);
	buf_printf(&c->sql, "k.\"%s\"%sCAST(", f->name, operators[t->how]);
	bind(c, t->value);
	buf_puts(&c->sql, " AS REAL)");
	return ST_OK;
}

static enum status
add_bool(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	struct value_context ctx = context(c);
	char *value;
	enum status st = value_read(f, t->value, &ctx, &value, why);

	if (!st)
		buf_printf(&c->sql, "k.\"%s\"=%d", f->name,
			strcmp(value, "true") == 0);
	free(value);
	return st;
}

/* A choice by its value, its label or how either begins. */
static const char *
find_choice(const struct field *f, const char *typed)
{
	size_t len = strlen(typed);

	if (field_choice(f, typed))
		return typed;
	for (size_t i = 0; i < f->choice_count; i++)
		if (strncasecmp(f->choices[i].value, typed, len) == 0 ||
			strncasecmp(f->choices[i].label, typed, len) == 0)
			return f->choices[i].value;
	return NULL;
}

static enum status
list_choices(const struct field *f, const struct term *t, struct why *why)
{
	struct buf list = BUF_INIT_MAX(300);
	enum status st;

	for (size_t i = 0; i < f->choice_count && list.len < 200; i++)
		buf_printf(&list, "%s%s", i ? ", " : "one of ",
			f->choices[i].value);
	st = bad_value(t, buf_text(&list), why);
	buf_release(&list);
	return st;
}

static void
add_linked(struct clause *c, const struct field *f, const char *target)
{
	buf_printf(&c->sql,
		"k.id IN (SELECT id FROM _link WHERE kind='%s' AND field='%s' "
		"AND target=",
		c->kind->name, f->name);
	bind(c, target);
	buf_putc(&c->sql, ')');
}

static enum status
add_choice(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	const char *value = find_choice(f, t->value);

	if (!value && (f->choice_count || f->type == TYPE_ENUM))
		return list_choices(f, t, why);
	if (f->type == TYPE_ENUM)
		compare(c, f, t->how, value);
	else
		add_linked(c, f, value ? value : t->value);
	return ST_OK;
}

static void
add_ref(struct clause *c, const struct field *f, const struct term *t)
{
	const char *target = strcmp(t->value, "me") == 0
				     ? replica_identity(c->r)->badge
				     : t->value;

	if (common_field(f->name))
		compare(c, f, COMPARE_EQUAL, target);
	else
		add_linked(c, f, target);
}

static void
add_text(struct clause *c, const struct field *f, const struct term *t)
{
	if (strcmp(f->name, "id") == 0 || t->how != COMPARE_EQUAL) {
		compare(c, f, t->how, t->value);
		return;
	}
	buf_puts(&c->sql, "instr(lower(");
	buf_printf(&c->sql, "k.\"%s\"),lower(", f->name);
	bind(c, t->value);
	buf_puts(&c->sql, "))>0");
}

static enum status
add_value(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	if (!t->value[0]) {
		buf_printf(&c->sql, "k.\"%s\" IS NULL", f->name);
		return ST_OK;
	}
	switch (f->type) {
	case TYPE_DATE:
		return add_date(c, f, t, why);
	case TYPE_DATETIME:
		return add_instant(c, f, t, why);
	case TYPE_INT:
	case TYPE_REAL:
		return add_number(c, f, t, why);
	case TYPE_BOOL:
		return add_bool(c, f, t, why);
	case TYPE_ENUM:
	case TYPE_SET:
		return add_choice(c, f, t, why);
	case TYPE_REF:
	case TYPE_REFS:
		add_ref(c, f, t);
		return ST_OK;
	default:
		add_text(c, f, t);
		return ST_OK;
	}
}

static enum status
add_void(struct clause *c, const struct term *t, struct why *why)
{
	c->any_void = true;
	if (strcmp(t->value, "any") == 0)
		buf_puts(&c->sql, "1");
	else if (strcmp(t->value, "yes") == 0)
		buf_puts(&c->sql, "k.void IS NOT NULL");
	else if (strcmp(t->value, "no") == 0)
		buf_puts(&c->sql, "k.void IS NULL");
	else
		return bad_value(t, "yes, no or any", why);
	return ST_OK;
}

static enum status
add_field(struct clause *c, const struct term *t, struct why *why)
{
	const struct field *f = term_field(c->kind, t->field);

	if (strcmp(t->field, FIELD_VOID) == 0)
		return add_void(c, t, why);
	if (!f)
		return no_field(c->kind, t->field, "to ask for", why);
	return add_value(c, f, t, why);
}

static void
add_words(struct clause *c, const char *match)
{
	buf_puts(&c->sql,
		"k.id IN (SELECT r.id FROM _find f CROSS JOIN _record r ON "
		"r.rowid=f.rowid WHERE f._find MATCH ");
	bind(c, match);
	buf_printf(&c->sql, " AND r.kind='%s')", c->kind->name);
}

/* All conditions of the query, for one kind. */
static enum status
clause_build(struct clause *c, const struct terms *all, struct why *why)
{
	struct buf match = BUF_INIT;
	enum status st = ST_OK;

	buf_puts(&c->sql, "1");
	for (size_t i = 0; !st && i < all->count; i++) {
		const struct term *t = &all->items[i];

		if (!t->field || strcmp(t->field, "in") == 0)
			continue;
		buf_puts(
			&c->sql, t->negated ? " AND NOT coalesce((" : " AND (");
		st = add_field(c, t, why);
		buf_puts(&c->sql, t->negated ? "),0)" : ")");
	}
	for (int negated = 0; negated < 2; negated++) {
		buf_clear(&match);
		if (!terms_match(all, negated, &match))
			continue;
		buf_puts(&c->sql, negated ? " AND NOT " : " AND ");
		buf_putc(&c->sql, '(');
		add_words(c, buf_text(&match));
		if (!negated && all->lone_word) {
			buf_puts(&c->sql, " OR k.id=");
			bind(c, all->lone_word);
		}
		buf_putc(&c->sql, ')');
	}
	if (!c->any_void)
		buf_puts(&c->sql, " AND k.void IS NULL");
	buf_release(&match);
	return st;
}

static enum status
add_order(struct clause *c, const char *sort, struct buf *sql, struct why *why)
{
	const char *way = sort[0] == '-' ? "DESC" : "ASC";
	const char *name = sort + (sort[0] == '-');
	const struct field *f = term_field(c->kind, name);

	if (!f)
		return no_field(c->kind, name, "to sort by", why);
	/* Every record has the common fields: their index gives the order. */
	if (common_field(name))
		buf_printf(sql, " ORDER BY k.\"%s\" %s,k.id", f->name, way);
	else
		buf_printf(sql, " ORDER BY k.\"%s\" IS NULL,k.\"%s\" %s,k.id",
			f->name, f->name, way);
	return ST_OK;
}

static sqlite3_stmt *
use_bound(struct clause *c, const char *sql)
{
	sqlite3_stmt *s = sql_use(replica_sql(c->r), sql, "");

	for (size_t i = 0; s && i < c->bound.count; i++)
		sqlite3_bind_text(
			s, (int)i + 1, c->bound.items[i], -1, SQLITE_STATIC);
	return s;
}

static enum status
run_ids(struct clause *c, const char *sql, struct names *ids, struct why *why)
{
	sqlite3_stmt *s = use_bound(c, sql);
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
		st = add_order(c, q->sort ? q->sort : c->kind->sort, &sql, why);
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
			strcmp(field, FIELD_VOID) != 0 && !term_field(k, field))
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
	return strcmp(name, FIELD_VOID) == 0;
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
