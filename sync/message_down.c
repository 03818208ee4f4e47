/* The answer: head, tail and fillings. PROTOCOL.md, "Answer". */
#include "sync/message.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/value.h"
#include "sync/message_entry.h"

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
		json_put_member(out, "i", h->incarnation);
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
		json_put_member(out, "l", h->level);
	if (h->profile_hash)
		json_put_member(out, "p", h->profile_hash);
	if (h->whole)
		buf_puts(out, ",\"w\":true");
}

static void
put_fill(struct coder *c, const struct frame *f, struct buf *out)
{
	json_put_member(out, "fill", f->text);
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
		json_put_member(out, "profile", f->text);
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
		json_put_member(out, "filled", f->text);
		c->absolute = false;
		break;
	case FRAME_CURSOR:
		put_down_cursor(f, out);
		break;
	case FRAME_SUM:
		json_put_member(out, "sum", f->text);
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
