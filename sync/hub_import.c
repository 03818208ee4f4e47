#include "sync/hub_import.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/outline.h"
#include "common/utf8.h"
#include "common/value.h"
#include "sync/geojson.h"
#include "sync/hub_edits.h"
#include "sync/import_choice.h"

#define OUTSIDE "-1" /* code of areas outside any beat, in city data */

/* A beat on its way in. */
struct beat {
	char *code, *name;
	struct buf outline; /* canonical, all its parts */
	double area, x, y;  /* weighted sums for the centre */
};

struct import {
	struct hub *hub;
	const struct beat_import *how;
	struct import_counts *counts;
	struct beat *beats;
	size_t beat_count, beat_cap;
	bool code_seen;
	struct import_choice choice; /* while it was not */
};

/* Names. */

static const struct {
	const char *entity;
	const char *text;
} entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""},
	{"&#39;", "'"}, {"&apos;", "'"}, {"&nbsp;", " "}};

/* Bytes of the entity at s, its text added; 0: none of them. */
static size_t
take_entity(const char *s, struct buf *out)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		size_t len = strlen(entities[i].entity);

		if (strncmp(s, entities[i].entity, len) != 0)
			continue;
		buf_puts(out, entities[i].text);
		return len;
	}
	return 0;
}

/* Bytes of the tag at s: <b>, </p>, <!-- --> but not "a < b"; 0: none. */
static size_t
tag_length(const char *s)
{
	const char *end = strchr(s, '>');

	if (s[0] != '<' || !end || !s[1] || !strchr("/!", s[1])) {
		bool letter =
			s[0] == '<' && ((s[1] >= 'a' && s[1] <= 'z') ||
					       (s[1] >= 'A' && s[1] <= 'Z'));

		if (!letter || !end)
			return 0;
	}
	return (size_t)(end - s) + 1;
}

static void
put_blank(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != ' ')
		buf_putc(out, ' ');
}

char *
import_clean_name(const char *text, bool *changed)
{
	struct buf out = BUF_INIT;
	size_t replaced;
	char *clean = utf8_cleaned(text, strlen(text), false, &replaced);

	for (const char *s = clean; *s;) {
		size_t tag = tag_length(s), entity;

		if (tag || *s == ' ') {
			put_blank(&out);
			s += tag ? tag : 1;
			continue;
		}
		entity = *s == '&' ? take_entity(s, &out) : 0;
		if (!entity)
			buf_putc(&out, *s);
		s += entity ? entity : 1;
	}
	while (out.len && out.data[out.len - 1] == ' ')
		buf_cut(&out, out.len - 1);
	free(clean);
	*changed = strcmp(text, buf_text(&out)) != 0;
	return buf_take(&out);
}

/* Beats. */

static struct beat *
find_beat(struct import *im, const char *code)
{
	for (size_t i = 0; i < im->beat_count; i++)
		if (strcmp(im->beats[i].code, code) == 0)
			return &im->beats[i];
	MEM_ROOM(im->beats, im->beat_count, im->beat_cap);
	im->beats[im->beat_count] = (struct beat){.code = mem_text(code)};
	return &im->beats[im->beat_count++];
}

static void
import_release(struct import *im)
{
	for (size_t i = 0; i < im->beat_count; i++) {
		free(im->beats[i].code);
		free(im->beats[i].name);
		buf_release(&im->beats[i].outline);
	}
	free(im->beats);
	import_choice_release(&im->choice);
}

/* Text or number; "" for null and absent. ST_DATA: anything else. */
static enum status
property_text(const struct feature *f, const char *name, struct buf *out,
	struct why *why)
{
	const cJSON *node =
		f->properties ? json_get(f->properties, name) : NULL;

	if (!import_property_text(node, out))
		return why_set(why, ST_DATA,
			"property '%.60s' is neither text nor a number: give "
			"another property",
			name);
	return ST_OK;
}

/* What there is to choose from, for who gave the wrong property. */
static void
note_properties(struct import *im, const struct feature *f)
{
	if (f->properties && json_get(f->properties, im->how->code))
		im->code_seen = true;
	if (!im->code_seen)
		import_choice_note(&im->choice, f->properties);
}

/*
 * A ring's signed area (in square degrees) and the area-weighted sums of its
 * centre, reckoned from its first point so that no digits are lost.
 */
static void
weigh_ring(struct beat *b, const cJSON *ring)
{
	double x0 = ring->child->child->valuedouble;
	double y0 = ring->child->child->next->valuedouble;
	double area = 0, x = 0, y = 0, px = 0, py = 0;
	const cJSON *point;

	cJSON_ArrayForEach (point, ring) {
		double qx = point->child->valuedouble - x0;
		double qy = point->child->next->valuedouble - y0;
		double cross = px * qy - qx * py;

		area += cross / 2;
		x += (px + qx) * cross / 6;
		y += (py + qy) * cross / 6;
		px = qx;
		py = qy;
	}
	b->area += fabs(area);
	b->x += fabs(area) * x0 + (area < 0 ? -x : x);
	b->y += fabs(area) * y0 + (area < 0 ? -y : y);
}

/* Outer rings alone: the first of each polygon. */
static void
weigh(struct beat *b, const cJSON *coordinates, bool many)
{
	const cJSON *polygon;

	if (!many) {
		weigh_ring(b, coordinates->child);
		return;
	}
	cJSON_ArrayForEach (polygon, coordinates)
		weigh_ring(b, polygon->child);
}

/* Add canonical parts [[…],[…]] to those that are there. */
static void
join_parts(struct buf *outline, const struct buf *parts)
{
	if (!outline->len) {
		buf_add(outline, parts->data, parts->len);
		return;
	}
	buf_cut(outline, outline->len - 1);
	buf_putc(outline, ',');
	buf_add(outline, parts->data + 1, parts->len - 1);
}

static enum status
take_outline(struct beat *b, const struct feature *f, struct why *why)
{
	const cJSON *coordinates = json_get(f->geometry, "coordinates");
	bool many = strcmp(json_text(f->geometry, "type"), "MultiPolygon") == 0;
	struct buf parts = BUF_INIT;
	const char *problem = "lacks its coordinates";
	char *text = coordinates ? cJSON_PrintUnformatted(coordinates) : NULL;

	if (text)
		problem = outline_area(text, &parts);
	if (!problem && (strncmp(text, "[[[[", 4) == 0) != many)
		problem = "is not of the type it says";
	if (!problem && parts.len > 2) {
		weigh(b, coordinates, many);
		join_parts(&b->outline, &parts);
	}
	cJSON_free(text);
	buf_release(&parts);
	if (!problem)
		return ST_OK;
	return why_set(
		why, ST_DATA, "the outline of beat %s %s", b->code, problem);
}

static bool
is_polygon(const struct feature *f)
{
	const char *type = f->geometry ? json_text(f->geometry, "type") : NULL;

	return type && (strcmp(type, "Polygon") == 0 ||
			       strcmp(type, "MultiPolygon") == 0);
}

static enum status
take_name(struct import *im, struct beat *b, const struct feature *f,
	struct why *why)
{
	struct buf raw = BUF_INIT;
	bool cleaned = false;
	enum status st;

	if (!im->how->name || b->name)
		return ST_OK;
	st = property_text(f, im->how->name, &raw, why);
	if (!st && raw.len)
		b->name = import_clean_name(buf_text(&raw), &cleaned);
	im->counts->cleaned += cleaned;
	buf_release(&raw);
	return st;
}

static enum status
take_beat(struct import *im, const char *code, const struct feature *f,
	struct why *why)
{
	struct beat *b;
	enum status st;

	if (!record_id_ok(code))
		return why_set(why, ST_DATA,
			"'%.70s' cannot be a beat's code: letters, digits, - _ "
			". and at most %d of them",
			code, ID_MAX);
	b = find_beat(im, code);
	st = take_outline(b, f, why);
	return st ? st : take_name(im, b, f, why);
}

static enum status
take_feature(void *arg, const struct feature *f, struct why *why)
{
	struct import *im = arg;
	struct buf code = BUF_INIT;
	enum status st;

	note_properties(im, f);
	st = property_text(f, im->how->code, &code, why);
	if (!st && !is_polygon(f))
		im->counts->not_polygon++;
	else if (!st && (!code.len || strcmp(code.data, OUTSIDE) == 0))
		im->counts->outside++;
	else if (!st)
		st = take_beat(im, code.data, f, why);
	buf_release(&code);
	return st;
}

/* Into the hub. */

static void
center_text(const struct beat *b, struct buf *out)
{
	char typed[80];

	snprintf(typed, sizeof(typed), "%.9f,%.9f", b->y / b->area,
		b->x / b->area);
	if (!outline_point(typed, out))
		buf_clear(out);
}

static enum status
put_beat(struct import *im, const struct beat *b, bool exists,
	struct hub_edits *edits, struct why *why)
{
	struct buf center = BUF_INIT;
	enum status st;

	hub_edits_add(edits, "beat", b->code);
	st = hub_edits_put(im->hub, edits, "code", b->code, why);
	if (!st && (b->name || !exists))
		st = hub_edits_put(im->hub, edits, "name",
			b->name && b->name[0] ? b->name : b->code, why);
	if (!st)
		st = hub_edits_put(
			im->hub, edits, "outline", buf_text(&b->outline), why);
	if (b->area > 0)
		center_text(b, &center);
	if (!st)
		st = hub_edits_put(
			im->hub, edits, "center", buf_text(&center), why);
	buf_release(&center);
	return st;
}

static enum status
prepare_beat(struct import *im, const struct beat *b, struct hub_edits *edits,
	struct why *why)
{
	struct import_counts *counts = im->counts;
	struct why inner = {""};
	bool exists = false;
	enum status st = hub_exists(im->hub, "beat", b->code, &exists, &inner);

	if (!st)
		st = put_beat(im, b, exists, edits, &inner);
	if (st)
		return why_set(why, st, "beat %s: %s", b->code, inner.text);
	if (!exists)
		counts->added++;
	else if (hub_edits_changes(edits))
		counts->changed++;
	else
		counts->unchanged++;
	return ST_OK;
}

static enum status
write_beats(struct import *im, struct why *why)
{
	struct hub_edits edits = {NULL, 0, 0};
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < im->beat_count; i++) {
		st = prepare_beat(im, &im->beats[i], &edits, why);
		progress_tell(hub_progress(im->hub), (int64_t)i + 1,
			(int64_t)im->beat_count);
	}
	if (!st)
		st = hub_edits_write(im->hub, &edits, why);
	hub_edits_release(&edits);
	return st;
}

static enum status
no_such_property(const struct import *im, struct why *why)
{
	struct buf names = BUF_INIT;

	import_choice_put(&im->choice, &names);
	why_set(why, ST_DATA,
		"no feature has a property '%.60s': give one of those they "
		"have, the likeliest first (%s)",
		im->how->code, buf_text(&names));
	buf_release(&names);
	return ST_DATA;
}

enum status
hub_import_beats(struct hub *h, const char *text, size_t len,
	const struct beat_import *how, struct import_counts *counts,
	struct why *why)
{
	struct import im = {.hub = h, .how = how, .counts = counts};
	enum status st;

	*counts = (struct import_counts){0};
	st = geojson_each(text, len, take_feature, &im, why);
	if (!st && !im.code_seen)
		st = no_such_property(&im, why);
	if (!st)
		st = write_beats(&im, why);
	counts->beats = im.beat_count;
	import_release(&im);
	return st;
}

static void
say_skipped(struct buf *out, size_t n, const char *what)
{
	if (n)
		buf_printf(out, "; %zu feature%s %s skipped", n,
			n == 1 ? "" : "s", what);
}

void
hub_import_say(const struct import_counts *c, struct buf *out)
{
	buf_printf(out, "%zu beat%s: %zu added, %zu changed, %zu unchanged",
		c->beats, c->beats == 1 ? "" : "s", c->added, c->changed,
		c->unchanged);
	say_skipped(out, c->outside, "outside any beat (-1)");
	say_skipped(out, c->not_polygon, "that are no polygons");
	if (c->cleaned)
		buf_printf(out, "; %zu name%s cleaned", c->cleaned,
			c->cleaned == 1 ? "" : "s");
	buf_putc(out, '\n');
}
