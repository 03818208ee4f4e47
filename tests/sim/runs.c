#include "tests/sim/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/oracles.h"

#define SHRINK_RUNS 600 /* at most */

void
outcome_release(struct outcome *o)
{
	buf_release(&o->text);
	o->failed = false;
}

/* In the child: from the first event to the last oracle. */
static void
play(struct world *w, uint64_t seed, const struct plan *p, const bool *keep)
{
	world_start(w, seed, p->devices);
	for (size_t i = 0; i < p->count; i++) {
		const struct event *e = &p->events[i];

		if (keep && !keep[i])
			continue;
		world_tell(w, "%zu: %s, device %u, %lld s later", i,
			event_name(e), e->device % w->device_count,
			(long long)(e->pass / 1000));
		event_do(w, e);
	}
	world_tell(w, "good weather");
	good_weather(w);
	oracle_end(w);
}

static void
listen(int from, struct buf *out)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (out->len < 20000)
			buf_add(out, bytes, (size_t)n);
}

void
run_plan(struct world *w, uint64_t seed, const struct plan *p, const bool *keep,
	bool talks, struct outcome *o)
{
	int ends[2], status = 0;
	pid_t child;

	memset(o, 0, sizeof(*o));
	fflush(NULL);
	if (pipe(ends) || (child = fork()) < 0) {
		perror("fleet");
		exit(2);
	}
	if (child == 0) {
		close(ends[0]);
		dup2(ends[1], STDERR_FILENO);
		w->talks = talks;
		play(w, seed, p, keep);
		_exit(0);
	}
	close(ends[1]);
	listen(ends[0], &o->text);
	close(ends[0]);
	waitpid(child, &status, 0);
	o->failed = status != 0;
	if (WIFSIGNALED(status))
		buf_printf(&o->text, "the process dies: signal %d\n",
			WTERMSIG(status));
}

/* The same oracle, whatever it saw this time. */
static bool
same(const struct outcome *a, const struct outcome *b)
{
	const char *x = buf_text(&a->text), *y = buf_text(&b->text);

	return a->failed && b->failed && strcspn(x, ":") == strcspn(y, ":") &&
	       strncmp(x, y, strcspn(x, ":")) == 0;
}

struct shrinking {
	struct world *w;
	uint64_t seed;
	const struct plan *p;
	bool *keep;
	struct outcome *o;
	int runs;
};

/* Leave `count` kept events out from the one at `from`; *next is the first
 * after them. Does it still fail? */
static bool
without(struct shrinking *s, size_t from, size_t count, size_t *next)
{
	bool *fewer = mem_alloc(s->p->count + 1);
	struct outcome o;
	bool still;

	memcpy(fewer, s->keep, s->p->count);
	for (*next = from; *next < s->p->count && count; ++*next) {
		count -= fewer[*next];
		fewer[*next] = false;
	}
	s->runs++;
	run_plan(s->w, s->seed, s->p, fewer, false, &o);
	still = same(&o, s->o);
	if (still) {
		memcpy(s->keep, fewer, s->p->count);
		outcome_release(s->o);
		*s->o = o;
	} else {
		outcome_release(&o);
	}
	free(fewer);
	return still;
}

static bool
pass(struct shrinking *s, size_t count)
{
	bool shrunk = false;
	size_t next;

	for (size_t at = 0; at < s->p->count && s->runs < SHRINK_RUNS;
		at = next)
		if (s->keep[at])
			shrunk |= without(s, at, count, &next);
		else
			next = at + 1;
	return shrunk;
}

void
run_shrink(struct world *w, uint64_t seed, const struct plan *p, bool *keep,
	struct outcome *o)
{
	struct shrinking s = {w, seed, p, keep, o, 0};
	size_t count = p->count / 2;

	while (count && s.runs < SHRINK_RUNS)
		if (!pass(&s, count) || count > 1)
			count /= 2;
}
