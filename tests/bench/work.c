#include "tests/bench/work.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/prose.h"

#define SEED UINT64_C(20261122)
#define A_RECORDS 15
#define A_SHORT 25
#define SHARED 3

const char *const work_fields[WORK_FIELDS] = {"number", "title", "kind",
	"led_by", "owner_id", "beat_ids", "goal", "stage", "status",
	"opened_on", "lessons", "public_summary", "problem"};

enum { NUMBER, TITLE, KIND, LED_BY, OWNER, BEATS, GOAL, STAGE, STATUS, OPENED };

/* Fields that people write over. */
static const size_t written[] = {TITLE, GOAL, 10, 11, NUMBER};

/* A number of its own for each thing that is made. */
static uint64_t
seed_of(size_t what, size_t i)
{
	uint64_t seed =
		SEED + what * 1000003 + i * UINT64_C(0x9e3779b97f4a7c15);

	prose_next(&seed);
	prose_next(&seed);
	return seed;
}

static void
base36(uint64_t value, char *out)
{
	char digits[16];
	size_t n = 0;

	do {
		digits[n++] =
			"0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
		value /= 36;
	} while (value);
	while (n)
		*out++ = digits[--n];
	*out = '\0';
}

static void
pick(uint64_t *seed, const char *const *from, size_t count, struct buf *out)
{
	buf_clear(out);
	buf_puts(out, from[prose_next(seed) % count]);
}

void
work_value(uint64_t *seed, size_t field, struct buf *out)
{
	static const char *const kinds[] = {
		"sara", "community_led", "plan_based"};
	static const char *const leaders[] = {"police", "community", "joint"};
	static const char *const stages[] = {
		"scanning", "analysis", "response", "assessment"};
	static const char *const statuses[] = {"open", "on_hold", "closed"};

	if (field == KIND)
		pick(seed, kinds, 3, out);
	else if (field == LED_BY)
		pick(seed, leaders, 3, out);
	else if (field == STAGE)
		pick(seed, stages, 4, out);
	else if (field == STATUS)
		pick(seed, statuses, 3, out);
	else if (field == WORK_NARRATIVE)
		prose_text(seed, 400, out);
	else if (field == NUMBER || field == OPENED)
		buf_clear(out);
	else
		prose_words(seed, 5, 40, out);
	if (field == NUMBER)
		buf_printf(
			out, "26-%05u", (unsigned)(prose_next(seed) % 100000));
	if (field == OPENED)
		buf_printf(out, "2026-%02u-%02u",
			(unsigned)(prose_next(seed) % 10) + 1,
			(unsigned)(prose_next(seed) % 28) + 1);
}

void
work_record(size_t i, size_t beats, struct work_record *out)
{
	uint64_t seed = seed_of(1, i);
	char author[16], n[16];

	out->author = (uint32_t)(i % WORK_AUTHORS) + 1;
	base36(out->author, author);
	base36(i / WORK_AUTHORS + 1, n);
	snprintf(out->id, sizeof(out->id), "%s-%s", author, n);
	for (size_t f = 0; f < WORK_FIELDS; f++)
		work_value(&seed, f, &out->values[f]);
	buf_clear(&out->values[OWNER]);
	buf_printf(&out->values[OWNER], "%u", 5000 + out->author);
	buf_clear(&out->values[BEATS]);
	if (i % beats)
		buf_printf(&out->values[BEATS], "B%02zu", i % beats + 1);
	else
		buf_puts(&out->values[BEATS], "35X");
}

void
work_record_release(struct work_record *r)
{
	for (size_t f = 0; f < WORK_FIELDS; f++)
		buf_release(&r->values[f]);
}

static void
short_edit(uint64_t *seed, size_t record, size_t field, struct work_edit *e)
{
	e->record = record;
	e->field = field;
	work_value(seed, field, &e->value);
}

static void
addition(uint64_t *seed, size_t record, struct work_edit *e)
{
	struct work_record r = {0};
	struct buf more = BUF_INIT;

	work_record(record, 1, &r);
	prose_text(seed, 145, &more);
	e->record = record;
	e->field = WORK_NARRATIVE;
	buf_printf(&e->value, "%s %s", buf_text(&r.values[WORK_NARRATIVE]),
		buf_text(&more));
	e->added = more.len + 1;
	buf_release(&more);
	work_record_release(&r);
}

/* The k-th short edit of A: which record and field. */
static void
place_a(size_t k, size_t *record, size_t *field)
{
	*record = 3 + k % A_RECORDS * 13;
	*field = written[(k * 3 + k / A_RECORDS) %
			 (sizeof(written) / sizeof(*written))];
}

static void
shift_a(uint64_t *seed, struct work_edit *edits)
{
	size_t at = 0, record, field;

	for (size_t k = 0; k < A_SHORT; k++) {
		place_a(k, &record, &field);
		short_edit(seed, record, field, &edits[at++]);
		if (k < A_RECORDS)
			addition(seed, record, &edits[at++]);
	}
}

static void
shift_b(uint64_t *seed, struct work_edit *edits)
{
	size_t at = 0, record, field;

	for (size_t k = 0; k < SHARED; k++) {
		place_a(k * 4, &record, &field);
		short_edit(seed, record, field, &edits[at++]);
	}
	for (size_t k = 0; k < 5; k++)
		short_edit(seed, 100 + k * 7, written[k], &edits[at++]);
	addition(seed, 102, &edits[at++]);
	addition(seed, 111, &edits[at++]);
}

void
work_shift(char who, struct work_edit *edits, size_t *count)
{
	uint64_t seed = seed_of(2, (size_t)who);

	*count = who == 'A' ? WORK_SHIFT_A : WORK_SHIFT_B;
	memset(edits, 0, *count * sizeof(*edits));
	if (who == 'A')
		shift_a(&seed, edits);
	else
		shift_b(&seed, edits);
}

void
work_edits_release(struct work_edit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_release(&edits[i].value);
}

void
work_change(size_t i, size_t records, struct work_edit *out)
{
	static const size_t fields[] = {TITLE, GOAL, 10, 11, STAGE, OPENED,
		NUMBER, STATUS, LED_BY, WORK_NARRATIVE};
	uint64_t seed = seed_of(3, i);

	out->record = prose_next(&seed) % records;
	out->field = fields[prose_next(&seed) % 10];
	out->added = 0;
	work_value(&seed, out->field, &out->value);
}
