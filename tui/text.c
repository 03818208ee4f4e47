#include "tui/text.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define UNDO_MAX 200

/* At `at`, `cut` was taken out and `put` bytes went in. */
struct text_change {
	size_t at, put;
	char *cut;
};

void
text_init(struct text *t, bool many_lines, size_t max)
{
	memset(t, 0, sizeof(*t));
	t->bytes.max = max;
	t->many_lines = many_lines;
}

static void
forget(struct text *t)
{
	for (size_t i = 0; i < t->undo_count; i++)
		free(t->undo[i].cut);
	t->undo_count = 0;
	t->run = false;
}

void
text_release(struct text *t)
{
	forget(t);
	free(t->undo);
	buf_release(&t->bytes);
	memset(t, 0, sizeof(*t));
}

const char *
text_get(const struct text *t)
{
	return buf_text(&t->bytes);
}

/* Put `len` bytes for the `cut` bytes at `at`. False: too long. */
static bool
replace(struct text *t, size_t at, size_t cut, const char *s, size_t len)
{
	size_t max = t->bytes.max ? t->bytes.max : BUF_MAX_DEFAULT;
	char *tail;

	if (t->bytes.len - cut + len > max)
		return false;
	tail = mem_text(text_get(t) + at + cut);
	buf_cut(&t->bytes, at);
	buf_add(&t->bytes, s, len);
	buf_puts(&t->bytes, tail);
	free(tail);
	t->version++;
	return true;
}

static void
remember(struct text *t, size_t at, const char *cut, size_t cut_len, size_t put)
{
	struct text_change *c;

	if (t->undo_count == UNDO_MAX) {
		free(t->undo[0].cut);
		memmove(t->undo, t->undo + 1,
			(UNDO_MAX - 1) * sizeof(t->undo[0]));
		t->undo_count--;
	}
	MEM_ROOM(t->undo, t->undo_count, t->undo_cap);
	c = &t->undo[t->undo_count++];
	c->at = at;
	c->put = put;
	c->cut = mem_alloc(cut_len + 1);
	memcpy(c->cut, cut, cut_len);
}

/* Letters typed one after another are undone as one. */
static bool
extend_run(struct text *t, size_t at, size_t len)
{
	struct text_change *c;

	if (!t->run || !t->undo_count)
		return false;
	c = &t->undo[t->undo_count - 1];
	if (c->at + c->put != at || c->cut[0])
		return false;
	c->put += len;
	return true;
}

static void
rub(struct text *t, size_t from, size_t to)
{
	remember(t, from, text_get(t) + from, to - from, 0);
	replace(t, from, to - from, "", 0);
	t->at = from;
	t->run = false;
}

void
text_set(struct text *t, const char *value)
{
	size_t changed;
	char *clean =
		utf8_cleaned(value, strlen(value), t->many_lines, &changed);

	forget(t);
	buf_clear(&t->bytes);
	buf_puts(&t->bytes, clean);
	t->at = t->bytes.len;
	t->version++;
	free(clean);
}

bool
text_insert(struct text *t, const char *s, size_t len)
{
	size_t changed;
	char *clean = utf8_cleaned(s, len, t->many_lines, &changed);
	size_t n = strlen(clean);
	bool fits = replace(t, t->at, 0, clean, n);

	if (fits && n) {
		if (!extend_run(t, t->at, n))
			remember(t, t->at, "", 0, n);
		t->at += n;
		t->run = clean[n - 1] != '\n' && clean[n - 1] != ' ';
	}
	free(clean);
	return fits;
}

bool
text_rub_left(struct text *t)
{
	size_t from = utf8_prev(text_get(t), t->at);

	if (from == t->at)
		return false;
	rub(t, from, t->at);
	return true;
}

bool
text_rub_right(struct text *t)
{
	size_t to = utf8_next(text_get(t), t->bytes.len, t->at);

	if (to == t->at)
		return false;
	rub(t, t->at, to);
	return true;
}

bool
text_rub_word(struct text *t)
{
	const char *s = text_get(t);
	size_t from = t->at;

	while (from > 0 && strchr(" \n\t", s[from - 1]))
		from--;
	while (from > 0 && !strchr(" \n\t", s[from - 1]))
		from--;
	if (from == t->at)
		return false;
	rub(t, from, t->at);
	return true;
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

bool
text_rub_line(struct text *t)
{
	size_t from = line_start(t);

	if (from == t->at)
		return false;
	rub(t, from, t->at);
	return true;
}

bool
text_undo(struct text *t)
{
	struct text_change c;

	if (!t->undo_count)
		return false;
	c = t->undo[--t->undo_count];
	replace(t, c.at, c.put, c.cut, strlen(c.cut));
	t->at = c.at + strlen(c.cut);
	t->run = false;
	free(c.cut);
	return true;
}

void
text_move(struct text *t, size_t at)
{
	const char *s = text_get(t);
	size_t pos = 0, next;

	if (at > t->bytes.len)
		at = t->bytes.len;
	while (pos < at) {
		next = utf8_next(s, t->bytes.len, pos);
		if (next > at)
			break;
		pos = next;
	}
	t->at = pos;
	t->run = false;
}

void
text_left(struct text *t)
{
	t->at = utf8_prev(text_get(t), t->at);
	t->run = false;
}

void
text_right(struct text *t)
{
	t->at = utf8_next(text_get(t), t->bytes.len, t->at);
	t->run = false;
}

void
text_start(struct text *t)
{
	t->at = line_start(t);
	t->run = false;
}

void
text_end(struct text *t)
{
	t->at += strcspn(text_get(t) + t->at, "\n");
	t->run = false;
}
