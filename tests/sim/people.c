#include "tests/sim/people.h"

#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "common/fulltext.h"
#include "common/held.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "tests/sim/ledger.h"

#define TEXT_MAX 60 /* words in a long text */

static const char *const beats[] = {
	"35X", "12Y", "7Z", "35X,12Y", "12Y,7Z", "35X"};
#define BEATS (sizeof(beats) / sizeof(*beats))

/* The client may refuse what chance proposes; it may not fail. */
static void
saved(struct device *d, const struct record *rec, enum status st,
	const struct why *why, const char *what, const char *kind,
	const char *id)
{
	if (st == ST_FILE && !d->ailing)
		world_fail("a save goes on a good disk", "device %u: %s",
			d->index, why->text);
	world_tell(d->w, "    %s %s %s/%s%s%s", d->badge, what, kind, id,
		st ? ": " : "", st ? why->text : "");
	ledger_note(d, rec);
}

static void
put_words(struct device *d, struct chance *c, uint32_t count, struct buf *out)
{
	static const char *const words[] = {"lights", "garage", "north",
		"walked", "called", "owner", "fence", "quiet", "again",
		"caf\xc3\xa9", "school", "night", "two cars", "nobody",
		"repaired"};

	buf_printf(out, "t%u", ++d->w->words);
	while (count--)
		buf_printf(out, " %s",
			words[draw(c, sizeof(words) / sizeof(*words))]);
}

/* Something that the field takes; false: fields like this are left alone. */
static bool
value_for(struct device *d, struct chance *c, const struct field *f,
	struct buf *out)
{
	switch (f->type) {
	case TYPE_TEXT:
		put_words(d, c, draw(c, 4), out);
		return true;
	case TYPE_LONG:
		put_words(d, c, draw(c, TEXT_MAX), out);
		return true;
	case TYPE_ENUM:
		if (f->choice_count)
			buf_puts(out,
				f->choices[draw(c, (uint32_t)f->choice_count)]
					.value);
		return f->choice_count != 0;
	case TYPE_BOOL:
		buf_puts(out, one_in(c, 2) ? "true" : "false");
		return true;
	case TYPE_INT:
		buf_printf(out, "%u", draw(c, 90));
		return true;
	case TYPE_DATE:
		buf_printf(out, "2026-07-%02u", 1 + draw(c, 30));
		return true;
	case TYPE_GEO:
		buf_printf(out, "37.%u,-122.%u", 10 + draw(c, 80),
			10 + draw(c, 80));
		return true;
	default:
		return false;
	}
}

/* A record that this device holds, by chance: one of `kinds` ("" any). */
static struct record *
any_record(struct device *d, struct chance *c, const char *kinds)
{
	struct sql *db = replica_sql(d->r);
	struct record *rec = NULL;
	char *kind = NULL, *id = NULL;
	int64_t count;
	struct why why;

#define HELD                                                           \
	"FROM _record WHERE (?1='' OR instr(?1, ' '||kind||' ')) AND " \
	"kind NOT IN ('org_unit','beat','member','assignment')"
	world_good(sql_int(db, 0, &count, &why, "SELECT count(*) " HELD, "s",
			   kinds),
		&why);
	if (!count)
		return NULL;
	count = draw(c, (uint32_t)count);
	world_good(sql_text(db, &kind, &why,
			   "SELECT kind " HELD " ORDER BY kind,id LIMIT 1 "
			   "OFFSET ?2",
			   "si", kinds, count),
		&why);
	world_good(sql_text(db, &id, &why,
			   "SELECT id " HELD " ORDER BY kind,id LIMIT 1 "
			   "OFFSET ?2",
			   "si", kinds, count),
		&why);
#undef HELD
	if (record_load(d->r, kind, id, &rec, &why))
		rec = NULL;
	free(kind);
	free(id);
	return rec;
}

static void
change_field(struct device *d, struct chance *c, struct edit *e,
	const struct record *rec, const struct field *f)
{
	struct buf value = BUF_INIT;

	if (!edit_find(e, f->name) && value_for(d, c, f, &value))
		record_change(e, rec, f->name, buf_text(&value));
	buf_release(&value);
}

static void
save(struct device *d, struct edit *e, const struct record *rec,
	const char *what)
{
	struct why why;
	enum status st = record_save(d->r, e, &why);

	saved(d, rec, st, &why, what, e->kind, e->record ? e->record : "");
	if (e->id.n % 3 == 1) /* some look for words now and then */
		fulltext_ready(d->r);
	edit_release(e);
}

static struct edit
edit_of(const struct record *rec)
{
	struct edit e = {0};

	e.kind = mem_text(rec->kind->name);
	e.record = mem_text(rec->id);
	record_saw(&e, rec);
	return e;
}

static void
change_some(struct device *d, struct chance *c, const struct record *rec,
	const char *what)
{
	struct edit e = edit_of(rec);
	const struct kind *k = rec->kind;

	for (uint32_t n = 1 + draw(c, 3); n; n--)
		change_field(d, c, &e, rec,
			&k->fields[draw(c, (uint32_t)k->field_count)]);
	/* Few fields are shared by chance: meet on the first ones. */
	change_field(d, c, &e, rec, kind_field(k, k->title));
	if (kind_field(k, "camera_note"))
		change_field(d, c, &e, rec, kind_field(k, "camera_note"));
	save(d, &e, rec, what);
}

/* What a new one must have, beyond what has a default. */
static void
fill_required(struct device *d, struct chance *c, struct edit *e)
{
	const struct kind *k = catalog_kind(replica_catalog(d->r), e->kind);

	for (size_t i = 0; k && i < k->field_count; i++)
		if (k->fields[i].required && !k->fields[i].preset[0])
			change_field(d, c, e, NULL, &k->fields[i]);
}

void
people_make(struct device *d, struct chance *c)
{
	static const struct {
		const char *kind, *place;
	} kinds[] = {{"project", "beat_ids"}, {"project", "beat_ids"},
		{"contact", "beat_ids"}, {"concern", "beat_id"},
		{"priority", "beat_ids"}, {"place", "beat_id"},
		{"organization", "beat_ids"}, {"council", "beat_ids"},
		{"action_item", ""}};
	size_t i = draw(c, sizeof(kinds) / sizeof(*kinds));
	struct edit e = {
		.kind = mem_text(kinds[i].kind), .record = mem_text("")};
	bool many = kinds[i].place[0] && strchr(kinds[i].place, 's');

	fill_required(d, c, &e);
	if (kinds[i].place[0] && !one_in(c, 5))
		edit_change(&e, kinds[i].place,
			beats[draw(c, many ? BEATS : 3)], EDIT_ID_NONE);
	save(d, &e, NULL, "makes");
}

void
people_child(struct device *d, struct chance *c)
{
	static const char *const children[] = {
		"project_update", "project_step", "response_action"};
	struct record *rec = any_record(d, c, one_in(c, 4) ? "" : " project ");
	bool project = rec && strcmp(rec->kind->name, "project") == 0;
	struct edit e = {.record = mem_text("")};
	char *name;

	if (!rec) {
		edit_release(&e);
		return;
	}
	name = mem_printf("%s/%s", rec->kind->name, rec->id);
	e.kind = mem_text(project ? children[draw(c, 3)] : "action_item");
	if (project)
		edit_change(&e, "project_id", rec->id, EDIT_ID_NONE);
	else
		edit_change(&e, "source_id", name, EDIT_ID_NONE);
	fill_required(d, c, &e);
	save(d, &e, NULL, "adds a child");
	free(name);
	record_free(rec);
}

void
people_edit(struct device *d, struct chance *c)
{
	struct record *rec = any_record(d, c, one_in(c, 2) ? "" : " project ");

	if (rec)
		change_some(d, c, rec, "edits");
	record_free(rec);
}

void
people_move(struct device *d, struct chance *c)
{
	struct record *rec = any_record(
		d, c, " project contact priority organization concern place ");
	const char *to = one_in(c, 6) ? "" : beats[draw(c, BEATS)];
	struct edit e;

	if (!rec)
		return;
	e = edit_of(rec);
	if (kind_field(rec->kind, "beat_ids"))
		record_change(&e, rec, "beat_ids", to);
	else
		record_change(&e, rec, "beat_id", beats[draw(c, 3)]);
	save(d, &e, rec, "moves");
	record_free(rec);
}

static const struct field *
long_field(const struct record *rec, struct chance *c)
{
	const struct kind *k = rec->kind;
	size_t from = draw(c, (uint32_t)k->field_count);

	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *f = &k->fields[(from + i) % k->field_count];

		if (f->type == TYPE_LONG)
			return f;
	}
	return NULL;
}

/* A blank, where a text may be cut without harm to its letters. */
static size_t
some_blank(const char *text, size_t from, struct chance *c)
{
	size_t at = from + draw(c, (uint32_t)(strlen(text + from) + 1));

	while (text[at] && text[at] != ' ')
		at++;
	return at;
}

/* Put something in, or in the place of what is there. */
void
people_write(struct device *d, struct chance *c)
{
	struct record *rec = any_record(d, c, "");
	const struct field *f = rec ? long_field(rec, c) : NULL;
	struct buf text = BUF_INIT;
	const char *was;
	size_t from, to;
	struct edit e;

	if (!f) {
		record_free(rec);
		return;
	}
	was = record_text(rec, f->name);
	from = some_blank(was, 0, c);
	to = one_in(c, 2) ? from : some_blank(was, from, c);
	buf_add(&text, was, from);
	if (from)
		buf_putc(&text, ' ');
	put_words(d, c, draw(c, 12), &text);
	buf_puts(&text, was + to);
	e = edit_of(rec);
	record_change(&e, rec, f->name, buf_text(&text));
	save(d, &e, rec, "writes in");
	buf_release(&text);
	record_free(rec);
}

/* Words that nobody used before: they take their room on the link. */
void
people_dictate(struct device *d, struct chance *c)
{
	struct record *rec = any_record(d, c, "");
	const struct field *f = rec ? long_field(rec, c) : NULL;
	struct buf text = BUF_INIT;
	struct edit e;

	for (uint32_t n = 40 + draw(c, 120); f && n; n--) {
		for (uint32_t letters = 2 + draw(c, 8); letters; letters--)
			buf_putc(&text, (char)('a' + draw(c, 26)));
		buf_putc(&text, ' ');
	}
	buf_printf(&text, "t%u", ++d->w->words);
	if (f) {
		e = edit_of(rec);
		record_change(&e, rec, f->name, buf_text(&text));
		save(d, &e, rec, "dictates in");
	}
	buf_release(&text);
	record_free(rec);
}

void
people_void(struct device *d, struct chance *c)
{
	struct record *rec = any_record(d, c, "");
	bool is_void = rec && rec->void_value.text[0];
	struct buf reason = BUF_INIT;
	struct why why;
	enum status st;

	if (!rec)
		return;
	put_words(d, c, draw(c, 3), &reason);
	st = is_void ? record_unvoid(d->r, rec, &why)
		     : record_void(d->r, rec, buf_text(&reason), &why);
	saved(d, rec, st, &why, is_void ? "unvoids" : "voids", rec->kind->name,
		rec->id);
	buf_release(&reason);
	record_free(rec);
}

void
people_settle(struct device *d, struct chance *c)
{
	struct conflicts all = {0};
	struct why why;
	const struct conflict *one;
	struct record *rec;

	world_good(conflicts_read(d->r, NULL, NULL, &all, &why), &why);
	one = all.count ? &all.items[draw(c, (uint32_t)all.count)] : NULL;
	if (one && !record_load(d->r, one->kind, one->id, &rec, &why)) {
		const char *value = one_in(c, 3)      ? NULL
				    : one->lost_count ? one->lost[0].value
						      : NULL;
		enum status st = conflict_resolve(
			d->r, one->kind, one->id, one->field, value, &why);

		saved(d, rec, st, &why, "settles", one->kind, one->id);
		record_free(rec);
	}
	conflicts_release(&all);
}

void
people_decide(struct device *d, struct chance *c)
{
	struct helds all = {0};
	struct why why;
	struct edit_id id;
	enum status st;
	char name[EDIT_ID_TEXT];

	world_good(held_read(d->r, HELD_OPEN, NULL, NULL, 0, &all, &why), &why);
	if (!all.count) {
		helds_release(&all);
		return;
	}
	id = all.items[draw(c, (uint32_t)all.count)].entry.edit.id;
	helds_release(&all);
	edit_id_text(id, name);
	if (one_in(c, 2))
		st = held_accept(d->r, id, &why);
	else
		st = held_decline(d->r, id, "not now", &why);
	saved(d, NULL, st, &why, "decides about", "edit", name);
}

void
people_undo(struct device *d, struct chance *c)
{
	struct buf what = BUF_INIT;
	struct why why;
	enum status st = outbox_undo(d->r, &what, &why);

	(void)c;
	if (st == ST_FILE && !d->ailing)
		world_fail("undo goes on a good disk", "%s", why.text);
	/* A form that was opened on what is undone is opened anew. */
	if (!st) {
		world_tell(d->w, "    %s undoes %s", d->badge, what.data);
		device_drop_form(d);
	}
	ledger_undo(d);
	buf_release(&what);
}

void
people_books(struct device *d, struct chance *c)
{
	static const char *const lent[] = {"beat:35X", "beat:12Y", "beat:7Z"};
	const char *book = lent[draw(c, 3)];
	struct names asked = {0};
	struct why why;
	enum status st = lent_asked(d->r, &asked, &why);
	bool wanted = !names_have(&asked, book);

	if (!st)
		st = lent_ask(d->r, book, wanted, &why);
	if (st && !d->ailing)
		world_fail("a book may be asked for", "%s", why.text);
	world_tell(d->w, "    %s %s %s", d->badge,
		wanted ? "asks for" : "gives back", book);
	names_release(&asked);
}

void
people_form(struct device *d, struct chance *c)
{
	if (d->form) {
		change_some(d, c, d->form, "saves the form of");
		device_drop_form(d);
		return;
	}
	d->form = any_record(d, c, "");
	if (d->form)
		world_tell(d->w, "    %s opens %s/%s", d->badge,
			d->form->kind->name, d->form->id);
}
