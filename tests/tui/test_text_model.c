/*
 * Random editing beside a model that knows nothing of how text.c and area.c
 * save work: plain strings, every state kept, every line laid anew.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"
#include "tui/area.h"
#include "tui/text.h"

#define MAX_BYTES 600
#define STATES 2000
#define STEPS 60000
#define LONG_BYTES 100000

/* A generator of its own, so that a failure is found again. */
static uint32_t chance_state;

static size_t
chance(size_t below)
{
	chance_state = chance_state * 1664525u + 1013904223u;
	return (chance_state >> 8) % below;
}

static const char *const pieces[] = {"a", "b", "word", " ", " ", "  ", "\n",
	"\t", "e\xcc\x81", "\xcc\x81", "\xe5\xad\xa6", "\xe4\xbd\xa0",
	"\xf0\x9f\x91\xa8", "\xe2\x80\x8d", "\xf0\x9f\x87\xba",
	"\xf0\x9f\x8f\xbd", "a longer run of words, pasted at once", "\x07",
	"unbrokenunbrokenunbrokenunbroken", "\xff"};
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* All that the text was, with undone states behind `at`. */
struct model {
	char *states[STATES];
	size_t count, at;
};

static void
model_add(struct model *m, const char *text)
{
	while (m->count > m->at + 1)
		free(m->states[--m->count]);
	if (m->count == STATES) {
		free(m->states[0]);
		memmove(m->states, m->states + 1,
			(STATES - 1) * sizeof(m->states[0]));
		m->count--;
	}
	m->states[m->count++] = strdup(text);
	m->at = m->count - 1;
}

static void
model_release(struct model *m)
{
	while (m->count)
		free(m->states[--m->count]);
}

/* Is the byte at `at` where a character begins, found from the start on? */
static bool
stands(const char *s, size_t len, size_t at)
{
	size_t pos = 0;

	while (pos < at)
		pos = utf8_next(s, len, pos);
	return pos == at;
}

static void
check_text(const struct text *t)
{
	const char *s = text_get(t);
	size_t len = strlen(s), pos = 0, back = len, forward[MAX_BYTES + 1];
	size_t count = 0, at;

	assert_int_equal(len, t->bytes.len);
	assert_true(len <= MAX_BYTES);
	assert_true(utf8_clean(s, len, t->many_lines, &at));
	assert_true(stands(s, len, t->at));
	for (; pos < len; pos = utf8_next(s, len, pos))
		forward[count++] = pos;
	while (back > 0) {
		back = utf8_prev(s, back);
		assert_true(count > 0);
		assert_int_equal(back, forward[--count]);
	}
	assert_int_equal(count, 0);
}

/* The lines that were kept are those of laying all anew. */
static void
check_area(struct area *a, struct text *t, int cells)
{
	struct area fresh = {0};

	area_lay(a, t, cells);
	area_lay(&fresh, t, cells);
	a->version = t->version; /* both have laid it */
	assert_int_equal(a->count, fresh.count);
	assert_memory_equal(
		a->lines, fresh.lines, a->count * sizeof(*a->lines));
	assert_int_equal(a->row, fresh.row);
	assert_int_equal(a->col, fresh.col);
	for (size_t i = 0; i < a->count; i++)
		assert_true(utf8_width_of(text_get(t) + a->lines[i].start,
				    a->lines[i].len) < cells ||
			    utf8_next(text_get(t) + a->lines[i].start,
				    a->lines[i].len, 0) == a->lines[i].len);
	area_release(&fresh);
}

static bool
rub_something(struct text *t)
{
	static bool (*const rubs[])(struct text *) = {text_rub_left,
		text_rub_left, text_rub_left, text_rub_right, text_rub_right,
		text_rub_word, text_rub_word_right, text_rub_line,
		text_rub_line_end};

	return rubs[chance(sizeof(rubs) / sizeof(rubs[0]))](t);
}

static void
move_somewhere(struct text *t, struct area *a, int cells)
{
	static void (*const moves[])(struct text *) = {text_left, text_right,
		text_word_left, text_word_right, text_start, text_end,
		text_first, text_last};
	size_t which = chance(sizeof(moves) / sizeof(moves[0]) + 3);

	if (which < sizeof(moves) / sizeof(moves[0]))
		moves[which](t);
	else if (which == sizeof(moves) / sizeof(moves[0]))
		text_move(t, chance(t->bytes.len + 3));
	else
		area_move(a, t, (int)chance(9) - 4, cells);
}

/* A run is undone as one, so undo goes back one state or more. */
static void
undo_or_redo(struct text *t, struct model *m, bool undo)
{
	bool did = undo ? text_undo(t) : text_redo(t);
	size_t at = m->at;

	if (!did) {
		if (!undo)
			assert_int_equal(m->at, m->count - 1);
		return;
	}
	do {
		assert_true(undo ? at > 0 : at + 1 < m->count);
		at += undo ? (size_t)-1 : 1;
	} while (strcmp(m->states[at], text_get(t)) != 0);
	m->at = at;
}

static void
step(struct text *t, struct area *a, struct model *m, int cells)
{
	const char *piece = pieces[chance(PIECES)];
	unsigned version = t->version;

	switch (chance(8)) {
	case 0:
	case 1:
	case 2:
		text_insert(t, piece, strlen(piece));
		break;
	case 3:
	case 4:
		rub_something(t);
		break;
	case 5:
		undo_or_redo(t, m, chance(3) > 0);
		return;
	default:
		move_somewhere(t, a, cells);
		assert_int_equal(t->version, version);
	}
	if (t->version != version)
		model_add(m, text_get(t));
}

static void
edit_at_random(bool many_lines, uint32_t seed, int steps)
{
	struct model m = {0};
	struct area a = {0};
	struct text t;
	int cells = 12;

	chance_state = seed;
	text_init(&t, many_lines, MAX_BYTES);
	model_add(&m, "");
	for (int i = 0; i < steps; i++) {
		if (!chance(200))
			cells = (int)chance(40);
		step(&t, &a, &m, cells);
		check_text(&t);
		if (chance(3))
			check_area(&a, &t, cells < 2 ? 2 : cells);
	}
	area_release(&a);
	text_release(&t);
	model_release(&m);
}

static void
test_random_editing_of_lines(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 4; seed++)
		edit_at_random(true, seed, STEPS / 4);
}

static void
test_random_editing_of_one_line(void **state)
{
	(void)state;
	for (uint32_t seed = 5; seed <= 6; seed++)
		edit_at_random(false, seed, STEPS / 4);
}

/* A line breaks by what stands at the start of the line but one below it. */
static void
test_a_change_two_lines_below(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, MAX_BYTES);
	text_set(&t, "\xcc\x81 unbrokenunbroken\xf0\x9f\x91\xa8ken");
	area_lay(&a, &t, 18);
	assert_int_equal(a.count, 3);
	text_move(&t, 19);
	text_insert(&t, "\n", 1);
	check_area(&a, &t, 18);
	assert_int_equal(a.count, 2);
	area_release(&a);
	text_release(&t);
}

/* Words of one to nine letters, a paragraph every few lines. */
static void
fill(struct text *t, size_t bytes)
{
	struct buf all = BUF_INIT;

	chance_state = 9;
	while (all.len < bytes) {
		buf_add(&all, "narrative", 1 + chance(9));
		buf_putc(&all, chance(120) ? ' ' : '\n');
	}
	text_set(t, buf_text(&all));
	buf_release(&all);
}

/* A key in a long narrative lays a few lines, not all: what a key costs does
 * not grow with the text. */
static void
test_a_key_lays_a_few_lines(void **state)
{
	struct area a = {0};
	struct text t;

	(void)state;
	text_init(&t, true, 2 * LONG_BYTES);
	fill(&t, LONG_BYTES);
	area_lay(&a, &t, 76);
	assert_true(a.laid > 1000);
	for (size_t at = 0; at < LONG_BYTES; at += LONG_BYTES / 50) {
		text_move(&t, at);
		for (int i = 0; i < 30; i++) {
			text_insert(&t, i % 6 ? "x" : " ", 1);
			area_lay(&a, &t, 76);
			assert_true(a.laid <= 40);
		}
		text_left(&t);
		area_lay(&a, &t, 76);
		assert_int_equal(a.laid, 0);
	}
	area_release(&a);
	text_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_editing_of_lines),
		cmocka_unit_test(test_random_editing_of_one_line),
		cmocka_unit_test(test_a_change_two_lines_below),
		cmocka_unit_test(test_a_key_lays_a_few_lines),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
