#include "tui/syncing.h"

#include <string.h>

#include "common/digest.h"
#include "common/inbox.h"
#include "common/outbox.h"
#include "tui/show.h"

#define ONLINE_MS (2 * 60 * 1000) /* how long one answer proves it */
#define MINUTE_MS (60 * 1000)
#define SHOWN_AFTER_MS 1000 /* shorter syncs are not worth the bytes */

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
	memset(&s->progress, 0, sizeof(s->progress));
	s->progress.to_send = s->unsent;
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
put_answered(const struct syncing *s, const char *word, int64_t last,
	struct buf *out)
{
	int64_t ms = replica_hub_now(s->replica) - last;
	char age[WHEN_MAX];

	buf_puts(out, word);
	if (!last)
		return;
	if (ms <= -MINUTE_MS) {
		buf_puts(out, ", clock behind");
		return;
	}
	show_age(ms, age);
	/* as wide at 9m as at 10m: what follows stays where it is */
	buf_printf(out, " %-3s", age);
}

/* Books that are held, and those of them that are whole. */
static void
count_books(struct replica *r, struct sync_progress *p)
{
	struct held_books books = {NULL, 0, 0};
	struct why why;

	if (!inbox_books(r, &books, &why))
		p->books = (int64_t)books.count;
	for (size_t i = 0; i < books.count; i++)
		p->filled += books.items[i].joined != 0;
	held_books_release(&books);
}

void
syncing_look(struct syncing *s, int64_t unsent)
{
	struct sync_progress *p = &s->progress;
	struct sync_counts counts;

	memset(p, 0, sizeof(*p));
	if (!syncing_busy(s))
		return;
	client_counts(s->client, &counts);
	p->came = counts.entries + counts.records;
	p->to_send = s->unsent;
	p->sent = s->unsent > unsent ? s->unsent - unsent : 0;
	count_books(s->replica, p);
}

void
progress_words(const struct sync_progress *p, struct buf *out)
{
	if (p->sent < p->to_send) {
		buf_printf(out, "%lld of %lld", (long long)p->sent,
			(long long)p->to_send);
		return;
	}
	if (p->filled < p->books)
		buf_printf(out, "book %lld of %lld%s", (long long)p->filled + 1,
			(long long)p->books, p->came ? ", " : "");
	if (p->came)
		buf_printf(out, "%lld in", (long long)p->came);
}

void
syncing_words(const struct syncing *s, int64_t last_sync, struct buf *out)
{
	if (syncing_busy(s) &&
		(s->asked || boot_now(s) - s->begun_at > SHOWN_AFTER_MS)) {
		buf_puts(out, "SYNCING ");
		progress_words(&s->progress, out);
		buf_cut(out, out->len - (out->data[out->len - 1] == ' '));
	} else if (s->state == SYNC_REFUSED) {
		buf_puts(out, "SIGN IN AGAIN");
	} else if (syncing_online(s)) {
		buf_puts(out, "ONLINE");
	} else {
		put_answered(s,
			s->state == SYNC_ONLINE || (last_sync && !s->tried_at)
				? "SYNCED"
				: "OFFLINE",
			last_sync, out);
	}
}
