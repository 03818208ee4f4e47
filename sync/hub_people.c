/* The department's members, by beatbook-hub's commands; and what those share
 * with the commands on units. */
#include "sync/hub_people.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"

enum status
table_value(struct table *t, struct hub *h, const char *kind, const char *id,
	const char *field, struct why *why)
{
	struct buf value = BUF_INIT;
	enum status st = hub_value(h, kind, id, field, &value, why);

	table_cell(t, buf_text(&value));
	buf_release(&value);
	return st;
}

enum status
print_list(struct hub_context *c, struct words *w,
	const struct list_shape *shape, struct why *why)
{
	struct table t = {.lead = shape->lead};
	struct hub *h = NULL;
	enum status st = words_count(w, 0, 0, shape->command, why);

	while (shape->heads[t.columns])
		t.columns++;
	table_heads(&t, shape->heads);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st) {
		hub_read_together(h, true); /* one moment of the log */
		st = shape->fill(h, &t, why);
		hub_read_together(h, false);
	}
	if (!st)
		table_print(&t, &c->out);
	table_release(&t);
	hub_close(h);
	return st;
}

enum status
put_given(struct hub *h, struct hub_edits *l, const char *field,
	const char *typed, struct why *why)
{
	return typed ? hub_edits_put(h, l, field, typed, why) : ST_OK;
}

enum status
put_ref(struct hub *h, struct hub_edits *l, const char *field, const char *kind,
	const char *id, struct why *why)
{
	enum status st = ST_OK;

	if (!id)
		return ST_OK;
	if (id[0])
		st = hub_need(h, kind, id, why);
	return st ? st : hub_edits_put(h, l, field, id, why);
}

enum status
must_be_new(struct hub *h, const char *kind, const char *id, struct why *why)
{
	bool exists = false;
	enum status st = hub_exists(h, kind, id, &exists, why);

	if (!st && !record_id_ok(id))
		st = why_set(why, ST_DATA,
			"'%.70s' cannot be a code: letters, digits, - _ . and "
			"at most %d of them",
			id, ID_MAX);
	if (st || !exists)
		return st;
	return why_set(why, ST_DATA,
		"%s %s is there already: change it with `beatbook-hub %s set "
		"%s`",
		hub_word(kind), id, hub_word(kind), id);
}

enum status
must_be_there(struct hub *h, const char *kind, const char *id, struct why *why)
{
	enum status st = hub_need(h, kind, id, why);

	return st == ST_DATA ? ST_NOT_FOUND : st;
}

enum status
is_void(struct hub *h, const char *kind, const char *id, bool *yes,
	struct why *why)
{
	struct buf reason = BUF_INIT;
	enum status st = hub_value(h, kind, id, FIELD_VOID, &reason, why);

	*yes = reason.len != 0;
	buf_release(&reason);
	return st;
}

enum status
ids_in_use(struct hub *h, const char *kind, struct names *out, struct why *why)
{
	struct names all = {NULL, 0, 0};
	enum status st = hub_ids(h, kind, &all, why);

	for (size_t i = 0; !st && i < all.count; i++) {
		bool gone;

		st = is_void(h, kind, all.items[i], &gone, why);
		if (!st && !gone)
			names_push(out, all.items[i]);
	}
	names_release(&all);
	return st;
}

enum status
each_beat(struct hub *h, struct hub_edits *l, const char *codes,
	beat_visit *visit, const void *arg, struct why *why)
{
	struct buf code = BUF_INIT;
	enum status st = ST_OK;
	size_t at = 0;

	while (!st && codes && value_next(codes, &at, &code)) {
		const char *beat = buf_text(&code);

		beat += strspn(beat, " ");
		st = hub_need(h, "beat", beat, why);
		if (!st)
			st = visit(h, l, beat, arg, why);
	}
	buf_release(&code);
	return st;
}

enum status
want_beat(struct hub *h, struct hub_edits *l, const char *beat, const void *arg,
	struct why *why)
{
	struct names *const *wanted = arg;

	(void)h;
	(void)l;
	(void)why;
	names_add(*wanted, beat);
	return ST_OK;
}

/* What the edits did to how many records of a kind. */
static size_t
count_edits(const struct hub_edits *l, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += strcmp(l->items[i].kind, kind) == 0;
	return n;
}

static void
say_count(struct buf *out, size_t n, const char *what)
{
	if (n)
		buf_printf(out, ", %zu %s%s", n, what, n == 1 ? "" : "s");
}

/* "unit A1 added, 2 beats", of edits that were written. */
static void
say_done(const char *subject, const char *id, const char *done,
	const struct hub_edits *l, struct buf *out)
{
	buf_printf(out, "%s %s %s", subject, id,
		l->count ? done : "is so already: nothing was changed");
	say_count(out, count_edits(l, "beat"), "beat");
	say_count(out, count_edits(l, "assignment"), "assignment");
	buf_putc(out, '\n');
}

enum status
write_edits(struct hub_context *c, const char *subject, put_edits *put,
	const char *id, const struct given *g, const char *done,
	struct why *why)
{
	struct hub_edits l = {NULL, 0, 0};
	struct hub *h = NULL;
	enum status st = hub_context_open(c, &h, why);

	if (!st)
		st = put(h, &l, id, g, why);
	if (!st)
		st = hub_edits_write(h, &l, why);
	if (!st)
		say_done(subject, id, done, &l, &c->out);
	hub_edits_release(&l);
	hub_close(h);
	return st;
}

enum status
change_there(struct hub *h, struct hub_edits *l, const char *kind,
	const char *id, const struct given *g, put_edits *put,
	put_edits *put_beats, struct why *why)
{
	enum status st = must_be_there(h, kind, id, why);

	if (!st)
		st = put(h, l, id, g, why);
	return st || !g->beats ? st : put_beats(h, l, id, g, why);
}

/* Members. */

struct assigned {
	const char *badge, *role;
};

static enum status
assign_beat(struct hub *h, struct hub_edits *l, const char *beat,
	const void *arg, struct why *why)
{
	const struct assigned *a = arg;
	enum status st;

	hub_edits_add(l, "assignment", "");
	st = hub_edits_put(h, l, "member_id", a->badge, why);
	if (!st)
		st = hub_edits_put(h, l, "beat_id", beat, why);
	if (!st)
		st = hub_edits_put(h, l, "starts_on", "today", why);
	if (!st)
		st = put_given(h, l, "role", a->role, why);
	return st;
}

static enum status
put_member(struct hub *h, struct hub_edits *l, const char *badge,
	const struct given *g, struct why *why)
{
	enum status st;

	hub_edits_add(l, "member", badge);
	st = hub_edits_put(h, l, "badge_no", badge, why);
	if (!st)
		st = put_given(h, l, "name", g->name, why);
	if (!st)
		st = put_given(h, l, "access", g->access, why);
	if (!st)
		st = put_given(h, l, "role", g->role, why);
	if (!st)
		st = put_ref(h, l, "org_unit_id", "org_unit", g->unit, why);
	if (!st)
		st = put_given(h, l, "active", g->active, why);
	return st;
}

static enum status
add_member(struct hub *h, struct hub_edits *l, const char *badge,
	const struct given *g, struct why *why)
{
	struct assigned a = {badge, g->role};
	enum status st = must_be_new(h, "member", badge, why);

	if (!st)
		st = put_member(h, l, badge, g, why);
	return st ? st : each_beat(h, l, g->beats, assign_beat, &a, why);
}

enum status
needs_change(const struct given *g, const char *usage, struct why *why)
{
	static const struct given none;

	if (memcmp(g, &none, sizeof(none)) != 0)
		return ST_OK;
	return why_set(why, ST_USAGE,
		"nothing was given to change: write %s (--help lists it)",
		usage);
}

static const char member_options[] =
	"member add BADGE --name N --access A, or member set BADGE with what "
	"changes";

static enum status
take_member(struct words *w, struct given *g, struct why *why)
{
	const struct option_word known[] = {{"--name", &g->name, NULL},
		{"--access", &g->access, NULL}, {"--role", &g->role, NULL},
		{"--unit", &g->unit, NULL}, {"--beats", &g->beats, NULL},
		{"--active", &g->active, NULL}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	return st ? st : words_count(w, 1, 1, member_options, why);
}

enum status
hub_command_member_add(void *context, struct words *w, struct why *why)
{
	struct given g = {.active = "true"};
	enum status st = take_member(w, &g, why);

	if (!st && (!g.name || !g.access))
		st = why_set(why, ST_USAGE, "%s is missing: write %s",
			g.name ? "--access" : "--name",
			"member add BADGE --name N --access A");
	return st ? st
		  : write_edits(context, "member", add_member, w->items[0], &g,
			    "added", why);
}

/* Does a day lie in this assignment, or with `or_later` before its end? */
static enum status
assignment_at(struct hub *h, const char *id, const char *day, bool or_later,
	bool *yes, struct why *why)
{
	struct buf value = BUF_INIT;
	bool gone = false;
	enum status st = is_void(h, "assignment", id, &gone, why);

	*yes = !gone;
	if (!st && *yes)
		st = hub_value(h, "assignment", id, "ends_on", &value, why);
	*yes = *yes && (!value.len || strcmp(value.data, day) >= 0);
	buf_clear(&value);
	if (!st && *yes && !or_later)
		st = hub_value(h, "assignment", id, "starts_on", &value, why);
	*yes = *yes && (!value.len || strcmp(value.data, day) <= 0);
	buf_release(&value);
	return st;
}

enum status
assignment_read(struct hub *h, const char *id, bool or_later,
	struct buf *member, struct buf *beat, bool *yes, struct why *why)
{
	char today[WHEN_MAX];
	struct clock_reading now;
	enum status st;

	clock_read(NULL, &now);
	when_day_text(now.wall_ms, today);
	buf_clear(member);
	buf_clear(beat);
	st = assignment_at(h, id, today, or_later, yes, why);
	if (!st && *yes)
		st = hub_value(h, "assignment", id, "member_id", member, why);
	if (!st && *yes)
		st = hub_value(h, "assignment", id, "beat_id", beat, why);
	*yes = !st && *yes && member->len && beat->len;
	return st;
}

static enum status
end_assignment(
	struct hub *h, struct hub_edits *l, const char *id, struct why *why)
{
	hub_edits_add(l, "assignment", id);
	return hub_edits_put(h, l, "ends_on", "yesterday", why);
}

/* End what is not among `wanted`; what is there already leaves `wanted`. */
static enum status
settle_assignments(struct hub *h, struct hub_edits *l, const char *badge,
	struct names *wanted, struct names *kept, struct why *why)
{
	struct names ids = {NULL, 0, 0};
	struct buf who = BUF_INIT, beat = BUF_INIT;
	enum status st = hub_ids(h, "assignment", &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++) {
		bool yes;

		st = assignment_read(
			h, ids.items[i], true, &who, &beat, &yes, why);
		if (st || !yes || strcmp(who.data, badge) != 0)
			continue;
		if (names_have(wanted, beat.data))
			names_add(kept, beat.data);
		else
			st = end_assignment(h, l, ids.items[i], why);
	}
	buf_release(&who);
	buf_release(&beat);
	names_release(&ids);
	return st;
}

static enum status
put_beats(struct hub *h, struct hub_edits *l, const char *badge,
	const struct given *g, struct why *why)
{
	struct names wanted = {NULL, 0, 0}, kept = {NULL, 0, 0};
	struct names *into = &wanted;
	struct assigned a = {badge, g->role};
	enum status st = each_beat(h, l, g->beats, want_beat, &into, why);

	if (!st)
		st = settle_assignments(h, l, badge, &wanted, &kept, why);
	for (size_t i = 0; !st && i < wanted.count; i++)
		if (!names_have(&kept, wanted.items[i]))
			st = assign_beat(h, l, wanted.items[i], &a, why);
	names_release(&wanted);
	names_release(&kept);
	return st;
}

static enum status
set_member(struct hub *h, struct hub_edits *l, const char *badge,
	const struct given *g, struct why *why)
{
	return change_there(
		h, l, "member", badge, g, put_member, put_beats, why);
}

enum status
hub_command_member_set(void *context, struct words *w, struct why *why)
{
	struct given g = {0};
	enum status st = take_member(w, &g, why);

	if (!st)
		st = needs_change(
			&g, "member set BADGE with what changes", why);
	return st ? st
		  : write_edits(context, "member", set_member, w->items[0], &g,
			    "changed", why);
}

enum status
hub_command_member_off(void *context, struct words *w, struct why *why)
{
	struct given g = {.active = "false"};
	enum status st = words_count(w, 1, 1, "member off BADGE", why);

	return st ? st
		  : write_edits(context, "member", set_member, w->items[0], &g,
			    "switched off", why);
}

/* "" of one who may sync. */
static enum status
member_state(
	struct hub *h, const char *badge, const char **state, struct why *why)
{
	struct buf active = BUF_INIT;
	bool gone = false;
	enum status st = is_void(h, "member", badge, &gone, why);

	if (!st)
		st = hub_value(h, "member", badge, "active", &active, why);
	*state = gone ? "void" : "";
	if (!gone && strcmp(buf_text(&active), "false") == 0)
		*state = "off";
	buf_release(&active);
	return st;
}

static enum status
list_member(struct hub *h, const char *badge, struct table *t, struct why *why)
{
	static const char *const fields[] = {"access", "role", "org_unit_id"};
	const char *state;
	enum status st = member_state(h, badge, &state, why);

	table_cell(t, badge);
	if (!st)
		st = table_value(t, h, "member", badge, "name", why);
	table_cell(t, state);
	for (size_t i = 0; !st && i < sizeof(fields) / sizeof(*fields); i++)
		st = table_value(t, h, "member", badge, fields[i], why);
	return st;
}

static enum status
list_members(struct hub *h, struct table *t, struct why *why)
{
	struct names badges = {NULL, 0, 0};
	enum status st = hub_ids(h, "member", &badges, why);

	for (size_t i = 0; !st && i < badges.count; i++)
		st = list_member(h, badges.items[i], t, why);
	names_release(&badges);
	return st;
}

enum status
hub_command_member_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {
		"BADGE", "NAME", "STATE", "ACCESS", "ROLE", "UNIT", NULL};
	static const struct list_shape shape = {
		"member list", heads, 1, list_members};

	return print_list(context, w, &shape, why);
}
