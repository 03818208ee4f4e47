#include "common/catalog_build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/embedded.h"

#define BUILT_IN "common/catalog.json"
#define HASH_CHARS 16
#define MAX_LIMIT (1024 * 1024) /* bytes that a field's max may reach */

static const cJSON *
named(const cJSON *array, const char *name)
{
	const cJSON *item;

	cJSON_ArrayForEach (item, array) {
		const char *have = json_text(item, "name");

		if (have && strcmp(have, name) == 0)
			return item;
	}
	return NULL;
}

struct place
build_place(const struct build *b, const char *kind, const char *field)
{
	size_t i = b->source_count;

	while (i-- > 0) {
		const struct source *s = &b->sources[i];
		const cJSON *k = named(json_get(s->tree, "kinds"), kind);

		if (k && (!field || named(json_get(k, "fields"), field)))
			return (struct place){s, kind, field, NULL};
	}
	return (struct place){&b->sources[0], kind, field, NULL};
}

size_t
build_members(const cJSON *parent, const char *name)
{
	return (size_t)cJSON_GetArraySize(json_get(parent, name));
}

static const char *
copied(const struct build *b, const cJSON *object, const char *name)
{
	return arena_text(b->cat->memory, json_text(object, name));
}

static const char **
copied_list(
	const struct build *b, const cJSON *object, const char *name, size_t *n)
{
	const cJSON *array = json_get(object, name), *item;
	const char **out;

	*n = build_members(object, name);
	out = arena_alloc(b->cat->memory, *n, sizeof(*out));
	*n = 0;
	cJSON_ArrayForEach (item, array)
		out[(*n)++] = arena_text(b->cat->memory, item->valuestring);
	return out;
}

static bool
type_from_name(const char *name, enum type *type)
{
	for (int t = TYPE_TEXT; t <= TYPE_AREA; t++) {
		if (strcmp(type_name((enum type)t), name) != 0)
			continue;
		*type = (enum type)t;
		return true;
	}
	return false;
}

/* The limits of DESIGN.md, Bad input; sets and outlines by use. */
static size_t
type_max(enum type t)
{
	switch (t) {
	case TYPE_LONG:
		return (size_t)64 * 1024;
	case TYPE_AREA:
		return (size_t)256 * 1024;
	case TYPE_SET:
	case TYPE_REFS:
		return 2000;
	default:
		return 200;
	}
}

static enum status
read_values(struct build *b, const struct place *at, const cJSON *object,
	struct field *f, struct why *why)
{
	const char *name = json_text(object, "values");
	const struct value_list *l = name ? build_list(b, name) : NULL;
	struct place here = *at;

	here.word = name;
	if (name && f->type != TYPE_ENUM && f->type != TYPE_SET)
		return source_wrong(
			&here, why, "only an enum or a set has values");
	if (name && !l)
		return source_wrong(
			&here, why, "there is no list of values '%.60s'", name);
	if (f->type == TYPE_ENUM && (!l || !l->count))
		return source_wrong(at, why,
			"an enum needs 'values', the name of a list that is "
			"not empty");
	f->choices = l ? l->choices : NULL;
	f->choice_count = l ? l->count : 0;
	return ST_OK;
}

static enum status
read_mark(const struct place *at, const cJSON *object, struct field *f,
	struct why *why)
{
	const char *mark = json_text(object, "mark");

	if (!mark)
		return ST_OK;
	if (strlen(mark) != 1 || !strchr("PGRN", mark[0]))
		return source_wrong(
			at, why, "the mark '%.60s' is not P, G, R or N", mark);
	f->privacy = (enum privacy)mark[0];
	return ST_OK;
}

static enum status
read_max(const struct place *at, const cJSON *object, struct field *f,
	struct why *why)
{
	int64_t max = json_int(object, "max", (int64_t)type_max(f->type));

	if (max < 1 || max > MAX_LIMIT)
		return source_wrong(
			at, why, "'max' must be 1 to %d bytes", MAX_LIMIT);
	f->max = (size_t)max;
	return ST_OK;
}

static const struct member_rule field_rules[] = {
	{"name", MEMBER_TEXT, true},
	{"type", MEMBER_TEXT, true},
	{"label", MEMBER_TEXT, true},
	{"help", MEMBER_TEXT, false},
	{"values", MEMBER_TEXT, false},
	{"ref", MEMBER_TEXT, false},
	{"mark", MEMBER_TEXT, false},
	{"required", MEMBER_TRUE, false},
	{"index", MEMBER_TRUE, false},
	{"default", MEMBER_TEXT, false},
	{"group", MEMBER_TEXT, false},
	{"max", MEMBER_INT, false},
	{NULL, MEMBER_TEXT, false},
};

static enum status
read_field(struct build *b, const struct source *s, const cJSON *object,
	const char *kind, struct field *f, struct why *why)
{
	struct place at = {s, kind, json_text(object, "name"), NULL};
	enum status st = source_members(&at, object, field_rules, why);

	if (st)
		return st;
	f->kind = kind;
	f->name = copied(b, object, "name");
	f->label = copied(b, object, "label");
	f->help = copied(b, object, "help");
	f->preset = copied(b, object, "default");
	f->ref_kind = copied(b, object, "ref");
	f->required = json_true(object, "required");
	f->indexed = json_true(object, "index");
	f->cell = json_get(object, "group") ? copied(b, object, "group")
					    : f->name;
	if (!type_from_name(json_text(object, "type"), &f->type))
		return source_wrong(&at, why,
			"unknown type '%.60s': give text, long, enum, set, "
			"date, datetime, int, real, bool, ref, refs, geo or "
			"area",
			json_text(object, "type"));
	st = read_values(b, &at, object, f, why);
	if (!st)
		st = read_mark(&at, object, f, why);
	return st ? st : read_max(&at, object, f, why);
}

static enum status
read_fields(struct build *b, const struct source *s, const cJSON *object,
	struct kind *k, struct why *why)
{
	const cJSON *item;

	cJSON_ArrayForEach (item, json_get(object, "fields")) {
		struct field *f = &k->fields[k->field_count];
		enum status st = read_field(b, s, item, k->name, f, why);

		if (st)
			return st;
		f->index = k->field_count++;
	}
	return ST_OK;
}

/* "council_id.beat_ids" as steps. */
static enum status
read_path(const struct build *b, const struct place *at, const char *text,
	struct book_path *path, struct why *why)
{
	size_t most = sizeof(path->steps) / sizeof(path->steps[0]);

	for (;;) {
		size_t len = strcspn(text, ".");

		if (!len || path->count == most)
			return source_wrong(at, why,
				"the book path '%.60s' is not 1 to %zu names "
				"with points between",
				at->word, most);
		path->steps[path->count++] =
			arena_text_n(b->cat->memory, text, len);
		if (!text[len])
			return ST_OK;
		text += len + 1;
	}
}

static enum status
read_books(struct build *b, const struct place *at, const cJSON *object,
	struct kind *k, struct why *why)
{
	struct place here = *at;
	const cJSON *item;

	k->books = arena_alloc(b->cat->memory, build_members(object, "books"),
		sizeof(*k->books));
	cJSON_ArrayForEach (item, json_get(object, "books")) {
		enum status st;

		here.word = item->valuestring;
		st = read_path(b, &here, item->valuestring,
			&k->books[k->book_count++], why);
		if (st)
			return st;
	}
	return ST_OK;
}

static enum status
read_writers(const struct place *at, const cJSON *object, struct kind *k,
	struct why *why)
{
	static const char *const names[] = {
		[WRITERS_BOOK] = "book",
		[WRITERS_SELF] = "self",
		[WRITERS_COMMANDER] = "commander",
		[WRITERS_ADMIN] = "admin",
	};
	const char *name = json_text(object, "writers");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		k->writers = (enum writers)i;
		return ST_OK;
	}
	return source_wrong(at, why,
		"unknown writers '%.60s': give book, self, commander or admin",
		name);
}

static const struct member_rule kind_rules[] = {
	{"name", MEMBER_TEXT, true},
	{"one", MEMBER_TEXT, true},
	{"many", MEMBER_TEXT, true},
	{"title", MEMBER_TEXT, true},
	{"code", MEMBER_TEXT, false},
	{"writers", MEMBER_TEXT, true},
	{"books", MEMBER_TEXTS, true},
	{"any_of", MEMBER_TEXTS, false},
	{"hidden_from", MEMBER_TEXTS, false},
	{"columns", MEMBER_TEXTS, true},
	{"sections", MEMBER_TEXTS, false},
	{"sort", MEMBER_TEXT, true},
	{"fields", MEMBER_OBJECTS, true},
	{NULL, MEMBER_TEXT, false},
};

static enum status
read_new_kind(struct build *b, const struct source *s, const cJSON *object,
	size_t more_fields, struct why *why)
{
	struct kind *k = &b->cat->kinds[b->cat->kind_count];
	struct place at = {s, json_text(object, "name"), NULL, NULL};
	enum status st = source_members(&at, object, kind_rules, why);

	if (st)
		return st;
	k->index = b->cat->kind_count++;
	k->name = copied(b, object, "name");
	k->one = copied(b, object, "one");
	k->many = copied(b, object, "many");
	k->title = copied(b, object, "title");
	k->code = copied(b, object, "code");
	k->sort = copied(b, object, "sort");
	k->any_of = copied_list(b, object, "any_of", &k->any_of_count);
	k->hidden_from =
		copied_list(b, object, "hidden_from", &k->hidden_from_count);
	k->columns = copied_list(b, object, "columns", &k->column_count);
	k->sections = copied_list(b, object, "sections", &k->section_count);
	k->fields = arena_alloc(b->cat->memory,
		build_members(object, "fields") + more_fields,
		sizeof(*k->fields));
	st = read_writers(&at, object, k, why);
	if (!st)
		st = read_books(b, &at, object, k, why);
	return st ? st : read_fields(b, s, object, k, why);
}

/* What a profile may change in a kind of the built-in catalogue. */
static const struct member_rule change_rules[] = {
	{"name", MEMBER_TEXT, true},
	{"one", MEMBER_TEXT, false},
	{"many", MEMBER_TEXT, false},
	{"fields", MEMBER_OBJECTS, false},
	{NULL, MEMBER_TEXT, false},
};

static enum status
change_kind(struct build *b, const struct source *s, const cJSON *object,
	struct kind *k, struct why *why)
{
	struct place at = {s, k->name, NULL, NULL};
	enum status st = source_members(&at, object, change_rules, why);

	if (st)
		return st;
	if (json_get(object, "one"))
		k->one = copied(b, object, "one");
	if (json_get(object, "many"))
		k->many = copied(b, object, "many");
	return read_fields(b, s, object, k, why);
}

static size_t
added_fields(const struct build *b, const char *name)
{
	const cJSON *kinds, *change;

	if (b->source_count < 2)
		return 0;
	kinds = json_get(b->sources[1].tree, "kinds");
	change = named(kinds, name);
	return change ? build_members(change, "fields") : 0;
}

static enum status
read_kind(struct build *b, size_t source, const cJSON *object, struct why *why)
{
	const struct source *s = &b->sources[source];
	const char *name = json_text(object, "name");
	struct place at = {s, name, NULL, NULL};
	const struct kind *have = name ? catalog_kind(b->cat, name) : NULL;

	if (!have)
		return read_new_kind(b, s, object,
			name && !source ? added_fields(b, name) : 0, why);
	if (!source ||
		have->index >= build_members(b->sources[0].tree, "kinds"))
		return source_wrong(&at, why, "this kind is there twice");
	/* A second change would find no room: named() saw the first only. */
	if (named(json_get(s->tree, "kinds"), name) != object)
		return source_wrong(&at, why, "this kind is there twice");
	return change_kind(b, s, object, &b->cat->kinds[have->index], why);
}

static enum status
read_kinds(struct build *b, struct why *why)
{
	size_t room = 0;

	for (size_t i = 0; i < b->source_count; i++)
		room += build_members(b->sources[i].tree, "kinds");
	b->cat->kinds =
		arena_alloc(b->cat->memory, room, sizeof(*b->cat->kinds));
	for (size_t i = 0; i < b->source_count; i++) {
		const cJSON *object;

		cJSON_ArrayForEach (
			object, json_get(b->sources[i].tree, "kinds")) {
			enum status st = read_kind(b, i, object, why);

			if (st)
				return st;
		}
	}
	return ST_OK;
}

static enum status
read_limits(struct build *b, struct why *why)
{
	const struct source *s = &b->sources[b->source_count - 1];
	const cJSON *limits = json_get(s->tree, "limits"), *item;
	struct limit *out = arena_alloc(
		b->cat->memory, build_members(s->tree, "limits"), sizeof(*out));

	b->cat->limits = out;
	cJSON_ArrayForEach (item, limits) {
		struct place at = {s, NULL, NULL, item->string};

		if (!catalog_name_ok(item->string) || !cJSON_IsString(item))
			return source_wrong(&at, why,
				"the limit '%.60s' needs a name of letters, "
				"digits and _, and its value in quotes",
				item->string);
		out->name = arena_text(b->cat->memory, item->string);
		out->value = arena_text(b->cat->memory, item->valuestring);
		out++;
		b->cat->limit_count++;
	}
	return ST_OK;
}

static const struct member_rule base_rules[] = {
	{"later", MEMBER_TEXTS, true},
	{"often", MEMBER_TEXTS, true},
	{"enums", MEMBER_OBJECT, true},
	{"labels", MEMBER_OBJECT, true},
	{"kinds", MEMBER_OBJECTS, true},
	{NULL, MEMBER_TEXT, false},
};

static const struct member_rule profile_rules[] = {
	{"name", MEMBER_TEXT, true},
	{"title", MEMBER_TEXT, true},
	{"limits", MEMBER_OBJECT, false},
	{"later", MEMBER_TEXTS, false},
	{"often", MEMBER_TEXTS, false},
	{"enums", MEMBER_OBJECT, false},
	{"labels", MEMBER_OBJECT, false},
	{"off", MEMBER_TEXTS, false},
	{"kinds", MEMBER_OBJECTS, false},
	{NULL, MEMBER_TEXT, false},
};

static enum status
open_sources(struct build *b, struct why *why)
{
	static const struct member_rule *const rules[] = {
		base_rules, profile_rules};

	for (size_t i = 0; i < b->source_count; i++) {
		struct source *s = &b->sources[i];
		struct place at = {s, NULL, NULL, NULL};
		enum status st = source_parse(s, why);

		if (!st)
			st = source_members(&at, s->tree, rules[i], why);
		if (st)
			return st;
	}
	return ST_OK;
}

static void
read_names(struct build *b)
{
	const cJSON *tree = b->sources[b->source_count - 1].tree;

	b->cat->profile = copied(b, tree, "name");
	b->cat->title = copied(b, tree, "title");
}

/* FNV-1a: it is compared with the one of the last start, no more. */
static uint64_t
hash_text(uint64_t hash, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) *
		       UINT64_C(0x100000001b3);
	return hash;
}

static void
hash_sources(struct build *b)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	char hex[HASH_CHARS + 1];

	for (size_t i = 0; i < b->source_count; i++) {
		hash = hash_text(hash, b->sources[i].text, b->sources[i].len);
		hash = hash_text(hash, "", 1); /* no text holds a NUL */
	}
	snprintf(hex, sizeof(hex), "%0*" PRIx64, HASH_CHARS, hash);
	b->cat->hash = arena_text_n(b->cat->memory, hex, HASH_CHARS);
}

static enum status
build_all(struct build *b, struct why *why)
{
	enum status st = open_sources(b, why);

	if (!st)
		st = build_lists(b, why);
	if (!st)
		st = read_kinds(b, why);
	if (!st)
		st = read_limits(b, why);
	if (!st)
		st = build_check(b, why);
	if (!st)
		st = build_switch_off(b, why);
	if (st)
		return st;
	build_offered(b);
	read_names(b);
	hash_sources(b);
	return ST_OK;
}

static const struct embedded *
built_in(void)
{
	const struct embedded *e = embedded_files;

	while (e->path && strcmp(e->path, BUILT_IN) != 0)
		e++;
	return e;
}

enum status
catalog_read(const char *profile, size_t len, const char *name,
	struct catalog **out, struct why *why)
{
	struct arena *memory = arena_new();
	const struct embedded *base = built_in();
	struct build b = {
		.cat = arena_alloc(memory, 1, sizeof(*b.cat)),
		.sources = {{BUILT_IN, base->text, base->len, NULL}},
		.source_count = 1,
	};
	enum status st;

	b.cat->memory = memory;
	if (profile && len) {
		b.sources[1].file = name;
		b.sources[1].text = arena_text_n(memory, profile, len);
		b.sources[1].len = len;
		b.source_count = 2;
	}
	st = build_all(&b, why);
	source_release(&b.sources[0]);
	source_release(&b.sources[1]);
	*out = st ? NULL : b.cat;
	if (st)
		catalog_free(b.cat);
	return st;
}
