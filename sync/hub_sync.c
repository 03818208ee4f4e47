/* POST /v1/sync, taking in: hello and edits. */
#include "sync/hub_request.h"

#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/message_splice.h"

/* A poll is written down no more often than this. */
#define SYNCED_EVERY_MS (5 * 60 * 1000)
#define BITE 256 /* bytes of a request whose token is not known yet */

struct hub_sync *
hub_sync_new(struct hub *h)
{
	struct hub_sync *s = mem_alloc(sizeof(*s));

	s->h = h;
	s->status = 200;
	s->unpacker = unpacker_new(REQUEST_MAX);
	return s;
}

static void
drop_batch(struct hub_sync *s)
{
	for (size_t i = 0; i < s->batch_count; i++)
		log_row_release(&s->batch[i].row);
	s->batch_count = 0;
}

void
hub_sync_free(struct hub_sync *s)
{
	if (!s)
		return;
	drop_batch(s);
	free(s->batch);
	buf_release(&s->error);
	unpacker_free(s->unpacker);
	hello_release(&s->hello);
	coder_release(&s->up);
	ages_release(&s->ages);
	log_replica_release(&s->replica);
	holder_release(&s->holder);
	packer_free(s->packer);
	coder_release(&s->down);
	buf_release(&s->line);
	names_release(&s->held);
	names_release(&s->lent);
	names_release(&s->joined);
	names_release(&s->whole);
	names_release(&s->told_whole);
	news_release(&s->news);
	for (size_t i = 0; i < s->fill_count; i++) {
		free(s->fills[i].book);
		free(s->fills[i].kind);
		free(s->fills[i].id);
	}
	free(s->fills);
	free(s);
}

/* The first fault stands; nothing after it is taken. */
static void
fail(struct hub_sync *s, int status, const char *text)
{
	if (s->status != 200)
		return;
	s->status = status;
	hub_error(&s->error, text);
}

static enum status
greet(struct hub_sync *s, struct why *why)
{
	struct hub *h = s->h;
	enum status st = hub_refresh(h, why);

	if (!st)
		st = hub_time(h, &s->t, why);
	if (!st)
		st = hub_who(
			h, s->hello.token, s->t, &s->replica, &s->holder, why);
	if (!st)
		st = check_copy(s, why);
	coder_start_up(&s->up, &s->hello, s->replica.number);
	s->up.base = base_for_taking;
	s->up.base_arg = s;
	s->up.ages = &s->ages;
	return st;
}

/*
 * Whoever has no token costs little: a hello of more than a page begins with
 * its token, which is looked at before the rest is taken.
 */
static bool
check_start(struct hub_sync *s, const char *line, size_t len)
{
	struct buf token = BUF_INIT;
	char badge[ID_MAX + 1];
	uint32_t number;

	if (len > HELLO_MAX)
		fail(s, 413,
			"the hello is larger than 4,096 books need: hold "
			"fewer");
	if (len <= HELLO_TRUSTED || s->trusted || s->status != 200)
		return s->status == 200;
	if (!message_peek_token(line, len, &token))
		fail(s, 400,
			"a hello of more than 4,096 bytes begins with its "
			"version and token");
	else
		s->trusted = hub_token_ok(
			s->h, buf_text(&token), &number, badge, sizeof(badge));
	buf_release(&token);
	if (!s->trusted)
		fail(s, 401, "this replica is not known here: enroll it again");
	return s->trusted;
}

static void
take_hello(struct hub_sync *s, const char *line, size_t len)
{
	struct hub_log *log = s->h->log;
	struct why why;
	enum status st;

	if (!check_start(s, line, len))
		return;
	st = message_get_hello(line, len, &s->hello, &why);

	if (st) {
		fail(s, 400, why.text);
		return;
	}
	s->greeted = true;
	st = LOG(log, begin_read, &why);
	if (!st)
		st = greet(s, &why);
	log->ops->rollback(log);
	if (st == ST_REFUSED)
		fail(s, 401, why.text);
	else if (st)
		fail(s, 500, why.text);
}

static struct arrived *
arrive(struct hub_sync *s, struct dated_edit *d)
{
	struct arrived *a;

	s->edits++;
	MEM_ROOM(s->batch, s->batch_count, s->batch_cap);
	a = &s->batch[s->batch_count++];
	memset(a, 0, sizeof(*a));
	a->row.entry.edit = d->edit;
	a->row.entry.by = mem_text(s->replica.badge);
	a->age.hub_ms = s->t;
	a->age.age_ms = d->age_ms;
	a->age.unsure = d->unsure;
	a->age.floor = d->floor;
	a->age.ceiling = INT64_MAX;
	return a;
}

/* The members of an edit that differences are taken of, and its age. */
static void
put_bare(const cJSON *object, struct buf *out)
{
	static const char *const names[] = {"q", "g", "u", "s", "w", "k", "i"};

	buf_puts(out, "{\"r\":\"x/x\"");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const cJSON *node = json_get(object, names[i]);
		char *text = node ? cJSON_PrintUnformatted(node) : NULL;

		if (!text)
			continue;
		json_put_name(out, names[i]);
		buf_puts(out, text);
		cJSON_free(text);
	}
	buf_putc(out, '}');
}

/* Fields and overs as far as they are texts. */
static void
get_loosely(const cJSON *object, struct edit *e)
{
	const cJSON *f, *o = json_get(object, "o");

	e->reason = mem_text(json_text(object, "d"));
	cJSON_ArrayForEach (f, json_get(object, "f")) {
		const char *over = cJSON_IsString(o) ? o->valuestring
						     : json_text(o, f->string);
		struct edit_id id;

		if (!over || !edit_id_parse(over, &id))
			id = EDIT_ID_NONE;
		if (cJSON_IsString(f) && f->string)
			edit_change(e, f->string, f->valuestring, id);
	}
}

/* H(edit) of what was sent, as far as it has the form of an edit. */
static void
hash_refused(const cJSON *object, const struct edit *e, struct digest *out)
{
	const char *name = json_text(object, "r");
	const char *slash = name ? strchr(name, '/') : NULL;
	struct edit copy = {.id = e->id, .seen = e->seen};

	if (edit_get_body(object, &copy, NULL)) {
		edit_release(&copy);
		copy.id = e->id;
		copy.seen = e->seen;
		get_loosely(object, &copy);
	}
	copy.written = e->written;
	copy.kind = slash ? mem_printf("%.*s", (int)(slash - name), name)
			  : mem_text("");
	copy.record = mem_text(slash ? slash + 1 : "");
	edit_digest(&copy, out);
	edit_release(&copy);
}

/* The record's name, where it has one: "" where it cannot be told. */
static void
name_refused(const cJSON *object, struct edit *e)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *name = json_text(object, "r"), *id;
	bool good = name && record_name_split(name, kind, &id) &&
		    catalog_name_ok(kind) && record_id_ok(id);

	free(e->kind);
	free(e->record);
	e->kind = mem_text(good ? kind : "");
	e->record = mem_text(good ? id : "");
}

/* Its hash is over whole values, too. */
static enum status
join_refused(struct hub_sync *s, const cJSON *object, struct why *why)
{
	struct edit e = {0};
	enum status st;

	name_refused(object, &e);
	st = join_body(&s->up, object, e.kind, e.record, why);
	edit_release(&e);
	return st;
}

/*
 * An edit that has its frame's form but not that of an edit takes its place
 * in the log as hash and reason; the author keeps the text.
 */
static enum status
take_refused(struct hub_sync *s, const char *line, size_t len, const char *text,
	struct why *why)
{
	struct buf bare = BUF_INIT;
	struct dated_edit d;
	struct arrived *a;
	cJSON *object;
	enum status st = message_parse(line, len, &object, why);

	if (st)
		return st;
	if (!message_edit_narrow(object))
		st = why_set(why, ST_DATA, "%s", text);
	put_bare(object, &bare);
	if (!st)
		st = join_refused(s, object, why);
	if (!st)
		st = message_get_edit(
			&s->up, buf_text(&bare), bare.len, &d, why);
	if (!st) {
		a = arrive(s, &d);
		a->row.entry.verdict.refused = mem_text(text);
		hash_refused(object, &a->row.entry.edit, &a->row.hash);
		name_refused(object, &a->row.entry.edit);
	}
	buf_release(&bare);
	cJSON_Delete(object);
	return st;
}

/* A splice does not fit: nothing of its edit or after it is taken. */
static void
stop_taking(struct hub_sync *s)
{
	s->take_edits = false;
	s->unjoined = true;
}

static void
take_edit(struct hub_sync *s, const char *line, size_t len)
{
	struct dated_edit d;
	struct why why = {""}, refusal;
	enum status st;

	if (!s->take_edits)
		return;
	if (len > EDIT_LINE_MAX)
		st = why_set(&why, ST_DATA,
			"the edit has %zu bytes, at most %zu are taken", len,
			EDIT_LINE_MAX);
	else
		st = message_get_edit(&s->up, line, len, &d, &why);
	if (!st)
		arrive(s, &d);
	refusal = why;
	if (st == ST_DATA)
		st = take_refused(s, line, len, refusal.text, &why);
	if (st == ST_NOT_FOUND)
		stop_taking(s);
	else if (st)
		fail(s, st == ST_DATA ? 400 : 500, why.text);
}

/* An unsure stamp is not after the same replica's next sure one. */
static void
set_ceilings(struct hub_sync *s)
{
	int64_t ceiling = INT64_MAX;

	for (size_t i = s->batch_count; i-- > 0;) {
		struct age *a = &s->batch[i].age;

		if (a->unsure)
			a->ceiling = ceiling;
		else
			ceiling = a->hub_ms - a->age_ms;
	}
}

/* An edit that the log has already: the same, or this file is a copy that
 * agrees with the log up to the one before. */
static enum status
check_repeat(struct hub_sync *s, struct writing *w, struct log_row *row,
	struct why *why)
{
	struct digest before, stored, hash, chain;
	uint32_t n = row->entry.edit.id.n;
	enum status st = chain_at(s->h->log, &w->replica, n - 1, &before, why);

	if (!st)
		st = chain_at(s->h->log, &w->replica, n, &stored, why);
	if (row->entry.verdict.refused)
		hash = row->hash;
	else
		edit_digest(&row->entry.edit, &hash);
	edit_chain(&before, &hash, &chain);
	if (!st && !digest_same(chain.bytes, stored.bytes, DIGEST_SIZE))
		copy_found(s, n, chain.bytes, n - 1);
	return st;
}

static enum status
decide(struct hub_sync *s, struct writing *w, struct arrived *a,
	struct why *why)
{
	if (a->row.entry.edit.id.n > w->replica.n)
		return writing_add(w, &a->row, &a->age, why);
	return check_repeat(s, w, &a->row, why);
}

/* Write what came, in the transaction that is open. */
static enum status
write_batch(struct hub_sync *s, struct why *why)
{
	struct writing w;
	enum status st;

	set_ceilings(s);
	st = writing_join(s->h, s->replica.number, s->replica.badge, &w, why);
	for (size_t i = 0; !st && !s->is_copy && i < s->batch_count; i++)
		st = decide(s, &w, &s->batch[i], why);
	if (!st && s->is_copy)
		st = copy_number(s, why);
	w.replica.synced = s->t;
	if (!st)
		st = writing_put(&w, why);
	writing_leave(&w);
	return st;
}

/* One request's part of a group: it fails alone. Other than ST_OK: nothing
 * can be written at all. */
static enum status
write_part(struct hub_sync *s, struct why *why)
{
	struct why own;
	enum status st = LOG(s->h->log, part_begin, why), written;

	if (st)
		return st;
	written = write_batch(s, &own);
	if (written) {
		fail(s, 500, own.text);
		drop_batch(s);
	}
	return LOG(s->h->log, part_end, !written, why);
}

bool
hub_sync_waits(const struct hub_sync *s)
{
	return s->batch_count || s->note || (s->is_copy && !s->copy.number);
}

static void
count_verdicts(struct hub_sync *s)
{
	s->replica.synced = s->t;
	for (size_t i = 0; i < s->batch_count; i++) {
		const struct entry *e = &s->batch[i].row.entry;

		if (!e->seq)
			continue; /* a repeat */
		s->verdicts.refused += e->verdict.refused != NULL;
		s->verdicts.held += e->verdict.held != NULL;
		if (e->verdict.refused || e->verdict.held)
			continue;
		s->verdicts.lost += e->verdict.lost_count != 0;
		s->verdicts.won += e->verdict.lost_count == 0;
	}
}

void
hub_sync_tally(const struct hub_sync *s, struct sync_tally *out)
{
	out->replica = s->replica.number;
	out->edits = s->edits;
	out->verdicts = s->verdicts;
}

bool
hub_commit(struct hub *h, struct hub_sync *const *syncs, size_t count)
{
	struct hub_log *log = h->log;
	struct why why;
	enum status st = LOG(log, begin_write, &why);

	if (st && log->ops->busy(log))
		return false;
	for (size_t i = 0; !st && i < count; i++)
		st = write_part(syncs[i], &why);
	if (!st)
		st = LOG(log, commit, &why);
	log->ops->rollback(log);
	for (size_t i = 0; i < count; i++) {
		struct hub_sync *s = syncs[i];

		if (st)
			fail(s, 500, why.text);
		else
			count_verdicts(s);
		s->note = false;
		drop_batch(s);
	}
	return true;
}

void
hub_sync_give_up(struct hub_sync *s, int status, const char *text)
{
	fail(s, status, text);
	s->note = false;
	drop_batch(s);
}

static void
commit_alone(struct hub_sync *s)
{
	if (hub_sync_waits(s) && !hub_commit(s->h, &s, 1))
		hub_sync_give_up(s, 503,
			"another program is writing to the hub's log: try "
			"again");
}

/* Whole frames before a fault count. */
static void
take_some(struct hub_sync *s, const char *bytes, size_t len)
{
	struct why why;
	const char *line;
	size_t n;
	enum status st = unpacker_add(s->unpacker, bytes, len, &why);

	while (s->status == 200 && (line = unpacker_line(s->unpacker, &n))) {
		if (s->greeted)
			take_edit(s, line, n);
		else
			take_hello(s, line, n);
	}
	if (s->status == 200 && !s->greeted && !st) {
		line = unpacker_partial(s->unpacker, &n);
		check_start(s, line, n);
	}
	if (st)
		fail(s, unpacker_too_large(s->unpacker) ? 413 : 400, why.text);
}

/* Until the token is known in bites: few bytes can be many, inflated. */
void
hub_sync_take(struct hub_sync *s, const char *bytes, size_t len)
{
	while (s->status == 200 && len) {
		bool known = s->greeted || s->trusted;
		size_t n = known || len < BITE ? len : BITE;

		take_some(s, bytes, n);
		bytes += n;
		len -= n;
	}
}

void
hub_sync_feed(struct hub_sync *s, const char *bytes, size_t len)
{
	hub_sync_take(s, bytes, len);
	commit_alone(s);
}

/* A sync without edits is noted too, now and then. */
void
hub_sync_over(struct hub_sync *s)
{
	if (s->status == 200 && !s->greeted)
		fail(s, 400,
			"the request has no hello: it broke off, send it "
			"again");
	s->note =
		s->status == 200 && s->t - s->replica.synced >= SYNCED_EVERY_MS;
	s->packer = packer_new(unpacker_plain(s->unpacker));
}

void
hub_sync_finish(struct hub_sync *s)
{
	hub_sync_over(s);
	commit_alone(s);
}

int
hub_sync_status(const struct hub_sync *s)
{
	return s->status;
}

void
hub_sync_answer(struct hub_sync *s, struct buf *out, bool *more)
{
	if (s->status != 200) {
		buf_puts(out, buf_text(&s->error));
		buf_clear(&s->error);
		*more = false;
		return;
	}
	*more = answer_step(s, out);
}
