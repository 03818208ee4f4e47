#include "common/query_clause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/fulltext.h"
#include "common/record.h"
#include "common/value.h"

#define TERM_BEAT "beat"

void
clause_release(struct clause *c)
{
	buf_release(&c->from);
	buf_release(&c->sql);
	names_release(&c->bound);
}

sqlite3_stmt *
clause_use(struct clause *c, const char *sql)
{
	sqlite3_stmt *s = sql_use(replica_sql(c->r), sql, "");

	for (size_t i = 0; s && i < c->bound.count; i++)
		sqlite3_bind_text(
			s, (int)i + 1, c->bound.items[i], -1, SQLITE_STATIC);
	return s;
}

/* Bind one more text; its number goes into the SQL. */
static void
bind_in(struct clause *c, struct buf *sql, const char *text)
{
	names_push(&c->bound, text);
	buf_printf(sql, "?%zu", c->bound.count);
}

static void
bind(struct clause *c, const char *text)
{
	bind_in(c, &c->sql, text);
}

/* The id of a record of this kind, typed in any case. */
static enum status
bind_id(struct clause *c, const char *typed, struct why *why)
{
	struct buf kept = BUF_INIT;
	enum status st =
		record_id_meant(c->r, c->kind->name, typed, &kept, why);

	bind(c, buf_text(&kept));
	buf_release(&kept);
	return st;
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

const struct field *
term_field(const struct kind *k, const char *name)
{
	const struct field *f = kind_field(k, name);

	return f ? f : common_field(name);
}

void
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

static enum status
add_ref(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	const char *typed = strcmp(t->value, "me") == 0
				    ? replica_identity(c->r)->badge
				    : t->value;
	struct buf kept = BUF_INIT;
	enum status st = record_ref_meant(c->r, f, typed, &kept, why);
	const char *target = buf_text(&kept);

	/* one value, and an index of its own: that leads to the row at once */
	if (common_field(f->name) || (f->type == TYPE_REF && f->indexed))
		compare(c, f, COMPARE_EQUAL, target);
	else
		add_linked(c, f, target);
	buf_release(&kept);
	return st;
}

static enum status
add_text(struct clause *c, const struct field *f, const struct term *t,
	struct why *why)
{
	if (t->how != COMPARE_EQUAL) {
		compare(c, f, t->how, t->value);
		return ST_OK;
	}
	if (strcmp(f->name, "id") == 0) {
		buf_puts(&c->sql, "k.id=");
		return bind_id(c, t->value, why);
	}
	buf_puts(&c->sql, "instr(lower(");
	buf_printf(&c->sql, "k.\"%s\"),lower(", f->name);
	bind(c, t->value);
	buf_puts(&c->sql, "))>0");
	return ST_OK;
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
		return add_ref(c, f, t, why);
	default:
		return add_text(c, f, t, why);
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

bool
term_everywhere(const char *name)
{
	return strcmp(name, FIELD_VOID) == 0 || strcmp(name, TERM_BEAT) == 0;
}

#define ON_BEAT "FROM _link WHERE field IN ('beat_id','beat_ids') AND target="

/* One's own that the hub has not placed yet: by the record they belong to. */
static void
or_belongs(struct clause *c, const struct field *f, const char *beat)
{
	bool any = !f->ref_kind[0];

	buf_printf(&c->sql, " OR k.\"%s\" IN (SELECT %s " ON_BEAT, f->name,
		any ? "kind||'/'||id" : "id");
	bind(c, beat);
	if (any) {
		buf_puts(&c->sql, " UNION ALL SELECT 'beat/'||");
		bind(c, beat);
	} else {
		buf_printf(&c->sql, " AND kind='%s'", f->ref_kind);
	}
	buf_putc(&c->sql, ')');
}

/* What points to a beat, what is in its book, and what belongs to that. */
static void
on_beat(struct clause *c, const char *beat)
{
	buf_puts(&c->sql, "k.id IN (SELECT id " ON_BEAT);
	bind(c, beat);
	buf_printf(&c->sql,
		" AND kind='%s') OR k.id IN (SELECT id FROM _in_book WHERE "
		"kind='%s' AND book='beat:'||",
		c->kind->name, c->kind->name);
	bind(c, beat);
	buf_putc(&c->sql, ')');
	for (size_t i = 0; i < c->kind->book_count; i++) {
		const struct field *f =
			kind_field(c->kind, c->kind->books[i].steps[0]);

		if (f && f->type == TYPE_REF)
			or_belongs(c, f, beat);
	}
}

static enum status
add_beat(struct clause *c, const struct term *t, struct why *why)
{
	struct buf beat = BUF_INIT;
	enum status st;

	if (!t->value[0] || t->how != COMPARE_EQUAL)
		return bad_value(t, "the code of a beat", why);
	st = record_id_meant(c->r, TERM_BEAT, t->value, &beat, why);
	on_beat(c, buf_text(&beat));
	buf_release(&beat);
	return st;
}

static enum status
add_field(struct clause *c, const struct term *t, struct why *why)
{
	const struct field *f = term_field(c->kind, t->field);

	if (strcmp(t->field, FIELD_VOID) == 0)
		return add_void(c, t, why);
	if (!f && strcmp(t->field, TERM_BEAT) == 0)
		return add_beat(c, t, why);
	if (!f)
		return no_field(c->kind, t->field, "to ask for", why);
	return add_value(c, f, t, why);
}

#define WORDS_FROM                                                           \
	"SELECT r.id AS found FROM _find f CROSS JOIN _record r ON r.rowid=" \
	"f.rowid WHERE r.kind='%s' AND f._find MATCH "

/* Records without these words. */
static void
add_without(struct clause *c, const char *match)
{
	buf_printf(&c->sql, " AND NOT (k.id IN (" WORDS_FROM, c->kind->name);
	bind(c, match);
	buf_puts(&c->sql, "))");
}

/* The table, reached from the words: few rows of it are looked at then. What
 * may be an id is looked for as one, too, and no record is given twice. */
static void
build_from(struct clause *c, const char *match, const char *lone_word)
{
	struct buf *from = &c->from;

	if (!match[0]) {
		buf_printf(from, "\"%s\" k", c->kind->name);
		return;
	}
	buf_printf(from, "(" WORDS_FROM, c->kind->name);
	bind_in(c, from, match);
	if (lone_word) {
		buf_puts(from, " AND r.id<>");
		bind_in(c, from, lone_word);
		buf_printf(from, " UNION ALL SELECT ?%zu", c->bound.count);
	}
	buf_printf(
		from, ") w CROSS JOIN \"%s\" k ON k.id=w.found", c->kind->name);
}

/* `in:` of another kind than the one that is asked for anyhow. */
static enum status
check_kind(const struct kind *k, const struct terms *all, struct why *why)
{
	const char *in = terms_kind(all);

	if (!in || strcmp(in, k->name) == 0)
		return ST_OK;
	return why_set(why, ST_DATA,
		"in:%.40s: only records of the kind %s are looked at here: "
		"leave it out",
		in, k->name);
}

enum status
clause_build(struct clause *c, const struct terms *all, struct why *why)
{
	struct buf match = BUF_INIT, id = BUF_INIT;
	enum status st = check_kind(c->kind, all, why);

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
	if (!st && all->lone_word)
		st = record_id_meant(
			c->r, c->kind->name, all->lone_word, &id, why);
	if (!st && terms_words(all))
		fulltext_ready(c->r);
	terms_match(all, false, &match);
	build_from(c, buf_text(&match), all->lone_word ? buf_text(&id) : NULL);
	buf_clear(&match);
	if (terms_match(all, true, &match))
		add_without(c, buf_text(&match));
	if (!c->any_void)
		buf_puts(&c->sql, " AND k.void IS NULL");
	buf_release(&match);
	buf_release(&id);
	return st;
}

enum status
clause_order(
	struct clause *c, const char *sort, struct buf *sql, struct why *why)
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
