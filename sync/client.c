#include "sync/client.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/value.h"
#include "sync/refusal.h"
#include "sync/refused.h"
#include "sync/stuck.h"

#define BODY_MAX ((size_t)16 << 20) /* of an answer that is one document */
#define IDLE_ROUNDS 4 /* requests in a row that bring nothing: give up */
#define TURNS_MAX 16  /* new numbers and pasts in one sync, then give up */

struct client {
	struct replica *r;
	struct http *http;
	struct engine *engine;
	struct buf request;
	struct sync_counts counts; /* of all requests of this sync */
	int idle, turns;
	const struct progress *progress;
};

/* A department with its own authority names its file here. */
static enum status
named_authority(const char *file, struct buf *out, struct why *why)
{
	enum status st;

	if (!file)
		file = getenv("BEATBOOK_CA_FILE");
	if (!file || !*file)
		return ST_OK;
	st = buf_read_file(out, file, AUTHORITY_MAX, why);
	if (st == ST_NOT_FOUND)
		return why_set(why, ST_DATA,
			"there is no file %.200s: give the PEM file of an "
			"authority",
			file);
	if (st || !strstr(buf_text(out), "-----BEGIN CERTIFICATE-----"))
		return why_set(why, ST_DATA,
			"'%.200s' is no certificate of an authority: give a "
			"PEM file",
			file);
	return ST_OK;
}

/* The one named now, else the one of the enrolment; "": the machine's. */
static enum status
file_authority(struct replica *r, const char *ca_file, struct buf *out,
	struct why *why)
{
	enum status st = named_authority(ca_file, out, why);

	if (!st && !out->len)
		st = replica_meta(r, META_AUTHORITY, out, why);
	return st;
}

static enum status
connect_to(struct replica *r, struct http **out, struct why *why)
{
	struct buf authority = BUF_INIT;
	enum status st = file_authority(r, NULL, &authority, why);

	*out = NULL;
	if (!st)
		st = http_new(replica_identity(r)->url,
			authority.len ? buf_text(&authority) : NULL, true, out,
			why);
	buf_release(&authority);
	return st;
}

enum status
client_new(struct replica *r, struct client **out, struct why *why)
{
	struct client *c = mem_alloc(sizeof(*c));
	enum status st = connect_to(r, &c->http, why);

	c->r = r;
	if (st) {
		client_free(c);
		c = NULL;
	}
	*out = c;
	return st;
}

void
client_free(struct client *c)
{
	if (!c)
		return;
	http_free(c->http);
	engine_free(c->engine);
	buf_release(&c->request);
	free(c);
}

static enum status
feed_engine(void *arg, int http_status, const char *bytes, size_t len,
	struct why *why)
{
	return engine_feed(arg, http_status, bytes, len, why);
}

static enum status
start_request(struct client *c, struct why *why)
{
	enum status st;

	engine_free(c->engine);
	c->engine = NULL;
	buf_release(&c->request);
	st = engine_begin(c->r, false, &c->engine, &c->request, why);
	if (!st)
		st = http_start(c->http, "/v1/sync", NULL, c->request.data,
			c->request.len, feed_engine, c->engine, why);
	return st;
}

/* No request is under way, and none follows. */
static void
be_done(struct client *c)
{
	engine_free(c->engine);
	c->engine = NULL;
	replica_hurry(c->r, false);
}

enum status
client_start(struct client *c, struct why *why)
{
	enum status st;

	if (client_busy(c))
		return ST_OK;
	memset(&c->counts, 0, sizeof(c->counts));
	c->idle = c->turns = 0;
	replica_hurry(c->r, true);
	st = start_request(c, why);
	if (st)
		be_done(c);
	return st;
}

bool
client_busy(const struct client *c)
{
	return http_busy(c->http);
}

int64_t
client_retry_after_ms(const struct client *c)
{
	return http_retry_after_ms(c->http);
}

int
client_poll_set(struct client *c, struct pollfd *fds, int max, int *timeout_ms)
{
	return http_poll_set(c->http, fds, max, timeout_ms);
}

static void
add_counts(struct sync_counts *sum, const struct sync_counts *more)
{
	sum->sent += more->sent;
	sum->confirmed += more->confirmed;
	sum->entries += more->entries;
	sum->records += more->records;
	sum->left += more->left;
	sum->differed += more->differed;
	sum->contradicted |= more->contradicted;
	sum->renumbered |= more->renumbered;
	sum->renamed += more->renamed;
	sum->forked |= more->forked;
	sum->aside = more->forked ? more->aside : sum->aside;
	sum->offset_ms = more->offset_ms;
	sum->again = more->again;
}

void
client_counts(const struct client *c, struct sync_counts *out)
{
	struct sync_counts now;

	*out = c->counts;
	if (!c->engine)
		return;
	engine_counts(c->engine, &now);
	add_counts(out, &now);
}

/* A hub that asks for one request after another and gives nothing would keep
 * us for ever. */
static bool
goes_on(struct client *c, const struct sync_counts *now)
{
	bool turned = now->renumbered || now->forked;
	bool idle = !now->confirmed && !now->entries && !now->records &&
		    !now->left && !now->contradicted && !turned;

	c->idle = idle ? c->idle + 1 : 0;
	c->turns += turned;
	return now->again && c->idle < IDLE_ROUNDS && c->turns <= TURNS_MAX;
}

/* One request is over: what the engine says of it counts more than how the
 * connection ended, unless the answer broke off. */
static enum status
end_request(struct client *c, enum status http, struct sync_counts *now,
	struct why *why)
{
	struct why engine_why;
	enum status st = engine_end(c->engine, now, &engine_why);

	add_counts(&c->counts, now);
	if (st && !http)
		return why_set(why, st, "%s", engine_why.text);
	return st ? http : ST_OK;
}

/* Who asks later is told what the hub said last; a link that failed says
 * nothing of that. */
static void
note_refusal(struct client *c, enum status outcome)
{
	if (!outcome || outcome == ST_REFUSED)
		refused_note(c->r, engine_refused(c->engine));
}

bool
client_step(struct client *c, enum status *outcome, struct sync_counts *counts,
	struct why *why)
{
	struct sync_counts now;
	int http_status;

	if (!http_step(c->http, outcome, &http_status, why))
		return false;
	*outcome = end_request(c, *outcome, &now, why);
	/* Whoever answered at all had the request. */
	if (*outcome == ST_LATER && now.sent && !http_status &&
		http_began(c->http))
		stuck_note(c->r, why);
	note_refusal(c, *outcome);
	if (!*outcome && goes_on(c, &now)) {
		*outcome = start_request(c, why);
		if (!*outcome)
			return false;
	}
	be_done(c);
	*counts = c->counts;
	return true;
}

void
client_set_progress(struct client *c, const struct progress *p)
{
	c->progress = p;
}

static void
tell_progress(const struct client *c)
{
	struct sync_counts now;

	client_counts(c, &now);
	if (now.entries + now.records)
		progress_tell(c->progress, now.entries + now.records, 0);
}

enum status
client_sync(struct client *c, struct sync_counts *counts, struct why *why)
{
	struct pollfd fds[16];
	enum status st = client_start(c, why);
	int timeout_ms, n;

	memset(counts, 0, sizeof(*counts));
	if (st)
		return st;
	do {
		n = client_poll_set(c, fds, 16, &timeout_ms);
		poll(fds, (nfds_t)n, timeout_ms);
		tell_progress(c);
	} while (!client_step(c, &st, counts, why));
	return st;
}

static enum status
gather(void *arg, int http_status, const char *bytes, size_t len,
	struct why *why)
{
	struct buf *b = arg;

	(void)http_status;
	buf_add(b, bytes, len);
	return buf_full(b) ? refusal_not_ours(why) : ST_OK;
}

static enum status
ask_enrolment(const char *url, const char *authority, bool edits,
	const struct buf *request, struct enrolled *given, struct why *why)
{
	struct buf answer = BUF_INIT_MAX(BODY_MAX);
	struct http *http;
	int http_status = 0;
	enum status st =
		http_new(url, *authority ? authority : NULL, edits, &http, why);

	if (!st)
		st = http_run(http, "/v1/enroll", NULL, request->data,
			request->len, gather, &answer, &http_status, why);
	if (!st)
		st = enroll_answer(
			http_status, buf_text(&answer), answer.len, given, why);
	http_free(http);
	buf_release(&answer);
	return st;
}

/* Who vouched for the hub at enrolment does so from then on: the authority
 * that a person named, or the one that the hub says is its own. */
static enum status
keep_authority(struct replica *r, const struct enrolled *given,
	const char *authority, struct why *why)
{
	if (!*authority)
		authority = given->authority;
	if (!*authority)
		return ST_OK;
	return replica_meta_set(r, META_AUTHORITY, authority, why);
}

static enum status
make_replica(const char *path, const char *url, const char *badge,
	const char *authority, const struct enrolled *given,
	struct replica **out, struct why *why)
{
	const struct identity who = {
		given->number, badge, given->token, url, given->hub};
	enum status st = replica_create(
		path, &who, given->profile, given->zone, NULL, out, why);

	if (!st && *given->hash)
		st = replica_meta_set(
			*out, META_PROFILE_HASH, given->hash, why);
	if (!st)
		st = keep_authority(*out, given, authority, why);
	if (st) {
		replica_close(*out);
		*out = NULL;
	}
	return st;
}

/* Before the code is spent: it can be used only once. */
static enum status
open_own(const char *path, const char *badge, struct replica **out,
	struct why *why)
{
	enum status st = replica_open(path, NULL, out, why);

	if (st || strcmp(replica_identity(*out)->badge, badge) == 0)
		return st;
	st = why_set(why, ST_FILE,
		"%s is the file of member %s and was left as it is: name "
		"another file with -r",
		path, replica_identity(*out)->badge);
	replica_close(*out);
	*out = NULL;
	return st;
}

static enum status
ask_again(struct replica *r, const char *url, const char *authority,
	const char *badge, const char *code, const char *device,
	struct enrolled *given, struct why *why)
{
	struct buf request = BUF_INIT;
	struct former former;
	enum status st = former_read(r, &former, why);

	if (!st) {
		enroll_request(badge, code, device, &former, &request);
		st = ask_enrolment(url, authority, true, &request, given, why);
	}
	former_release(&former);
	buf_release(&request);
	return st;
}

/* Onto the member's own file: what is unsent in it is sent under the number
 * that it gets. */
static enum status
enroll_file(const char *path, const char *url, const char *badge,
	const char *code, const char *device, const char *ca_file,
	int64_t *renamed, struct replica **out, struct why *why)
{
	struct buf authority = BUF_INIT;
	struct enrolled given = {0};
	enum status st = open_own(path, badge, out, why);

	if (!st)
		st = file_authority(*out, ca_file, &authority, why);
	if (!st)
		st = ask_again(*out, url, buf_text(&authority), badge, code,
			device, &given, why);
	if (!st)
		st = enroll_again(*out, url, &given, renamed, why);
	if (!st)
		refused_note(*out, "");
	if (!st)
		st = keep_authority(*out, &given, buf_text(&authority), why);
	if (st) {
		replica_close(*out);
		*out = NULL;
	}
	buf_release(&authority);
	enrolled_release(&given);
	return st;
}

enum status
client_enroll(const char *path, const char *url, const char *badge,
	const char *code, const char *device, const char *ca_file,
	int64_t *renamed, struct replica **out, struct why *why)
{
	struct buf request = BUF_INIT, authority = BUF_INIT;
	struct enrolled given = {0};
	enum status st;

	*out = NULL;
	*renamed = 0;
	if (access(path, F_OK) == 0)
		return enroll_file(path, url, badge, code, device, ca_file,
			renamed, out, why);
	enroll_request(badge, code, device, NULL, &request);
	st = named_authority(ca_file, &authority, why);
	if (!st)
		st = ask_enrolment(url, buf_text(&authority), false, &request,
			&given, why);
	if (!st)
		st = make_replica(path, url, badge, buf_text(&authority),
			&given, out, why);
	buf_release(&authority);
	enrolled_release(&given);
	buf_release(&request);
	return st;
}
