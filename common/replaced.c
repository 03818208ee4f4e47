#include "common/replaced.h"

#include <string.h>

#include "common/names.h"
#include "common/record.h"

struct search {
	const struct past *past;
	const char *me;
	const struct record *rec;
};

static bool
is_mine(const struct search *s, struct edit_id id)
{
	for (size_t i = 0; i < s->past->count; i++)
		if (edit_id_same(s->past->items[i].edit.id, id))
			return strcmp(s->past->items[i].by, s->me) == 0;
	return false;
}

static const struct change *
my_newest(const struct search *s, const char *field)
{
	for (size_t i = 0; i < s->past->count; i++) {
		const struct entry *e = &s->past->items[i];
		const struct change *c = edit_find(&e->edit, field);

		if (c && !e->verdict.held && strcmp(e->by, s->me) == 0)
			return c;
	}
	return NULL;
}

/* The losers that are left of a field after an entry, or NULL. */
static const struct standing *
standing_of(const struct entry *e, const char *field)
{
	for (size_t i = 0; i < e->verdict.standing_count; i++)
		if (strcmp(e->verdict.standing[i].field, field) == 0)
			return &e->verdict.standing[i];
	return NULL;
}

/* Had it lost to an earlier entry already? */
static bool
had_lost(const struct search *s, const struct entry *e, const char *field,
	struct edit_id loser)
{
	for (size_t i = 0; i < s->past->count; i++) {
		const struct entry *x = &s->past->items[i];
		const struct standing *left = standing_of(x, field);

		if (!x->seq || x->seq >= e->seq || !left)
			continue;
		for (size_t j = 0; j < left->count; j++)
			if (edit_id_same(left->losers[j], loser))
				return true;
	}
	return false;
}

/* Is mine among the losers that are left after it, and by it? */
static bool
stands_over_mine(
	const struct search *s, const struct entry *e, const char *field)
{
	const struct standing *left = standing_of(e, field);

	for (size_t i = 0; left && i < left->count; i++)
		if (is_mine(s, left->losers[i]) &&
			!had_lost(s, e, field, left->losers[i]))
			return true;
	return false;
}

/* Did mine come to the hub later, and lose to it? */
static bool
mine_lost_to(const struct search *s, const struct entry *e, const char *field)
{
	for (size_t i = 0; i < s->past->count; i++) {
		const struct entry *x = &s->past->items[i];

		if (strcmp(x->by, s->me) != 0)
			continue;
		for (size_t j = 0; j < x->verdict.lost_count; j++)
			if (strcmp(x->verdict.lost[j].field, field) == 0 &&
				edit_id_same(
					x->verdict.lost[j].against, e->edit.id))
				return true;
	}
	return false;
}

/* Was mine one of the sides that it settled? */
static bool
settles_mine(
	const struct search *s, const struct entry *e, const struct change *c)
{
	for (size_t i = 0; i < e->edit.settle_count; i++) {
		const struct settled *x = &e->edit.settles[i];

		if (strcmp(x->field, c->field) == 0 &&
			(is_mine(s, x->loser) || is_mine(s, c->over)))
			return true;
	}
	return false;
}

/* Does mine stand, or another's that says the same? */
static bool
stands_again(const struct search *s, const char *field)
{
	const struct change *mine = my_newest(s, field);
	const struct record_value *now = record_value_of(s->rec, field);

	return !mine || !now || strcmp(now->text, mine->value) == 0 ||
	       (now->by && strcmp(now->by, s->me) == 0);
}

static bool
replaces_mine(
	const struct search *s, const struct entry *e, const struct change *c)
{
	return (stands_over_mine(s, e, c->field) ||
		       mine_lost_to(s, e, c->field) || settles_mine(s, e, c)) &&
	       !stands_again(s, c->field);
}

static void
add_entry(const struct search *s, const struct entry *e, struct names *fields,
	struct replaced *out)
{
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];

		if (!kind_field(s->rec->kind, c->field) ||
			!replaces_mine(s, e, c) || !names_add(fields, c->field))
			continue;
		out->more += out->field != NULL;
		if (out->field)
			continue;
		out->field = c->field;
		out->by = e->by;
	}
}

struct replaced
replaced_in(const struct past *past, int64_t first, int64_t last,
	const char *me, const struct record *rec)
{
	const struct search s = {past, me, rec};
	struct replaced out = {0};
	struct names fields = {0};

	for (size_t i = 0; i < past->count; i++) {
		const struct entry *e = &past->items[i];

		if (e->seq >= first && e->seq <= last && !e->verdict.held &&
			strcmp(e->by, me) != 0)
			add_entry(&s, e, &fields, &out);
	}
	names_release(&fields);
	return out;
}
