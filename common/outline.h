/* outline.h - positions and outlines in their one canonical form. */
#ifndef COMMON_OUTLINE_H
#define COMMON_OUTLINE_H

#include <stdbool.h>

#include "common/buf.h"

/* `lat,lon` with blanks or a comma between: six decimals at most are added
 * to `out`. False: not a position on Earth. */
bool outline_point(const char *typed, struct buf *out);

/*
 * The coordinates of a GeoJSON Polygon or MultiPolygon become those of a
 * MultiPolygon, longitude first, compact, six decimals at most (0.1 m);
 * heights are left out. NULL, or what is wrong in words that follow the text.
 */
const char *outline_area(const char *typed, struct buf *out);

/* For people: "2 parts, 345 points". Nothing for an empty outline. */
void outline_summary(const char *area, struct buf *out);

#endif
