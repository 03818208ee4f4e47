#include "tests/sim/weak.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/exchange.h"
#include "tests/sim/oracles.h"
#include "tests/sim/people.h"

#define TRIES_MAX 200
#define SHIFT_MORE 20
#define CUT_MIN 2300 /* bytes both ways until the link breaks off */
#define CUT_MORE 8000

/* What a break may cost: what came since the last piece of the answer was
 * complete, and being asked once more, the head alone first. */
#define BREAK_BYTES (2048 + 1024)

/* As much as the link lets through, both ways together; 0: all. */
static enum status
go(struct device *d, struct chance *c, size_t most, size_t *bytes, bool *more)
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
		exchange_deliver(d->w, x.request.data, asked, &x.answer);
		x.answer.len = 0;
	} else {
		x.status = exchange_deliver(
			d->w, x.request.data, asked, &x.answer);
	}
	all = asked + x.answer.len;
	if (most && all > most)
		x.answer.len = most - asked;
	*bytes += asked + x.answer.len;
	st = exchange_hear(&x, &counts);
	*more = st || counts.again;
	return st;
}

static size_t
go_on(struct device *d, struct chance *c, bool weak, int *breaks)
{
	size_t bytes = 0;
	bool more = true;
	int tries = 0;

	for (*breaks = 0; more && tries < TRIES_MAX; tries++) {
		size_t most = weak ? CUT_MIN + draw(c, CUT_MORE) : 0;

		*breaks += go(d, c, most, &bytes, &more) != ST_OK;
	}
	if (more)
		world_fail("a sync over a weak link comes to an end",
			"device %u: not after %d requests", d->index, tries);
	return bytes;
}

/* What it would take over a good link, tried in a process of its own. */
static size_t
uncut(struct device *d)
{
	struct chance c = {1};
	size_t bytes = 0;
	int ends[2], breaks, status;
	pid_t child;

	if (pipe(ends) || (child = fork()) < 0)
		world_fail("must not fail", "no process");
	if (child == 0) {
		d->w->talks = false;
		bytes = go_on(d, &c, false, &breaks);
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
	size_t most, bytes;
	int breaks;

	most = uncut(d);
	bytes = go_on(d, c, true, &breaks);
	world_tell(d->w, "    device %u: %zu bytes with %d breaks, %zu without",
		d->index, bytes, breaks, most);
	/* That a file is a copy is heard only after a whole request. */
	if (!d->w->copied && bytes > most + (size_t)breaks * BREAK_BYTES)
		world_fail("what came before a break does not come again",
			"device %u: %zu bytes with %d breaks, %zu without",
			d->index, bytes, breaks, most);
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
