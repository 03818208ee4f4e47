#include "tests/sim/weak.h"

#include <sys/wait.h>
#include <unistd.h>

#include "sync/pack.h"
#include "tests/sim/exchange.h"
#include "tests/sim/oracles.h"
#include "tests/sim/people.h"

#define TRIES_MAX 200
#define STREAM_MAX ((size_t)64 << 20)
#define SHIFT_MORE 20
#define CUT_MIN 2300 /* bytes both ways until the link breaks off */
#define CUT_MORE 8000

/* What a break may cost: what came since the last piece of the answer was
 * complete, and being asked once more, the head alone first. And the frame
 * that was on its way: none can be gone on with in its midst. */
#define BREAK_BYTES (2048 + 1024)

/* What a device's syncs took until one was whole. */
struct journey {
	size_t bytes, frames; /* both ways; of frames that broke off */
	int breaks;
};

/* Bytes of the frame that a stream ends in the midst of. */
static size_t
broken_frame(const char *bytes, size_t len)
{
	struct unpacker *u = unpacker_new(STREAM_MAX);
	struct why why = {""};
	size_t left = 0, line;

	if (unpacker_add(u, bytes, len, &why))
		world_fail("a stream breaks off, and is sound till there", "%s",
			why.text);
	while (unpacker_line(u, &line))
		;
	unpacker_partial(u, &left);
	unpacker_free(u);
	return left;
}

/* As much as the link lets through, both ways together; 0: all. */
static enum status
go(struct device *d, struct chance *c, size_t most, struct journey *j,
	bool *more)
{
	struct exchange x = {.d = d, .c = c, .deflated = true};
	struct sync_counts counts;
	size_t asked, all;
	enum status st;

	if (!exchange_ask(&x))
		world_fail("a sync over a weak link", "no request");
	asked = x.request.len;
	if (most && asked > most) {
		asked = most;
		j->frames += broken_frame(x.request.data, asked);
		exchange_deliver(d->w, x.request.data, asked, &x.answer);
		x.answer.len = 0;
	} else {
		x.status = exchange_deliver(
			d->w, x.request.data, asked, &x.answer);
	}
	all = asked + x.answer.len;
	if (most && all > most) {
		x.answer.len = most - asked;
		j->frames += broken_frame(x.answer.data, x.answer.len);
	}
	j->bytes += asked + x.answer.len;
	st = exchange_hear(&x, &counts);
	*more = st || counts.again;
	return st;
}

static struct journey
go_on(struct device *d, struct chance *c, bool weak)
{
	struct journey j = {0};
	bool more = true;
	int tries;

	for (tries = 0; more && tries < TRIES_MAX; tries++) {
		size_t most = weak ? CUT_MIN + draw(c, CUT_MORE) : 0;

		j.breaks += go(d, c, most, &j, &more) != ST_OK;
	}
	if (more)
		world_fail("a sync over a weak link comes to an end",
			"device %u: not after %d requests", d->index, tries);
	return j;
}

/* What it would take over a good link, tried in a process of its own. */
static size_t
uncut(struct device *d)
{
	struct chance c = {1};
	size_t bytes = 0;
	int ends[2], status;
	pid_t child;

	if (pipe(ends) || (child = fork()) < 0)
		world_fail("must not fail", "no process");
	if (child == 0) {
		d->w->talks = false;
		bytes = go_on(d, &c, false).bytes;
		_exit(write(ends[1], &bytes, sizeof(bytes)) != sizeof(bytes));
	}
	close(ends[1]);
	if (read(ends[0], &bytes, sizeof(bytes)) != sizeof(bytes))
		bytes = 0;
	close(ends[0]);
	waitpid(child, &status, 0);
	if (status || !bytes)
		world_fail("a sync over a good link", "device %u", d->index);
	return bytes;
}

/* Something to send: a shift without a link. */
static void
write_a_shift(struct device *d, struct chance *c)
{
	for (uint32_t n = 15 + draw(c, SHIFT_MORE); n; n--)
		if (one_in(c, 4))
			people_make(d, c);
		else
			people_dictate(d, c);
}

static void
weak_one(struct device *d, struct chance *c)
{
	size_t most = uncut(d);
	struct journey j = go_on(d, c, true);
	size_t again = (size_t)j.breaks * BREAK_BYTES + j.frames;

	world_tell(d->w, "    device %u: %zu bytes with %d breaks, %zu without",
		d->index, j.bytes, j.breaks, most);
	/* That a file is a copy is heard only after a whole request. */
	if (!d->w->copied && j.bytes > most + again)
		world_fail("what came before a break does not come again",
			"device %u: %zu bytes with %d breaks, %zu without",
			d->index, j.bytes, j.breaks, most);
}

void
weak_sync(struct device *d, struct chance *c)
{
	if (d->ailing || d->w->hub_ailing || oracle_refused(d) || !one_in(c, 3))
		return;
	write_a_shift(d, c);
	weak_one(d, c);
	if (d->w->device_count < DEVICES_MAX)
		weak_one(world_enroll(d->w, d->badge), c);
}
