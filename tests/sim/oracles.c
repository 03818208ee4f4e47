#include "tests/sim/oracles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fulltext.h"
#include "common/inbox.h"
#include "common/outbox.h"
#include "common/verify.h"
#include "tests/sim/allowed.h"
#include "tests/sim/ledger.h"
#include "tests/sim/link.h"
#include "tests/sim/model.h"
#include "tests/sim/scope.h"
#include "tests/sim/view.h"
#include "tests/sim/whole.h"

#define WHOLE_EVERY 5  /* syncs of a device: it costs more than the rest */
#define IDLE_BYTES 420 /* of a plain sync with nothing to do, both ways */

bool
oracle_refused(struct device *d)
{
	char name[32];

	snprintf(name, sizeof(name), "member/%s", d->badge);
	return d->revoked ||
	       strcmp(hubs_value(&d->w->t, name, "active"), "false") == 0;
}

static void
add_column(sqlite3_stmt *s, int i, struct buf *out)
{
	const char *bytes = sqlite3_column_blob(s, i);
	int len = sqlite3_column_bytes(s, i);

	buf_printf(out, "%d:", len);
	if (len)
		buf_add(out, bytes, (size_t)len);
}

static void
add_table(struct sql *db, const char *text, struct buf *out)
{
	sqlite3_stmt *s = sql_use(db, text, "");
	struct why why;
	bool row;

	for (;;) {
		world_good(sql_step(db, s, &row, &why), &why);
		if (!row)
			return;
		for (int i = 0; i < sqlite3_column_count(s); i++)
			add_column(s, i, out);
	}
}

void
oracle_hub_digest(struct world *w, struct digest *out)
{
	static const char *const tables[] = {"SELECT * FROM meta",
		"SELECT number,badge,n,chain,revoked FROM replica",
		"SELECT * FROM invite", "SELECT * FROM entry",
		"SELECT * FROM cell", "SELECT * FROM loser",
		"SELECT * FROM link", "SELECT * FROM lean",
		"SELECT * FROM record_book", "SELECT * FROM move"};
	struct buf all = BUF_INIT;
	struct sql *db;
	struct why why;

	world_good(sql_open(w->hub_path, SQL_READ, "the log", &db, &why), &why);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		add_table(db, tables[i], &all);
	sql_close(db);
	digest_parts(&(struct digest_part){all.data, all.len}, 1, out);
	buf_release(&all);
}

/* Newest n of this device that the hub has. */
static uint32_t
hub_n(struct device *d)
{
	struct sql *db;
	struct why why;
	int64_t n;

	world_good(
		sql_open(d->w->hub_path, SQL_READ, "the log", &db, &why), &why);
	world_good(sql_int(db, 0, &n, &why,
			   "SELECT n FROM replica WHERE number=?1", "i",
			   (int64_t)d->number),
		&why);
	sql_close(db);
	return (uint32_t)n;
}

/* What the hub does not have lies in the outbox, without a gap. */
static void
check_outbox(struct device *d)
{
	uint32_t known = hub_n(d);
	int64_t kept, confirmed;
	struct why why;

	world_good(sql_int(replica_sql(d->r), 0, &kept, &why,
			   "SELECT count(*) FROM _outbox WHERE replica=?3 AND "
			   "n>?1 AND n<=?2",
			   "iii", (int64_t)known, (int64_t)d->ledger_n,
			   (int64_t)d->number),
		&why);
	if (d->ledger_n > known && kept != d->ledger_n - known)
		world_fail("a saved edit is kept until the hub has it",
			"device %u: %u written, the hub has %u, %lld are kept",
			d->index, d->ledger_n, known, (long long)kept);
	world_good(replica_meta_int(d->r, META_CONFIRMED, 0, &confirmed, &why),
		&why);
	if (confirmed > known && !d->w->restored)
		world_fail("only what the log has is confirmed",
			"device %u: %lld, the hub has %u", d->index,
			(long long)confirmed, known);
}

/* Both are in order of names: a cell that is still there is no older. */
static void
check_sights(struct device *d)
{
	struct sight *old = d->sights;
	size_t count = d->sight_count, at = 0;
	struct sql *db = replica_sql(d->r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind||'/'||id||'/'||field AS name,seq FROM _cell "
		"ORDER BY name",
		"");
	struct why why;
	bool row;

	d->sights = NULL;
	d->sight_count = d->sight_cap = 0;
	for (;;) {
		const char *name;
		int64_t seq;

		world_good(sql_step(db, s, &row, &why), &why);
		if (!row)
			break;
		name = sql_column(s, 0);
		seq = sqlite3_column_int64(s, 1);
		while (at < count && strcmp(old[at].name, name) < 0)
			at++;
		if (at < count && !strcmp(old[at].name, name) &&
			old[at].seq > seq)
			world_fail("no read goes back",
				"device %u: %s was of seq %lld, is of %lld",
				d->index, name, (long long)old[at].seq,
				(long long)seq);
		MEM_ROOM(d->sights, d->sight_count, d->sight_cap);
		d->sights[d->sight_count++] =
			(struct sight){mem_text(name), seq};
	}
	for (size_t i = 0; i < count; i++)
		free(old[i].name);
	free(old);
}

void
oracle_after_sync(struct device *d)
{
	uint32_t number = d->number;

	if (d->ailing)
		return;
	device_follow_number(d);
	/* And what a restored hub lost has other names by now. */
	if (number != d->number || d->w->restored)
		device_learn_number(d);
	check_outbox(d);
	/* A restored hub has lost what it told; what it tells now is refilled. */
	if (d->w->restored)
		return;
	check_sights(d);
	if (++d->syncs % WHOLE_EVERY == 0)
		whole_check(d);
}

/* Are these the same but for names: a copy's file takes another number, and
 * what it made since takes other ids? */
static bool
same_words(const struct catalog *c, const struct edit *a, const struct edit *b)
{
	const struct kind *k = catalog_kind(c, a->kind);

	if (strcmp(a->kind, b->kind) || a->count != b->count ||
		a->settle_count != b->settle_count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct field *f =
			k ? kind_field(k, a->changes[i].field) : NULL;
		const struct change *o = edit_find(b, a->changes[i].field);
		bool ref = f && (f->type == TYPE_REF || f->type == TYPE_REFS);

		if (!o || (!ref && strcmp(a->changes[i].value, o->value)))
			return false;
	}
	return true;
}

static bool
is_this(struct world *w, const struct entry *e, const struct written *o,
	bool renamed)
{
	struct digest digest;

	if (renamed)
		return e->edit.id.replica &&
		       e->edit.id.replica != o->edit.id.replica &&
		       same_words(hub_catalog(w->t.h), &e->edit, &o->edit);
	edit_digest(&e->edit, &digest);
	return edit_id_same(e->edit.id, o->edit.id) &&
	       (e->verdict.refused ||
		       !memcmp(&digest, &o->digest, sizeof(digest)));
}

/* Find each edit an entry of its own; those that may be gone come last. */
static void
match(struct world *w, const struct view *v, bool *logged, bool *taken,
	bool renamed, bool gone)
{
	for (size_t i = 0; i < w->ledger->count; i++) {
		const struct written *o = &w->ledger->items[i];

		if ((o->gone || oracle_refused(&w->devices[o->device])) != gone)
			continue;
		for (size_t j = 0; j < v->entry_count && !logged[i]; j++) {
			if (taken[j] || !is_this(w, &v->entries[j],
						&w->ledger->items[i], renamed))
				continue;
			logged[i] = taken[j] = true;
		}
	}
}

/* What a restored hub lost comes again from each file that has it, a copy's
 * under that one's number; and what a file had not sent, that was enrolled
 * again, from its copies, and in requests that were on their way. */
static bool
comes_twice(struct world *w, const struct entry *e)
{
	bool may = w->copied && (w->restored || w->parted);

	for (size_t i = 0; may && i < w->ledger->count; i++)
		if (same_words(hub_catalog(w->t.h), &e->edit,
			    &w->ledger->items[i].edit))
			return true;
	return false;
}

/* Every edit of the ledger is in the log once, as it was written, or waits in
 * the outbox of a device that may no longer send; or its file is gone. */
static void
check_ledger(struct world *w, const struct view *v)
{
	bool *taken = mem_alloc(v->entry_count + 1);
	bool *logged = mem_alloc(w->ledger->count + 1);

	match(w, v, logged, taken, false, false);
	match(w, v, logged, taken, false, true);
	if (w->copied) {
		match(w, v, logged, taken, true, false);
		match(w, v, logged, taken, true, true);
	}

	for (size_t i = 0; i < w->ledger->count; i++) {
		const struct written *o = &w->ledger->items[i];
		struct device *d = &w->devices[o->device];
		char id[EDIT_ID_TEXT];

		edit_id_text(o->edit.id, id);
		if (!logged[i] && !oracle_refused(d) && !o->gone)
			world_fail("every edit reaches the log as written",
				"%s on %s/%s", id, o->edit.kind,
				o->edit.record);
	}
	for (size_t i = 0; i < v->entry_count; i++)
		if (v->entries[i].edit.id.replica && !taken[i] &&
			!comes_twice(w, &v->entries[i]))
			world_fail("the log has what was written and no more",
				"seq %lld is nobody's",
				(long long)v->entries[i].seq);
	free(taken);
	free(logged);
}

/* Never after the hub took it, never before what it was written over. */
static void
check_stamps(const struct view *v)
{
	for (size_t i = 0; i < v->entry_count; i++) {
		const struct entry *e = &v->entries[i];

		if (e->at > v->came[i])
			world_fail("no stamp is of the future", "seq %lld",
				(long long)e->seq);
		for (size_t j = 0; j < e->edit.count; j++) {
			const struct entry *over =
				view_entry(v, e->edit.changes[j].over);

			/* A restored hub may hear of it only later. */
			if (over && over->seq < e->seq && over->at > e->at)
				world_fail("no stamp is before what was seen",
					"seq %lld", (long long)e->seq);
		}
	}
}

/* An edit that touches one field of a group carries all of them. */
static void
check_groups(struct device *d, const struct edit *e)
{
	const struct kind *k = catalog_kind(replica_catalog(d->r), e->kind);

	for (size_t i = 0; k && i < e->count; i++) {
		const struct field *f = kind_field(k, e->changes[i].field);

		for (size_t j = 0; f && j < k->field_count; j++)
			if (!strcmp(k->fields[j].cell, f->cell) &&
				!edit_find(e, k->fields[j].name))
				world_fail("a group is written as one",
					"%s/%s: %s without %s", e->kind,
					e->record, f->name, k->fields[j].name);
	}
}

/* What an edit was written over is what its writer saw. */
static void
check_overs(struct world *w, const struct view *v)
{
	/* Copies write other edits under the same name, until they sync. */
	for (size_t i = 0; i < w->ledger->count && !w->copied; i++) {
		const struct written *o = &w->ledger->items[i];

		check_groups(&w->devices[o->device], &o->edit);
		for (size_t j = 0; j < o->seen_count; j++) {
			const struct seen_value *s = &o->seen[j];
			const struct change *c = edit_find(&o->edit, s->field);
			const struct entry *over =
				c ? view_entry(v, c->over) : NULL;
			const struct change *was =
				over ? edit_find(&over->edit, s->field) : NULL;

			if (!strcmp(s->field, FIELD_VOID) && s->text[0] &&
				o->edit.count &&
				!edit_id_same(o->edit.saw_void, s->edit))
				world_fail("an edit names the void it saw",
					"%s/%s", o->edit.kind, o->edit.record);
			if (was && strcmp(s->field, FIELD_VOID) &&
				strcmp(was->value, s->text) != 0)
				world_fail("an edit names what was seen",
					"%s/%s %s: '%s' was seen, '%s' is "
					"named",
					o->edit.kind, o->edit.record, s->field,
					s->text, was->value);
		}
	}
}

/* Does the device show the record as the hub has it? */
static void
check_record(struct device *d, const struct view *v, const char *kind,
	const char *id)
{
	struct record *rec;
	struct why why;

	if (record_load(d->r, kind, id, &rec, &why))
		world_fail("what is in scope is there",
			"device %u (%s) lacks %s/%s: %s", d->index, d->badge,
			kind, id, why.text);
	for (size_t i = 0; i <= rec->kind->field_count; i++) {
		bool is_void = i == rec->kind->field_count;
		const char *field =
			is_void ? FIELD_VOID : rec->kind->fields[i].name;
		const char *mine =
			is_void ? rec->void_value.text : rec->values[i].text;
		const char *hub = view_value(v, kind, id, field);

		if (strcmp(mine, hub) != 0)
			world_fail("all files come to agree",
				"device %u (%s), %s/%s %s: '%s', the hub has "
				"'%s'",
				d->index, d->badge, kind, id, field, mine, hub);
	}
	record_free(rec);
}

/* What the catalogue does not know is kept all the same. */
static void
check_unknown(struct device *d, const struct view *v, const char *kind,
	const char *id)
{
	const struct kind *k = catalog_kind(replica_catalog(d->r), kind);
	size_t count;
	const struct view_cell *c = view_record(v, kind, id, &count);
	struct why why;
	int64_t mine;

	for (size_t i = 0; i < count; i++) {
		if (kind_field(k, c[i].field) ||
			!strcmp(c[i].field, FIELD_VOID))
			continue;
		world_good(sql_int(replica_sql(d->r), 0, &mine, &why,
				   "SELECT n FROM _cell c JOIN _entry e ON "
				   "e.seq=c.seq WHERE c.kind=?1 AND c.id=?2 "
				   "AND c.field=?3",
				   "sss", kind, id, c[i].field),
			&why);
		if (mine != c[i].edit.n)
			world_fail("what is not known here is kept",
				"device %u, %s/%s %s", d->index, kind, id,
				c[i].field);
	}
}

static bool
readable(struct device *d, const struct view *v, const char *kind)
{
	const struct kind *k = catalog_kind(replica_catalog(d->r), kind);

	return k && rights_may_read(k, allowed_level(v, d->badge));
}

/* Records that are there by right, for check_leftovers(). */
static void
check_scope(struct device *d, const struct view *v, struct names *rightly)
{
	struct names held = {0};
	char name[160];

	scope_member(v, d->badge, d->w->t.now.wall_ms, &held);
	allowed_lent(d, v, &held, &held);
	for (size_t i = 0; i < v->cell_count; i++) {
		const struct view_cell *c = &v->cells[i];
		struct names in = {0};

		if (i && !strcmp(c->id, c[-1].id) &&
			!strcmp(c->kind, c[-1].kind))
			continue;
		scope_record(v, c->kind, c->id, &in);
		snprintf(name, sizeof(name), "%s/%s", c->kind, c->id);
		if (scope_meets(&in, &held) && readable(d, v, c->kind)) {
			check_record(d, v, c->kind, c->id);
			check_unknown(d, v, c->kind, c->id);
			names_push(rightly, name);
		}
		names_release(&in);
	}
	names_release(&held);
}

static void
check_leftovers(struct device *d, const struct names *rightly)
{
	struct sql *db = replica_sql(d->r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT kind||'/'||id FROM _record UNION "
		"SELECT kind||'/'||id FROM _cell UNION "
		"SELECT kind||'/'||id FROM _in_book UNION "
		"SELECT kind||'/'||id FROM _entry WHERE state=0 AND "
		"replica<>?1 AND replica NOT IN "
		"(SELECT number FROM _number)",
		"i", (int64_t)d->number);
	struct why why;
	bool row;

	for (;;) {
		world_good(sql_step(db, s, &row, &why), &why);
		if (!row)
			return;
		if (!names_have(rightly, sql_column(s, 0)))
			world_fail("what is out of scope is gone",
				"device %u (%s) has %s", d->index, d->badge,
				sql_column(s, 0));
	}
}

static void
check_device(struct device *d, const struct view *v)
{
	struct outbox_counts counts;
	struct names rightly = {0};
	struct why why;

	world_good(outbox_count(d->r, &counts, &why), &why);
	if (counts.unsent)
		world_fail("the outbox empties", "device %u: %lld are unsent",
			d->index, (long long)counts.unsent);
	allowed_check_device(d, v);
	check_scope(d, v, &rightly);
	check_leftovers(d, &rightly);
	names_release(&rightly);
}

static void
check_idle(struct device *d)
{
	link_sync_whole(d);
	if (link_bytes() > IDLE_BYTES)
		world_fail("a sync with nothing to do is small",
			"device %u: %zu bytes", d->index, link_bytes());
}

static void
check_files(struct world *w)
{
	struct buf report = BUF_INIT;
	struct why why;

	if (hub_verify(w->t.h, &report, &why))
		world_fail("the hub's log verifies", "%s\n%s", why.text,
			buf_text(&report));
	for (unsigned i = 0; i < w->device_count; i++) {
		fulltext_ready(w->devices[i].r);
		if (replica_verify(w->devices[i].r, &report, &why))
			world_fail("every file verifies", "device %u: %s\n%s",
				i, why.text, buf_text(&report));
	}
	buf_release(&report);
}

void
oracle_end(struct world *w)
{
	struct view v;

	check_files(w);
	view_read(w, &v);
	check_ledger(w, &v);
	check_overs(w, &v);
	check_stamps(&v);
	allowed_check_log(&v);
	model_check(w, &v);
	for (unsigned i = 0; i < w->device_count; i++)
		if (!oracle_refused(&w->devices[i]))
			check_device(&w->devices[i], &v);
	view_release(&v);
	for (unsigned i = 0; i < w->device_count; i++) {
		if (!oracle_refused(&w->devices[i]))
			check_idle(&w->devices[i]);
		device_drop_sights(&w->devices[i]);
	}
}
