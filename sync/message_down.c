/* The answer: head, tail and fillings. PROTOCOL.md, "Answer". */
#include "sync/message.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/message_splice.h"

#define HASH_TEXT_MAX 128

static void
put_number(const struct head *h, struct buf *out)
{
	if (!h->number)
		return;
	json_put_name(out, "r");
	buf_printf(out, "[%u,", h->number);
	json_put_text(out, h->token);
	buf_putc(out, ']');
}

static void
put_head(const struct head *h, struct buf *out)
{
	put_int(out, "t", h->hub_ms);
	if (*h->incarnation)
		put_text(out, "i", h->incarnation);
	put_int(out, "n", h->n);
	put_difference(out, "d", h->durable);
	if (h->other_past)
		put_int(out, "o", h->fork);
	if (h->other_chain)
		buf_puts(out, ",\"x\":true");
	put_number(h, out);
	if (h->has_books)
		put_names(out, "b", &h->books);
	if (h->has_books && h->lent.count)
		put_names(out, "g", &h->lent);
	if (h->has_books && h->level)
		put_text(out, "l", h->level);
	if (h->profile_hash)
		put_text(out, "p", h->profile_hash);
	if (h->whole)
		buf_puts(out, ",\"w\":true");
}

static void
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

static void
put_edit_id(const struct entry *e, struct buf *out)
{
	char id[EDIT_ID_TEXT];

	edit_id_text(e->edit.id, id);
	put_text(out, "e", id);
}

/* A run of one replica's entries is counted on. */
static void
put_next_id(struct coder *c, const struct entry *e, struct buf *out)
{
	struct edit_id id = e->edit.id;

	if (c->absolute || edit_id_none(c->told) ||
		id.replica != c->told.replica || id.n <= c->told.n)
		put_edit_id(e, out);
	else
		put_int(out, "e", (int64_t)id.n - c->told.n);
}

/* Each replica's badge is told once in an answer. */
static void
put_badge(struct coder *c, const struct entry *e, struct buf *out)
{
	if (coder_badge(c, e->edit.id.replica))
		return;
	put_text(out, "m", e->by);
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

static void
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

static void
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
static void
put_decided(struct coder *c, const struct frame *f, struct buf *out)
{
	const struct entry *e = &f->entries[0];

	put_seq(c, e->seq, out);
	put_at(c, e->at, out);
	put_text(out, "m", e->by);
	if (f->accepted) {
		json_put_name(out, "k");
		buf_puts(out, "true");
	}
	if (e->edit.reason)
		put_text(out, "d", e->edit.reason);
	verdict_put(&e->verdict, out);
}

/* An entry of a whole record: only what stands, so no overs. */
static void
put_part(struct coder *c, const struct entry *e, struct buf *out)
{
	buf_putc(out, '{');
	put_int(out, "s", e->seq);
	put_edit_id(e, out);
	put_int(out, "a", e->at);
	put_badge(c, e, out);
	put_unsure(e, out);
	if (e->edit.count) {
		json_put_name(out, "f");
		buf_putc(out, '{');
		for (size_t i = 0; i < e->edit.count; i++)
			put_text(out, e->edit.changes[i].field,
				e->edit.changes[i].value);
		buf_putc(out, '}');
	}
	verdict_put(&e->verdict, out);
	buf_putc(out, '}');
}

static void
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

static void
put_held(struct coder *c, const struct frame *f, struct buf *out)
{
	put_record(out, f->kind, f->id);
	json_put_name(out, "held");
	put_part(c, &f->entries[0], out);
	if (f->books.count)
		put_names(out, "b", &f->books);
}

static void
put_fill(struct coder *c, const struct frame *f, struct buf *out)
{
	put_text(out, "fill", f->text);
	put_int(out, "s", f->seq);
	c->absolute = true;
}

static void
put_down_cursor(const struct frame *f, struct buf *out)
{
	json_put_name(out, "c");
	buf_printf(out, "[%lld,", (long long)f->seq);
	put_mark(out, f->mark);
	buf_putc(out, ']');
}

void
message_put_frame(struct coder *c, const struct frame *f, struct buf *out)
{
	assert(f->type != FRAME_UNKNOWN);
	buf_putc(out, '{');
	switch (f->type) {
	case FRAME_HEAD:
		put_head(&f->head, out);
		break;
	case FRAME_PROFILE:
		put_text(out, "profile", f->text);
		break;
	case FRAME_ENTRY:
		put_entry(c, f, out);
		break;
	case FRAME_VERDICT:
		put_verdict(c, f, out);
		break;
	case FRAME_ENTER:
		put_seq(c, f->seq, out);
		put_record(out, f->kind, f->id);
		put_names(out, "b", &f->books);
		put_whole(c, f, out);
		break;
	case FRAME_LEAVE:
		put_seq(c, f->seq, out);
		put_record(out, f->kind, f->id);
		put_names(out, "g", &f->books);
		break;
	case FRAME_DECIDED:
		put_decided(c, f, out);
		break;
	case FRAME_HELD:
		put_held(c, f, out);
		break;
	case FRAME_RECORD:
		put_record(out, f->kind, f->id);
		put_whole(c, f, out);
		break;
	case FRAME_FILL:
		put_fill(c, f, out);
		break;
	case FRAME_FILLED:
		put_text(out, "filled", f->text);
		c->absolute = false;
		break;
	case FRAME_CURSOR:
		put_down_cursor(f, out);
		break;
	case FRAME_SUM:
		put_text(out, "sum", f->text);
		put_sums(out, &f->sums);
		break;
	case FRAME_END:
		buf_puts(out, "\"end\":true");
		break;
	case FRAME_UNKNOWN:
		break; /* never: see above */
	}
	buf_puts(out, "}\n");
}

/* The token must be of the number that comes with it. */
static void
get_number(struct members *m, struct head *h)
{
	const cJSON *node = json_get(m->object, "r");
	const char *token = cJSON_GetStringValue(cJSON_GetArrayItem(node, 1));
	char badge[ID_MAX + 1];
	const char *mac;
	uint32_t of;
	int64_t number;

	if (!node)
		return;
	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 2 ||
		!json_is_int(cJSON_GetArrayItem(node, 0), &number) ||
		number < 1 || number > UINT32_MAX || !token ||
		strlen(token) > TOKEN_MAX ||
		!token_split(token, &of, badge, sizeof(badge), &mac) ||
		of != number) {
		member_bad(m, "r");
		return;
	}
	h->number = of;
	h->token = mem_text(token);
}

static void
get_head(struct members *m, struct frame *f)
{
	const char *incarnation =
		member_text(m, "i", sizeof(f->head.incarnation) - 1);
	const char *hash = member_text(m, "p", HASH_TEXT_MAX);

	f->head.hub_ms = member_need_int(m, "t", 0, INT_EXACT);
	snprintf(f->head.incarnation, sizeof(f->head.incarnation), "%s",
		incarnation ? incarnation : "");
	f->head.n = (uint32_t)member_need_int(m, "n", 0, UINT32_MAX);
	f->head.durable = member_int(m, "d", 0, INT_EXACT);
	f->head.other_past = member_there(m, "o");
	f->head.fork = member_int(m, "o", FORK_UNKNOWN, INT_EXACT);
	f->head.other_chain = member_true(m, "x");
	get_number(m, &f->head);
	f->head.whole = member_true(m, "w");
	f->head.has_books = member_there(m, "b");
	member_books(m, "b", &f->head.books);
	member_books(m, "g", &f->head.lent);
	f->head.level = mem_text(member_text(m, "l", NAME_MAX_BYTES));
	f->head.profile_hash = mem_text(hash);
}

static int64_t
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

static int64_t
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

static enum status
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

static enum status
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

static enum status
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

static enum status
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

/* A scope event (it has a seq) or a record of a filling (it has none). */
static enum status
get_scope(struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	member_record(m, &f->kind, &f->id);
	if (f->type != FRAME_RECORD)
		f->seq = get_seq(m, c);
	member_books(m, f->type == FRAME_LEAVE ? "g" : "b", &f->books);
	if (f->type != FRAME_RECORD && !f->books.count)
		member_bad(m, f->type == FRAME_LEAVE ? "g" : "b");
	return get_whole(m, c, f, why);
}

static enum status
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

static void
get_down_cursor(struct members *m, struct frame *f)
{
	const cJSON *node = json_get(m->object, "c");
	const cJSON *seq = cJSON_GetArrayItem(node, 0);

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 2 ||
		!json_is_int(seq, &f->seq) || f->seq < 0) {
		member_bad(m, "c");
		return;
	}
	member_mark(m, "c", cJSON_GetArrayItem(node, 1), f->mark);
}

static const char *
get_book(struct members *m, const char *name)
{
	const char *book = member_need_text(m, name, BOOK_MAX - 1);

	if (!book_name_ok(book))
		member_bad(m, name);
	return book;
}

static void
get_fill(struct members *m, struct coder *c, struct frame *f)
{
	const char *name = f->type == FRAME_FILL ? "fill" : "filled";

	f->text = mem_text(get_book(m, name));
	c->absolute = f->type == FRAME_FILL;
	if (f->type == FRAME_FILL)
		f->seq = member_need_int(m, "s", 0, INT_EXACT);
}

/* Which frame it is, told by the members that only it has. */
static enum frame_type
frame_type_of(const struct members *m)
{
	static const struct {
		const char *name;
		enum frame_type type;
	} named[] = {{"t", FRAME_HEAD}, {"profile", FRAME_PROFILE},
		{"fill", FRAME_FILL}, {"filled", FRAME_FILLED},
		{"c", FRAME_CURSOR}, {"sum", FRAME_SUM}, {"end", FRAME_END},
		{"held", FRAME_HELD}};
	bool has_seq = member_there(m, "s");

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (member_there(m, named[i].name))
			return named[i].type;
	if (has_seq && member_there(m, "e"))
		return FRAME_ENTRY;
	if (has_seq && member_there(m, "n"))
		return FRAME_VERDICT;
	if (has_seq && member_there(m, "g"))
		return FRAME_LEAVE;
	if (has_seq && member_there(m, "b"))
		return FRAME_ENTER;
	if (has_seq && member_there(m, "v"))
		return FRAME_DECIDED;
	if (!has_seq && member_there(m, "r"))
		return FRAME_RECORD;
	return FRAME_UNKNOWN;
}

/* A newer hub's frame is still a base of differences. */
static void
pass_over(struct members *m, struct coder *c)
{
	if (member_there(m, "s"))
		get_seq(m, c);
	if (member_there(m, "a"))
		get_at(m, c);
}

static enum status
get_frame_members(
	struct members *m, struct coder *c, struct frame *f, struct why *why)
{
	switch (f->type) {
	case FRAME_HEAD:
		get_head(m, f);
		break;
	case FRAME_PROFILE:
		f->text = mem_text(member_need_text(m, "profile", FRAME_MAX));
		break;
	case FRAME_ENTRY:
		return get_entry(m, c, f, why);
	case FRAME_VERDICT:
		return get_verdict(m, c, f, why);
	case FRAME_HELD:
		return get_held(m, c, f, why);
	case FRAME_ENTER:
	case FRAME_LEAVE:
	case FRAME_RECORD:
		return get_scope(m, c, f, why);
	case FRAME_DECIDED:
		return get_decided(m, c, f, why);
	case FRAME_FILL:
	case FRAME_FILLED:
		get_fill(m, c, f);
		break;
	case FRAME_CURSOR:
		get_down_cursor(m, f);
		break;
	case FRAME_SUM:
		f->text = mem_text(get_book(m, "sum"));
		member_sums(m, &f->sums);
		break;
	case FRAME_END:
		if (!member_true(m, "end"))
			member_bad(m, "end");
		break;
	case FRAME_UNKNOWN:
		pass_over(m, c);
		break;
	}
	return ST_OK;
}

enum status
message_get_frame(struct coder *c, const char *line, size_t len,
	struct frame *f, struct why *why)
{
	struct members m = {NULL, NULL};
	cJSON *object;
	enum status st;

	memset(f, 0, sizeof(*f));
	st = message_parse(line, len, &object, why);
	if (st)
		return st;
	m.object = object;
	f->type = frame_type_of(&m);
	st = get_frame_members(&m, c, f, why);
	if (!st)
		st = members_status(&m, "answer", why);
	if (st)
		frame_release(f);
	cJSON_Delete(object);
	return st;
}
