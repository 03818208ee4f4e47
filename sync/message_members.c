#include "sync/message_members.h"

#include <string.h>

#include "common/value.h"

enum status
message_parse(const char *line, size_t len, cJSON **out, struct why *why)
{
	enum status st = json_parse(line, len, false, out, why);

	if (!st && !cJSON_IsObject(*out)) {
		cJSON_Delete(*out);
		*out = NULL;
		return why_set(why, ST_DATA, "a frame is not an object");
	}
	return st;
}

void
member_bad(struct members *m, const char *name)
{
	if (!m->bad)
		m->bad = name;
}

enum status
members_status(const struct members *m, const char *frame, struct why *why)
{
	if (!m->bad)
		return ST_OK;
	return why_set(why, ST_DATA,
		"member '%s' of a frame (%s) is missing or not of its form",
		m->bad, frame);
}

bool
member_there(const struct members *m, const char *name)
{
	return json_get(m->object, name) != NULL;
}

int64_t
member_int(struct members *m, const char *name, int64_t min, int64_t max)
{
	return member_difference(m, name, 0, min, max);
}

int64_t
member_need_int(struct members *m, const char *name, int64_t min, int64_t max)
{
	if (!member_there(m, name))
		member_bad(m, name);
	return member_int(m, name, min, max);
}

int64_t
member_difference(struct members *m, const char *name, int64_t base,
	int64_t min, int64_t max)
{
	const cJSON *node = json_get(m->object, name);
	int64_t value = 0;

	if (node && (!json_is_int(node, &value) || value > INT_EXACT ||
			    value < -INT_EXACT)) {
		member_bad(m, name);
		return base;
	}
	value += base;
	if (node && (value < min || value > max)) {
		member_bad(m, name);
		return base;
	}
	return value;
}

const char *
member_text(struct members *m, const char *name, size_t max)
{
	const cJSON *node = json_get(m->object, name);

	if (!node)
		return NULL;
	if (!cJSON_IsString(node) || strlen(node->valuestring) > max) {
		member_bad(m, name);
		return NULL;
	}
	return node->valuestring;
}

const char *
member_need_text(struct members *m, const char *name, size_t max)
{
	const char *text = member_text(m, name, max);

	if (!text)
		member_bad(m, name);
	return text ? text : "";
}

bool
member_true(struct members *m, const char *name)
{
	const cJSON *node = json_get(m->object, name);

	if (node && !cJSON_IsBool(node))
		member_bad(m, name);
	return cJSON_IsTrue(node);
}

void
member_mark(
	struct members *m, const char *name, const cJSON *node, uint8_t *mark)
{
	if (!cJSON_IsString(node) ||
		!base64_decode(node->valuestring, mark, MARK_SIZE))
		member_bad(m, name);
}

void
member_record(struct members *m, char **kind, char **id)
{
	const char *text =
		member_need_text(m, "r", NAME_MAX_BYTES + 1 + ID_MAX);
	char name[NAME_MAX_BYTES + 1];
	const char *rest;

	if (!record_name_split(text, name, &rest) || !catalog_name_ok(name) ||
		!record_id_ok(rest)) {
		member_bad(m, "r");
		return;
	}
	*kind = mem_text(name);
	*id = mem_text(rest);
}

void
member_books(struct members *m, const char *name, struct names *books)
{
	const cJSON *array = json_get(m->object, name), *node;

	if (array && (!cJSON_IsArray(array) ||
			     cJSON_GetArraySize(array) > BOOKS_MAX)) {
		member_bad(m, name);
		return;
	}
	cJSON_ArrayForEach (node, array) {
		if (!cJSON_IsString(node) || !book_name_ok(node->valuestring))
			member_bad(m, name);
		else
			names_add(books, node->valuestring);
	}
}

void
put_int(struct buf *b, const char *name, int64_t value)
{
	json_put_name(b, name);
	buf_printf(b, "%lld", (long long)value);
}

void
put_difference(struct buf *b, const char *name, int64_t value)
{
	if (value)
		put_int(b, name, value);
}

void
put_mark(struct buf *b, const uint8_t mark[MARK_SIZE])
{
	char text[MARK_TEXT];

	base64_encode(mark, MARK_SIZE, text);
	json_put_text(b, text);
}

void
put_record(struct buf *b, const char *kind, const char *id)
{
	json_put_name(b, "r");
	buf_printf(b, "\"%s/%s\"", kind, id);
}

void
put_names(struct buf *b, const char *name, const struct names *names)
{
	json_put_name(b, name);
	buf_putc(b, '[');
	for (size_t i = 0; i < names->count; i++) {
		json_put_comma(b);
		json_put_text(b, names->items[i]);
	}
	buf_putc(b, ']');
}

void
member_sums(struct members *m, struct checksums *out)
{
	const cJSON *sums = json_get(m->object, "k"), *node;

	if (!cJSON_IsObject(sums))
		member_bad(m, "k");
	cJSON_ArrayForEach (node, sums) {
		uint8_t bytes[MARK_SIZE] = {0};
		uint64_t sum = 0;

		member_mark(m, "k", node, bytes);
		if (m->bad)
			return;
		for (size_t i = 0; i < MARK_SIZE; i++)
			sum = sum << 8 | bytes[i];
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count++] =
			(struct checksum){mem_text(node->string), sum};
	}
}

void
put_sums(struct buf *b, const struct checksums *c)
{
	json_put_name(b, "k");
	buf_putc(b, '{');
	for (size_t i = 0; i < c->count; i++) {
		uint8_t bytes[MARK_SIZE];

		for (size_t j = 0; j < MARK_SIZE; j++)
			bytes[j] = (uint8_t)(c->items[i].sum >> (56 - 8 * j));
		json_put_name(b, c->items[i].kind);
		put_mark(b, bytes);
	}
	buf_putc(b, '}');
}
