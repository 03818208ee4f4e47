/* Any text as published beats: imported whole, or not at all. */
#include <stdlib.h>
#include <string.h>

#include "sync/hub_import.h"
#include "tests/fuzz/station.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
import(struct hub *h, const char *text, size_t len)
{
	const struct beat_import how = {"CP_BEAT", "name"};
	struct import_counts counts = {0};
	struct why why = {""};
	enum status st = hub_import_beats(h, text, len, &how, &counts, &why);

	NEED(st == ST_OK || st == ST_DATA || st == ST_NOT_FOUND);
	NEED(st == ST_OK || why.text[0]);
	NEED(st == ST_OK || !station_changed());
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct crew *c = station_at(0);
	char *text = malloc(len + 1);
	struct buf before = BUF_INIT, after = BUF_INIT;

	if (!text)
		return 0;
	memcpy(text, bytes, len);
	text[len] = '\0';
	import(c->hub.h, text, len);
	if (station_changed()) {
		station_verify();
		station_hub_text(&before);
		/* What is there is not imported again. */
		import(c->hub.h, text, len);
		station_hub_text(&after);
		NEED(strcmp(buf_text(&before), buf_text(&after)) == 0);
	}
	buf_release(&before);
	buf_release(&after);
	free(text);
	return 0;
}
