/*
 * work - the parts of the sync bench that are not the programs themselves;
 * sync.py runs it. Figures go to standard output as `name value` lines.
 *   work fill HUB RECORDS BEATS     the hub's log gets its records
 *   work edits A|B                  KIND/ID, field, value; tabs between
 *   work floor-shift
 *   work floor-fill FILE RECORDS AT_ONCE
 *   work floor-changes FILE RECORDS CHANGES AT_ONCE CACHE_KIB
 *   work apply HUB REPLICA RECORDS CHANGES
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/city.h"
#include "tests/bench/floor.h"
#include "tests/bench/work.h"

static struct why why;

static size_t
number(const char *text)
{
	return (size_t)strtoull(text, NULL, 10);
}

static void
say_spent(struct spent took)
{
	printf("seconds %.4f\ncpu %.4f\n", took.wall, took.cpu);
}

static enum status
fill(char **argv)
{
	return city_fill(argv[0], number(argv[1]), number(argv[2]), &why);
}

static enum status
edits(char **argv)
{
	struct work_edit all[WORK_SHIFT_A];
	struct work_record r = {0};
	size_t count;

	work_shift(argv[0][0], all, &count);
	for (size_t i = 0; i < count; i++) {
		work_record(all[i].record, 1, &r);
		printf("%s/%s\t%s\t%s\n", WORK_KIND, r.id,
			work_fields[all[i].field], buf_text(&all[i].value));
	}
	work_record_release(&r);
	work_edits_release(all, count);
	return ST_OK;
}

static enum status
shift_floor(char **argv)
{
	struct floor_shift f;

	(void)argv;
	floor_shift(&f);
	for (int i = 0; i < 3; i++)
		printf("up%d %zu\ndown%d %zu\n", i, f.up[i], i, f.down[i]);
	printf("suffixes %zu\nadditions %.3f\n", f.suffixes, f.additions);
	return ST_OK;
}

static enum status
fill_floor(char **argv)
{
	size_t records = number(argv[1]);

	printf("bytes %zu\n", floor_fill_bytes(records));
	say_spent(floor_fill_time(argv[0], records, number(argv[2])));
	return ST_OK;
}

static enum status
changes_floor(char **argv)
{
	say_spent(floor_changes_time(argv[0], number(argv[1]), number(argv[2]),
		number(argv[3]), (int)number(argv[4])));
	return ST_OK;
}

static enum status
apply(char **argv)
{
	struct spent took;
	size_t bytes;
	enum status st = city_apply(argv[0], argv[1], number(argv[2]),
		number(argv[3]), &took, &bytes, &why);

	if (st)
		return st;
	say_spent(took);
	printf("bytes %zu\n", bytes);
	return st;
}

static const struct {
	const char *name;
	int arguments;
	enum status (*run)(char **argv);
} tasks[] = {
	{"fill", 3, fill},
	{"edits", 1, edits},
	{"floor-shift", 0, shift_floor},
	{"floor-fill", 3, fill_floor},
	{"floor-changes", 5, changes_floor},
	{"apply", 4, apply},
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(tasks) / sizeof(*tasks); i++) {
		enum status st;

		if (argc != tasks[i].arguments + 2 ||
			strcmp(argv[1], tasks[i].name) != 0)
			continue;
		st = tasks[i].run(argv + 2);
		if (st)
			fprintf(stderr, "work %s: %s\n", argv[1], why.text);
		return (int)st;
	}
	fprintf(stderr, "work: see the head of tests/bench/work_main.c\n");
	return ST_USAGE;
}
