/* Two values: what is cut can be joined; any splice joined breaks nothing. */
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "sync/splice.h"

#define JOIN_MAX ((size_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
need(bool good)
{
	if (!good)
		abort();
}

static bool
is_text(const char *s)
{
	return utf8_valid(s, strlen(s));
}

static void
cut_and_join(const char *base, const char *value)
{
	struct buf whole = BUF_INIT;
	struct splice s;

	if (splice_cut(base, value, &s)) {
		need(s.head + s.tail <= strlen(base));
		need(is_text(s.middle));
		need(splice_join(base, &s, strlen(value), &whole));
		need(strcmp(buf_text(&whole), value) == 0);
		buf_clear(&whole);
		need(value[0] == '\0' ||
			!splice_join(base, &s, strlen(value) - 1, &whole));
		need(whole.len == 0);
	}
	splice_release(&s);
	buf_release(&whole);
}

/* Head, tail and check as they come; the rest is base and middle. */
static void
join_anything(const uint8_t *numbers, const char *base, char *middle)
{
	struct splice s = {0};
	struct buf whole = BUF_INIT;
	bool joined;

	s.head = (size_t)numbers[0] << 56 | numbers[1];
	s.tail = (size_t)numbers[2] << 56 | numbers[3];
	memcpy(s.check, numbers + 4, SPLICE_CHECK_SIZE);
	s.middle = middle;
	joined = splice_join(base, &s, JOIN_MAX, &whole);
	need(joined || whole.len == 0);
	need(!joined || s.head + s.tail <= strlen(base));
	buf_release(&whole);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text, *value;

	if (len < 8)
		return 0;
	text = malloc(len - 8 + 1);
	if (!text)
		return 0;
	memcpy(text, bytes + 8, len - 8);
	text[len - 8] = '\0';
	value = memchr(text, '\n', len - 8);
	if (value) {
		*value++ = '\0';
		/* A value that is not UTF-8 never gets so far. */
		if (is_text(text) && is_text(value))
			cut_and_join(text, value);
		join_anything(bytes, text, value);
	}
	free(text);
	return 0;
}
