/*
 * geojson.h - the features of a GeoJSON file, one after another, so that a
 * large file needs the memory of one feature and an error has its place.
 */
#ifndef SYNC_GEOJSON_H
#define SYNC_GEOJSON_H

#include <stddef.h>

#include "common/json.h"
#include "common/status.h"

struct feature {
	size_t number;		 /* 1, 2, 3 … in the file */
	const cJSON *properties; /* object, or NULL */
	const cJSON *geometry;	 /* object, or NULL */
};

/* Other than ST_OK ends the walk; `why` then gets the place put before it. */
typedef enum status geojson_visit(
	void *arg, const struct feature *f, struct why *why);

/*
 * Walk a FeatureCollection (RFC 7946). ST_DATA: it is none, or broken, with
 * line and feature; features before the fault have been visited.
 */
MUST_CHECK enum status geojson_each(const char *text, size_t len,
	geojson_visit *visit, void *arg, struct why *why);

#endif
