/* The request: hello and edits. PROTOCOL.md, "Request". */
#include "sync/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/message_splice.h"

#define HASH_TEXT_MAX 128

static void
put_cursor(const struct cursor *c, struct buf *out)
{
	if (!c->set)
		return;
	json_put_name(out, "c");
	buf_putc(out, '[');
	json_put_text(out, c->incarnation);
	buf_printf(out, ",%lld,", (long long)c->seq);
	put_mark(out, c->mark);
	buf_putc(out, ']');
}

static void
put_fillings(const struct hello *h, struct buf *out)
{
	if (!h->filling_count)
		return;
	json_put_name(out, "f");
	buf_putc(out, '{');
	for (size_t i = 0; i < h->filling_count; i++) {
		const struct filling *f = &h->fillings[i];

		json_put_name(out, f->book);
		buf_printf(out, "[%lld,\"%s\",\"%s\"]", (long long)f->head,
			f->kind, f->id);
	}
	buf_putc(out, '}');
}

void
message_put_hello(const struct hello *h, struct buf *out)
{
	buf_putc(out, '{');
	put_int(out, "v", 1);
	json_put_member(out, "t", h->token);
	put_int(out, "n", h->n);
	if (h->n) {
		json_put_name(out, "h");
		put_mark(out, h->chain);
	}
	put_cursor(&h->cursor, out);
	if (h->books_hashed) {
		json_put_name(out, "b");
		put_mark(out, h->books_hash);
	} else {
		put_names(out, "b", &h->books);
	}
	put_fillings(h, out);
	if (h->asked.count)
		put_names(out, "a", &h->asked);
	if (h->profile_hash && *h->profile_hash)
		json_put_member(out, "p", h->profile_hash);
	if (h->whole)
		buf_puts(out, ",\"w\":true");
	if (h->head_alone)
		buf_puts(out, ",\"s\":true");
	if (h->sums)
		buf_puts(out, ",\"k\":true");
	if (h->copy)
		buf_puts(out, ",\"x\":true");
	buf_puts(out, "}\n");
}

static void
get_cursor(struct members *m, struct cursor *c)
{
	const cJSON *node = json_get(m->object, "c");
	const cJSON *incarnation = cJSON_GetArrayItem(node, 0);
	const cJSON *seq = cJSON_GetArrayItem(node, 1);

	if (!node)
		return;
	c->set = true;
	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 3 ||
		!cJSON_IsString(incarnation) || !*incarnation->valuestring ||
		strlen(incarnation->valuestring) >= sizeof(c->incarnation) ||
		!json_is_int(seq, &c->seq) || c->seq < 0) {
		member_bad(m, "c");
		return;
	}
	snprintf(c->incarnation, sizeof(c->incarnation), "%s",
		incarnation->valuestring);
	member_mark(m, "c", cJSON_GetArrayItem(node, 2), c->mark);
}

/* A position is a record's name, or two empty texts at the start. */
static bool
position_ok(const char *kind, const char *id)
{
	if (!kind || !id)
		return false;
	if (!*kind && !*id)
		return true;
	return catalog_name_ok(kind) && record_id_ok(id);
}

static void
get_filling(struct members *m, const cJSON *node, struct hello *h)
{
	const char *kind = cJSON_GetStringValue(cJSON_GetArrayItem(node, 1));
	const char *id = cJSON_GetStringValue(cJSON_GetArrayItem(node, 2));
	const cJSON *at = cJSON_GetArrayItem(node, 0);
	struct filling *f;
	int64_t head;

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 3 ||
		!json_is_int(at, &head) || head < 0 || !position_ok(kind, id) ||
		!names_have(&h->books, node->string)) {
		member_bad(m, "f");
		return;
	}
	MEM_ROOM(h->fillings, h->filling_count, h->filling_cap);
	f = &h->fillings[h->filling_count++];
	f->book = mem_text(node->string);
	f->head = head;
	f->kind = mem_text(kind);
	f->id = mem_text(id);
}

static void
get_books(struct members *m, struct hello *h)
{
	const cJSON *books = json_get(m->object, "b");
	const cJSON *fillings = json_get(m->object, "f"), *node;

	h->books_hashed = cJSON_IsString(books);
	if (h->books_hashed)
		member_mark(m, "b", books, h->books_hash);
	else if (books)
		member_books(m, "b", &h->books);
	else
		member_bad(m, "b");
	if (fillings && (!cJSON_IsObject(fillings) || h->books_hashed)) {
		member_bad(m, "f");
		return;
	}
	cJSON_ArrayForEach (node, fillings)
		get_filling(m, node, h);
}

static void
get_boot_id(struct members *m, const char *text, struct clock_reading *clock)
{
	if (strlen(text) < BOOT_ID_MAX)
		memcpy(clock->boot_id, text, strlen(text) + 1);
	else
		member_bad(m, "i");
}

bool
message_peek_token(const char *line, size_t len, struct buf *out)
{
	static const char start[] = "{\"v\":1,\"t\":\"";
	size_t at = sizeof(start) - 1;
	const char *end;

	if (len < at || memcmp(line, start, at) != 0)
		return false;
	end = memchr(line + at, '"', len - at);
	if (!end || (size_t)(end - line) - at > TOKEN_MAX)
		return false;
	buf_add(out, line + at, (size_t)(end - line) - at);
	return true;
}

static void
get_hello_members(struct members *m, struct hello *h)
{
	const char *hash = member_text(m, "p", HASH_TEXT_MAX);

	member_need_int(m, "v", 1, 1);
	h->token = mem_text(member_need_text(m, "t", TOKEN_MAX));
	h->n = (uint32_t)member_need_int(m, "n", 0, UINT32_MAX);
	if (h->n || member_there(m, "h"))
		member_mark(m, "h", json_get(m->object, "h"), h->chain);
	get_cursor(m, &h->cursor);
	get_books(m, h);
	member_books(m, "a", &h->asked);
	h->profile_hash = mem_text(hash ? hash : "");
	h->whole = member_true(m, "w");
	h->head_alone = member_true(m, "s");
	h->sums = member_true(m, "k");
	h->copy = member_true(m, "x");
}

enum status
message_get_hello(
	const char *line, size_t len, struct hello *h, struct why *why)
{
	struct members m = {NULL, NULL};
	cJSON *object;
	enum status st;

	memset(h, 0, sizeof(*h));
	st = message_parse(line, len, &object, why);
	if (st)
		return st;
	m.object = object;
	get_hello_members(&m, h);
	st = members_status(&m, "hello", why);
	if (st)
		hello_release(h);
	cJSON_Delete(object);
	return st;
}

/* While a device runs, all its clocks and ages go on together: only where
 * one strays is anything said of it. */
static void
put_edit_clock(struct coder *c, const struct dated_edit *e, struct buf *out)
{
	const struct clock_reading *now = &e->edit.written;
	int64_t wall = now->wall_ms - c->clock.wall_ms;
	int64_t boot = now->boot_ms - c->clock.boot_ms;
	bool anew = strcmp(now->boot_id, c->clock.boot_id) != 0;

	put_difference(out, "g", e->age_ms - (anew ? 0 : c->age - boot));
	if (e->unsure)
		buf_puts(out, ",\"u\":true");
	put_difference(out, "w", wall);
	put_difference(out, "k", anew ? now->boot_ms : boot - wall);
	if (anew)
		json_put_member(out, "i", now->boot_id);
	c->clock = *now;
	c->age = e->age_ms;
}

void
message_put_edit(struct coder *c, const struct dated_edit *e, struct buf *out)
{
	buf_putc(out, '{');
	put_record(out, e->edit.kind, e->edit.record);
	put_body(c, &e->edit, NULL, out);
	put_difference(out, "q", e->edit.seen - c->seen);
	put_difference(out, "s", e->floor);
	put_edit_clock(c, e, out);
	buf_puts(out, "}\n");
	c->seen = e->edit.seen;
	c->n = e->edit.id.n;
	coder_note_age(c, e->age_ms);
}

static void
get_edit_clock(struct members *m, const struct coder *c, struct dated_edit *e)
{
	const char *boot_id = member_text(m, "i", BOOT_ID_MAX - 1);
	struct clock_reading *now = &e->edit.written;
	int64_t wall = member_int(m, "w", -INT_EXACT, INT_EXACT);

	*now = c->clock;
	now->wall_ms += wall;
	now->boot_ms = member_difference(
		m, "k", boot_id ? 0 : c->clock.boot_ms + wall, 0, INT_EXACT);
	e->age_ms = member_difference(m, "g",
		boot_id ? 0 : c->age - (now->boot_ms - c->clock.boot_ms), 0,
		INT_EXACT);
	if (boot_id)
		get_boot_id(m, boot_id, now);
	if (now->wall_ms > INT_EXACT || now->wall_ms < -INT_EXACT)
		member_bad(m, "w");
	if (now->boot_ms < 0 || e->age_ms < 0)
		member_bad(m, "k");
}

static void
get_edit_members(struct members *m, struct coder *c, struct dated_edit *e)
{
	member_record(m, &e->edit.kind, &e->edit.record);
	e->edit.seen = member_difference(m, "q", c->seen, 0, INT_EXACT);
	e->unsure = member_true(m, "u");
	e->floor = member_int(m, "s", 0, INT_EXACT);
	get_edit_clock(m, c, e);
	e->edit.id.replica = c->own;
	e->edit.id.n = (uint32_t)(c->n + 1);
	if (c->n >= UINT32_MAX)
		member_bad(m, "n");
}

bool
message_edit_narrow(const cJSON *object)
{
	static const char *const lists[] = {"f", "o", "z"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (cJSON_GetArraySize(json_get(object, lists[i])) >
			EDIT_FIELDS_MAX)
			return false;
	return true;
}

enum status
message_get_edit(struct coder *c, const char *line, size_t len,
	struct dated_edit *e, struct why *why)
{
	struct members m = {NULL, NULL};
	cJSON *object;
	enum status st;

	memset(e, 0, sizeof(*e));
	st = message_parse(line, len, &object, why);
	if (st)
		return st;
	m.object = object;
	get_edit_members(&m, c, e);
	if (!message_edit_narrow(object))
		member_bad(&m, "f");
	st = members_status(&m, "edit", why);
	if (!st)
		st = join_body(c, object, e->edit.kind, e->edit.record, why);
	if (!st)
		st = edit_get_body(object, &e->edit, why);
	cJSON_Delete(object);
	if (st) {
		edit_release(&e->edit);
		return st;
	}
	c->n++;
	c->seen = e->edit.seen;
	c->clock = e->edit.written;
	c->age = e->age_ms;
	coder_note_age(c, e->age_ms);
	return ST_OK;
}
