#include "common/outline.h"

#include <string.h>

#include "common/json.h"
#include "common/number.h"

#define PLACES 6
#define RING_LEAST 4 /* points; the first is also the last (RFC 7946) */

static bool
on_earth(double lat, double lon)
{
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180;
}

static void
put_pair(struct buf *out, double a, double b)
{
	char text[NUMBER_MAX];

	number_rounded(a, PLACES, text);
	buf_puts(out, text);
	buf_putc(out, ',');
	number_rounded(b, PLACES, text);
	buf_puts(out, text);
}

bool
outline_point(const char *typed, struct buf *out)
{
	size_t first = strcspn(typed, ", ");
	const char *second = typed + first;
	char text[NUMBER_MAX];
	double lat, lon;

	if (first >= sizeof(text))
		return false;
	memcpy(text, typed, first);
	text[first] = '\0';
	second += strspn(second, " ");
	second += *second == ',';
	second += strspn(second, " ");
	if (!number_parse(text, &lat) || !number_parse(second, &lon) ||
		!on_earth(lat, lon))
		return false;
	put_pair(out, lat, lon);
	return true;
}

/* Levels of arrays down to the first number: 1 for a position. */
static int
depth_of(const cJSON *node)
{
	int depth = 0;

	for (; cJSON_IsArray(node); node = node->child)
		depth++;
	return cJSON_IsNumber(node) ? depth : 0;
}

static const char *
put_position(const cJSON *position, struct buf *out)
{
	const cJSON *lon = cJSON_GetArrayItem(position, 0);
	const cJSON *lat = cJSON_GetArrayItem(position, 1);

	if (!cJSON_IsArray(position) || !cJSON_IsNumber(lon) ||
		!cJSON_IsNumber(lat))
		return "has a position that is not [longitude,latitude]";
	if (!on_earth(lat->valuedouble, lon->valuedouble))
		return "has a position that is not on Earth";
	json_put_comma(out);
	buf_putc(out, '[');
	put_pair(out, lon->valuedouble, lat->valuedouble);
	buf_putc(out, ']');
	return NULL;
}

static bool
same_number(const cJSON *a, const cJSON *b, int index)
{
	const cJSON *x = cJSON_GetArrayItem(a, index);
	const cJSON *y = cJSON_GetArrayItem(b, index);

	return x && y && x->valuedouble == y->valuedouble;
}

static bool
is_closed(const cJSON *ring, int n)
{
	const cJSON *first = cJSON_GetArrayItem(ring, 0);
	const cJSON *last = cJSON_GetArrayItem(ring, n - 1);

	return same_number(first, last, 0) && same_number(first, last, 1);
}

static const char *
put_ring(const cJSON *ring, struct buf *out)
{
	const cJSON *position;
	int n = cJSON_GetArraySize(ring);
	const char *problem = NULL;

	if (!cJSON_IsArray(ring) || n < RING_LEAST)
		return "has a ring of fewer than four positions";
	if (!is_closed(ring, n))
		return "has a ring that does not end where it begins";
	json_put_comma(out);
	buf_putc(out, '[');
	cJSON_ArrayForEach (position, ring)
		if (!problem)
			problem = put_position(position, out);
	buf_putc(out, ']');
	return problem;
}

static const char *
put_polygon(const cJSON *polygon, struct buf *out)
{
	const cJSON *ring;
	const char *problem = NULL;

	if (!cJSON_IsArray(polygon) || !polygon->child)
		return "has a part without a ring";
	json_put_comma(out);
	buf_putc(out, '[');
	cJSON_ArrayForEach (ring, polygon)
		if (!problem)
			problem = put_ring(ring, out);
	buf_putc(out, ']');
	return problem;
}

static const char *
put_parts(const cJSON *tree, struct buf *out)
{
	int depth = depth_of(tree);
	const char *problem = NULL;
	const cJSON *part;

	if (depth != 3 && depth != 4)
		return "is not an outline";
	buf_putc(out, '[');
	if (depth == 3)
		problem = put_polygon(tree, out);
	else
		cJSON_ArrayForEach (part, tree)
			if (!problem)
				problem = put_polygon(part, out);
	buf_putc(out, ']');
	return problem;
}

const char *
outline_area(const char *typed, struct buf *out)
{
	const char *problem;
	cJSON *tree;

	if (json_parse(typed, strlen(typed), false, &tree, NULL))
		return "is not JSON";
	problem = put_parts(tree, out);
	cJSON_Delete(tree);
	return problem;
}

void
outline_summary(const char *area, struct buf *out)
{
	size_t parts = 0, points = 0;

	for (const char *p = area; *p; p++) {
		if (p[0] != '[')
			continue;
		points += p[1] != '[';
		parts += strncmp(p, "[[[", 3) == 0 && p[3] != '[';
	}
	if (points)
		buf_printf(out, "%zu part%s, %zu points", parts,
			parts == 1 ? "" : "s", points);
}
