#include "tests/support/hubs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/value.h"
#include "tests/support/fixture.h"
#include "tests/support/good.h"

static void
read_clock(void *arg, struct clock_reading *now)
{
	*now = *(struct clock_reading *)arg;
}

/* SplitMix64: the same bytes in every run. */
static void
fill_random(void *arg, void *bytes, size_t len)
{
	uint64_t *seed = arg;
	uint8_t *p = bytes;

	while (len--) {
		uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		*p++ = (uint8_t)(z >> 56);
	}
}

void
hubs_set(struct hubs *t, const char *kind, const char *id, ...)
{
	struct edit e = {.kind = mem_text(kind), .record = mem_text(id)};
	const char *field;
	va_list ap;

	va_start(ap, id);
	while ((field = va_arg(ap, const char *)))
		edit_change(&e, field, va_arg(ap, const char *), EDIT_ID_NONE);
	va_end(ap);
	good(hub_write(t->h, &e, &why));
	edit_release(&e);
}

static void
add_member(
	struct hubs *t, const char *badge, const char *access, const char *unit)
{
	hubs_set(t, "member", badge, "name", badge, "access", access,
		"org_unit_id", unit, NULL);
}

static void
assign(struct hubs *t, const char *badge, const char *beat)
{
	hubs_set(
		t, "assignment", "", "member_id", badge, "beat_id", beat, NULL);
}

static void
add_people(struct hubs *t)
{
	add_member(t, "4471", "officer", "A1");
	add_member(t, "4480", "officer", "A1");
	add_member(t, "5000", "officer", "B1");
	add_member(t, "900", "sergeant", "A1");
	add_member(t, "910", "sergeant", "B1");
	add_member(t, "920", "commander", "");
	add_member(t, "930", "analyst", "A1");
	add_member(t, "999", "admin", "");
	assign(t, "4471", "35X");
	assign(t, "4480", "35X");
	assign(t, "4480", "12Y");
	assign(t, "5000", "7Z");
}

void
hubs_make_in(struct hubs *t, const char *dir)
{
	memset(t, 0, sizeof(*t));
	snprintf(t->dir, sizeof(t->dir), "%s", dir);
	snprintf(t->place, sizeof(t->place), "%s/hub", t->dir);
	t->now.wall_ms = HUBS_NOW;
	t->now.boot_ms = 1000000;
	strcpy(t->now.boot_id, "boot-one");
	t->clock = (struct clock){read_clock, &t->now};
	t->random = (struct random_source){fill_random, &t->seed};
	good(hub_init(t->place, "oakland", "America/Los_Angeles", &t->clock,
		&t->random, &why));
	good(hub_open(t->place, &t->clock, &t->random, &t->h, &why));
	hubs_set(t, "org_unit", "D1", "name", "D1", "kind", "district", NULL);
	hubs_set(t, "org_unit", "A1", "name", "A1", "kind", "area", NULL);
	hubs_set(t, "org_unit", "B1", "name", "B1", "kind", "area", "parent_id",
		"D1", NULL);
	hubs_set(t, "beat", "35X", "org_unit_ids", "A1", NULL);
	hubs_set(t, "beat", "12Y", "org_unit_ids", "A1", NULL);
	hubs_set(t, "beat", "7Z", "org_unit_ids", "B1", NULL);
	add_people(t);
	hubs_pass(t, MINUTE);
}

void
hubs_make(struct hubs *t)
{
	char dir[PLACE_MAX];

	place_folder(dir, "hub");
	hubs_make_in(t, dir);
}

void
hubs_remove(struct hubs *t)
{
	hub_close(t->h);
	place_remove(t->dir);
}

void
hubs_again(struct hubs *t)
{
	hub_close(t->h);
	good(hub_open(t->place, &t->clock, &t->random, &t->h, &why));
}

void
hubs_pass(struct hubs *t, int64_t ms)
{
	t->now.wall_ms += ms;
	t->now.boot_ms += ms;
}

const char *
hubs_value(struct hubs *t, const char *record, const char *field)
{
	static char text[256];
	char kind[NAME_MAX_BYTES + 1];
	struct buf value = BUF_INIT;
	const char *id;

	if (!record_name_split(record, kind, &id))
		fail_msg("no record name: %s", record);
	good(hub_value(t->h, kind, id, field, &value, &why));
	snprintf(text, sizeof(text), "%s", buf_text(&value));
	buf_release(&value);
	return text;
}

int64_t
hubs_entries(struct hubs *t)
{
	struct hub_stats s;

	good(hub_stats(t->h, &s, &why));
	return s.entries;
}

void
hubs_verify(struct hubs *t)
{
	struct buf report = BUF_INIT;

	if (hub_verify(t->h, &report, &why))
		fail_msg("%s\n%s", why.text, buf_text(&report));
	buf_release(&report);
}

static void
take_enrolment(struct peer *p, const struct buf *answer)
{
	cJSON *o;

	good(json_parse(answer->data, answer->len, false, &o, &why));
	p->number = (uint32_t)json_int(o, "replica", 0);
	p->token = mem_text(json_text(o, "token"));
	cJSON_Delete(o);
}

void
peer_enroll(struct peer *p, struct hubs *t, const char *badge)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;

	memset(p, 0, sizeof(*p));
	p->t = t;
	p->badge = mem_text(badge);
	good(hub_invite(t->h, badge, &code, &why));
	buf_printf(&body,
		"{\"badge\":\"%s\",\"code\":\"%s\",\"device\":\"mdt\"}", badge,
		buf_text(&code));
	assert_int_equal(200, hub_call(t->h, "POST", "/v1/enroll", NULL,
				      body.data, body.len, &answer));
	take_enrolment(p, &answer);
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
}

static void
drop_answer(struct peer *p)
{
	for (size_t i = 0; i < p->frame_count; i++)
		frame_release(&p->frames[i]);
	p->frame_count = 0;
	buf_clear(&p->text);
	head_release(&p->head);
	p->ended = false;
}

static void
drop_fill(struct peer *p, size_t i)
{
	free(p->fills[i].book);
	free(p->fills[i].kind);
	free(p->fills[i].id);
	p->fills[i] = p->fills[--p->fill_count];
}

void
peer_release(struct peer *p)
{
	drop_answer(p);
	free(p->frames);
	buf_release(&p->text);
	ages_release(&p->ages);
	free(p->badge);
	free(p->token);
	names_release(&p->books);
	names_release(&p->asked);
	names_release(&p->lent);
	while (p->fill_count)
		drop_fill(p, 0);
	free(p->fills);
	for (size_t i = 0; i < p->count; i++)
		edit_release(&p->outbox[i].edit);
	free(p->outbox);
	free(p->wrote);
}

void
peer_forget(struct peer *p)
{
	names_release(&p->books);
	p->cursor.set = false;
	p->cursor.seq = 0;
	while (p->fill_count)
		drop_fill(p, 0);
}

struct dated_edit *
peer_edit(struct peer *p, const char *record, const char *over, ...)
{
	struct dated_edit *d;
	char kind[NAME_MAX_BYTES + 1];
	struct edit_id seen = EDIT_ID_NONE;
	const char *id, *field;
	va_list ap;

	if (p->count == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 8;
		p->outbox = mem_grow(p->outbox, p->cap, sizeof(*p->outbox));
		p->wrote = mem_grow(p->wrote, p->cap, sizeof(*p->wrote));
	}
	p->wrote[p->count] = p->t->now.boot_ms;
	d = &p->outbox[p->count++];
	memset(d, 0, sizeof(*d));
	if (!record_name_split(record, kind, &id))
		fail_msg("no record name: %s", record);
	d->edit.kind = mem_text(kind);
	d->edit.record = mem_text(id);
	if (over && !edit_id_parse(over, &seen))
		fail_msg("no edit: %s", over);
	va_start(ap, over);
	while ((field = va_arg(ap, const char *)))
		edit_change(&d->edit, field, va_arg(ap, const char *), seen);
	va_end(ap);
	d->edit.id = (struct edit_id){p->number, (uint32_t)p->count};
	d->edit.seen = p->cursor.set ? p->cursor.seq : 0;
	d->edit.written = p->t->now;
	return d;
}

static void
put_hello(struct peer *p, struct coder *c, struct buf *out)
{
	struct hello h = {.token = p->token, .n = p->n, .cursor = p->cursor};

	memcpy(h.chain, p->chain.bytes, MARK_SIZE);
	h.profile_hash = mem_text("");
	h.fillings = p->fills;
	h.filling_count = p->fill_count;
	h.books_hashed = p->hashed;
	h.head_alone = p->head_alone;
	if (p->hashed)
		books_hash(&p->books, p->level, &p->lent, h.books_hash);
	else
		h.books = p->books;
	h.asked = p->asked;
	message_put_hello(&h, out);
	coder_start_up(c, &h, p->number);
	free(h.profile_hash);
}

void
peer_request(struct peer *p, struct buf *out)
{
	struct coder c = {0};

	put_hello(p, &c, out);
	p->ages.count = 0;
	c.ages = &p->ages;
	for (size_t i = p->n; i < p->count; i++) {
		p->outbox[i].age_ms = p->t->now.boot_ms - p->wrote[i];
		message_put_edit(&c, &p->outbox[i], out);
	}
	coder_release(&c);
}

/* h_n for the hub's n. */
static void
confirm(struct peer *p, uint32_t n)
{
	struct digest hash;

	for (; p->n < n && p->n < p->count; p->n++) {
		edit_digest(&p->outbox[p->n].edit, &hash);
		edit_chain(&p->chain, &hash, &p->chain);
	}
}

static void
take_head(struct peer *p, struct frame *f)
{
	confirm(p, f->head.n);
	for (size_t i = p->books.count; f->head.has_books && i-- > 0;) {
		if (names_have(&f->head.books, p->books.items[i]))
			continue;
		free(p->books.items[i]);
		p->books.items[i] = p->books.items[--p->books.count];
	}
	if (f->head.has_books) {
		names_release(&p->lent);
		memset(&p->lent, 0, sizeof(p->lent));
	}
	for (size_t i = 0; i < f->head.lent.count; i++)
		names_add(&p->lent, f->head.lent.items[i]);
	if (f->head.level)
		snprintf(p->level, sizeof(p->level), "%s", f->head.level);
	if (*f->head.incarnation)
		strcpy(p->cursor.incarnation, f->head.incarnation);
}

static struct filling *
find_fill(struct peer *p, const char *book)
{
	for (size_t i = 0; i < p->fill_count; i++)
		if (strcmp(p->fills[i].book, book) == 0)
			return &p->fills[i];
	return NULL;
}

static void
take_frame(struct peer *p, struct frame *f, char **filling)
{
	struct filling *at = *filling ? find_fill(p, *filling) : NULL;

	switch (f->type) {
	case FRAME_HEAD:
		take_head(p, f);
		break;
	case FRAME_CURSOR:
		p->cursor.set = true;
		p->cursor.seq = f->seq;
		memcpy(p->cursor.mark, f->mark, MARK_SIZE);
		break;
	case FRAME_FILL:
		*filling = f->text;
		names_add(&p->books, f->text);
		if (find_fill(p, f->text))
			break;
		MEM_ROOM(p->fills, p->fill_count, p->fill_cap);
		p->fills[p->fill_count++] = (struct filling){
			mem_text(f->text), f->seq, mem_text(""), mem_text("")};
		break;
	case FRAME_RECORD:
		free(at->kind);
		free(at->id);
		at->kind = mem_text(f->kind);
		at->id = mem_text(f->id);
		break;
	case FRAME_FILLED:
		drop_fill(p, (size_t)(at - p->fills));
		*filling = NULL;
		break;
	case FRAME_END:
		p->ended = true;
		break;
	default:
		break;
	}
}

static void
take_answer(struct peer *p, const struct hello *h)
{
	struct coder c = {0};
	char *line = p->text.data, *end, *filling = NULL;

	while (line && (end = strchr(line, '\n'))) {
		struct frame *f;

		MEM_ROOM(p->frames, p->frame_count, p->frame_cap);
		f = &p->frames[p->frame_count++];
		if (message_get_frame(&c, line, (size_t)(end - line), f, &why))
			fail_msg("%s in %.*s", why.text, (int)(end - line),
				line);
		if (f->type == FRAME_HEAD)
			coder_start_down(&c, h, f->head.hub_ms, p->number);
		c.ages = &p->ages;
		take_frame(p, f, &filling);
		line = end + 1;
	}
	coder_release(&c);
}

static void
draw(struct peer *p, struct hub_sync *s, size_t max)
{
	bool more = true;

	while (more && (!max || p->text.len < max)) {
		hub_sync_answer(s, &p->text, &more);
		if (p->meanwhile)
			p->meanwhile(p->t);
		p->meanwhile = NULL;
	}
	if (max && p->text.len > max)
		buf_cut(&p->text, max);
}

int
peer_send(struct peer *p, const char *bytes, size_t len, size_t max)
{
	struct hub_sync *s = hub_sync_new(p->t->h);
	struct hello h = {.token = p->token, .n = p->n, .cursor = p->cursor};

	drop_answer(p);
	hub_sync_feed(s, bytes, len);
	hub_sync_finish(s);
	p->status = hub_sync_status(s);
	draw(p, s, max);
	hub_sync_free(s);
	if (p->status == 200)
		take_answer(p, &h);
	return p->status;
}

int
peer_try(struct peer *p)
{
	struct buf request = BUF_INIT;

	peer_request(p, &request);
	peer_send(p, request.data, request.len, 0);
	buf_release(&request);
	return p->status;
}

void
peer_sync(struct peer *p)
{
	if (peer_try(p) != 200 || !p->ended)
		fail_msg("status %d: %s", p->status, buf_text(&p->text));
}

const struct frame *
peer_frame(const struct peer *p, enum frame_type type, const char *record)
{
	char name[128];

	for (size_t i = 0; i < p->frame_count; i++) {
		const struct frame *f = &p->frames[i];
		const char *kind = f->kind, *id = f->id;

		if (type == FRAME_ENTRY && f->type == type) {
			kind = f->entries[0].edit.kind;
			id = f->entries[0].edit.record;
		}
		if (f->type != type)
			continue;
		snprintf(name, sizeof(name), "%s/%s", kind ? kind : "",
			id ? id : "");
		if (!record || strcmp(name, record) == 0)
			return f;
	}
	return NULL;
}

bool
peer_saw(const struct peer *p, const char *text)
{
	return strstr(buf_text(&p->text), text) != NULL;
}

const struct entry *
peer_verdict(const struct peer *p, uint32_t n)
{
	for (size_t i = 0; i < p->frame_count; i++) {
		const struct frame *f = &p->frames[i];

		if (f->type == FRAME_VERDICT && f->entries[0].edit.id.n == n)
			return &f->entries[0];
	}
	fail_msg("no verdict on edit %u in: %s", n, buf_text(&p->text));
	return NULL;
}

const char *
peer_id(const struct peer *p, uint32_t n)
{
	static char text[4][EDIT_ID_TEXT];
	static size_t at;
	char *out = text[at++ % 4];

	edit_id_text((struct edit_id){p->number, n}, out);
	return out;
}

int
hubs_set_up(void **state)
{
	struct hubs *t = mem_alloc(sizeof(*t));

	hubs_make(t);
	*state = t;
	return 0;
}

int
hubs_tear_down(void **state)
{
	struct hubs *t = *state;

	hubs_verify(t);
	hubs_remove(t);
	free(t);
	return 0;
}
