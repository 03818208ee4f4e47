#include "tui/syncing.h"

#include <string.h>

#include "common/digest.h"
#include "common/outbox.h"
#include "tui/show.h"

#define ONLINE_MS (2 * 60 * 1000) /* how long one answer proves it */
#define SHOWN_AFTER_MS 1000	  /* shorter syncs are not worth the bytes */

static int64_t
boot_now(const struct syncing *s)
{
	struct clock_reading now;

	replica_now(s->replica, &now);
	return now.boot_ms;
}

void
syncing_init(struct syncing *s, struct replica *r)
{
	memset(s, 0, sizeof(*s));
	s->replica = r;
	retry_start(&s->retry, boot_now(s));
}

void
syncing_release(struct syncing *s)
{
	client_free(s->client);
}

bool
syncing_busy(const struct syncing *s)
{
	return s->client && client_busy(s->client);
}

static void
ended(struct syncing *s, enum status outcome)
{
	int64_t now = boot_now(s);
	uint32_t random;

	s->tried_at = now;
	if (!outcome) {
		s->state = SYNC_ONLINE;
		s->reached_at = now;
		s->why.text[0] = '\0';
	} else {
		s->state = outcome == ST_REFUSED ? SYNC_REFUSED : SYNC_OFFLINE;
	}
	random_fill(NULL, &random, sizeof(random));
	retry_ended(&s->retry, outcome,
		s->client ? client_retry_after_ms(s->client) : 0, random, now);
}

void
syncing_start(struct syncing *s, bool asked)
{
	struct outbox_counts n = {0};
	enum status st = ST_OK;

	s->asked = asked;
	s->begun_at = boot_now(s);
	s->unsent = outbox_count(s->replica, &n, &s->why) ? 0 : n.unsent;
	if (!s->client)
		st = client_new(s->replica, &s->client, &s->why);
	if (!st)
		st = client_start(s->client, &s->why);
	if (st)
		ended(s, st);
}

void
syncing_soon(struct syncing *s)
{
	retry_soon(&s->retry, boot_now(s));
}

int
syncing_due(struct syncing *s)
{
	int64_t now = boot_now(s);

	if (syncing_busy(s))
		return RETRY_EVERY_MS;
	if (now >= s->retry.next_at)
		syncing_start(s, false);
	if (syncing_busy(s))
		return RETRY_EVERY_MS;
	return s->retry.next_at > now ? (int)(s->retry.next_at - now) : 0;
}

bool
syncing_step(struct syncing *s)
{
	struct sync_counts counts;
	enum status outcome = ST_OK;

	if (!syncing_busy(s) ||
		!client_step(s->client, &outcome, &counts, &s->why))
		return false;
	if (!outcome)
		s->counts = counts;
	ended(s, outcome);
	return true;
}

bool
syncing_online(const struct syncing *s)
{
	return s->reached_at && s->state == SYNC_ONLINE &&
	       boot_now(s) - s->reached_at <= ONLINE_MS;
}

/* A word, and how long ago the hub answered. */
static void
put_answered(const struct syncing *s, const char *word, struct buf *out)
{
	int64_t last = 0;
	char age[WHEN_MAX];
	struct why why;

	buf_puts(out, word);
	if (replica_meta_int(s->replica, META_LAST_SYNC, 0, &last, &why) ||
		!last)
		return;
	show_age(replica_hub_now(s->replica) - last, age);
	/* as wide at 9m as at 10m: what follows stays where it is */
	buf_printf(out, " %-3s", age);
}

void
syncing_words(const struct syncing *s, int64_t unsent, struct buf *out)
{
	int64_t sent = s->unsent - unsent;

	if (syncing_busy(s) &&
		(s->asked || boot_now(s) - s->begun_at > SHOWN_AFTER_MS)) {
		buf_puts(out, "SYNCING");
		if (s->unsent)
			buf_printf(out, " %d of %d", sent > 0 ? (int)sent : 0,
				(int)s->unsent);
	} else if (s->state == SYNC_REFUSED) {
		buf_puts(out, "SIGN IN AGAIN");
	} else if (syncing_online(s)) {
		buf_puts(out, "ONLINE");
	} else {
		put_answered(
			s, s->state == SYNC_ONLINE ? "SYNCED" : "OFFLINE", out);
	}
}
