#include "common/catalog_build.h"

#include <string.h>

#define VALUE_MAX 64 /* bytes of an enumeration's value */

struct value_list *
build_list(const struct build *b, const char *name)
{
	for (size_t i = 0; i < b->list_count; i++)
		if (strcmp(b->lists[i].name, name) == 0)
			return &b->lists[i];
	return NULL;
}

/* vehicle_burglary is shown as Vehicle burglary. */
static const char *
plain_label(const struct build *b, const char *value)
{
	char *label = arena_text(b->cat->memory, value);

	for (char *p = label; *p; p++)
		if (*p == '_')
			*p = ' ';
	if (label[0] >= 'a' && label[0] <= 'z')
		label[0] = (char)(label[0] - 'a' + 'A');
	return label;
}

static bool
value_ok(const char *v)
{
	size_t n = strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n && !v[n] && n <= VALUE_MAX;
}

static bool
has_value(const struct value_list *l, const char *value)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->choices[i].value, value) == 0)
			return true;
	return false;
}

/* Put one value into a list that has room: "other" stays the last. */
static void
list_add(const struct build *b, struct value_list *l, const char *value)
{
	size_t at = l->count;

	if (at && strcmp(l->choices[at - 1].value, "other") == 0) {
		l->choices[at] = l->choices[at - 1];
		at--;
	}
	l->choices[at].value = arena_text(b->cat->memory, value);
	l->choices[at].label = plain_label(b, value);
	l->count++;
}

static enum status
read_list(struct build *b, const struct source *s, const cJSON *array,
	struct why *why)
{
	struct place at = {s, NULL, NULL, array->string};
	struct value_list *l = build_list(b, array->string);
	struct choice *old = l ? l->choices : NULL;
	const cJSON *item;

	if (!catalog_name_ok(array->string) || !cJSON_IsArray(array))
		return source_wrong(&at, why,
			"the list '%.60s' needs a name of letters, digits "
			"and _, and its values in [ ]",
			array->string);
	if (!l) {
		l = &b->lists[b->list_count++];
		l->name = arena_text(b->cat->memory, array->string);
	}
	l->choices = arena_alloc(b->cat->memory,
		l->count + (size_t)cJSON_GetArraySize(array),
		sizeof(*l->choices));
	if (old)
		memcpy(l->choices, old, l->count * sizeof(*old));
	cJSON_ArrayForEach (item, array) {
		at.word = cJSON_IsString(item) ? item->valuestring : at.word;
		if (!cJSON_IsString(item) || !value_ok(item->valuestring))
			return source_wrong(&at, why,
				"a value of '%s' is not 1 to %d small letters, "
				"digits and _",
				l->name, VALUE_MAX);
		if (has_value(l, item->valuestring))
			return source_wrong(&at, why, "'%s' has '%s' twice",
				l->name, item->valuestring);
		list_add(b, l, item->valuestring);
	}
	return ST_OK;
}

static enum status
read_all_values(struct build *b, struct why *why)
{
	size_t room = 0;

	for (size_t i = 0; i < b->source_count; i++)
		room += build_members(b->sources[i].tree, "enums");
	b->lists = arena_alloc(b->cat->memory, room, sizeof(*b->lists));
	for (size_t i = 0; i < b->source_count; i++) {
		const struct source *s = &b->sources[i];
		const cJSON *array;

		cJSON_ArrayForEach (array, json_get(s->tree, "enums")) {
			enum status st = read_list(b, s, array, why);

			if (st)
				return st;
		}
	}
	return ST_OK;
}

static enum status
read_label(struct build *b, const struct source *s, const char *list,
	const cJSON *label, struct why *why)
{
	struct place at = {s, NULL, NULL, label->string};
	struct value_list *l = build_list(b, list);

	if (!l || !has_value(l, label->string))
		return source_wrong(&at, why,
			"a label for '%.60s', which is no value of a list "
			"'%.60s'",
			label->string, list);
	if (!cJSON_IsString(label) || !label->valuestring[0])
		return source_wrong(&at, why, "the label of '%s' is no text",
			label->string);
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->choices[i].value, label->string) == 0)
			l->choices[i].label =
				arena_text(b->cat->memory, label->valuestring);
	return ST_OK;
}

static enum status
read_list_labels(struct build *b, const struct source *s, const cJSON *list,
	struct why *why)
{
	struct place at = {s, NULL, NULL, list->string};
	enum status st = ST_OK;
	const cJSON *label;

	if (!cJSON_IsObject(list))
		return source_wrong(&at, why,
			"the labels of '%.60s' are not { } of value and label",
			list->string);
	cJSON_ArrayForEach (label, list)
		if (!st)
			st = read_label(b, s, list->string, label, why);
	return st;
}

static enum status
read_labels(struct build *b, struct why *why)
{
	for (size_t i = 0; i < b->source_count; i++) {
		const struct source *s = &b->sources[i];
		const cJSON *labels = json_get(s->tree, "labels"), *list;

		cJSON_ArrayForEach (list, labels) {
			enum status st = read_list_labels(b, s, list, why);

			if (st)
				return st;
		}
	}
	return ST_OK;
}

enum status
build_lists(struct build *b, struct why *why)
{
	enum status st = read_all_values(b, why);

	return st ? st : read_labels(b, why);
}
