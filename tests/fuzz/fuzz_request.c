/*
 * Any bytes as a request to a hub in the midst of its life. Whatever they do,
 * its invariants hold; in pieces and deflated they do the same as at once and
 * plain; and done again they do nothing. First byte: which moment; second: in
 * pieces of how many bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "sync/pack.h"
#include "tests/fuzz/station.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct outcome {
	int status;
	struct buf hub, answer;
};

static void
ask(const uint8_t *bytes, size_t len, size_t piece, struct outcome *o)
{
	memset(o, 0, sizeof(*o));
	o->status = station_ask(bytes, len, piece, &o->answer);
	station_hub_text(&o->hub);
}

static void
release(struct outcome *o)
{
	buf_release(&o->hub);
	buf_release(&o->answer);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return strcmp(buf_text(a), buf_text(b)) == 0;
}

/* Another way to say the same, to the same hub. */
static void
ask_otherwise(const uint8_t *bytes, size_t len, const struct outcome *first)
{
	struct outcome o;

	station_undo();
	ask(bytes, len, len + 1, &o);
	NEED(o.status == first->status);
	NEED(same(&o.hub, &first->hub));
	release(&o);
}

static void
ask_deflated(const uint8_t *bytes, size_t len, const struct outcome *first)
{
	struct packer *p = packer_new(false);
	struct buf packed = BUF_INIT;
	struct outcome o;

	packer_add(p, (const char *)bytes, len, &packed);
	packer_finish(p, &packed);
	packer_free(p);
	station_undo();
	ask((const uint8_t *)packed.data, packed.len, 97, &o);
	NEED(o.status == first->status);
	NEED(same(&o.hub, &first->hub));
	release(&o);
	buf_release(&packed);
}

/* The same bytes once more, as a proxy may send them. */
static void
ask_again(const uint8_t *bytes, size_t len, const struct outcome *last)
{
	struct outcome o;

	ask(bytes, len, 61, &o);
	NEED(same(&o.hub, &last->hub));
	release(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct outcome first;

	if (len < 3)
		return 0;
	station_at(bytes[0]);
	ask(bytes + 2, len - 2, bytes[1] ? bytes[1] : 1, &first);
	if (station_changed()) {
		station_verify();
		ask_again(bytes + 2, len - 2, &first);
		ask_otherwise(bytes + 2, len - 2, &first);
		if (bytes[2] == '{')
			ask_deflated(bytes + 2, len - 2, &first);
	}
	release(&first);
	return 0;
}
