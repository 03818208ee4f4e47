#include "common/query_terms.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/catalog.h"
#include "common/utf8.h"

#define QUERY_MAX 4096
#define TERMS_MAX 200 /* SQLite takes expressions a thousand deep */

void
terms_release(struct terms *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->items[i].field);
		free(t->items[i].value);
	}
	free(t->items);
	memset(t, 0, sizeof(*t));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* The field's name before a colon, if the text begins with one. */
static char *
take_field(const char **p)
{
	const char *end = *p;
	char name[NAME_MAX_BYTES + 1];
	size_t len;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	len = (size_t)(end - *p);
	if (*end != ':' || len == 0 || len > NAME_MAX_BYTES)
		return NULL;
	memcpy(name, *p, len);
	name[len] = '\0';
	if (!catalog_name_ok(name))
		return NULL;
	*p = end + 1;
	return mem_text(name);
}

static enum compare
take_compare(const char **p)
{
	char c = **p;

	if (c != '<' && c != '>')
		return COMPARE_EQUAL;
	++*p;
	if (**p != '=')
		return c == '<' ? COMPARE_BELOW : COMPARE_ABOVE;
	++*p;
	return c == '<' ? COMPARE_TO : COMPARE_FROM;
}

static enum status
take_value(const char **p, struct term *t, struct why *why)
{
	struct buf value = BUF_INIT;
	const char *s = *p;

	t->phrase = *s == '"';
	if (t->phrase) {
		const char *end = strchr(++s, '"');

		if (!end)
			return why_set(why, ST_DATA,
				"the quote before '%.40s' is not closed: add "
				"a \" at its end",
				s);
		buf_add(&value, s, (size_t)(end - s));
		*p = end + 1;
	} else {
		while (*s && !is_blank(*s))
			s++;
		buf_add(&value, *p, (size_t)(s - *p));
		*p = s;
	}
	t->value = buf_take(&value);
	return ST_OK;
}

static enum status
take_term(const char **p, struct terms *out, struct why *why)
{
	struct term *t;
	const char *from = *p;
	enum status st;

	MEM_ROOM(out->items, out->count, out->cap);
	t = &out->items[out->count++];
	memset(t, 0, sizeof(*t));
	if (**p == '-' && (*p)[1] && !is_blank((*p)[1])) {
		t->negated = true;
		++*p;
	}
	t->field = take_field(p);
	if (t->field)
		t->how = take_compare(p);
	st = take_value(p, t, why);
	t->len = (size_t)(*p - from);
	return st;
}

static void
find_lone_word(struct terms *t)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct term *x = &t->items[i];

		if (x->field || x->negated || x->phrase)
			continue;
		if (t->lone_word) {
			t->lone_word = NULL;
			return;
		}
		t->lone_word = x->value;
	}
}

enum status
terms_parse(const char *text, struct terms *out, struct why *why)
{
	const char *begin = text;
	enum status st = ST_OK;
	size_t at;

	if (strlen(text) > QUERY_MAX)
		return why_set(why, ST_DATA,
			"the query has %zu bytes, at most %d are read: "
			"shorten it",
			strlen(text), QUERY_MAX);
	if (!utf8_clean(text, strlen(text), true, &at))
		return why_set(why, ST_DATA,
			"the query has a bad byte at %zu: type it again", at);
	while (!st) {
		while (is_blank(*text))
			text++;
		if (!*text)
			break;
		if (out->count == TERMS_MAX)
			return why_set(why, ST_DATA,
				"the query has more than %d words and fields: "
				"shorten it",
				TERMS_MAX);
		at = (size_t)(text - begin);
		st = take_term(&text, out, why);
		out->items[out->count - 1].at = at;
	}
	find_lone_word(out);
	return st;
}

const char *
terms_kind(const struct terms *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i].field && strcmp(t->items[i].field, "in") == 0)
			return t->items[i].value;
	return NULL;
}

bool
terms_plain(const struct terms *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->items[i].field || t->items[i].negated)
			return false;
	return true;
}

/* Dashes, quotes and marks that the index leaves out, as it does ASCII's. */
static bool
is_punctuation(uint32_t code)
{
	return (code < 0x80 && !isalnum((int)code)) ||
	       (code >= 0xa0 && code < 0xc0 && code != 0xaa && code != 0xb5 &&
		       code != 0xba && (code < 0xb2 || code > 0xb3) &&
		       code != 0xb9 && (code < 0xbc || code > 0xbe)) ||
	       (code >= 0x2010 && code < 0x2070) ||
	       (code >= 0x20a0 && code < 0x20d0) ||
	       (code >= 0x2190 && code < 0x2400) ||
	       (code >= 0x2500 && code < 0x2776) ||
	       (code >= 0x3000 && code < 0x3004);
}

/* Letters and digits are what the index keeps: others would match nothing. */
static bool
has_token(const char *s)
{
	size_t len = strlen(s), n;
	uint32_t code;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &code);
		if (!n || !is_punctuation(code))
			return true;
	}
	return false;
}

static bool
is_word(const struct term *t, bool negated)
{
	return !t->field && t->negated == negated && has_token(t->value);
}

bool
terms_words(const struct terms *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (!t->items[i].field)
			return true;
	return false;
}

bool
terms_match(const struct terms *t, bool negated, struct buf *out)
{
	const struct term *last = NULL;
	bool any = false;

	for (size_t i = 0; i < t->count; i++)
		if (is_word(&t->items[i], negated))
			last = &t->items[i];
	for (size_t i = 0; i < t->count; i++) {
		const struct term *x = &t->items[i];

		if (!is_word(x, negated))
			continue;
		if (any)
			buf_puts(out, negated ? " OR " : " AND ");
		buf_putc(out, '"');
		for (const char *p = x->value; *p; p++)
			buf_putc(out, *p == '"' ? ' ' : *p);
		buf_puts(out,
			x == last && !x->phrase && !negated ? "\"*" : "\"");
		any = true;
	}
	return any;
}
