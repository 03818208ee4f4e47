#include "sync/engine.h"

#include <stdlib.h>
#include <string.h>

#include "common/inbox.h"
#include "common/outbox.h"
#include "common/renumber.h"
#include "sync/message_members.h"
#include "sync/refusal.h"

#define PROFILE_MAX FRAME_MAX
#define FORMER_EDITS_MAX \
	5000 /* marks: the hub has no later ones of those that
			       * were never confirmed */

void
enroll_request(const char *badge, const char *code, const char *device,
	const struct former *former, struct buf *out)
{
	buf_putc(out, '{');
	json_put_member(out, "badge", badge);
	json_put_member(out, "code", code);
	json_put_member(out, "device", device);
	if (former) {
		json_put_member(out, "token", former->token);
		put_int(out, "n", former->n);
		json_put_member(out, "h", buf_text(&former->marks));
	}
	buf_puts(out, "}\n");
}

struct marking {
	uint8_t *marks;
	size_t count, cap; /* bytes */
	uint32_t last;
	struct digest chain;
};

static void
add_mark(struct marking *m)
{
	for (size_t i = 0; i < MARK_SIZE; i++) {
		MEM_ROOM(m->marks, m->count, m->cap);
		m->marks[m->count++] = m->chain.bytes[i];
	}
}

static enum status
mark_edit(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct marking *m = arg;
	struct digest edit;

	(void)why;
	if (o->edit.id.n != m->last + 1 ||
		m->count >= FORMER_EDITS_MAX * MARK_SIZE)
		return ST_OK;
	edit_digest(&o->edit, &edit);
	edit_chain(&m->chain, &edit, &m->chain);
	m->last++;
	add_mark(m);
	return ST_OK;
}

/* From the newest durable edit on: all after it are here. */
enum status
former_read(struct replica *r, struct former *out, struct why *why)
{
	struct marking m = {0};
	struct buf chain = BUF_INIT;
	int64_t base = 0;
	enum status st = replica_meta_int(r, META_BASE, 0, &base, why);

	memset(out, 0, sizeof(*out));
	out->token = replica_identity(r)->token;
	out->n = m.last = (uint32_t)base;
	if (!st)
		st = replica_meta(r, META_BASE_CHAIN, &chain, why);
	if (!st && base &&
		!base64_decode(buf_text(&chain), m.chain.bytes, DIGEST_SIZE))
		memset(&m.chain, 0, sizeof(m.chain));
	add_mark(&m);
	if (!st)
		st = outbox_each(r, out->n, mark_edit, &m, why);
	if (!st) {
		char *text = mem_alloc(BASE64_SIZE(m.count));

		base64_encode(m.marks, m.count, text);
		buf_puts(&out->marks, text);
		free(text);
	}
	free(m.marks);
	buf_release(&chain);
	return st;
}

void
former_release(struct former *f)
{
	buf_release(&f->marks);
	memset(f, 0, sizeof(*f));
}

static enum status
go_on_as(struct replica *r, const char *url, const struct enrolled *given,
	int64_t *renamed, struct why *why)
{
	struct renumbering to = {.number = given->number,
		.token = given->token,
		.upto = given->upto};
	int64_t confirmed = 0;
	enum status st =
		replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);

	/* What was confirmed once others may know. */
	to.keep = (uint32_t)confirmed;
	if (!st)
		st = replica_renumber(r, &to, renamed, why);
	if (!st)
		st = replica_meta_set(r, META_URL, url, why);
	if (!st)
		st = replica_meta_set(r, META_HUB, given->hub, why);
	return st ? st : inbox_refill_all(r, why);
}

enum status
enroll_again(struct replica *r, const char *url, const struct enrolled *given,
	int64_t *renamed, struct why *why)
{
	struct sql *db = replica_sql(r);
	enum status st = sql_begin(db, why);

	if (!st)
		st = go_on_as(r, url, given, renamed, why);
	if (!st)
		st = sql_commit(db, why);
	sql_rollback(db);
	return st ? st : replica_reload(r, why);
}

void
enrolled_release(struct enrolled *e)
{
	free(e->token);
	free(e->hub);
	free(e->zone);
	free(e->profile);
	free(e->hash);
	free(e->authority);
	memset(e, 0, sizeof(*e));
}

static char *
text_or_empty(struct members *m, const char *name, size_t max)
{
	const char *text = member_text(m, name, max);

	return mem_text(text ? text : "");
}

/* The token must be of the number that came with it. */
static void
get_enrolled(struct members *m, struct enrolled *out)
{
	char badge[64 + 1];
	const char *mac;
	uint32_t number = 0;

	out->number = (uint32_t)member_need_int(m, "replica", 1, UINT32_MAX);
	out->upto = (uint32_t)member_int(m, "n", 0, UINT32_MAX);
	out->token = mem_text(member_need_text(m, "token", TOKEN_MAX));
	out->hub = mem_text(member_need_text(m, "hub", 64));
	out->zone = text_or_empty(m, "zone", 64);
	out->profile = text_or_empty(m, "profile", PROFILE_MAX);
	out->hash = text_or_empty(m, "hash", 128);
	out->authority = text_or_empty(m, "ca", AUTHORITY_MAX);
	if (!token_split(out->token, &number, badge, sizeof(badge), &mac) ||
		number != out->number)
		member_bad(m, "token");
}

enum status
enroll_answer(int http_status, const char *body, size_t len,
	struct enrolled *out, struct why *why)
{
	struct members m = {NULL, NULL};
	cJSON *object;

	memset(out, 0, sizeof(*out));
	if (http_status != 200)
		return refusal_read(http_status, body, len, why);
	if (message_parse(body, len, &object, NULL))
		return refusal_not_ours(why);
	m.object = object;
	get_enrolled(&m, out);
	cJSON_Delete(object);
	if (!m.bad)
		return ST_OK;
	enrolled_release(out);
	return refusal_not_ours(why);
}
