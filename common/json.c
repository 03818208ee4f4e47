#include "common/json.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define DEPTH_MAX 24
#define INT_MAX_EXACT 9007199254740992.0 /* 2^53 */

/* Blank out // comments, in place, outside strings: line numbers hold. */
static void
blank_comments(char *text, size_t len)
{
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		if (in_string && text[i] == '\\') {
			i++;
		} else if (text[i] == '"') {
			in_string = !in_string;
		} else if (!in_string && text[i] == '/' && i + 1 < len &&
			   text[i + 1] == '/') {
			while (i < len && text[i] != '\n')
				text[i++] = ' ';
		}
	}
}

static size_t
line_of(const char *text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* Most of a text: nothing that a scan of bytes would stop at. */
static size_t
skip_plain(const char *text, size_t i, size_t len)
{
	while (i < len && (unsigned char)text[i] >= 0x20 &&
		(unsigned char)text[i] < 0x80 && text[i] != '"' &&
		text[i] != '\\')
		i++;
	return i;
}

/* What no scan of the tree could see afterwards: bytes and NUL escapes. */
static const char *
scan_bytes(const char *text, size_t len, size_t *at)
{
	bool in_string = false;
	int depth = 0;
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		if (in_string)
			i = skip_plain(text, i, len);
		*at = i;
		if (i == len)
			break;
		n = utf8_decode(text + i, len - i, &code);
		if (!n)
			return "a byte that is not UTF-8";
		if (in_string && code < 0x20)
			return "a control character in a string";
		if (in_string && code == '\\') {
			if (i + 6 <= len && memcmp(text + i, "\\u0000", 6) == 0)
				return "a NUL character";
			n = i + 1 < len ? 2 : 1;
		} else if (code == '"') {
			in_string = !in_string;
		} else if (!in_string && (code == '{' || code == '[')) {
			if (++depth > DEPTH_MAX)
				return "too many levels";
		} else if (!in_string && (code == '}' || code == ']')) {
			depth--;
		} else if (code == 0) {
			return "a NUL character";
		}
	}
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	const cJSON *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* Sorted first: an object of many names must not cost their square. */
static bool
has_twins(const cJSON *object)
{
	size_t count = (size_t)cJSON_GetArraySize(object), i = 0;
	const cJSON **names = mem_grow(NULL, count + 1, sizeof(*names));
	const cJSON *c;
	bool twins = false;

	cJSON_ArrayForEach (c, object) {
		names[i++] = c;
	}
	qsort(names, count, sizeof(*names), by_name);
	for (i = 1; i < count && !twins; i++)
		twins = strcmp(names[i - 1]->string, names[i]->string) == 0;
	free(names);
	return twins;
}

static const char *
scan_tree(const cJSON *node, const char **name)
{
	if (cJSON_IsObject(node) && has_twins(node))
		return "the same name twice";
	for (const cJSON *c = node->child; c; c = c->next) {
		const char *bad;

		*name = c->string ? c->string : "";
		if (cJSON_IsNumber(c) &&
			(c->valuedouble >= INT_MAX_EXACT ||
				c->valuedouble <= -INT_MAX_EXACT))
			return "a number of 2^53 or more";
		bad = scan_tree(c, name);
		if (bad)
			return bad;
	}
	return NULL;
}

static enum status
parse_scanned(const char *text, size_t len, cJSON **out, struct why *why)
{
	const char *end = NULL, *bad, *name = "";
	cJSON *tree = cJSON_ParseWithLengthOpts(text, len, &end, 0);

	if (!tree) {
		const char *at = cJSON_GetErrorPtr();
		size_t off = at && at >= text && at <= text + len
				     ? (size_t)(at - text)
				     : 0;

		return why_set(why, ST_DATA, "line %zu: this is not JSON",
			line_of(text, off));
	}
	while (end && end < text + len && strchr(" \t\r\n", *end))
		end++;
	if (end && end < text + len) {
		cJSON_Delete(tree);
		return why_set(why, ST_DATA,
			"line %zu: more text after the JSON document",
			line_of(text, (size_t)(end - text)));
	}
	bad = scan_tree(tree, &name);
	if (bad) {
		enum status st =
			why_set(why, ST_DATA, "%s, at '%.60s'", bad, name);

		cJSON_Delete(tree);
		return st;
	}
	*out = tree;
	return ST_OK;
}

enum status
json_parse(const char *text, size_t len, bool comments, cJSON **out,
	struct why *why)
{
	struct buf copy = BUF_INIT_MAX(len + 1);
	const char *bad;
	size_t at = 0;
	enum status st;

	*out = NULL;
	if (comments) {
		buf_add(&copy, text, len);
		if (len)
			blank_comments(copy.data, len);
		text = buf_text(&copy);
	}
	bad = scan_bytes(text, len, &at);
	if (bad)
		st = why_set(
			why, ST_DATA, "line %zu: %s", line_of(text, at), bad);
	else
		st = parse_scanned(text, len, out, why);
	buf_release(&copy);
	return st;
}

const cJSON *
json_get(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *
json_text(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(json_get(object, name));
}

bool
json_is_int(const cJSON *node, int64_t *value)
{
	if (!cJSON_IsNumber(node))
		return false;
	*value = (int64_t)node->valuedouble;
	return (double)*value == node->valuedouble;
}

int64_t
json_int(const cJSON *object, const char *name, int64_t otherwise)
{
	int64_t value;

	return json_is_int(json_get(object, name), &value) ? value : otherwise;
}

bool
json_true(const cJSON *object, const char *name)
{
	return cJSON_IsTrue(json_get(object, name));
}

void
json_put_text(struct buf *b, const char *s)
{
	const char *run = s;

	buf_putc(b, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, run, (size_t)(s - run));
		run = s + 1;
		if (c == '\n')
			buf_puts(b, "\\n");
		else if (c == '\t')
			buf_puts(b, "\\t");
		else if (c >= 0x20)
			buf_printf(b, "\\%c", c);
		else
			buf_printf(b, "\\u%04x", c);
	}
	buf_add(b, run, (size_t)(s - run));
	buf_putc(b, '"');
}

void
json_put_comma(struct buf *b)
{
	char last = b->len ? b->data[b->len - 1] : '\0';

	if (last && last != '{' && last != '[' && last != '\n')
		buf_putc(b, ',');
}

void
json_put_name(struct buf *b, const char *name)
{
	json_put_comma(b);
	json_put_text(b, name);
	buf_putc(b, ':');
}

void
json_put_member(struct buf *b, const char *name, const char *text)
{
	json_put_name(b, name);
	json_put_text(b, text);
}
