/* hub_import.h - a department's published data into the hub. */
#ifndef SYNC_HUB_IMPORT_H
#define SYNC_HUB_IMPORT_H

#include "sync/hub.h"

#define IMPORT_MAX ((size_t)64 << 20) /* bytes of a file */

struct beat_import {
	const char *code; /* property that holds the beat's code */
	const char *name; /* property that holds its name, or NULL */
};

struct import_counts {
	size_t beats, added, changed, unchanged;
	size_t outside;	    /* features outside any beat: -1, empty, null */
	size_t not_polygon; /* features of any other geometry */
	size_t cleaned;	    /* names with markup or control characters */
};

/*
 * Import the polygons of a GeoJSON file as beats: several features of one
 * code become one beat of several parts. All or nothing; what is the same
 * already is not written. ST_DATA: broken, with line and feature.
 */
MUST_CHECK enum status hub_import_beats(struct hub *h, const char *text,
	size_t len, const struct beat_import *how, struct import_counts *counts,
	struct why *why);

/* "57 beats: 57 added, 0 changed, 0 unchanged; 2 features outside …" */
void hub_import_say(const struct import_counts *counts, struct buf *out);

/* A name as people write it: without markup, entities, control characters,
 * and runs of blanks. A new string; *changed says whether it differs. */
char *import_clean_name(const char *text, bool *changed);

#endif
