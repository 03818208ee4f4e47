#include "sync/geojson.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct walk {
	const char *text;
	size_t len, at;
	size_t line, counted; /* lines before text[counted] */
	size_t feature;	      /* the one we are in; 0 none */
	geojson_visit *visit;
	void *arg;
	bool is_collection, has_features;
};

static size_t
line_at(struct walk *w, size_t at)
{
	for (; w->counted < at; w->counted++)
		w->line += w->text[w->counted] == '\n';
	return w->line + 1;
}

/* Put the place before a reason. */
static enum status
wrong(struct walk *w, size_t line, const char *reason, struct why *why)
{
	char copy[WHY_MAX];

	memccpy(copy, reason, '\0', sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	if (w->feature)
		return why_set(why, ST_DATA, "line %zu, feature %zu: %s", line,
			w->feature, copy);
	return why_set(why, ST_DATA, "line %zu: %s", line, copy);
}

static enum status
wrong_here(struct walk *w, const char *reason, struct why *why)
{
	return wrong(w, line_at(w, w->at), reason, why);
}

static char
peek(struct walk *w)
{
	while (w->at < w->len && memchr(" \t\r\n", w->text[w->at], 4))
		w->at++;
	return w->at < w->len ? w->text[w->at] : '\0';
}

static enum status
expect(struct walk *w, char c, struct why *why)
{
	char reason[] = "'?' is missing here";

	reason[1] = c;
	if (peek(w) != c)
		return wrong_here(w,
			w->at < w->len
				? reason
				: "the file ends in the middle: get it whole",
			why);
	w->at++;
	return ST_OK;
}

static void
skip_string(struct walk *w)
{
	for (w->at++; w->at < w->len && w->text[w->at] != '"'; w->at++)
		if (w->text[w->at] == '\\')
			w->at++;
	w->at++;
}

/* To the end of the value at hand, whatever it is. json_parse judges it. */
static enum status
skip_value(struct walk *w, struct why *why)
{
	size_t depth = 0;
	char c = peek(w);

	for (; w->at < w->len; c = w->text[w->at]) {
		if (c == '"') {
			skip_string(w);
		} else if (c == '{' || c == '[') {
			depth++;
			w->at++;
		} else if (!memchr("}],", c, 3)) {
			w->at++;
		} else if (!depth) {
			return ST_OK;
		} else {
			depth -= c != ',';
			w->at++;
		}
		if (w->at >= w->len)
			break;
		if (!depth && memchr("}]\"", c, 3))
			return ST_OK;
	}
	w->at = w->len;
	return wrong_here(w, "the file ends in the middle: get it whole", why);
}

/* Parse the value at hand; errors say their line in the file. */
static enum status
read_value(struct walk *w, cJSON **out, struct why *why)
{
	struct why inner = {""};
	size_t start, line;
	enum status st;
	char *rest;

	*out = NULL;
	peek(w);
	start = w->at;
	line = line_at(w, start);
	st = skip_value(w, why);
	if (st)
		return st;
	st = json_parse(w->text + start, w->at - start, false, out, &inner);
	if (!st)
		return ST_OK;
	if (strncmp(inner.text, "line ", 5) != 0)
		return wrong(w, line, inner.text, why);
	line += strtoul(inner.text + 5, &rest, 10) - 1;
	rest += strspn(rest, ": ");
	return wrong(w, line, rest, why);
}

static enum status
visit_feature(struct walk *w, const cJSON *tree, size_t line, struct why *why)
{
	struct feature f = {.number = w->feature};
	struct why inner = {""};
	const char *type = json_text(tree, "type");
	enum status st;

	if (!cJSON_IsObject(tree) || !type || strcmp(type, "Feature") != 0)
		return wrong(w, line,
			"this is not a GeoJSON feature: it needs "
			"\"type\":\"Feature\"",
			why);
	if (cJSON_IsObject(json_get(tree, "properties")))
		f.properties = json_get(tree, "properties");
	if (cJSON_IsObject(json_get(tree, "geometry")))
		f.geometry = json_get(tree, "geometry");
	st = w->visit(w->arg, &f, &inner);
	if (!st)
		return ST_OK;
	wrong(w, line, inner.text, why);
	return st;
}

/* After an item: a comma and another, or the closing bracket. */
static enum status
next_item(struct walk *w, char close, bool *more, struct why *why)
{
	enum status st;

	*more = peek(w) != close;
	if (!*more)
		return ST_OK;
	st = expect(w, ',', why);
	if (!st && peek(w) == close)
		st = wrong_here(w, "something is missing after ','", why);
	return st;
}

static enum status
walk_features(struct walk *w, struct why *why)
{
	enum status st = expect(w, '[', why);
	bool more = !st && peek(w) != ']';

	w->has_features = true;
	while (!st && more) {
		size_t line = line_at(w, w->at);
		cJSON *tree;

		w->feature++;
		st = read_value(w, &tree, why);
		if (!st)
			st = visit_feature(w, tree, line, why);
		cJSON_Delete(tree);
		if (!st)
			st = next_item(w, ']', &more, why);
	}
	w->feature = 0;
	return st ? st : expect(w, ']', why);
}

static enum status
walk_member(struct walk *w, struct why *why)
{
	cJSON *name, *value = NULL;
	enum status st = read_value(w, &name, why);

	if (!st && !cJSON_IsString(name))
		st = wrong_here(w, "a name is missing here", why);
	if (!st)
		st = expect(w, ':', why);
	if (!st && strcmp(name->valuestring, "features") == 0) {
		if (w->has_features)
			st = wrong_here(w, "\"features\" twice", why);
		else
			st = walk_features(w, why);
	} else if (!st) {
		st = read_value(w, &value, why);
		if (!st && strcmp(name->valuestring, "type") == 0)
			w->is_collection = cJSON_IsString(value) &&
					   strcmp(value->valuestring,
						   "FeatureCollection") == 0;
	}
	cJSON_Delete(value);
	cJSON_Delete(name);
	return st;
}

static enum status
walk_document(struct walk *w, struct why *why)
{
	enum status st = expect(w, '{', why);
	bool more = !st && peek(w) != '}';

	while (!st && more) {
		st = walk_member(w, why);
		if (!st)
			st = next_item(w, '}', &more, why);
	}
	if (!st)
		st = expect(w, '}', why);
	if (!st && (peek(w) || w->at < w->len))
		st = wrong_here(w, "more text after the end", why);
	if (!st && (!w->is_collection || !w->has_features))
		st = why_set(why, ST_DATA,
			"this is no GeoJSON FeatureCollection: give a file "
			"with \"type\":\"FeatureCollection\" and its features");
	return st;
}

enum status
geojson_each(const char *text, size_t len, geojson_visit *visit, void *arg,
	struct why *why)
{
	struct walk w = {.text = text, .len = len, .visit = visit, .arg = arg};

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		w.at = 3;
	return walk_document(&w, why);
}
