/* The department's units and beats, by beatbook-hub's commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/hub_people.h"

#define PARENTS_MAX 32 /* more is a circle that was there before */

static enum status
units_of(struct hub *h, const char *beat, struct names *out, struct why *why)
{
	struct buf list = BUF_INIT, unit = BUF_INIT;
	size_t at = 0;
	enum status st = hub_value(h, "beat", beat, "org_unit_ids", &list, why);

	while (!st && value_next(buf_text(&list), &at, &unit))
		names_add(out, buf_text(&unit));
	buf_release(&unit);
	buf_release(&list);
	return st;
}

/* The beat serves this unit, or not, beside those it has. */
static enum status
put_unit_of_beat(struct hub *h, struct hub_edits *l, const char *beat,
	const char *unit, bool in, struct why *why)
{
	struct names units = {NULL, 0, 0};
	struct buf list = BUF_INIT;
	enum status st = units_of(h, beat, &units, why);

	if (in)
		names_add(&units, unit);
	for (size_t i = 0; i < units.count; i++)
		if (in || strcmp(units.items[i], unit) != 0)
			value_join(&list, units.items[i]);
	hub_edits_add(l, "beat", beat);
	if (!st)
		st = hub_edits_put(h, l, "org_unit_ids", buf_text(&list), why);
	buf_release(&list);
	names_release(&units);
	return st;
}

static enum status
add_unit_to_beat(struct hub *h, struct hub_edits *l, const char *beat,
	const void *arg, struct why *why)
{
	return put_unit_of_beat(h, l, beat, arg, true, why);
}

/* Nothing is part of itself, however far up. */
static enum status
check_parent(
	struct hub *h, const char *code, const char *parent, struct why *why)
{
	struct buf above = BUF_INIT;
	char *at = mem_text(parent ? parent : "");
	enum status st = ST_OK;

	for (int i = 0; !st && *at && i < PARENTS_MAX; i++) {
		if (strcmp(at, code) == 0) {
			st = why_set(why, ST_DATA,
				"unit %.70s would be part of itself: give "
				"another --parent",
				code);
			break;
		}
		buf_clear(&above);
		st = hub_value(h, "org_unit", at, "parent_id", &above, why);
		free(at);
		at = mem_text(buf_text(&above));
	}
	free(at);
	buf_release(&above);
	return st;
}

static enum status
put_unit(struct hub *h, struct hub_edits *l, const char *code,
	const struct given *g, struct why *why)
{
	enum status st = check_parent(h, code, g->parent, why);

	hub_edits_add(l, "org_unit", code);
	if (!st)
		st = hub_edits_put(h, l, "code", code, why);
	if (!st)
		st = put_given(h, l, "name", g->name, why);
	if (!st)
		st = put_given(h, l, "kind", g->kind, why);
	if (!st)
		st = put_ref(h, l, "parent_id", "org_unit", g->parent, why);
	if (!st)
		st = put_ref(h, l, "commander_id", "member", g->commander, why);
	return st;
}

static enum status
add_unit(struct hub *h, struct hub_edits *l, const char *code,
	const struct given *g, struct why *why)
{
	enum status st = must_be_new(h, "org_unit", code, why);

	if (!st)
		st = put_unit(h, l, code, g, why);
	return st ? st : each_beat(h, l, g->beats, add_unit_to_beat, code, why);
}

/* The unit has these beats and no others. */
static enum status
put_beats(struct hub *h, struct hub_edits *l, const char *code,
	const struct given *g, struct why *why)
{
	struct names wanted = {NULL, 0, 0}, all = {NULL, 0, 0};
	struct names *into = &wanted;
	enum status st = each_beat(h, l, g->beats, want_beat, &into, why);

	if (!st)
		st = hub_ids(h, "beat", &all, why);
	for (size_t i = 0; !st && i < all.count; i++)
		st = put_unit_of_beat(h, l, all.items[i], code,
			names_have(&wanted, all.items[i]), why);
	names_release(&wanted);
	names_release(&all);
	return st;
}

static enum status
set_unit(struct hub *h, struct hub_edits *l, const char *code,
	const struct given *g, struct why *why)
{
	return change_there(
		h, l, "org_unit", code, g, put_unit, put_beats, why);
}

static enum status
take_unit(struct words *w, struct given *g, const char *usage, struct why *why)
{
	const struct option_word known[] = {{"--name", &g->name, NULL},
		{"--kind", &g->kind, NULL}, {"--parent", &g->parent, NULL},
		{"--commander", &g->commander, NULL},
		{"--beats", &g->beats, NULL}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	return st ? st : words_count(w, 1, 1, usage, why);
}

enum status
hub_command_unit_add(void *context, struct words *w, struct why *why)
{
	struct given g = {.kind = "unit"};
	enum status st = take_unit(w, &g, "unit add CODE --name N", why);

	if (!st && !g.name)
		st = why_set(why, ST_USAGE,
			"--name is missing: write unit add CODE --name N");
	return st ? st
		  : write_edits(context, "unit", add_unit, w->items[0], &g,
			    "added", why);
}

enum status
hub_command_unit_set(void *context, struct words *w, struct why *why)
{
	static const char usage[] = "unit set CODE with what changes";
	struct given g = {0};
	enum status st = take_unit(w, &g, usage, why);

	if (!st)
		st = needs_change(&g, usage, why);
	return st ? st
		  : write_edits(context, "unit", set_unit, w->items[0], &g,
			    "changed", why);
}

/* Lists: what hangs on each of some records, found in one walk. */

struct hangings {
	struct names ids;
	struct hanging {
		struct buf names; /* ", " between */
		size_t count;
	} * items; /* one for each id */
};

static enum status
hangings_begin(
	struct hub *h, const char *kind, struct hangings *x, struct why *why)
{
	enum status st;

	memset(x, 0, sizeof(*x));
	st = ids_in_use(h, kind, &x->ids, why);
	x->items = mem_alloc((x->ids.count + 1) * sizeof(*x->items));
	return st;
}

static void
hangings_release(struct hangings *x)
{
	for (size_t i = 0; i < x->ids.count; i++)
		buf_release(&x->items[i].names);
	free(x->items);
	names_release(&x->ids);
}

static void
hang(struct hangings *x, const char *on, const char *name)
{
	for (size_t i = 0; i < x->ids.count; i++) {
		if (strcmp(x->ids.items[i], on) != 0)
			continue;
		buf_printf(&x->items[i].names, "%s%s",
			x->items[i].count ? ", " : "", name);
		x->items[i].count++;
	}
}

static enum status
hang_beats(struct hub *h, struct hangings *units, struct why *why)
{
	struct names beats = {NULL, 0, 0};
	enum status st = ids_in_use(h, "beat", &beats, why);

	for (size_t i = 0; !st && i < beats.count; i++) {
		struct names in = {NULL, 0, 0};

		st = units_of(h, beats.items[i], &in, why);
		for (size_t j = 0; j < in.count; j++)
			hang(units, in.items[j], beats.items[i]);
		names_release(&in);
	}
	names_release(&beats);
	return st;
}

static enum status
hang_members(struct hub *h, struct hangings *units, struct why *why)
{
	struct names badges = {NULL, 0, 0};
	struct buf unit = BUF_INIT;
	enum status st = ids_in_use(h, "member", &badges, why);

	for (size_t i = 0; !st && i < badges.count; i++) {
		buf_clear(&unit);
		st = hub_value(h, "member", badges.items[i], "org_unit_id",
			&unit, why);
		hang(units, buf_text(&unit), badges.items[i]);
	}
	buf_release(&unit);
	names_release(&badges);
	return st;
}

static enum status
hang_officers(struct hub *h, struct hangings *beats, struct why *why)
{
	struct names ids = {NULL, 0, 0};
	struct buf who = BUF_INIT, beat = BUF_INIT;
	enum status st = hub_ids(h, "assignment", &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++) {
		bool yes;

		st = assignment_read(
			h, ids.items[i], false, &who, &beat, &yes, why);
		if (!st && yes)
			hang(beats, beat.data, who.data);
	}
	buf_release(&who);
	buf_release(&beat);
	names_release(&ids);
	return st;
}

static enum status
list_unit(struct hub *h, struct table *t, const char *code,
	const struct hanging *beats, size_t members, struct why *why)
{
	static const char *const fields[] = {
		"name", "kind", "parent_id", "commander_id"};
	char count[24];
	enum status st = ST_OK;

	table_cell(t, code);
	for (size_t i = 0; !st && i < sizeof(fields) / sizeof(*fields); i++)
		st = table_value(t, h, "org_unit", code, fields[i], why);
	snprintf(count, sizeof(count), "%zu", members);
	table_cell(t, count);
	table_cell(t, buf_text(&beats->names));
	return st;
}

static enum status
list_units(struct hub *h, struct table *t, struct why *why)
{
	struct hangings beats, members;
	enum status st = hangings_begin(h, "org_unit", &beats, why);
	enum status second = hangings_begin(h, "org_unit", &members, why);

	st = st ? st : second;
	if (!st)
		st = hang_beats(h, &beats, why);
	if (!st)
		st = hang_members(h, &members, why);
	for (size_t i = 0; !st && i < beats.ids.count; i++)
		st = list_unit(h, t, beats.ids.items[i], &beats.items[i],
			members.items[i].count, why);
	hangings_release(&beats);
	hangings_release(&members);
	return st;
}

enum status
hub_command_unit_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {"CODE", "NAME", "KIND", "PART OF",
		"COMMANDER", "MEMBERS", "BEATS", NULL};
	static const struct list_shape shape = {
		"unit list", heads, 1, list_units};

	return print_list(context, w, &shape, why);
}

static enum status
list_beat(struct hub *h, struct table *t, const char *code,
	const struct hanging *officers, struct why *why)
{
	enum status st;

	table_cell(t, code);
	st = table_value(t, h, "beat", code, "name", why);
	if (!st)
		st = table_value(t, h, "beat", code, "org_unit_ids", why);
	table_cell(t, buf_text(&officers->names));
	return st;
}

static enum status
list_beats(struct hub *h, struct table *t, struct why *why)
{
	struct hangings officers;
	enum status st = hangings_begin(h, "beat", &officers, why);

	if (!st)
		st = hang_officers(h, &officers, why);
	for (size_t i = 0; !st && i < officers.ids.count; i++)
		st = list_beat(
			h, t, officers.ids.items[i], &officers.items[i], why);
	hangings_release(&officers);
	return st;
}

enum status
hub_command_beat_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {
		"CODE", "NAME", "UNITS", "ASSIGNED TODAY", NULL};
	static const struct list_shape shape = {
		"beat list", heads, 1, list_beats};

	return print_list(context, w, &shape, why);
}
