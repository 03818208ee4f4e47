#include "tests/bench/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/sql.h"
#include "sync/engine.h"

#define AT_ONCE 1000 /* bulk edits in a request */
#define BULK_RECORDS 5000
#define BULK_BADGE "6999"

static enum status
set(struct hub *h, const char *kind, const char *id, const char *const *pairs,
	struct why *why)
{
	struct edit e = {.kind = mem_text(kind), .record = mem_text(id)};
	enum status st;

	for (; *pairs; pairs += 2)
		edit_change(&e, pairs[0], pairs[1], EDIT_ID_NONE);
	st = hub_write(h, &e, why);
	edit_release(&e);
	return st;
}

static enum status
add_officer(struct hub *h, const char *badge, const char *beat, struct why *why)
{
	const char *const area[] = {"org_unit_ids", "A1", NULL};
	const char *const who[] = {
		"name", badge, "access", "officer", "org_unit_id", "A1", NULL};
	const char *const where[] = {"member_id", badge, "beat_id", beat, NULL};
	enum status st = set(h, "beat", beat, area, why);

	if (!st)
		st = set(h, "member", badge, who, why);
	if (!st)
		st = set(h, "assignment", "", where, why);
	return st;
}

static enum status
enroll(struct hub *h, const char *badge, struct light *l, struct why *why)
{
	struct buf code = BUF_INIT, request = BUF_INIT, answer = BUF_INIT;
	struct enrolled given = {0};
	enum status st = hub_invite(h, badge, &code, why);
	int status;

	if (!st) {
		enroll_request(badge, buf_text(&code), "mdt", NULL, &request);
		status = hub_call(h, "POST", "/v1/enroll", NULL, request.data,
			request.len, &answer);
		st = enroll_answer(
			status, buf_text(&answer), answer.len, &given, why);
	}
	l->number = given.number;
	l->token = given.token;
	given.token = NULL;
	enrolled_release(&given);
	buf_release(&code);
	buf_release(&request);
	buf_release(&answer);
	return st;
}

static void
put_hello(struct light *l, struct coder *c, struct buf *out)
{
	struct hello hello = {
		.token = l->token, .n = l->n, .cursor = l->cursor};
	struct names lent = {0};

	memcpy(hello.chain, l->chain.bytes, MARK_SIZE);
	hello.profile_hash = l->profile;
	hello.books_hashed = l->books.count != 0;
	if (l->books.count)
		books_hash(&l->books, l->level, &lent, hello.books_hash);
	message_put_hello(&hello, out);
	coder_start_up(c, &hello, l->number);
}

static void
put_edit(struct light *l, struct coder *c, const char *record,
	const char *title, struct buf *out)
{
	struct dated_edit *d = &l->waiting;

	memset(d, 0, sizeof(*d));
	d->edit.kind = mem_text("project");
	d->edit.record = mem_text(record);
	if (!l->over.n)
		edit_change(&d->edit, "beat_ids", l->beat, EDIT_ID_NONE);
	edit_change(&d->edit, "title", title, l->over);
	d->edit.id = (struct edit_id){l->number, l->n + 1};
	d->edit.written.wall_ms = INT64_C(1790000000000);
	d->edit.written.boot_ms = 1000;
	strcpy(d->edit.written.boot_id, "bench");
	message_put_edit(c, d, out);
}

/* Its newest edit is the hub's. */
static void
confirm(struct light *l)
{
	struct digest hash;

	edit_digest(&l->waiting.edit, &hash);
	edit_chain(&l->chain, &hash, &l->chain);
	l->n++;
	l->over = l->waiting.edit.id;
	edit_release(&l->waiting.edit);
}

void
light_ask(struct light *l, bool push, struct buf *body)
{
	struct coder c = {0};
	char record[32], title[64];

	put_hello(l, &c, body);
	l->pushing = push;
	if (push) {
		snprintf(record, sizeof(record), "l-%u", l->number);
		snprintf(title, sizeof(title), "Harbor lot break-ins, look %u",
			l->n);
		put_edit(l, &c, record, title, body);
	}
	coder_release(&c);
}

static const char *
last_of(const char *text, size_t len, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = len; i-- > n;)
		if (memcmp(text + i - n, what, n) == 0)
			return text + i;
	return NULL;
}

static bool
take_head(struct light *l, const char *answer, size_t len, uint32_t *n)
{
	const char *end = memchr(answer, '\n', len);
	struct coder c = {0};
	struct hello asked = {
		.token = l->token, .n = l->n, .cursor = l->cursor};
	struct frame f;

	coder_start_down(&c, &asked, 0, l->number);
	if (!end ||
		message_get_frame(&c, answer, (size_t)(end - answer), &f, NULL))
		return false;
	*n = f.head.n;
	if (*f.head.incarnation)
		memcpy(l->cursor.incarnation, f.head.incarnation,
			sizeof(l->cursor.incarnation));
	for (size_t i = 0; i < f.head.books.count; i++)
		names_add(&l->books, f.head.books.items[i]);
	if (f.head.level)
		snprintf(l->level, sizeof(l->level), "%s", f.head.level);
	if (f.head.profile_hash)
		snprintf(l->profile, sizeof(l->profile), "%s",
			f.head.profile_hash);
	frame_release(&f);
	coder_release(&c);
	return true;
}

static bool
take_cursor(struct light *l, const char *answer, size_t len)
{
	const char *at = last_of(answer, len, "{\"c\":[");
	char mark[BASE64_SIZE(MARK_SIZE)];
	long long seq;

	if (!at || sscanf(at, "%lld,\"%11[^\"]\"]}", &seq, mark) != 2 ||
		!base64_decode(mark, l->cursor.mark, MARK_SIZE))
		return false;
	l->cursor.seq = seq;
	l->cursor.set = true;
	return true;
}

bool
light_take(struct light *l, const char *answer, size_t len)
{
	static const char end[] = "{\"end\":true}\n";
	uint32_t n = 0;
	bool ok = len > sizeof(end) &&
		  memcmp(answer + len - (sizeof(end) - 1), end,
			  sizeof(end) - 1) == 0 &&
		  take_head(l, answer, len, &n) && take_cursor(l, answer, len);

	if (l->pushing && ok && n == l->n + 1)
		confirm(l);
	else if (l->pushing)
		edit_release(&l->waiting.edit);
	return ok && n == l->n;
}

/* One whole sync in this process. */
static enum status
sync_here(struct hub *h, struct light *l, const struct buf *body,
	struct buf *answer, struct why *why)
{
	struct hub_sync *s = hub_sync_new(h);
	bool more = true;

	buf_clear(answer);
	hub_sync_feed(s, body->data, body->len);
	hub_sync_finish(s);
	while (more)
		hub_sync_answer(s, answer, &more);
	hub_sync_free(s);
	if (light_take(l, buf_text(answer), answer->len))
		return ST_OK;
	return why_set(why, ST_DATA, "replica %u: %.300s", l->number,
		buf_text(answer));
}

static enum status
fill(struct hub *h, struct light *l, struct why *why)
{
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum status st;

	light_ask(l, false, &body);
	st = sync_here(h, l, &body, &answer, why);
	buf_release(&body);
	buf_release(&answer);
	return st;
}

/* Many edits in a request, so that a long log does not take for ever. */
static enum status
add_bulk(struct hub *h, struct light *l, int64_t from, struct why *why)
{
	struct hub_sync *s = hub_sync_new(h);
	struct buf body = BUF_INIT;
	struct coder c = {0};
	char record[32], title[48];
	int status;

	put_hello(l, &c, &body);
	for (int64_t i = from; i < from + AT_ONCE; i++) {
		uint32_t before = (uint32_t)(i - BULK_RECORDS + 1);

		l->over = (struct edit_id){0, 0};
		if (i >= BULK_RECORDS)
			l->over = (struct edit_id){l->number, before};
		snprintf(record, sizeof(record), "b-%d",
			(int)(i % BULK_RECORDS) + 1);
		snprintf(title, sizeof(title), "Entry %lld", (long long)i);
		put_edit(l, &c, record, title, &body);
		confirm(l);
	}
	coder_release(&c);
	hub_sync_feed(s, body.data, body.len);
	hub_sync_finish(s);
	status = hub_sync_status(s);
	hub_sync_free(s);
	buf_release(&body);
	return status == 200 ? ST_OK
			     : why_set(why, ST_DATA, "the hub says %d", status);
}

static enum status
make_log(struct hub *h, int64_t entries, struct why *why)
{
	struct light bulk = {.beat = "BULK"};
	enum status st = add_officer(h, BULK_BADGE, "BULK", why);

	if (!st)
		st = enroll(h, BULK_BADGE, &bulk, why);
	for (int64_t i = 0; !st && i < entries; i += AT_ONCE)
		st = add_bulk(h, &bulk, i, why);
	free(bulk.token);
	return st;
}

static enum status
add_replicas(struct hub *h, struct fleet *f, struct why *why)
{
	char badge[16];
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < f->count; i++) {
		struct light *l = &f->items[i];

		snprintf(badge, sizeof(badge), "%zu", 6000 + i % FLEET_BEATS);
		snprintf(l->beat, sizeof(l->beat), "L%zu", i % FLEET_BEATS);
		if (i < FLEET_BEATS)
			st = add_officer(h, badge, l->beat, why);
		if (!st)
			st = enroll(h, badge, l, why);
	}
	for (size_t i = 0; !st && i < f->count; i++)
		st = fill(h, &f->items[i], why);
	return st;
}

enum status
fleet_make(const char *place, size_t count, int64_t entries, struct fleet *out,
	struct why *why)
{
	const char *const unit[] = {"name", "A1", "kind", "area", NULL};
	struct hub *h = NULL;
	enum status st = hub_init(place, "oakland", "UTC", NULL, NULL, why);

	out->items = mem_grow(NULL, count, sizeof(*out->items));
	memset(out->items, 0, count * sizeof(*out->items));
	out->count = count;
	if (!st)
		st = hub_open(place, NULL, NULL, &h, why);
	if (!st)
		st = set(h, "org_unit", "A1", unit, why);
	if (!st)
		st = make_log(h, entries, why);
	if (!st)
		st = add_replicas(h, out, why);
	hub_close(h);
	return st;
}

void
fleet_release(struct fleet *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->items[i].token);
		names_release(&f->items[i].books);
	}
	free(f->items);
}

static enum status
check_one(struct sql *db, const struct light *l, struct why *why)
{
	int64_t count, most;
	enum status st = sql_int(db, 0, &count, why,
		"SELECT count(*) FROM entry WHERE replica=?1", "i",
		(int64_t)l->number);

	if (!st)
		st = sql_int(db, 0, &most, why,
			"SELECT max(n) FROM entry WHERE replica=?1", "i",
			(int64_t)l->number);
	if (!st && (count != l->n || most != l->n))
		st = why_set(why, ST_DATA,
			"replica %u: %u edits confirmed, %lld in the log",
			l->number, l->n, (long long)count);
	return st;
}

enum status
fleet_check(const struct fleet *f, const char *place, struct why *why)
{
	char *path = mem_printf("%s/hub.db", place);
	struct sql *db;
	enum status st = sql_open(path, SQL_EXISTING, "the log", &db, why);

	for (size_t i = 0; !st && i < f->count; i++)
		st = check_one(db, &f->items[i], why);
	sql_close(db);
	free(path);
	return st;
}
