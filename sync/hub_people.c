/* The department's units and members, by beatbook-hub's commands. */
#include <stdlib.h>
#include <string.h>

#include "common/table.h"
#include "common/value.h"
#include "sync/hub_commands.h"
#include "sync/hub_edits.h"

/* One record's fields as options; NULL: not given. */
struct given {
	const char *name, *access, *role, *unit, *beats, *active;
	const char *kind, *parent;
};

static enum status
put_given(struct hub *h, struct hub_edits *l, const char *field,
	const char *typed, struct why *why)
{
	return typed ? hub_edits_put(h, l, field, typed, why) : ST_OK;
}

/* A ref that must be there already. */
static enum status
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

static enum status
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
	if (strcmp(kind, "member") == 0)
		return why_set(why, ST_DATA,
			"member %s is there already: change it with "
			"`beatbook-hub member set %s`",
			id, id);
	return why_set(why, ST_DATA,
		"unit %s is there already: an administrator changes it with "
		"`beatbook set org_unit/%s FIELD=VALUE`",
		id, id);
}

static enum status
must_be_there(struct hub *h, const char *badge, struct why *why)
{
	bool exists = false;
	enum status st = hub_exists(h, "member", badge, &exists, why);

	if (!st && !exists)
		st = why_set(why, ST_NOT_FOUND,
			"there is no member %.70s: see beatbook-hub member "
			"list",
			badge);
	return st;
}

/* Walk a list of beat codes: each must exist. */
typedef enum status beat_visit(struct hub *h, struct hub_edits *l,
	const char *beat, const void *arg, struct why *why);

static enum status
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

/* Units. */

/* The beat serves this unit too, beside those it has. */
static enum status
add_unit_to_beat(struct hub *h, struct hub_edits *l, const char *beat,
	const void *arg, struct why *why)
{
	struct buf units = BUF_INIT;
	enum status st =
		hub_value(h, "beat", beat, "org_unit_ids", &units, why);

	value_join(&units, arg);
	hub_edits_add(l, "beat", beat);
	if (!st)
		st = hub_edits_put(h, l, "org_unit_ids", buf_text(&units), why);
	buf_release(&units);
	return st;
}

static enum status
put_unit(struct hub *h, struct hub_edits *l, const char *code,
	const struct given *g, struct why *why)
{
	enum status st = must_be_new(h, "org_unit", code, why);

	hub_edits_add(l, "org_unit", code);
	if (!st)
		st = hub_edits_put(h, l, "code", code, why);
	if (!st)
		st = hub_edits_put(h, l, "name", g->name, why);
	if (!st)
		st = hub_edits_put(h, l, "kind", g->kind, why);
	if (!st)
		st = put_ref(h, l, "parent_id", "org_unit", g->parent, why);
	if (!st)
		st = each_beat(h, l, g->beats, add_unit_to_beat, code, why);
	return st;
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

/* Gather edits with `put`, write them, and say what was `done`. */
typedef enum status put_edits(struct hub *h, struct hub_edits *l,
	const char *id, const struct given *g, struct why *why);

static enum status
write_edits(struct hub_context *c, put_edits *put, const char *id,
	const struct given *g, const char *done, struct why *why)
{
	struct hub_edits l = {NULL, 0, 0};
	struct hub *h = NULL;
	enum status st = hub_context_open(c, &h, why);

	if (!st)
		st = put(h, &l, id, g, why);
	if (!st)
		st = hub_edits_write(h, &l, why);
	if (!st)
		say_done(put == put_unit ? "unit" : "member", id, done, &l,
			&c->out);
	hub_edits_release(&l);
	hub_close(h);
	return st;
}

enum status
hub_command_unit_add(void *context, struct words *w, struct why *why)
{
	struct given g = {.kind = "unit"};
	const struct option_word known[] = {{"--name", &g.name, NULL},
		{"--kind", &g.kind, NULL}, {"--parent", &g.parent, NULL},
		{"--beats", &g.beats, NULL}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 1, 1, "unit add CODE --name N", why);
	if (!st && !g.name)
		st = why_set(why, ST_USAGE,
			"--name is missing: write unit add CODE --name N");
	return st ? st
		  : write_edits(
			    context, put_unit, w->items[0], &g, "added", why);
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
		  : write_edits(
			    context, add_member, w->items[0], &g, "added", why);
}

/* Is this assignment one of the member's that is in force or to come? */
static enum status
holds(struct hub *h, const char *id, const char *badge, struct buf *beat,
	bool *yes, struct why *why)
{
	struct buf value = BUF_INIT;
	char today[WHEN_MAX];
	struct clock_reading now;
	enum status st =
		hub_value(h, "assignment", id, "member_id", &value, why);

	clock_read(NULL, &now);
	when_day_text(now.wall_ms, today);
	*yes = !st && strcmp(buf_text(&value), badge) == 0;
	buf_clear(&value);
	if (!st && *yes)
		st = hub_value(h, "assignment", id, "ends_on", &value, why);
	*yes = *yes && !st && (!value.len || strcmp(value.data, today) >= 0);
	buf_clear(beat);
	if (!st && *yes)
		st = hub_value(h, "assignment", id, "beat_id", beat, why);
	*yes = *yes && beat->len;
	buf_release(&value);
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
	struct buf beat = BUF_INIT;
	enum status st = hub_ids(h, "assignment", &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++) {
		bool yes;

		st = holds(h, ids.items[i], badge, &beat, &yes, why);
		if (st || !yes)
			continue;
		if (names_have(wanted, beat.data))
			names_add(kept, beat.data);
		else
			st = end_assignment(h, l, ids.items[i], why);
	}
	buf_release(&beat);
	names_release(&ids);
	return st;
}

static enum status
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

static enum status
set_beats(struct hub *h, struct hub_edits *l, const char *badge,
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
	enum status st = must_be_there(h, badge, why);

	if (!st)
		st = put_member(h, l, badge, g, why);
	if (!st && g->beats)
		st = set_beats(h, l, badge, g, why);
	return st;
}

enum status
hub_command_member_set(void *context, struct words *w, struct why *why)
{
	struct given g = {0};
	enum status st = take_member(w, &g, why);

	return st ? st
		  : write_edits(context, set_member, w->items[0], &g, "changed",
			    why);
}

enum status
hub_command_member_off(void *context, struct words *w, struct why *why)
{
	struct given g = {.active = "false"};
	enum status st = words_count(w, 1, 1, "member off BADGE", why);

	return st ? st
		  : write_edits(context, set_member, w->items[0], &g,
			    "switched off", why);
}

static enum status
list_member(struct hub *h, const char *badge, struct table *t, struct why *why)
{
	static const char *const fields[] = {
		"name", "access", "role", "org_unit_id", "active"};
	struct buf value = BUF_INIT;
	enum status st = ST_OK;

	table_cell(t, badge);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		buf_clear(&value);
		if (!st)
			st = hub_value(
				h, "member", badge, fields[i], &value, why);
		if (strcmp(fields[i], "active") == 0)
			table_cell(t, strcmp(buf_text(&value), "false") == 0
					      ? "off"
					      : "");
		else
			table_cell(t, buf_text(&value));
	}
	buf_release(&value);
	return st;
}

enum status
hub_command_member_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {
		"BADGE", "NAME", "ACCESS", "ROLE", "UNIT", ""};
	struct hub_context *c = context;
	struct table t = {.columns = sizeof(heads) / sizeof(*heads), .lead = 1};
	struct names badges = {NULL, 0, 0};
	struct hub *h = NULL;
	enum status st = words_count(w, 0, 0, "member list", why);

	for (size_t i = 0; i < t.columns; i++)
		table_cell(&t, heads[i]);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = hub_ids(h, "member", &badges, why);
	for (size_t i = 0; !st && i < badges.count; i++)
		st = list_member(h, badges.items[i], &t, why);
	if (!st)
		table_print(&t, &c->out);
	names_release(&badges);
	table_release(&t);
	hub_close(h);
	return st;
}
