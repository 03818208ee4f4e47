#include "tests/sim/scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/when.h"

#define DEPTH_MAX 6

/* DESIGN.md section 3, "book, first that applies"; paths of refs. */
static const struct {
	const char *kind;
	const char *paths[3];
} rules[] = {
	{"org_unit", {"dept"}},
	{"beat", {"dept"}},
	{"member", {"dept"}},
	{"council", {"dept"}},
	{"assignment", {"dept"}},
	{"priority", {"beat_ids", "council_id.beat_ids"}},
	{"project", {"beat_ids", "owner_id.org_unit_id"}},
	{"project_step", {"project_id"}},
	{"project_update", {"project_id"}},
	{"response_action", {"project_id", "priority_id", "plan_id"}},
	{"concern", {"beat_id", "meeting_id", "author.org_unit_id"}},
	{"action_item", {"source_id", "owner_id"}},
	{"contact", {"beat_ids", "organization_id", "author.org_unit_id"}},
	{"organization", {"beat_ids", "author.org_unit_id"}},
	{"place", {"beat_id"}},
};

/* What a ref of this name points to. */
static const char *
target_kind(const char *step)
{
	static const char *const kinds[][2] = {{"beat_ids", "beat"},
		{"beat_id", "beat"}, {"owner_id", "member"},
		{"author", "member"}, {"org_unit_id", "org_unit"},
		{"council_id", "council"}, {"project_id", "project"},
		{"priority_id", "priority"}, {"meeting_id", "meeting"},
		{"organization_id", "organization"}, {"plan_id", "plan"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i][0], step))
			return kinds[i][1];
	return "";
}

/* What is found on the way. */
struct finds {
	const struct view *v;
	struct names books, leans;
};

static void
lean(struct finds *f, const char *kind, const char *id)
{
	char name[160];

	snprintf(name, sizeof(name), "%s/%s", kind, id);
	names_add(&f->leans, name);
}

static void tell(struct finds *f, const char *kind, const char *id, int depth);

static void
add_book(struct names *books, const char *head, const char *id)
{
	char name[160];

	snprintf(name, sizeof(name), "%s%s", head, id);
	names_add(books, name);
}

static void
arrive_at(struct finds *f, const char *kind, const char *id, int depth)
{
	if (!strcmp(kind, "beat"))
		add_book(&f->books, "beat:", id);
	else if (!strcmp(kind, "org_unit"))
		add_book(&f->books, "unit:", id);
	else if (!strcmp(kind, "member"))
		add_book(&f->books, "member:", id);
	else if (depth < DEPTH_MAX)
		tell(f, kind, id, depth + 1);
}

static void follow(struct finds *f, const char *kind, const char *id,
	const char *path, int depth);

/* One of the refs in a value; `rest` of the path is to be followed. */
static void
follow_ref(struct finds *f, const char *kind, const char *ref, const char *rest,
	int depth)
{
	const char *slash = strchr(ref, '/');
	char head[64];

	if (!kind[0] && slash) {
		snprintf(head, sizeof(head), "%.*s", (int)(slash - ref), ref);
		kind = head;
		ref = slash + 1;
	}
	if (rest)
		follow(f, kind, ref, rest, depth);
	else
		arrive_at(f, kind, ref, depth);
}

/* Somebody above officer without a unit stands for the department. */
static bool
is_without_unit(const struct view *v, const char *kind, const char *id,
	const char *step)
{
	const char *access = view_value(v, "member", id, "access");

	return !strcmp(kind, "member") && !strcmp(step, "org_unit_id") &&
	       access[0] && strcmp(access, "officer") != 0;
}

static void
follow(struct finds *f, const char *kind, const char *id, const char *path,
	int depth)
{
	const char *dot = strchr(path, '.');
	size_t len = dot ? (size_t)(dot - path) : strlen(path);
	char step[64], ref[128];
	const char *refs;

	lean(f, kind, id);
	snprintf(step, sizeof(step), "%.*s", (int)len, path);
	refs = strcmp(step, "author") ? view_value(f->v, kind, id, step)
				      : view_author(f->v, kind, id);
	if (!refs[0] && is_without_unit(f->v, kind, id, step))
		names_add(&f->books, "dept");
	while (*refs) {
		len = strcspn(refs, ",");
		snprintf(ref, sizeof(ref), "%.*s", (int)len, refs);
		follow_ref(
			f, target_kind(step), ref, dot ? dot + 1 : NULL, depth);
		refs += len + (refs[len] == ',');
	}
}

static void
tell(struct finds *f, const char *kind, const char *id, int depth)
{
	const char *const *paths = NULL;
	size_t before = f->books.count;
	const char *author;

	lean(f, kind, id);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (!strcmp(rules[i].kind, kind))
			paths = rules[i].paths;
	for (size_t i = 0; paths && i < 3 && paths[i]; i++) {
		if (f->books.count > before)
			return;
		if (!strcmp(paths[i], "dept"))
			names_add(&f->books, "dept");
		else
			follow(f, kind, id, paths[i], depth);
	}
	author = view_author(f->v, kind, id);
	if (f->books.count == before && author[0])
		add_book(&f->books, "member:", author);
}

void
scope_record(const struct view *v, const char *kind, const char *id,
	struct names *books)
{
	struct finds f = {.v = v};

	tell(&f, kind, id, 0);
	for (size_t i = 0; i < f.books.count; i++)
		names_add(books, f.books.items[i]);
	names_release(&f.books);
	names_release(&f.leans);
}

void
scope_leans(const struct view *v, const char *kind, const char *id,
	struct names *leans)
{
	struct finds f = {.v = v};

	tell(&f, kind, id, 0);
	for (size_t i = 1; i < f.leans.count; i++) /* first comes itself */
		names_add(leans, f.leans.items[i]);
	names_release(&f.books);
	names_release(&f.leans);
}

/* Holding: every record of one kind is looked at. */
struct holding {
	const struct view *v;
	const char *badge, *access, *unit;
	char day[WHEN_MAX];
	struct names *books;
	bool beats;
};

typedef void visit(struct holding *h, const char *id);

static void
each(struct holding *h, const char *kind, visit *do_it)
{
	const char *last = "";

	for (size_t i = 0; i < h->v->cell_count; i++) {
		const struct view_cell *c = &h->v->cells[i];

		if (strcmp(c->kind, kind) != 0 || strcmp(c->id, last) == 0)
			continue;
		last = c->id;
		do_it(h, last);
	}
}

static void
hold_assignment(struct holding *h, const char *id)
{
	const struct view *v = h->v;
	const char *ends = view_value(v, "assignment", id, "ends_on");
	const char *beat = view_value(v, "assignment", id, "beat_id");

	if (strcmp(view_value(v, "assignment", id, "member_id"), h->badge) ||
		view_value(v, "assignment", id, "void")[0] || !beat[0] ||
		strcmp(view_value(v, "assignment", id, "starts_on"), h->day) >
			0 ||
		(ends[0] && strcmp(ends, h->day) < 0))
		return;
	add_book(h->books, "beat:", beat);
	h->beats = true;
}

/* Is `unit` the holder's own, or somewhere below it? */
static bool
unit_below(const struct holding *h, const char *unit)
{
	for (int i = 0; i < 20 && unit[0]; i++) {
		if (!strcmp(unit, h->unit))
			return true;
		unit = view_value(h->v, "org_unit", unit, "parent_id");
	}
	return false;
}

static bool
is_one_of(const char *word, const char *words)
{
	const char *at = strstr(words, word);

	return word[0] && at != NULL;
}

static void
hold_unit(struct holding *h, const char *id)
{
	if (!h->unit[0] || unit_below(h, id))
		add_book(h->books, "unit:", id);
}

static void
hold_beat(struct holding *h, const char *id)
{
	const char *units = view_value(h->v, "beat", id, "org_unit_ids");

	if (!h->unit[0] || unit_below(h, units)) /* one unit a beat here */
		add_book(h->books, "beat:", id);
}

static void
hold_member(struct holding *h, const char *id)
{
	const char *unit = view_value(h->v, "member", id, "org_unit_id");
	const char *over = view_value(h->v, "member", id, "supervisor_id");

	if (!strcmp(over, h->badge) ||
		(h->unit[0] && !strcmp(unit, h->unit) &&
			is_one_of(h->access, "sergeant commander admin")))
		add_book(h->books, "member:", id);
}

void
scope_member(const struct view *v, const char *badge, int64_t at,
	struct names *books)
{
	struct holding h = {.v = v,
		.badge = badge,
		.access = view_value(v, "member", badge, "access"),
		.unit = view_value(v, "member", badge, "org_unit_id"),
		.books = books};

	when_day_text(at, h.day);
	names_add(books, "dept");
	add_book(books, "member:", badge);
	if (h.unit[0])
		add_book(books, "unit:", h.unit);
	each(&h, "assignment", hold_assignment);
	each(&h, "member", hold_member);
	if (!is_one_of(h.access, "sergeant commander analyst records") ||
		(!h.unit[0] && h.beats))
		return;
	each(&h, "org_unit", hold_unit);
	each(&h, "beat", hold_beat);
}

bool
scope_meets(const struct names *a, const struct names *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (names_have(b, a->items[i]))
			return true;
	return false;
}
