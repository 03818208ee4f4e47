#include "tui/sync_watch.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/digest.h"
#include "common/json.h"
#include "sync/retry.h"
#include "tui/stop.h"

#define LOOK_EVERY_MS 2000 /* whether somebody saved */
#define SYNC_FDS 8

void
put_json_number(struct buf *out, const char *name, int64_t n)
{
	json_put_name(out, name);
	buf_printf(out, "%" PRId64, n);
}

void
put_json_seconds(struct buf *out, const char *name, int64_t ms)
{
	json_put_name(out, name);
	buf_printf(out, "%s%" PRId64 ".%03d", ms < 0 ? "-" : "",
		(ms < 0 ? -ms : ms) / 1000, (int)((ms < 0 ? -ms : ms) % 1000));
}

/* Records that went and did not come again: where books were filled anew nobody
 * counted which those are. */
static int64_t
gone(const struct sync_counts *n)
{
	return n->forked || n->contradicted ? 0 : n->left;
}

void
put_json_counts(const struct sync_counts *n, const struct outbox_counts *o,
	struct buf *out)
{
	put_json_number(out, "sent", n->sent);
	put_json_number(out, "confirmed", n->confirmed);
	put_json_number(out, "entries", n->entries);
	put_json_number(out, "records", n->records);
	put_json_number(out, "left", gone(n));
	put_json_number(out, "renumbered", n->renumbered);
	put_json_number(out, "renamed", n->renamed);
	put_json_number(out, "aside", n->aside);
	put_json_number(out, "differed", n->differed);
	put_json_number(out, "contradicted", n->contradicted);
	put_json_number(out, "unsent", o->unsent);
	put_json_number(out, "conflicts", o->conflicts);
	put_json_seconds(out, "clock_offset_s", n->offset_ms);
}

void
put_counts(const struct sync_counts *n, struct buf *out)
{
	buf_printf(out,
		"sent %" PRId64 ", confirmed %" PRId64 "; came: %" PRId64
		" change%s, %" PRId64 " record%s",
		n->sent, n->confirmed, n->entries, n->entries == 1 ? "" : "s",
		n->records, n->records == 1 ? "" : "s");
	put_left("; ", n, out);
}

void
put_left(const char *before, const struct sync_counts *n, struct buf *out)
{
	if (gone(n))
		buf_printf(out,
			"%s%" PRId64 " %s no longer in your books: gone from "
			"here, kept by the hub",
			before, gone(n),
			gone(n) == 1 ? "record is" : "records are");
}

void
put_turns(struct replica *r, const struct sync_counts *n, struct buf *out)
{
	if (n->renumbered)
		buf_printf(out,
			"this file was a copy of another: it is replica %u "
			"now; records made in it since, with new ids: %" PRId64
			"\n",
			replica_identity(r)->number, n->renamed);
	if (n->forked)
		buf_printf(out,
			"the hub had lost entries: yours were sent again; "
			"%" PRId64
			" of others set aside then: `beatbook log --aside` "
			"lists those that did not come again\n",
			n->aside);
	if (n->contradicted)
		buf_puts(out,
			"the hub says otherwise than before of what is here: "
			"all books were filled anew as it has them, and no "
			"edit of yours is lost\n");
	else if (n->differed)
		buf_printf(out,
			"%" PRId64 " book%s not as the hub has %s, and filled "
			"anew: no edit of yours is lost\n",
			n->differed, n->differed == 1 ? " was" : "s were",
			n->differed == 1 ? "it" : "them");
}

struct watch {
	struct session *s;
	bool json;
	struct client *client;
	struct retry retry;
	int64_t version; /* of the file, as last looked at */
	int stop;	 /* can be read once a signal came */
};

static int64_t
boot_now(const struct watch *w)
{
	struct clock_reading now;

	replica_now(w->s->replica, &now);
	return now.boot_ms;
}

/* How one sync went, in one line. */
static enum status
say_outcome(struct watch *w, enum status outcome, const struct sync_counts *n,
	const struct why *failure, struct why *why)
{
	struct outbox_counts left = {0};
	struct buf *out = &w->s->out;
	int64_t now = replica_hub_now(w->s->replica);
	char when[WHEN_MAX];
	enum status st = outbox_count(w->s->replica, &left, why);

	if (st)
		return st;
	if (w->json) {
		when_instant_text(now, when);
		buf_puts(out, "{\"at\":");
		json_put_text(out, when);
		put_json_counts(n, &left, out);
		if (outcome)
			json_put_member(out, "error", failure->text);
		put_json_seconds(out, "next_s", w->retry.next_at - boot_now(w));
		buf_puts(out, "}\n");
	} else {
		when_local_text(now, when);
		buf_printf(out, "%s  ", when);
		if (outcome)
			buf_puts(out, failure->text);
		else
			put_counts(n, out);
		buf_printf(out, "; unsent %" PRId64 ", conflicts %" PRId64 "\n",
			left.unsent, left.conflicts);
		if (!outcome)
			put_turns(w->s->replica, n, out);
	}
	/* What was saved meanwhile does not wait for five minutes. */
	if (!outcome && left.unsent)
		retry_soon(&w->retry, boot_now(w));
	return session_flush(w->s, why);
}

static enum status
ended(struct watch *w, enum status outcome, const struct sync_counts *n,
	const struct why *failure, struct why *why)
{
	uint32_t random;

	random_fill(NULL, &random, sizeof(random));
	retry_ended(&w->retry, outcome, client_retry_after_ms(w->client),
		random, boot_now(w));
	w->version = replica_version(w->s->replica);
	return say_outcome(w, outcome, n, failure, why);
}

static void
look_for_saves(struct watch *w)
{
	int64_t version = replica_version(w->s->replica);

	if (version != w->version)
		retry_soon(&w->retry, boot_now(w));
	w->version = version;
}

/* Wait for whatever comes first; true: to end. */
static bool
wait_once(struct watch *w)
{
	struct pollfd fds[SYNC_FDS + 1] = {{.fd = w->stop, .events = POLLIN}};
	int64_t left = w->retry.next_at - boot_now(w);
	int count = 0, timeout = LOOK_EVERY_MS;

	if (client_busy(w->client))
		count = client_poll_set(w->client, fds + 1, SYNC_FDS, &timeout);
	else if (left < timeout)
		timeout = left > 0 ? (int)left : 0;
	poll(fds, (nfds_t)count + 1, timeout);
	return fds[0].revents != 0;
}

static enum status
watch(struct watch *w, struct why *why)
{
	struct sync_counts n = {0};
	struct why failure = {""};
	enum status outcome = ST_OK, st = ST_OK;

	while (!st) {
		if (!client_busy(w->client) &&
			boot_now(w) >= w->retry.next_at) {
			n = (struct sync_counts){0};
			outcome = client_start(w->client, &failure);
			if (outcome)
				st = ended(w, outcome, &n, &failure, why);
		}
		if (wait_once(w))
			return ST_OK;
		if (!client_busy(w->client))
			look_for_saves(w);
		else if (client_step(w->client, &outcome, &n, &failure))
			st = ended(w, outcome, &n, &failure, why);
	}
	return st;
}

enum status
sync_watch(struct session *s, bool json, struct why *why)
{
	struct watch w = {.s = s, .json = json, .stop = stop_signals()};
	enum status st;

	if (w.stop < 0)
		return why_set(why, ST_FILE,
			"signals cannot be waited for: look at the limit of "
			"open files");
	st = client_new(s->replica, &w.client, why);
	retry_start(&w.retry, boot_now(&w));
	if (!st)
		st = watch(&w, why);
	client_free(w.client);
	close(w.stop);
	return st;
}
