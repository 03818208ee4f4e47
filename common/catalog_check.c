#include "common/catalog_build.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static enum status build_wrong(const struct build *b, const struct kind *k,
	const struct field *f, const char *word, struct why *why,
	const char *fmt, ...) PRINTF_LIKE(6, 7);

/* Where it stands is looked up only now: good catalogues stay quick. */
static enum status
build_wrong(const struct build *b, const struct kind *k, const struct field *f,
	const char *word, struct why *why, const char *fmt, ...)
{
	struct place at = build_place(b, k->name, f ? f->name : NULL);
	char text[WHY_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	at.word = word;
	return source_wrong(&at, why, "%s", text);
}

/* What every record has, or a name that means something else in a query. */
static const char *const reserved[] = {"id", "record", "related", "void",
	"author", "rowid", "oid", "created_at", "created_by", "updated_at",
	"updated_by", "device_id", "rev", "deleted"};

static enum status
check_field_name(const struct build *b, const struct kind *k,
	const struct field *f, struct why *why)
{

	if (!catalog_name_ok(f->name))
		return build_wrong(b, k, f, NULL, why,
			"a name is a letter, then letters, digits and _, %d at "
			"most",
			NAME_MAX_BYTES);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcasecmp(f->name, reserved[i]) == 0)
			return build_wrong(b, k, f, NULL, why,
				"this name is taken by what every record has");
	for (size_t i = 0; i < f->index; i++)
		if (strcasecmp(f->name, k->fields[i].name) == 0)
			return build_wrong(b, k, f, NULL, why,
				"this field is there twice");
	for (size_t i = 0; i < k->field_count; i++)
		if (f->cell != f->name &&
			strcasecmp(f->cell, k->fields[i].name) == 0)
			return build_wrong(b, k, f, NULL, why,
				"the group '%s' has the name of a field",
				f->cell);
	if (!catalog_name_ok(f->cell))
		return build_wrong(b, k, f, NULL, why,
			"'%.60s' cannot name a group", f->cell);
	return ST_OK;
}

/* Is a kind announced for later? */
static bool
is_later(const struct build *b, const char *name)
{
	for (size_t i = 0; i < b->source_count; i++) {
		const cJSON *item,
			*later = json_get(b->sources[i].tree, "later");

		cJSON_ArrayForEach (item, later)
			if (strcmp(item->valuestring, name) == 0)
				return true;
	}
	return false;
}

static enum status
check_ref(const struct build *b, const struct kind *k, const struct field *f,
	struct why *why)
{
	const struct kind *to = catalog_kind(b->cat, f->ref_kind);

	if (f->type != TYPE_REF && f->type != TYPE_REFS)
		return f->ref_kind[0] ? build_wrong(b, k, f, NULL, why,
						"only a ref or refs has 'ref'")
				      : ST_OK;
	if (!f->ref_kind[0] && f->type == TYPE_REFS)
		return build_wrong(
			b, k, f, NULL, why, "refs need 'ref', a kind");
	if (f->ref_kind[0] && !to && !is_later(b, f->ref_kind))
		return build_wrong(b, k, f, NULL, why,
			"there is no kind '%.60s' to point to", f->ref_kind);
	if (to && kind_restricted(b->cat, to) && !kind_restricted(b->cat, k))
		return build_wrong(b, k, f, NULL, why,
			"points to '%s', which travels in members' own books "
			"alone: only such a kind may",
			to->name);
	return ST_OK;
}

static bool
is_whole_number(const char *s)
{
	size_t n;

	s += *s == '-';
	n = strspn(s, "0123456789");
	return n && n <= 15 && !s[n];
}

static bool
preset_ok(const struct kind *k, const struct field *f)
{
	const char *p = f->preset;

	if (p[0] == '=') {
		const struct field *from = kind_field(k, p + 1);

		return from && from != f && from->type == f->type;
	}
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_LONG:
		return strlen(p) <= f->max;
	case TYPE_ENUM:
	case TYPE_SET:
		return field_choice(f, p) != NULL;
	case TYPE_BOOL:
		return strcmp(p, "true") == 0 || strcmp(p, "false") == 0;
	case TYPE_INT:
		return is_whole_number(p);
	case TYPE_DATE:
		return strcmp(p, "today") == 0;
	case TYPE_DATETIME:
		return strcmp(p, "now") == 0;
	case TYPE_REF:
		return strcmp(p, "me") == 0 &&
		       strcmp(f->ref_kind, "member") == 0;
	default:
		return false;
	}
}

static enum status
check_field(const struct build *b, const struct kind *k, const struct field *f,
	struct why *why)
{
	enum status st = check_field_name(b, k, f, why);

	if (!st)
		st = check_ref(b, k, f, why);
	if (st)
		return st;
	if (f->preset[0] && !preset_ok(k, f))
		return build_wrong(b, k, f, NULL, why,
			"the default '%.60s' is no value of it", f->preset);
	if (!f->label[0])
		return build_wrong(b, k, f, NULL, why, "the label is empty");
	return ST_OK;
}

static enum status
check_kind_name(const struct build *b, const struct kind *k, struct why *why)
{

	if (!catalog_name_ok(k->name) || strncasecmp(k->name, "sqlite", 6) == 0)
		return build_wrong(b, k, NULL, NULL, why,
			"a name is a letter, then letters, digits and _, %d at "
			"most, and does not begin with sqlite",
			NAME_MAX_BYTES);
	for (size_t i = 0; i < k->index; i++)
		if (strcasecmp(k->name, b->cat->kinds[i].name) == 0)
			return build_wrong(b, k, NULL, NULL, why,
				"this kind is there twice");
	return ST_OK;
}

/* A field of the kind, called for by `what`. */
static enum status
need_field(const struct build *b, const struct kind *k, const char *what,
	const char *name, struct why *why)
{

	if (kind_field(k, name))
		return ST_OK;
	return build_wrong(b, k, NULL, name, why,
		"'%s' names '%.60s', which is no field", what, name);
}

static enum status
need_column(const struct build *b, const struct kind *k, const char *what,
	const char *name, struct why *why)
{
	if (strcmp(name, "updated_at") == 0)
		return ST_OK;
	return need_field(b, k, what, name, why);
}

static enum status
check_code(const struct build *b, const struct kind *k, struct why *why)
{
	const struct field *f = kind_field(k, k->code);

	if (!k->code[0] || (f && f->required && f->type == TYPE_TEXT))
		return ST_OK;
	return build_wrong(b, k, f, NULL, why,
		"'code' needs a field of type text that is required");
}

static enum status
check_named_fields(const struct build *b, const struct kind *k, struct why *why)
{
	enum status st = need_field(b, k, "title", k->title, why);

	if (!st)
		st = need_column(
			b, k, "sort", k->sort + (k->sort[0] == '-'), why);
	for (size_t i = 0; !st && i < k->column_count; i++)
		st = need_column(b, k, "columns", k->columns[i], why);
	for (size_t i = 0; !st && i < k->any_of_count; i++)
		st = need_field(b, k, "any_of", k->any_of[i], why);
	return st ? st : check_code(b, k, why);
}

static enum status
check_hidden(const struct build *b, const struct kind *k, struct why *why)
{
	const struct value_list *levels = build_list(b, "access");

	for (size_t i = 0; i < k->hidden_from_count; i++) {
		bool known = false;

		for (size_t j = 0; levels && j < levels->count; j++)
			known |= strcmp(levels->choices[j].value,
					 k->hidden_from[i]) == 0;
		if (!known)
			return build_wrong(b, k, NULL, k->hidden_from[i], why,
				"there is no access level '%.60s'",
				k->hidden_from[i]);
	}
	return ST_OK;
}

/* Has `from` a field that can point to `k`? */
static bool
points_to(const struct kind *from, const struct kind *k)
{
	for (size_t i = 0; i < from->field_count; i++) {
		const struct field *f = &from->fields[i];

		if ((f->type == TYPE_REF || f->type == TYPE_REFS) &&
			(!f->ref_kind[0] || strcmp(f->ref_kind, k->name) == 0))
			return true;
	}
	return false;
}

static enum status
check_sections(const struct build *b, const struct kind *k, struct why *why)
{

	for (size_t i = 0; i < k->section_count; i++) {
		const struct kind *s = catalog_kind(b->cat, k->sections[i]);

		if (!s)
			return build_wrong(b, k, NULL, k->sections[i], why,
				"'sections' names '%.60s', which is no kind",
				k->sections[i]);
		if (!points_to(s, k))
			return build_wrong(b, k, NULL, k->sections[i], why,
				"the section '%s' has no field that points "
				"here",
				k->sections[i]);
	}
	return ST_OK;
}

/* The kind that a step leads to, "" for any; NULL: no such step. */
static const char *
step_leads_to(const struct kind *k, const char *step, bool first)
{
	const struct field *f;

	if (first && strcmp(step, "author") == 0)
		return "member";
	f = kind_field(k, step);
	if (!f || (f->type != TYPE_REF && f->type != TYPE_REFS))
		return NULL;
	return f->ref_kind;
}

static enum status
check_path(const struct build *b, const struct kind *k,
	const struct book_path *path, struct why *why)
{
	const struct kind *from = k;

	if (path->count == 1 && strcmp(path->steps[0], "dept") == 0)
		return ST_OK;
	for (size_t i = 0; i < path->count; i++) {
		const char *to =
			from ? step_leads_to(from, path->steps[i], i == 0)
			     : NULL;

		if (!to)
			return build_wrong(b, k, NULL, NULL, why,
				"'books' has a step '%.60s', which is no ref "
				"that can be followed",
				path->steps[i]);
		from = catalog_kind(b->cat, to);
	}
	return ST_OK;
}

static enum status
check_books(const struct build *b, const struct kind *k, struct why *why)
{
	enum status st = ST_OK;

	if (!k->book_count)
		return build_wrong(b, k, NULL, NULL, why, "'books' is empty");
	for (size_t i = 0; !st && i < k->book_count; i++)
		st = check_path(b, k, &k->books[i], why);
	return st;
}

static enum status
check_kind(const struct build *b, const struct kind *k, struct why *why)
{
	enum status st = check_kind_name(b, k, why);

	if (!st)
		st = check_books(b, k, why);
	for (size_t i = 0; !st && i < k->field_count; i++)
		st = check_field(b, k, &k->fields[i], why);
	if (!st)
		st = check_named_fields(b, k, why);
	if (!st)
		st = check_hidden(b, k, why);
	return st ? st : check_sections(b, k, why);
}

static enum status
check_often(const struct build *b, const struct source *s, struct why *why)
{
	const cJSON *item;

	cJSON_ArrayForEach (item, json_get(s->tree, "often")) {
		struct place at = {s, NULL, NULL, item->valuestring};

		if (!catalog_kind(b->cat, item->valuestring))
			return source_wrong(&at, why,
				"'often' names '%.60s', which is no kind",
				item->valuestring);
	}
	return ST_OK;
}

enum status
build_check(const struct build *b, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < b->cat->kind_count; i++)
		st = check_kind(b, &b->cat->kinds[i], why);
	for (size_t i = 0; !st && i < b->source_count; i++)
		st = check_often(b, &b->sources[i], why);
	return st;
}

static void
drop_kind(struct catalog *c, size_t at)
{
	c->kind_count--;
	for (size_t i = at; i < c->kind_count; i++) {
		c->kinds[i] = c->kinds[i + 1];
		c->kinds[i].index = i;
	}
}

/* One entry of "off": KIND, or KIND.FIELD. */
static bool
switch_off(struct catalog *c, const char *what)
{
	size_t len = strcspn(what, ".");
	struct kind *k = NULL;

	for (size_t i = 0; i < c->kind_count; i++)
		if (strlen(c->kinds[i].name) == len &&
			strncmp(c->kinds[i].name, what, len) == 0)
			k = &c->kinds[i];
	if (!k)
		return false;
	if (!what[len]) {
		drop_kind(c, k->index);
		return true;
	}
	for (size_t i = 0; i < k->field_count; i++) {
		if (strcmp(k->fields[i].name, what + len + 1) != 0)
			continue;
		k->fields[i].off = true;
		return true;
	}
	return false;
}

/* What a list or a record screen cannot do without must stay on. */
static enum status
check_needed(const struct build *b, const struct kind *k,
	const struct source *s, struct why *why)
{
	const char *sort = k->sort + (k->sort[0] == '-');

	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *f = &k->fields[i];
		struct place at = {s, NULL, NULL, NULL};

		if (!field_off(b->cat, f))
			continue;
		if (f->required || strcmp(f->name, k->title) == 0 ||
			strcmp(f->name, sort) == 0)
			return source_wrong(&at, why,
				"'off' takes away %s.%s, which %s cannot do "
				"without: switch the whole kind off",
				k->name, f->name, k->name);
	}
	return ST_OK;
}

static void
prune(const struct catalog *c, struct kind *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->column_count; i++) {
		const struct field *f = kind_field(k, k->columns[i]);

		if (!f || !field_off(c, f))
			k->columns[n++] = k->columns[i];
	}
	k->column_count = n;
	n = 0;
	for (size_t i = 0; i < k->section_count; i++)
		if (catalog_kind(c, k->sections[i]))
			k->sections[n++] = k->sections[i];
	k->section_count = n;
}

enum status
build_switch_off(struct build *b, struct why *why)
{
	const struct source *s = &b->sources[b->source_count - 1];
	const cJSON *item;
	enum status st = ST_OK;

	cJSON_ArrayForEach (item, json_get(s->tree, "off")) {
		struct place at = {s, NULL, NULL, item->valuestring};

		if (!switch_off(b->cat, item->valuestring))
			return source_wrong(&at, why,
				"'off' names '%.90s', which is no kind and no "
				"KIND.FIELD",
				item->valuestring);
	}
	for (size_t i = 0; !st && i < b->cat->kind_count; i++) {
		st = check_needed(b, &b->cat->kinds[i], s, why);
		prune(b->cat, &b->cat->kinds[i]);
	}
	return st;
}

static void
offer(struct catalog *c, size_t *count, const struct kind *k)
{
	for (size_t i = 0; i < *count; i++)
		if (c->offered[i] == k)
			return;
	c->offered[(*count)++] = k;
}

void
build_offered(struct build *b)
{
	struct catalog *c = b->cat;
	const cJSON *often = NULL, *item;
	size_t count = 0;

	for (size_t i = 0; i < b->source_count; i++)
		if (json_get(b->sources[i].tree, "often"))
			often = json_get(b->sources[i].tree, "often");
	c->offered = arena_alloc(c->memory, c->kind_count, sizeof(*c->offered));
	cJSON_ArrayForEach (item, often) {
		const struct kind *k = catalog_kind(c, item->valuestring);

		if (k)
			offer(c, &count, k);
	}
	for (size_t i = 0; i < c->kind_count; i++)
		offer(c, &count, &c->kinds[i]);
}
