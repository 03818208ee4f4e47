#include "tests/sim/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/pack.h"
#include "tests/sim/exchange.h"
#include "tests/sim/oracles.h"

#define SHOWN_MAX ((size_t)64 << 20)
#define WRITES_MAX 60 /* of a process until it is killed */
#define ROUNDS_MAX 20 /* of requests until a sync is whole */

static size_t last_bytes;

size_t
link_bytes(void)
{
	return last_bytes;
}

static const char *const fate_names[FATES] = {"good", "lost", "late",
	"cut request", "lost answer", "cut answer", "twice", "portal", "proxy",
	"killed", "hub killed"};

static void
keep_letter(struct exchange *x, bool whole)
{
	struct world *w = x->d->w;
	struct letter *l = &w->letters[w->letter_count++ % LETTERS_MAX];

	buf_clear(&l->bytes);
	buf_add(&l->bytes, x->request.data, x->request.len);
	l->device = x->d->index;
	l->whole = whole;
}

static void sync_once(struct device *d, struct chance *c, bool nested);

static void
others_sync(struct exchange *x)
{
	struct world *w = x->d->w;
	struct device *d = &w->devices[draw(x->c, w->device_count)];

	if (!x->meanwhile || d == x->d || !d->r || d->revoked)
		return;
	x->meanwhile = false;
	sync_once(d, x->c, true);
}

/* The hub takes the bytes as they come, and answers piece by piece. */
static int
deliver(struct world *w, const char *bytes, size_t len, struct exchange *x,
	struct buf *out)
{
	struct hub_sync *s = hub_sync_new(w->t.h);
	size_t half = x ? draw(x->c, (uint32_t)len + 1) : len;
	bool more = true;
	int status;

	hub_sync_feed(s, bytes, half);
	if (x && one_in(x->c, 2))
		others_sync(x);
	hub_sync_feed(s, bytes + half, len - half);
	hub_sync_finish(s);
	status = hub_sync_status(s);
	while (more) {
		hub_sync_answer(s, out, &more);
		if (x)
			others_sync(x);
	}
	hub_sync_free(s);
	return status;
}

int
exchange_deliver(
	struct world *w, const char *bytes, size_t len, struct buf *answer)
{
	return deliver(w, bytes, len, NULL, answer);
}

static void
page(struct exchange *x, int status, const char *text)
{
	x->status = status;
	buf_puts(&x->answer, text);
}

/* What the hub, or whoever sits between, gives back. */
static void
carry(struct exchange *x)
{
	static const char portal[] =
		"<!DOCTYPE html><html><title>Sign in</title></html>";
	struct world *w = x->d->w;
	struct buf twice = BUF_INIT;
	size_t len = x->request.len;

	switch (x->fate) {
	case FATE_LOST:
	case FATE_LATE:
		break;
	case FATE_PORTAL:
		page(x, 200, portal);
		break;
	case FATE_PROXY:
		page(x, one_in(x->c, 2) ? 413 : 502,
			one_in(x->c, 2) ? portal : "");
		break;
	case FATE_CUT_REQUEST:
		len = draw(x->c, (uint32_t)len);
		deliver(w, x->request.data, len, x, &twice);
		break;
	case FATE_HUB_KILLED:
		disk_fail(HUB_DISK, DISK_READ_ONLY, draw(x->c, WRITES_MAX));
		deliver(w, x->request.data, len, x, &twice);
		hub_kill(w, LOSS_NONE, 0);
		break;
	case FATE_TWICE:
		deliver(w, x->request.data, len, x, &twice);
		/* fall through */
	default:
		x->status = deliver(w, x->request.data, len, x, &x->answer);
		break;
	}
	buf_release(&twice);
}

/* How much of the answer arrives. */
static void
mangle(struct exchange *x)
{
	struct buf *a = &x->answer;

	if (x->fate == FATE_LOST_ANSWER) {
		a->len = 0;
		x->status = 0;
	} else if (a->len && x->fate == FATE_CUT_ANSWER) {
		a->len = draw(x->c, (uint32_t)a->len);
	}
}

static enum status
listen(struct exchange *x, struct why *why)
{
	enum status st = ST_OK;
	size_t n;

	/* No write comes to the disk after the one it ends in. */
	if (x->fate == FATE_KILLED)
		disk_fail(x->d->disk, DISK_READ_ONLY, draw(x->c, WRITES_MAX));
	for (size_t at = 0; !st && at < x->answer.len; at += n) {
		n = 1 + draw(x->c, 1500);
		if (n > x->answer.len - at)
			n = x->answer.len - at;
		st = engine_feed(
			x->engine, x->status, x->answer.data + at, n, why);
	}
	return st;
}

/* What a sync may come to, by what happened to it. */
static void
judge(struct exchange *x, enum status st, const struct why *why)
{
	struct device *d = x->d;

	if (!st || st == ST_LATER)
		return;
	if (st == ST_REFUSED && (d->revoked || oracle_refused(d)))
		return;
	if (st == ST_FILE && !d->w->fair && d->ailing)
		return;
	world_fail("every sync goes or goes later",
		"device %u (%s), link %s: status %d: %s", d->index, d->badge,
		fate_names[x->fate], (int)st, why->text);
}

static enum status
finish(struct exchange *x, enum status st, struct sync_counts *counts,
	struct why *why)
{
	enum status end;

	memset(counts, 0, sizeof(*counts));
	if (x->fate == FATE_KILLED) {
		engine_free(x->engine);
		device_kill(x->d, LOSS_NONE, 0);
		return ST_LATER;
	}
	end = engine_end(x->engine, counts, why);
	engine_free(x->engine);
	judge(x, st ? st : end, why);
	if (counts->differed)
		world_fail("checksums are those of the hub",
			"device %u (%s): %lld books differ", x->d->index,
			x->d->badge, (long long)counts->differed);
	if (x->fate == FATE_GOOD && x->d->w->fair && !oracle_refused(x->d) &&
		(st || end))
		world_fail("a sync in good weather goes",
			"device %u (%s): status %d: %s", x->d->index,
			x->d->badge, (int)(st ? st : end), why->text);
	return st ? st : end;
}

/* As lines: a run that is shown is the run that was not. */
static void
show(const struct exchange *x, const char *what, const struct buf *bytes)
{
	struct unpacker *u;
	struct why why = {""};
	const char *line;
	size_t len;

	if (!x->d->w->shows || !x->d->w->talks)
		return;
	u = unpacker_new(SHOWN_MAX);
	printf("      %u %s, %zu bytes:\n", x->d->index, what, bytes->len);
	if (unpacker_add(u, buf_text(bytes), bytes->len, &why))
		printf("      (%s)\n", why.text);
	while ((line = unpacker_line(u, &len)))
		printf("%.*s\n", (int)len, line);
	line = unpacker_partial(u, &len);
	printf("%.*s\n", (int)len, len ? line : "");
	unpacker_free(u);
}

bool
exchange_ask(struct exchange *x)
{
	struct why why = {""};
	bool plain = !x->deflated && one_in(x->c, 3);
	enum status st =
		engine_begin(x->d->r, plain, &x->engine, &x->request, &why);

	if (!st)
		return true;
	judge(x, st, &why);
	buf_release(&x->request);
	return false;
}

enum status
exchange_hear(struct exchange *x, struct sync_counts *counts)
{
	struct why why = {""};
	enum status st;

	show(x, "asks", &x->request);
	show(x, "hears", &x->answer);
	keep_letter(x, x->status == 200 && x->fate != FATE_PORTAL);
	last_bytes = x->request.len + x->answer.len;
	mangle(x);
	st = listen(x, &why);
	st = finish(x, st, counts, &why);
	world_tell(x->d->w,
		"    device %u syncs (%s): status %d, %lld edits sent, %lld "
		"entries and %lld records came",
		x->d->index, fate_names[x->fate], x->status,
		(long long)counts->sent, (long long)counts->entries,
		(long long)counts->records);
	buf_release(&x->request);
	buf_release(&x->answer);
	oracle_after_sync(x->d);
	return st;
}

static void
exchange(struct exchange *x, struct sync_counts *counts)
{
	if (!exchange_ask(x))
		return;
	carry(x);
	exchange_hear(x, counts);
}

/* In the midst of another's: nobody ends the hub then. */
static void
sync_once(struct device *d, struct chance *c, bool nested)
{
	struct exchange x = {.d = d, .c = c};
	struct sync_counts counts;

	x.fate = one_in(c, 2) ? FATE_GOOD : (enum fate)draw(c, FATES);
	if (x.fate == FATE_HUB_KILLED && nested)
		x.fate = FATE_GOOD;
	x.meanwhile = !nested && x.fate != FATE_HUB_KILLED && one_in(c, 6);
	exchange(&x, &counts);
}

void
link_sync(struct device *d, struct chance *c)
{
	sync_once(d, c, false);
}

void
link_sync_whole(struct device *d)
{
	struct chance c = {d->index};
	struct sync_counts counts = {.again = true};
	int i;

	for (i = 0; counts.again && i < ROUNDS_MAX; i++) {
		struct exchange x = {.d = d, .c = &c};

		exchange(&x, &counts);
	}
	if (counts.again)
		world_fail("a sync comes to an end",
			"device %u (%s) would go on after %d requests",
			d->index, d->badge, i);
}

void
link_late(struct world *w, struct chance *c)
{
	unsigned known =
		w->letter_count < LETTERS_MAX ? w->letter_count : LETTERS_MAX;
	struct buf answer = BUF_INIT;
	struct digest before, after;
	struct letter *l;

	if (!known)
		return;
	l = &w->letters[draw(c, known)];
	if (l->whole)
		oracle_hub_digest(w, &before);
	deliver(w, l->bytes.data, l->bytes.len, NULL, &answer);
	if (l->whole)
		oracle_hub_digest(w, &after);
	if (l->whole && memcmp(&before, &after, sizeof(before)) != 0)
		world_fail("replaying a request changes nothing",
			"a request of device %u, delivered before", l->device);
	world_tell(w, "    a request of device %u comes %s", l->device,
		l->whole ? "once more" : "late");
	buf_release(&answer);
}
