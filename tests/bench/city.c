#include "tests/bench/city.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/replica.h"
#include "sync/engine.h"
#include "sync/hub.h"
#include "sync/message.h"
#include "tests/bench/work.h"

#define AT_ONCE 500  /* edits in a request */
#define PIECE 131072 /* bytes that the network gives at a time */
#define APART_MS 977 /* between two edits of an author */

/* One officer's device, as bare as can be: it pushes and never reads. */
struct author {
	uint32_t number, n;
	char *token;
	struct digest chain; /* h_n */
	struct coder coder;
	struct buf request;
	size_t waiting; /* edits in the request */
};

struct city {
	struct hub *h;
	struct author authors[WORK_AUTHORS];
};

static void
put_edit(struct author *a, struct dated_edit *d)
{
	struct digest hash;

	d->edit.id.replica = a->number;
	d->edit.id.n = ++a->n;
	d->age_ms = (int64_t)(AT_ONCE - a->waiting) * APART_MS;
	d->edit.written.wall_ms = INT64_C(1790000000000) + a->n * APART_MS;
	d->edit.written.boot_ms = a->n * APART_MS;
	strcpy(d->edit.written.boot_id, "bench");
	edit_digest(&d->edit, &hash);
	edit_chain(&a->chain, &hash, &a->chain);
	message_put_edit(&a->coder, d, &a->request);
	a->waiting++;
}

static void
begin_request(struct author *a)
{
	struct hello hello = {.token = a->token, .n = a->n};

	memcpy(hello.chain, a->chain.bytes, MARK_SIZE);
	hello.profile_hash = mem_text("");
	coder_start_up(&a->coder, &hello, a->number);
	buf_clear(&a->request);
	message_put_hello(&hello, &a->request);
	free(hello.profile_hash);
	a->waiting = 0;
}

static enum status
send_request(struct city *c, struct author *a, struct why *why)
{
	struct hub_sync *s = hub_sync_new(c->h);
	struct buf answer = BUF_INIT;
	bool more = false;
	int status;

	hub_sync_feed(s, a->request.data, a->request.len);
	hub_sync_finish(s);
	status = hub_sync_status(s);
	if (status != 200)
		hub_sync_answer(s, &answer, &more);
	hub_sync_free(s);
	if (status != 200)
		why_set(why, ST_REFUSED, "the hub says %d: %s", status,
			buf_text(&answer));
	buf_release(&answer);
	coder_release(&a->coder);
	begin_request(a);
	return status == 200 ? ST_OK : ST_REFUSED;
}

static enum status
push_edit(
	struct city *c, struct author *a, struct dated_edit *d, struct why *why)
{
	put_edit(a, d);
	return a->waiting < AT_ONCE ? ST_OK : send_request(c, a, why);
}

static enum status
push_rest(struct city *c, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < WORK_AUTHORS; i++)
		if (c->authors[i].waiting)
			st = send_request(c, &c->authors[i], why);
	return st;
}

static enum status
join(struct city *c, size_t i, struct why *why)
{
	struct author *a = &c->authors[i];
	struct buf code = BUF_INIT, request = BUF_INIT, answer = BUF_INIT;
	struct enrolled given = {0};
	char badge[16];
	enum status st;
	int status;

	snprintf(badge, sizeof(badge), "%zu", 5001 + i);
	st = hub_invite(c->h, badge, &code, why);
	if (!st) {
		enroll_request(badge, buf_text(&code), "mdt", NULL, &request);
		status = hub_call(c->h, "POST", "/v1/enroll", NULL,
			request.data, request.len, &answer);
		st = enroll_answer(
			status, buf_text(&answer), answer.len, &given, why);
	}
	a->number = given.number;
	a->token = given.token;
	given.token = NULL;
	enrolled_release(&given);
	buf_release(&code);
	buf_release(&request);
	buf_release(&answer);
	if (!st)
		begin_request(a);
	return st;
}

static enum status
city_open(struct city *c, const char *place, struct why *why)
{
	enum status st = hub_open(place, NULL, NULL, &c->h, why);

	for (size_t i = 0; !st && i < WORK_AUTHORS; i++)
		st = join(c, i, why);
	return st;
}

static void
city_close(struct city *c)
{
	for (size_t i = 0; i < WORK_AUTHORS; i++) {
		free(c->authors[i].token);
		coder_release(&c->authors[i].coder);
		buf_release(&c->authors[i].request);
	}
	hub_close(c->h);
}

static enum status
add_record(struct city *c, const struct work_record *r, struct why *why)
{
	struct dated_edit d = {0};
	enum status st;

	d.edit.kind = mem_text(WORK_KIND);
	d.edit.record = mem_text(r->id);
	for (size_t f = 0; f < WORK_FIELDS; f++)
		edit_change(&d.edit, work_fields[f], buf_text(&r->values[f]),
			EDIT_ID_NONE);
	st = push_edit(c, &c->authors[r->author - 1], &d, why);
	edit_release(&d.edit);
	return st;
}

enum status
city_fill(const char *place, size_t records, size_t beats, struct why *why)
{
	struct city c = {0};
	struct work_record r = {0};
	enum status st = city_open(&c, place, why);

	for (size_t i = 0; !st && i < records; i++) {
		work_record(i, beats, &r);
		st = add_record(&c, &r, why);
	}
	if (!st)
		st = push_rest(&c, why);
	work_record_release(&r);
	city_close(&c);
	return st;
}

/* What stands in each field, so that a change is written over it. */
struct standing_edits {
	struct edit_id (*of)[WORK_FIELDS];
};

/* Record i was the (i / authors + 1)-th edit of its author. */
static void
standing_start(struct standing_edits *s, size_t records)
{
	s->of = mem_grow(NULL, records, sizeof(*s->of));
	for (size_t i = 0; i < records; i++)
		for (size_t f = 0; f < WORK_FIELDS; f++) {
			s->of[i][f].replica = (uint32_t)(i % WORK_AUTHORS) + 1;
			s->of[i][f].n = (uint32_t)(i / WORK_AUTHORS) + 1;
		}
}

static enum status
add_change(struct city *c, struct standing_edits *s, size_t i,
	const struct work_edit *e, struct why *why)
{
	struct author *a = &c->authors[i / AT_ONCE % WORK_AUTHORS];
	struct edit_id *stands = &s->of[e->record][e->field];
	struct work_record r = {0};
	struct dated_edit d = {0};
	enum status st;

	work_record(e->record, 1, &r);
	d.edit.kind = mem_text(WORK_KIND);
	d.edit.record = mem_text(r.id);
	edit_change(
		&d.edit, work_fields[e->field], buf_text(&e->value), *stands);
	*stands = (struct edit_id){a->number, a->n + 1};
	st = push_edit(c, a, &d, why);
	edit_release(&d.edit);
	work_record_release(&r);
	return st;
}

static enum status
change_all(struct city *c, size_t records, size_t changes, struct why *why)
{
	struct standing_edits s;
	struct work_edit e = {0};
	enum status st = ST_OK;

	standing_start(&s, records);
	for (size_t i = 0; !st && i < changes; i++) {
		work_change(i, records, &e);
		st = add_change(c, &s, i, &e, why);
	}
	if (!st)
		st = push_rest(c, why);
	buf_release(&e.value);
	free(s.of);
	return st;
}

/* The whole answer of the hub. */
static void
answer_request(struct hub *h, const struct buf *request, int *status,
	struct buf *answer)
{
	struct hub_sync *s = hub_sync_new(h);
	bool more = true;

	hub_sync_feed(s, request->data, request->len);
	hub_sync_finish(s);
	*status = hub_sync_status(s);
	while (more)
		hub_sync_answer(s, answer, &more);
	hub_sync_free(s);
}

/* The answer as libcurl would give it. */
static enum status
feed_answer(
	struct engine *e, int status, const struct buf *answer, struct why *why)
{
	enum status st = ST_OK;

	for (size_t at = 0; !st && at < answer->len; at += PIECE) {
		size_t n = answer->len - at < PIECE ? answer->len - at : PIECE;

		st = engine_feed(e, status, answer->data + at, n, why);
	}
	return st;
}

static enum status
take_changes(struct hub *h, struct replica *r, struct spent *took,
	size_t *bytes, struct why *why)
{
	struct sync_counts counts = {.again = true};
	enum status st = ST_OK;

	replica_hurry(r, true);
	while (!st && counts.again) {
		struct buf request = BUF_INIT, answer = BUF_INIT_MAX(1 << 30);
		struct engine *e = NULL;
		int status = 0;
		struct spent start;

		st = engine_begin(r, false, &e, &request, why);
		if (!st)
			answer_request(h, &request, &status, &answer);
		start = spent_now();
		if (!st)
			st = feed_answer(e, status, &answer, why);
		if (!st)
			st = engine_end(e, &counts, why);
		spent_add(took, spent_since(start));
		*bytes += answer.len;
		engine_free(e);
		buf_release(&request);
		buf_release(&answer);
	}
	return st;
}

enum status
city_apply(const char *place, const char *file, size_t records, size_t changes,
	struct spent *took, size_t *bytes, struct why *why)
{
	struct city c = {0};
	struct replica *r = NULL;
	enum status st = city_open(&c, place, why);

	if (!st)
		st = change_all(&c, records, changes, why);
	if (!st)
		st = replica_open(file, NULL, &r, why);
	memset(took, 0, sizeof(*took));
	*bytes = 0;
	if (!st)
		st = take_changes(c.h, r, took, bytes, why);
	replica_close(r);
	city_close(&c);
	return st;
}
