#include "tui/text.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define UNDO_MAX 200
#define UNDO_BYTES_MAX ((size_t)1 << 20)
#define LETTER_MAX 4 /* bytes of one code point, as keys come */

/* At `at`, `cut` was taken out and `put` bytes went in. */
struct text_change {
	size_t at, put;
	char *cut;
	size_t cut_len;
};

void
text_init(struct text *t, bool many_lines, size_t max)
{
	memset(t, 0, sizeof(*t));
	t->bytes.max = max;
	t->many_lines = many_lines;
}

static void
log_clear(struct text_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		free(log->items[i].cut);
	log->count = log->bytes = 0;
}

static void
forget(struct text *t)
{
	log_clear(&t->undo);
	log_clear(&t->redo);
	t->run = RUN_NONE;
}

void
text_release(struct text *t)
{
	forget(t);
	free(t->undo.items);
	free(t->redo.items);
	buf_release(&t->bytes);
	memset(t, 0, sizeof(*t));
}

const char *
text_get(const struct text *t)
{
	return buf_text(&t->bytes);
}

void
text_laid(struct text *t)
{
	t->laid = t->version;
	t->head = t->tail = t->bytes.len;
}

static void
note_change(struct text *t, size_t at, size_t tail)
{
	if (at < t->head)
		t->head = at;
	if (tail < t->tail)
		t->tail = tail;
	t->version++;
}

/* Put `len` bytes for the `cut` bytes at `at`. False: too long. */
static bool
replace(struct text *t, size_t at, size_t cut, const char *s, size_t len)
{
	size_t max = t->bytes.max ? t->bytes.max : BUF_MAX_DEFAULT;

	if (t->bytes.len - cut + len > max)
		return false;
	note_change(t, at, t->bytes.len - at - cut);
	buf_splice(&t->bytes, at, cut, s, len);
	return true;
}

/* The cursor to the first place from `at` on where one may stand. */
static void
stand(struct text *t, size_t at)
{
	const char *s = text_get(t);
	size_t from = utf8_start(s, t->bytes.len, at);

	t->at = from == at ? at : utf8_next(s, t->bytes.len, from);
}

static void
drop_oldest(struct text_log *log)
{
	log->bytes -= log->items[0].cut_len;
	free(log->items[0].cut);
	log->count--;
	memmove(log->items, log->items + 1, log->count * sizeof(*log->items));
}

/* Remember that `put` bytes at `at` stand for these. */
static void
log_add(struct text_log *log, size_t at, const char *cut, size_t cut_len,
	size_t put)
{
	struct text_change *c;

	while (log->count == UNDO_MAX ||
		(log->count && log->bytes + cut_len > UNDO_BYTES_MAX))
		drop_oldest(log);
	MEM_ROOM(log->items, log->count, log->cap);
	c = &log->items[log->count++];
	*c = (struct text_change){at, put, mem_alloc(cut_len + 1), cut_len};
	memcpy(c->cut, cut, cut_len);
	log->bytes += cut_len;
}

/* What was taken out beside what the change took out already. */
static void
log_widen(struct text_log *log, const char *cut, size_t len, bool before)
{
	struct text_change *c = &log->items[log->count - 1];

	c->cut = mem_grow(c->cut, c->cut_len + len + 1, 1);
	if (before)
		memmove(c->cut + len, c->cut, c->cut_len);
	memcpy(c->cut + (before ? 0 : c->cut_len), cut, len);
	c->cut_len += len;
	log->bytes += len;
	if (before)
		c->at -= len;
}

/* Does the change at the cursor go on with the last one? */
static bool
runs_on(const struct text *t, enum text_run run)
{
	const struct text_change *c;

	if (t->run != run || !t->undo.count)
		return false;
	c = &t->undo.items[t->undo.count - 1];
	return c->at + c->put == t->at && (run != RUN_TYPED || !c->cut_len);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static void
rub(struct text *t, size_t from, size_t to, enum text_run run)
{
	const char *cut = text_get(t) + from;
	bool ends = is_blank(*cut);

	log_clear(&t->redo);
	if (run != RUN_NONE && runs_on(t, run))
		log_widen(&t->undo, cut, to - from, run == RUN_RUBBED_LEFT);
	else
		log_add(&t->undo, from, cut, to - from, 0);
	replace(t, from, to - from, "", 0);
	stand(t, from);
	t->run = ends ? RUN_NONE : run;
}

void
text_set(struct text *t, const char *value)
{
	size_t changed;
	char *clean =
		utf8_cleaned(value, strlen(value), t->many_lines, &changed);

	forget(t);
	note_change(t, 0, 0);
	buf_clear(&t->bytes);
	buf_puts(&t->bytes, clean);
	t->at = t->bytes.len;
	free(clean);
}

/* `put` clean bytes for the `cut` ones at `at`, as one change of its own. */
static bool
change(struct text *t, size_t at, size_t cut, const char *put, size_t len)
{
	char *was = mem_alloc(cut + 1);
	bool fits;

	memcpy(was, text_get(t) + at, cut);
	fits = replace(t, at, cut, put, len);
	if (fits) {
		log_clear(&t->redo);
		log_add(&t->undo, at, was, cut, len);
		stand(t, at + len);
		t->run = RUN_NONE;
	}
	free(was);
	return fits;
}

bool
text_replace(struct text *t, const char *value)
{
	size_t changed;
	char *clean =
		utf8_cleaned(value, strlen(value), t->many_lines, &changed);
	bool fits = strcmp(clean, text_get(t)) == 0 ||
		    change(t, 0, t->bytes.len, clean, strlen(clean));

	free(clean);
	return fits;
}

/* One more letter of the word that is being typed. */
static bool
type_on(struct text *t, const char *letter, size_t len)
{
	if (!runs_on(t, RUN_TYPED) || !replace(t, t->at, 0, letter, len))
		return false;
	log_clear(&t->redo);
	t->undo.items[t->undo.count - 1].put += len;
	stand(t, t->at + len);
	return true;
}

bool
text_insert(struct text *t, const char *s, size_t len)
{
	size_t changed;
	char *clean = utf8_cleaned(s, len, t->many_lines, &changed);
	size_t n = strlen(clean);
	bool letter = len <= LETTER_MAX;
	bool fits = !n || (letter && type_on(t, clean, n)) ||
		    change(t, t->at, 0, clean, n);

	if (fits && n)
		t->run = letter && !is_blank(clean[n - 1]) ? RUN_TYPED
							   : RUN_NONE;
	free(clean);
	return fits;
}

bool
text_rub_left(struct text *t)
{
	size_t from = utf8_prev(text_get(t), t->at);

	if (from == t->at)
		return false;
	rub(t, from, t->at, RUN_RUBBED_LEFT);
	return true;
}

bool
text_rub_right(struct text *t)
{
	size_t to = utf8_next(text_get(t), t->bytes.len, t->at);

	if (to == t->at)
		return false;
	rub(t, t->at, to, RUN_RUBBED_RIGHT);
	return true;
}

static size_t
word_before(const struct text *t)
{
	const char *s = text_get(t);
	size_t from = t->at;

	while (from > 0 && is_blank(s[from - 1]))
		from--;
	while (from > 0 && !is_blank(s[from - 1]))
		from--;
	return from;
}

static size_t
word_behind(const struct text *t)
{
	const char *s = text_get(t);
	size_t to = t->at;

	to += strcspn(s + to, " \n\t");
	return to + strspn(s + to, " \n\t");
}

static size_t
line_start(const struct text *t)
{
	const char *s = text_get(t);
	size_t from = t->at;

	while (from > 0 && s[from - 1] != '\n')
		from--;
	return from;
}

static size_t
line_end(const struct text *t)
{
	return t->at + strcspn(text_get(t) + t->at, "\n");
}

static bool
rub_back(struct text *t, size_t from)
{
	if (from == t->at)
		return false;
	rub(t, from, t->at, RUN_NONE);
	return true;
}

static bool
rub_ahead(struct text *t, size_t to)
{
	if (to == t->at)
		return false;
	rub(t, t->at, to, RUN_NONE);
	return true;
}

bool
text_rub_word(struct text *t)
{
	return rub_back(t, word_before(t));
}

bool
text_rub_word_right(struct text *t)
{
	return rub_ahead(t, word_behind(t));
}

bool
text_rub_line(struct text *t)
{
	return rub_back(t, line_start(t));
}

bool
text_rub_line_end(struct text *t)
{
	return rub_ahead(t, line_end(t));
}

/* Take the newest change of one log back, into the other. */
static bool
take_back(struct text *t, struct text_log *from, struct text_log *to)
{
	struct text_change c;

	if (!from->count)
		return false;
	c = from->items[--from->count];
	from->bytes -= c.cut_len;
	log_add(to, c.at, text_get(t) + c.at, c.put, c.cut_len);
	replace(t, c.at, c.put, c.cut, c.cut_len);
	stand(t, c.at + c.cut_len);
	t->run = RUN_NONE;
	free(c.cut);
	return true;
}

bool
text_undo(struct text *t)
{
	return take_back(t, &t->undo, &t->redo);
}

bool
text_redo(struct text *t)
{
	return take_back(t, &t->redo, &t->undo);
}

static void
go_to(struct text *t, size_t at)
{
	stand(t, at);
	t->run = RUN_NONE;
}

void
text_move(struct text *t, size_t at)
{
	go_to(t, utf8_start(text_get(t), t->bytes.len, at));
}

void
text_left(struct text *t)
{
	go_to(t, utf8_prev(text_get(t), t->at));
}

void
text_right(struct text *t)
{
	go_to(t, utf8_next(text_get(t), t->bytes.len, t->at));
}

void
text_word_left(struct text *t)
{
	go_to(t, word_before(t));
}

void
text_word_right(struct text *t)
{
	go_to(t, word_behind(t));
}

void
text_start(struct text *t)
{
	go_to(t, line_start(t));
}

void
text_end(struct text *t)
{
	go_to(t, line_end(t));
}

void
text_first(struct text *t)
{
	go_to(t, 0);
}

void
text_last(struct text *t)
{
	go_to(t, t->bytes.len);
}
