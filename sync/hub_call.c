/* The hub's other requests: enroll, log, profile, health. */
#include "sync/hub_core.h"

#include <stdlib.h>
#include <string.h>

#include "common/history.h"
#include "common/utf8.h"
#include "common/value.h"

#define BODY_MAX 65536 /* an enrolment with the marks of 5,000 edits */
#define DEVICE_MAX 100
#define HOUR_MS ((int64_t)3600 * 1000)

/* A request, and where its answer goes. */
struct call {
	struct hub *h;
	const char *address; /* "" not known */
	const char *token;
	const char *body;
	size_t len;
	struct buf *out;
	int64_t now;
	struct why why;
};

static int
answer_error(struct call *c, int status)
{
	buf_clear(c->out);
	hub_error(c->out, c->why.text);
	return status;
}

static int
answer_fault(struct call *c, enum status st)
{
	if (st == ST_REFUSED)
		return answer_error(c, 401);
	return answer_error(c, st == ST_DATA ? 400 : 500);
}

static int
call_health(struct call *c)
{
	int64_t seq, came;
	enum status st = LOG(c->h->log, head, &seq, &came, &c->why);

	if (st)
		return answer_fault(c, st);
	buf_printf(c->out, "{\"ok\":true,\"seq\":%lld}\n", (long long)seq);
	return 200;
}

static int
call_profile(struct call *c)
{
	struct log_replica replica;
	struct holder holder;
	enum status st =
		hub_who(c->h, c->token, c->now, &replica, &holder, &c->why);

	if (!st)
		st = LOG(c->h->log, meta, HUB_META_PROFILE, c->out, &c->why);
	log_replica_release(&replica);
	holder_release(&holder);
	return st ? answer_fault(c, st) : 200;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of a query's member, percent signs decoded. */
static bool
query_value(const char *query, const char *name, struct buf *out)
{
	size_t len = strlen(name);

	while (query && strncmp(query, name, len) != 0) {
		query = strchr(query, '&');
		query += query != NULL;
	}
	if (!query)
		return false;
	for (query += len; *query && *query != '&'; query++) {
		if (*query != '%') {
			buf_putc(out, *query);
			continue;
		}
		if (hex(query[1]) < 0 || hex(query[2]) < 0)
			return false;
		buf_putc(out, (char)(hex(query[1]) * 16 + hex(query[2])));
		query += 2;
	}
	return strlen(buf_text(out)) == out->len;
}

/* What of a record's history this member may see: as in the tail. */
static bool
log_shows(const struct holder *who, const struct entry *e)
{
	bool own = strcmp(e->by, who->badge) == 0;

	if (e->verdict.refused)
		return own;
	return !e->verdict.held || own || access_supervises(who->access);
}

static enum status
put_log(struct call *c, const struct holder *who, const char *kind,
	const char *id)
{
	struct log_rows rows = {0};
	enum status st = LOG(c->h->log, entries, kind, id, &rows, &c->why);

	buf_puts(c->out, "{\"entries\":[");
	for (size_t i = rows.count; !st && i-- > 0;) {
		if (!log_shows(who, &rows.items[i].entry))
			continue;
		json_put_comma(c->out);
		history_json(&rows.items[i].entry, c->out);
	}
	buf_puts(c->out, "]}\n");
	log_rows_release(&rows);
	return st;
}

/* A record that one may not see is answered as one that is not there. */
static enum status
log_of(struct call *c, const struct holder *who, const char *kind,
	const char *id)
{
	struct log_books in = {0};
	enum status st = LOG(c->h->log, books, kind, id, &in, &c->why);

	if (!st && (!books_meet(&in, &who->books) ||
			   !hub_may_read(c->h, kind, who->access)))
		st = why_set(&c->why, ST_NOT_FOUND,
			"no such record in the books you hold: check its name");
	if (!st)
		st = put_log(c, who, kind, id);
	log_books_release(&in);
	return st;
}

static int
call_log(struct call *c, const char *query)
{
	char kind[NAME_MAX_BYTES + 1];
	struct buf name = BUF_INIT;
	struct log_replica replica;
	struct holder holder;
	const char *id;
	enum status st =
		hub_who(c->h, c->token, c->now, &replica, &holder, &c->why);

	if (!st && (!query_value(query, "record=", &name) ||
			   !record_name_split(buf_text(&name), kind, &id)))
		st = why_set(&c->why, ST_DATA,
			"no record is named: ask for ?record=KIND/ID");
	if (!st)
		st = log_of(c, &holder, kind, id);
	buf_release(&name);
	log_replica_release(&replica);
	holder_release(&holder);
	if (st == ST_NOT_FOUND)
		return answer_error(c, 404);
	return st ? answer_fault(c, st) : 200;
}

/* What an enrolment asks. */
struct enrolment {
	const char *badge, *code, *device, *token;
	int64_t n;	       /* of the file that is there already */
	const char *marks;     /* h_n of its edits from n on; or NULL */
	uint32_t former, upto; /* its number, and the newest that agrees */
};

static enum status
read_enrolment(const cJSON *object, struct enrolment *e, struct why *why)
{
	size_t at;

	e->badge = json_text(object, "badge");
	e->code = json_text(object, "code");
	e->device = json_text(object, "device");
	e->token = json_text(object, "token");
	e->marks = json_text(object, "h");
	e->former = e->upto = 0;
	e->n = 0;
	if (json_get(object, "n") &&
		(!json_is_int(json_get(object, "n"), &e->n) || e->n < 0 ||
			e->n > UINT32_MAX))
		return why_set(
			why, ST_DATA, "an enrolment's 'n' is not of its form");
	if (!e->badge || !record_id_ok(e->badge) || !e->code ||
		strlen(e->code) > 40)
		return why_set(
			why, ST_DATA, "an enrolment needs 'badge' and 'code'");
	if (!e->device || strlen(e->device) > DEVICE_MAX ||
		!utf8_clean(e->device, strlen(e->device), false, &at))
		return why_set(why, ST_DATA,
			"an enrolment needs 'device', a name of at most %d "
			"bytes",
			DEVICE_MAX);
	return ST_OK;
}

/* Edits in the file stay those of the member who wrote them. */
static enum status
check_old_token(struct call *c, struct enrolment *e)
{
	char badge[ID_MAX + 1];
	uint32_t number;

	if (!e->token)
		return ST_OK;
	if (!hub_token_ok(c->h, e->token, &number, badge, sizeof(badge)))
		return why_set(&c->why, ST_REFUSED,
			"this file belongs to another hub: enroll into a new "
			"file");
	if (strcmp(badge, e->badge) != 0)
		return why_set(&c->why, ST_REFUSED,
			"this file belongs to member %s: enroll into a new "
			"file",
			badge);
	e->former = number;
	return ST_OK;
}

static int64_t
boot_ms(const struct hub *h)
{
	struct clock_reading now;

	clock_read(h->clock, &now);
	return now.boot_ms;
}

static bool
code_fits(const char *code, const struct log_invite *i)
{
	struct digest d;

	hub_code_hash(code, &d);
	return digest_same(d.bytes, i->code.bytes, DIGEST_SIZE);
}

/* Five wrong codes of one badge from one address, and one more each 12
 * minutes: nobody tries them all, and nobody is locked out by a stranger. */
static const struct rate_limit wrong_codes = {HOUR_MS / 5, 5};

static enum status
check_code(struct call *c, const struct enrolment *e)
{
	struct log_invite i = {0};
	char *key = mem_printf("%s %s", e->badge, c->address);
	int64_t now = boot_ms(c->h);
	enum status st = LOG(c->h->log, invite, e->badge, &i, &c->why);
	bool there = !st;

	if (st == ST_NOT_FOUND)
		st = ST_OK;
	if (!st && rate_wait(c->h->wrong_codes, &wrong_codes, key, now))
		st = why_set(&c->why, ST_REFUSED,
			"too many wrong codes for this badge: wait an hour");
	else if (!st && (!there || !code_fits(e->code, &i))) {
		rate_take(c->h->wrong_codes, &wrong_codes, key, now);
		st = why_set(&c->why, ST_REFUSED,
			"badge and code do not fit: check both, or ask "
			"for a new code");
	}
	free(key);
	if (!st && c->now >= i.expires)
		return why_set(&c->why, ST_REFUSED,
			"this code is older than 72 hours: ask for a new one");
	return st ? st : LOG(c->h->log, invite_drop, e->badge, &c->why);
}

static enum status
check_member(struct call *c, const struct enrolment *e)
{
	struct holder who;
	enum status st =
		holder_read(c->h->log, e->badge, c->now, &who, &c->why);

	if (!st && who.access == ACCESS_NONE)
		st = why_set(&c->why, ST_REFUSED,
			"member %s is off: ask an administrator", e->badge);
	holder_release(&who);
	return st;
}

static enum status
add_replica(struct call *c, const struct enrolment *e, uint32_t *number)
{
	struct log_replica r = {0};
	int64_t next;
	enum status st =
		hub_meta_int(c->h, HUB_META_NEXT_REPLICA, &next, &c->why);

	if (!st)
		st = hub_meta_set_int(
			c->h, HUB_META_NEXT_REPLICA, next + 1, &c->why);
	if (st)
		return st;
	r.number = *number = (uint32_t)next;
	r.badge = mem_text(e->badge);
	r.device = mem_text(e->device);
	r.enrolled = c->now;
	st = LOG(c->h->log, replica_put, &r, &c->why);
	log_replica_release(&r);
	return st;
}

/* The newest of the edits that the file told of that is the log's too. */
static enum status
find_shared(struct call *c, struct enrolment *e)
{
	size_t len = e->marks ? strlen(e->marks) * 3 / 4 : 0, count = 0;
	uint8_t *marks = mem_alloc(len + 1);
	struct log_replica r = {0};
	bool agrees = false;
	enum status st = LOG(c->h->log, replica, e->former, &r, &c->why);

	if (e->marks && base64_decode(e->marks, marks, len))
		count = len / MARK_SIZE;
	for (size_t i = count; !st && !agrees && i-- > 0;) {
		int64_t n = e->n + (int64_t)i;

		if (n > r.n)
			continue;
		st = chain_agrees(c->h->log, &r, (uint32_t)n,
			marks + i * MARK_SIZE, &agrees, &c->why);
		if (agrees)
			e->upto = (uint32_t)n;
	}
	free(marks);
	log_replica_release(&r);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* What became of its edits under the former number is told to the new one. */
static enum status
note_former(struct call *c, const struct enrolment *e, uint32_t number)
{
	struct log_copy copy = {number, e->former, e->upto, {0}, e->upto};

	memcpy(copy.mark, &number, sizeof(number));
	return e->former ? LOG(c->h->log, copy_add, &copy, &c->why) : ST_OK;
}

static enum status
put_enrolled(struct call *c, const struct enrolment *e, uint32_t number)
{
	struct buf token = BUF_INIT, zone = BUF_INIT, profile = BUF_INIT;
	enum status st = LOG(c->h->log, meta, HUB_META_ZONE, &zone, &c->why);

	if (!st)
		st = LOG(c->h->log, meta, HUB_META_PROFILE, &profile, &c->why);
	hub_token(c->h, number, e->badge, &token);
	buf_printf(c->out, "{\"replica\":%u", number);
	json_put_member(c->out, "token", buf_text(&token));
	json_put_member(c->out, "hub", c->h->incarnation);
	json_put_member(c->out, "zone", buf_text(&zone));
	json_put_member(c->out, "profile", buf_text(&profile));
	json_put_member(c->out, "hash", c->h->profile_hash);
	if (c->h->authority)
		json_put_member(c->out, "ca", c->h->authority);
	if (e->former)
		buf_printf(c->out, ",\"n\":%u", e->upto);
	buf_puts(c->out, "}\n");
	buf_release(&token);
	buf_release(&zone);
	buf_release(&profile);
	return st;
}

static enum status
enroll(struct call *c, struct enrolment *e)
{
	uint32_t number = 0;
	enum status st = check_old_token(c, e);

	if (!st)
		st = check_code(c, e);
	if (!st)
		st = check_member(c, e);
	if (!st)
		st = find_shared(c, e);
	if (!st)
		st = add_replica(c, e, &number);
	if (!st)
		st = note_former(c, e, number);
	if (!st)
		st = put_enrolled(c, e, number);
	if (!st)
		st = LOG(c->h->log, commit, &c->why);
	return st;
}

static int
call_enroll(struct call *c)
{
	struct enrolment e;
	cJSON *object = NULL;
	enum status st;

	if (c->len > BODY_MAX) {
		why_set(&c->why, ST_DATA, "the enrolment is too large");
		return answer_error(c, 413);
	}
	st = json_parse(c->body, c->len, false, &object, &c->why);
	if (!st && !cJSON_IsObject(object))
		st = why_set(&c->why, ST_DATA, "an enrolment is an object");
	if (!st)
		st = read_enrolment(object, &e, &c->why);
	if (!st)
		st = enroll(c, &e);
	cJSON_Delete(object);
	return st ? answer_fault(c, st) : 200;
}

static bool
path_is(const char *target, const char *path)
{
	size_t len = strcspn(target, "?");

	return strlen(path) == len && strncmp(target, path, len) == 0;
}

enum call_kind { CALL_NONE, CALL_HEALTH, CALL_PROFILE, CALL_LOG, CALL_ENROLL };

static enum call_kind
kind_of(const char *method, const char *target)
{
	bool get = strcmp(method, "GET") == 0;

	if (get && path_is(target, "/v1/health"))
		return CALL_HEALTH;
	if (get && path_is(target, "/v1/profile"))
		return CALL_PROFILE;
	if (get && path_is(target, "/v1/log"))
		return CALL_LOG;
	if (strcmp(method, "POST") == 0 && path_is(target, "/v1/enroll"))
		return CALL_ENROLL;
	return CALL_NONE;
}

static int
answer_call(struct call *c, enum call_kind kind, const char *target)
{
	const char *query = strchr(target, '?');

	if (kind == CALL_HEALTH)
		return call_health(c);
	if (kind == CALL_PROFILE)
		return call_profile(c);
	if (kind == CALL_LOG)
		return call_log(c, query ? query + 1 : NULL);
	return call_enroll(c);
}

/* In a transaction of its own; 503 where another program is writing. */
static int
run_call(struct call *c, enum call_kind kind, const char *target)
{
	struct hub_log *log = c->h->log;
	int status;
	enum status st = kind == CALL_ENROLL ? LOG(log, begin_write, &c->why)
					     : LOG(log, begin_read, &c->why);

	if (st && log->ops->busy(log))
		return answer_error(c, 503);
	if (!st)
		st = hub_refresh(c->h, &c->why);
	if (!st)
		st = hub_time(c->h, &c->now, &c->why);
	status = st ? answer_error(c, 500) : answer_call(c, kind, target);
	log->ops->rollback(log);
	return status;
}

int
hub_call(struct hub *h, const char *method, const char *target,
	const char *token, const char *body, size_t len, struct buf *out)
{
	return hub_call_from(h, "", method, target, token, body, len, out);
}

int
hub_call_from(struct hub *h, const char *address, const char *method,
	const char *target, const char *token, const char *body, size_t len,
	struct buf *out)
{
	struct call c = {h, address, token, body, len, out, 0, {""}};
	enum call_kind kind = kind_of(method, target);

	if (kind != CALL_NONE)
		return run_call(&c, kind, target);
	why_set(&c.why, ST_NOT_FOUND, "there is nothing at this address");
	return answer_error(&c, 404);
}
