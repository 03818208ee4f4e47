#include "common/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/embedded.h"
#include "common/nearest.h"

#define PROFILE_MAX ((size_t)1 << 20) /* bytes of a profile's file */
#define PROFILE_DIR "common/profiles/"
#define PROFILE_FILE "/profile.json"

const char *
type_name(enum type t)
{
	static const char *const names[] = {
		[TYPE_TEXT] = "text",
		[TYPE_LONG] = "long",
		[TYPE_ENUM] = "enum",
		[TYPE_SET] = "set",
		[TYPE_DATE] = "date",
		[TYPE_DATETIME] = "datetime",
		[TYPE_INT] = "int",
		[TYPE_REAL] = "real",
		[TYPE_BOOL] = "bool",
		[TYPE_REF] = "ref",
		[TYPE_REFS] = "refs",
		[TYPE_GEO] = "geo",
		[TYPE_AREA] = "area",
	};

	return (size_t)t < sizeof(names) / sizeof(names[0]) ? names[t] : "";
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
catalog_name_ok(const char *name)
{
	size_t n = 1;

	if (!is_letter(name[0]))
		return false;
	while (is_letter(name[n]) || (name[n] >= '0' && name[n] <= '9') ||
		name[n] == '_')
		n++;
	return !name[n] && n <= NAME_MAX_BYTES;
}

const struct kind *
catalog_kind(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->kind_count; i++)
		if (strcmp(c->kinds[i].name, name) == 0)
			return &c->kinds[i];
	return NULL;
}

void
catalog_offer_kinds(const struct catalog *c, struct nearest *near)
{
	for (size_t i = 0; i < c->kind_count; i++) {
		const struct kind *k = &c->kinds[i];

		nearest_offer(near, k->name);
		nearest_offer_label(near, k->one, k->name);
		nearest_offer_label(near, k->many, k->name);
	}
}

const struct field *
kind_field(const struct kind *k, const char *name)
{
	for (size_t i = 0; i < k->field_count; i++)
		if (strcmp(k->fields[i].name, name) == 0)
			return &k->fields[i];
	return NULL;
}

const struct choice *
field_choice(const struct field *f, const char *value)
{
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, value) == 0)
			return &f->choices[i];
	return NULL;
}

const char *
catalog_limit(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->limit_count; i++)
		if (strcmp(c->limits[i].name, name) == 0)
			return c->limits[i].value;
	return NULL;
}

bool
field_off(const struct catalog *c, const struct field *f)
{
	return f->off || (f->ref_kind[0] && !catalog_kind(c, f->ref_kind));
}

/* Does a path end at a member, so that it gives that member's book? */
static bool
ends_at_member(const struct catalog *c, const struct kind *k,
	const struct book_path *path)
{
	const char *at = k->name;

	for (size_t i = 0; i < path->count; i++) {
		const struct kind *from = catalog_kind(c, at);
		const struct field *f =
			from ? kind_field(from, path->steps[i]) : NULL;

		if (i == 0 && strcmp(path->steps[i], "author") == 0)
			at = "member";
		else if (f)
			at = f->ref_kind;
		else
			return false;
	}
	return strcmp(at, "member") == 0;
}

bool
kind_restricted(const struct catalog *c, const struct kind *k)
{
	for (size_t i = 0; i < k->book_count; i++)
		if (!ends_at_member(c, k, &k->books[i]))
			return false;
	return k->book_count > 0;
}

void
catalog_free(struct catalog *c)
{
	/* The catalogue itself lives in its arena. */
	if (c)
		arena_free(c->memory);
}

/* Is this the path of the built-in profile of that name? */
static bool
is_profile_path(const char *path, const char *name, size_t len)
{
	size_t head = strlen(PROFILE_DIR);

	return strncmp(path, PROFILE_DIR, head) == 0 &&
	       strncmp(path + head, name, len) == 0 &&
	       strcmp(path + head + len, PROFILE_FILE) == 0;
}

static void
put_profile_names(struct buf *out)
{
	size_t head = strlen(PROFILE_DIR);

	for (const struct embedded *e = embedded_files; e->path; e++) {
		size_t len = strlen(e->path);

		if (len < head + strlen(PROFILE_FILE))
			continue;
		len -= head + strlen(PROFILE_FILE);
		if (!is_profile_path(e->path, e->path + head, len))
			continue;
		buf_puts(out, out->len ? ", " : "");
		buf_add(out, e->path + head, len);
	}
}

enum status
catalog_profile_text(const char *name_or_file, struct buf *out, struct why *why)
{
	struct buf names = BUF_INIT, file = BUF_INIT;
	enum status st;

	for (const struct embedded *e = embedded_files; e->path; e++) {
		if (!is_profile_path(
			    e->path, name_or_file, strlen(name_or_file)))
			continue;
		buf_add(out, e->text, e->len);
		return ST_OK;
	}
	st = buf_read_file(&file, name_or_file, PROFILE_MAX, why);
	if (!st)
		buf_add(out, file.data, file.len);
	if (st == ST_NOT_FOUND) {
		put_profile_names(&names);
		why_set(why, st,
			"there is no profile '%.100s': give %s, or a file",
			name_or_file, buf_text(&names));
	}
	buf_release(&names);
	buf_release(&file);
	return st;
}
