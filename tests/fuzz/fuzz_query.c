/* Any text as a search on a real file: ids and finds, or a sentence. */
#include <stdlib.h>
#include <string.h>

#include "common/query.h"
#include "tests/fuzz/station.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
search(struct replica *r, const char *kind, const char *text)
{
	const struct query q = {kind, text, NULL, 20};
	struct names ids = {0};
	struct why why = {""};
	enum status st = query_ids(r, &q, &ids, &why);

	/* A fault of the file would be a fault of the SQL that was made. */
	NEED(st == ST_OK || st == ST_DATA || st == ST_NOT_FOUND);
	NEED(st == ST_OK || why.text[0]);
	NEED(ids.count <= 20);
	names_release(&ids);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct replica *r = station_at(0)->officers[0].r;
	char *text = malloc(len + 1);
	struct finds finds = {0};
	struct why why = {""};
	enum status st;

	if (!text)
		return 0;
	memcpy(text, bytes, len);
	text[len] = '\0';
	search(r, "project", text);
	search(r, "meeting", text);
	search(r, NULL, text);
	st = query_find(r, text, 5, &finds, &why);
	NEED(st == ST_OK || st == ST_DATA || st == ST_NOT_FOUND);
	finds_release(&finds);
	free(text);
	NEED(!station_changed());
	return 0;
}
