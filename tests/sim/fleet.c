/*
 * A fleet in a process: real clients and a real hub, with a simulated clock,
 * network and disk. A seed is a run; what fails is cut down to the events
 * that it needs.
 *
 *   fleet [COUNT [FIRST]]           as a test: one line for all, or for each
 *                                   that fails; SIM_SEEDS=COUNT does as well
 *   SIM_SEED=N fleet                that seed alone, told step by step
 *   SIM_SEED=N SIM_KEEP=1,5-8 fleet only these of its events
 *   SIM_SHOW=1 …                    and all that is sent
 *   SIM_FIRST=1 …                   the first failure ends it, as it is
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/runs.h"

#define SEEDS 200
#define FAILURES_MAX 5 /* then it is enough */

static void
put_kept(const struct plan *p, const bool *keep)
{
	const char *comma = "";

	printf(" SIM_KEEP=");
	for (size_t i = 0; i < p->count; i++) {
		size_t to = i;

		if (!keep[i])
			continue;
		while (to + 1 < p->count && keep[to + 1])
			to++;
		printf(to > i ? "%s%zu-%zu" : "%s%zu", comma, i, to);
		comma = ",";
		i = to;
	}
	putchar('\n');
}

/* Numbers and ranges, with commas between. */
static void
read_kept(const char *text, bool *keep, size_t count)
{
	memset(keep, 0, count);
	while (*text) {
		char *end;
		size_t from = strtoul(text, &end, 10), to = from;

		if (*end == '-')
			to = strtoul(end + 1, &end, 10);
		for (; from <= to && from < count; from++)
			keep[from] = true;
		text = *end ? end + 1 : end;
	}
}

static void
put_comment(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		printf("# %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void
explain(struct world *w, uint64_t seed, const struct plan *p, struct outcome *o)
{
	bool *keep = mem_alloc(p->count + 1);

	put_comment(buf_text(&o->text));
	if (w->hurries) {
		free(keep);
		return;
	}
	memset(keep, true, p->count);
	run_shrink(w, seed, p, keep, o);
	printf("# shrunk: SIM_SEED=%llu", (unsigned long long)seed);
	put_kept(p, keep);
	put_comment(buf_text(&o->text));
	fflush(stdout);
	free(keep);
}

/* Run it; a failure is told and explained. */
static bool
one_seed(struct world *w, uint64_t seed, int failures)
{
	struct plan p;
	struct outcome o;
	bool good;

	plan_make(&p, seed);
	run_plan(w, seed, &p, NULL, false, &o);
	good = !o.failed;
	if (!good) {
		printf("not ok %d - seed %llu\n", failures + 1,
			(unsigned long long)seed);
		explain(w, seed, &p, &o);
	}
	outcome_release(&o);
	plan_release(&p);
	return good;
}

static int
told_seed(struct world *w, uint64_t seed, const char *kept)
{
	struct plan p;
	struct outcome o;
	bool *keep, failed;

	plan_make(&p, seed);
	keep = mem_alloc(p.count + 1);
	memset(keep, true, p.count);
	if (kept)
		read_kept(kept, keep, p.count);
	run_plan(w, seed, &p, keep, true, &o);
	failed = o.failed;
	printf("%s 1 - seed %llu\n", failed ? "not ok" : "ok",
		(unsigned long long)seed);
	put_comment(buf_text(&o.text));
	outcome_release(&o);
	plan_release(&p);
	free(keep);
	return failed;
}

static uint64_t
number(const char *text, uint64_t otherwise)
{
	return text ? strtoull(text, NULL, 10) : otherwise;
}

static int
many_seeds(struct world *w, uint64_t first, uint64_t count)
{
	int failures = 0;

	for (uint64_t i = 0;
		i < count && failures < (w->hurries ? 1 : FAILURES_MAX); i++)
		failures += !one_seed(w, first + i, failures);
	if (!failures)
		printf("ok 1 - a fleet comes to agree, seeds %llu to %llu\n",
			(unsigned long long)first,
			(unsigned long long)(first + count - 1));
	return failures != 0;
}

int
main(int argc, char **argv)
{
	const char *seed = getenv("SIM_SEED");
	uint64_t count = number(getenv("SIM_SEEDS"), SEEDS);
	static struct world w;
	int failed;

	world_make(&w);
	w.shows = getenv("SIM_SHOW") != NULL;
	w.hurries = getenv("SIM_FIRST") != NULL;
	if (seed)
		failed = told_seed(&w, number(seed, 1), getenv("SIM_KEEP"));
	else
		failed = many_seeds(&w, number(argc > 2 ? argv[2] : NULL, 1),
			number(argc > 1 ? argv[1] : NULL, count));
	world_remove(&w);
	return failed;
}
