/*
 * Any bytes as a hub's answer to a real file in the midst of its life: no
 * fault of memory, none that looks like one of the file, and in pieces a whole
 * answer does what it does at once. (One with a fault in it leaves what was
 * committed before the fault, which is more where it came in pieces.) The file
 * is sound whatever the hub says. First byte: which moment; second: pieces of
 * how many bytes.
 */
#include <string.h>

#include "sync/engine.h"
#include "tests/fuzz/station.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What the file holds after an answer that comes in such pieces. */
static enum status
hear(struct crew *c, const uint8_t *bytes, size_t len, size_t piece,
	struct buf *file)
{
	struct replica *r = c->officers[0].r;
	struct buf request = BUF_INIT;
	struct sync_counts counts;
	struct engine *e;
	struct why why = {""};
	enum status st = ST_OK;

	NEED(!engine_begin(r, true, &e, &request, &why));
	for (size_t i = 0; !st && i < len; i += piece)
		st = engine_feed(e, 200, (const char *)bytes + i,
			len - i < piece ? len - i : piece, &why);
	st = engine_end(e, &counts, &why);
	/* The disk is sound: nothing may look like a fault of it. */
	NEED(st != ST_FILE);
	engine_free(e);
	buf_release(&request);
	station_file_text(file);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf pieces = BUF_INIT, whole = BUF_INIT;
	enum status st;
	struct crew *c;

	if (len < 3)
		return 0;
	c = station_at(bytes[0]);
	st = hear(c, bytes + 2, len - 2, bytes[1] ? bytes[1] : 1, &pieces);
	station_verify();
	station_undo();
	NEED(hear(c, bytes + 2, len - 2, len, &whole) == st);
	NEED(st || strcmp(buf_text(&pieces), buf_text(&whole)) == 0);
	station_verify();
	buf_release(&pieces);
	buf_release(&whole);
	return 0;
}
