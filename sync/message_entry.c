#include "sync/message_entry.h"

#include <string.h>

#include "common/value.h"
#include "sync/message_splice.h"

void
put_seq(struct coder *c, int64_t seq, struct buf *out)
{
	put_int(out, "s", c->absolute ? seq : seq - c->seq);
	if (!c->absolute)
		c->seq = seq;
}

static void
put_at(struct coder *c, int64_t at, struct buf *out)
{
	put_int(out, "a", c->absolute ? at : at - c->at);
	if (!c->absolute)
		c->at = at;
}

/* A run of one replica's entries is counted on. */
static void
put_next_id(struct coder *c, const struct entry *e, struct buf *out)
{
	struct edit_id id = e->edit.id;

	if (c->absolute || edit_id_none(c->told) ||
		id.replica != c->told.replica || id.n <= c->told.n)
		edit_id_put_member(out, "e", e->edit.id);
	else
		put_int(out, "e", (int64_t)id.n - c->told.n);
}

/* Each replica's badge is told once in an answer. */
static void
put_badge(struct coder *c, const struct entry *e, struct buf *out)
{
	if (coder_badge(c, e->edit.id.replica))
		return;
	json_put_member(out, "m", e->by);
	coder_learn(c, e->edit.id.replica, e->by);
}

static void
put_unsure(const struct entry *e, struct buf *out)
{
	if (!e->unsure)
		return;
	json_put_name(out, "u");
	buf_puts(out, "true");
}

static bool
is_same_record(const struct coder *c, const struct edit *e)
{
	return c->kind && strcmp(c->kind, e->kind) == 0 &&
	       strcmp(c->id, e->record) == 0;
}

void
put_entry(struct coder *c, const struct frame *f, struct buf *out)
{
	const struct entry *e = &f->entries[0];

	put_seq(c, e->seq, out);
	put_next_id(c, e, out);
	put_at(c, e->at, out);
	put_badge(c, e, out);
	put_unsure(e, out);
	if (c->absolute || !is_same_record(c, &e->edit))
		put_record(out, e->edit.kind, e->edit.record);
	put_body(c, &e->edit, &e->verdict, out);
	verdict_put(&e->verdict, out);
	if (f->books.count)
		put_names(out, "b", &f->books);
	coder_note_entry(c, &e->edit);
}

void
put_verdict(struct coder *c, const struct frame *f, struct buf *out)
{
	const struct entry *e = &f->entries[0];

	put_seq(c, e->seq, out);
	put_int(out, "n", e->edit.id.n - c->n);
	c->n = e->edit.id.n;
	put_difference(out, "a", e->at - coder_stamp_of(c, c->n));
	c->at = e->at;
	put_unsure(e, out);
	verdict_put(&e->verdict, out);
	if (f->books.count)
		put_names(out, "b", &f->books);
}

/* What became of held edits, for those who are not sent the entry itself. */
void
put_decided(struct coder *c, const struct frame *f, struct buf *out)
{
	const struct entry *e = &f->entries[0];

	put_seq(c, e->seq, out);
	put_at(c, e->at, out);
	json_put_member(out, "m", e->by);
	if (f->accepted) {
		json_put_name(out, "k");
		buf_puts(out, "true");
	}
	if (e->edit.reason)
		json_put_member(out, "d", e->edit.reason);
	verdict_put(&e->verdict, out);
}

/* An entry of a whole record: only what stands, so no overs. */
static void
put_part(struct coder *c, const struct entry *e, struct buf *out)
{
	buf_putc(out, '{');
	put_int(out, "s", e->seq);
	edit_id_put_member(out, "e", e->edit.id);
	put_int(out, "a", e->at);
	put_badge(c, e, out);
	put_unsure(e, out);
	if (e->edit.count) {
		json_put_name(out, "f");
		buf_putc(out, '{');
		for (size_t i = 0; i < e->edit.count; i++)
			json_put_member(out, e->edit.changes[i].field,
				e->edit.changes[i].value);
		buf_putc(out, '}');
	}
	verdict_put(&e->verdict, out);
	buf_putc(out, '}');
}

void
put_whole(struct coder *c, const struct frame *f, struct buf *out)
{
	if (!f->count)
		return;
	json_put_name(out, "w");
	buf_putc(out, '[');
	for (size_t i = 0; i < f->count; i++) {
		json_put_comma(out);
		put_part(c, &f->entries[i], out);
	}
	buf_putc(out, ']');
}

void
put_held(struct coder *c, const struct frame *f, struct buf *out)
{
	put_record(out, f->kind, f->id);
	json_put_name(out, "held");
	put_part(c, &f->entries[0], out);
	if (f->books.count)
		put_names(out, "b", &f->books);
}

int64_t
get_seq(struct members *m, struct coder *c)
{
	int64_t base = c->absolute ? 0 : c->seq;
	int64_t seq = member_difference(m, "s", base, base, INT_EXACT);

	if (!member_there(m, "s"))
		member_bad(m, "s");
	if (!c->absolute)
		c->seq = seq;
	return seq;
}

int64_t
get_at(struct members *m, struct coder *c)
{
	int64_t base = c->absolute ? 0 : c->at;
	int64_t at = member_difference(m, "a", base, 0, INT_EXACT);

	if (!member_there(m, "a"))
		member_bad(m, "a");
	if (!c->absolute)
		c->at = at;
	return at;
}

static bool
badge_ok(const char *badge)
{
	return !*badge || record_id_ok(badge);
}

/* The edit's name, or how far it is from that of the entry before. */
static void
get_edit_id(struct members *m, const struct coder *c, struct edit_id *id)
{
	const cJSON *node = json_get(m->object, "e");

	if (cJSON_IsNumber(node) && !edit_id_none(c->told)) {
		id->replica = c->told.replica;
		id->n = (uint32_t)member_difference(
			m, "e", c->told.n, c->told.n + INT64_C(1), UINT32_MAX);
	} else if (!cJSON_IsString(node) ||
		   !edit_id_parse(node->valuestring, id)) {
		member_bad(m, "e");
	}
}

static void
get_author(struct members *m, struct coder *c, struct entry *e)
{
	const char *badge = member_text(m, "m", ID_MAX);

	get_edit_id(m, c, &e->edit.id);
	if (badge && badge_ok(badge) && !m->bad)
		coder_learn(c, e->edit.id.replica, badge);
	badge = coder_badge(c, e->edit.id.replica);
	if (!badge)
		member_bad(m, "m");
	e->by = mem_text(badge);
}

/* Types that verdict_get passes over. */
static void
check_verdict(struct members *m, const struct verdict *v)
{
	static const char *const objects[] = {"l", "x"};
	static const char *const texts[] = {"h", "j"};

	for (size_t i = 0; i < 2; i++) {
		const cJSON *object = json_get(m->object, objects[i]);
		const cJSON *text = json_get(m->object, texts[i]);

		if (object && !cJSON_IsObject(object))
			member_bad(m, objects[i]);
		if (text && !cJSON_IsString(text))
			member_bad(m, texts[i]);
	}
	for (size_t i = 0; i < v->lost_count; i++)
		if (!catalog_name_ok(v->lost[i].field))
			member_bad(m, "l");
}

/* What entries and verdicts share. */
static enum status
get_judgement(struct members *m, struct entry *e, struct why *why)
{
	enum status st = verdict_get(m->object, &e->verdict, why);

	if (e->seq < 1)
		member_bad(m, "s");
	if (edit_id_none(e->edit.id))
		member_bad(m, "n");
	e->unsure = member_true(m, "u");
	check_verdict(m, &e->verdict);
	return st;
}

static struct entry *
frame_room(struct frame *f)
{
	MEM_ROOM(f->entries, f->count, f->cap);
	memset(&f->entries[f->count], 0, sizeof(*f->entries));
	return &f->entries[f->count++];
}

static void
get_record(struct members *m, const struct coder *c, struct edit *e)
{
	if (member_there(m, "r") || c->absolute || !c->kind) {
		member_record(m, &e->kind, &e->record);
		return;
	}
	e->kind = mem_text(c->kind);
	e->record = mem_text(c->id);
}

enum status
get_entry(struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	struct entry *e = frame_room(f);
	enum status st;

	e->seq = get_seq(m, c);
	get_author(m, c, e);
	e->at = get_at(m, c);
	get_record(m, c, &e->edit);
	member_books(m, "b", &f->books);
	if (m->bad)
		return ST_OK;
	coder_note_entry(c, &e->edit);
	st = join_body(c, m->object, e->edit.kind, e->edit.record, why);
	if (!st)
		st = edit_get_body(m->object, &e->edit, why);
	return st ? st : get_judgement(m, e, why);
}

enum status
get_verdict(
	struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	struct entry *e = frame_room(f);
	const char *badge = coder_badge(c, c->own);

	e->seq = get_seq(m, c);
	c->n = member_difference(m, "n", c->n, 1, UINT32_MAX);
	e->edit.id.replica = c->own;
	e->edit.id.n = (uint32_t)c->n;
	e->by = mem_text(badge ? badge : "");
	e->at = c->at = member_difference(
		m, "a", coder_stamp_of(c, c->n), 0, INT_EXACT);
	if (e->at < 0)
		member_bad(m, "a");
	member_books(m, "b", &f->books);
	return get_judgement(m, e, why);
}

static enum status
get_part(struct members *outer, struct coder *c, const cJSON *node,
	struct frame *f, struct why *why)
{
	struct members m = {node, NULL};
	struct entry *e = frame_room(f);
	enum status st;

	if (!cJSON_IsObject(node)) {
		member_bad(outer, "w");
		return ST_OK;
	}
	e->seq = member_need_int(&m, "s", 1, INT_EXACT);
	get_author(&m, c, e);
	e->at = member_need_int(&m, "a", 0, INT_EXACT);
	e->edit.kind = mem_text(f->kind);
	e->edit.record = mem_text(f->id);
	st = edit_get_body(node, &e->edit, why);
	if (!st)
		st = get_judgement(&m, e, why);
	if (m.bad)
		member_bad(outer, m.bad);
	return st;
}

enum status
get_whole(struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	const cJSON *array = json_get(m->object, "w"), *node;
	enum status st = ST_OK;

	if (array && !cJSON_IsArray(array))
		member_bad(m, "w");
	cJSON_ArrayForEach (node, array) {
		if (!st && !m->bad)
			st = get_part(m, c, node, f, why);
	}
	return st;
}

enum status
get_held(struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	enum status st;

	member_record(m, &f->kind, &f->id);
	member_books(m, "b", &f->books);
	st = get_part(m, c, json_get(m->object, "held"), f, why);
	if (!st && f->count && !f->entries[0].verdict.held)
		member_bad(m, "held");
	return st;
}

enum status
get_decided(
	struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	struct entry *e = frame_room(f);
	const char *badge = member_need_text(m, "m", ID_MAX);
	const char *reason = member_text(m, "d", EDIT_REASON_MAX);

	e->seq = get_seq(m, c);
	e->at = get_at(m, c);
	if (!badge_ok(badge))
		member_bad(m, "m");
	e->by = mem_text(badge);
	f->accepted = member_true(m, "k");
	e->edit.reason = mem_text(reason);
	return verdict_get(m->object, &e->verdict, why);
}
