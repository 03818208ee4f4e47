/* The stream itself: what is packed comes out again, whatever the pieces; any
 * bytes are unpacked within the bound, the same in pieces as at once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "sync/pack.h"

#define INFLATED_MAX ((size_t)1 << 18)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
need(bool good)
{
	if (!good)
		abort();
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* All lines, each with its newline; true: no fault. */
static bool
unpack(const char *bytes, size_t len, size_t piece, struct buf *lines,
	bool *ended)
{
	struct unpacker *u = unpacker_new(INFLATED_MAX);
	enum status st = ST_OK;
	const char *line;
	size_t n;

	for (size_t at = 0; !st && at < len; at += piece) {
		st = unpacker_add(u, bytes + at, least(piece, len - at), NULL);
		while ((line = unpacker_line(u, &n))) {
			buf_add(lines, line, n);
			buf_putc(lines, '\n');
		}
	}
	*ended = unpacker_ended(u);
	unpacker_free(u);
	return !st;
}

static void
any_bytes(const char *bytes, size_t len, size_t piece)
{
	struct buf whole = BUF_INIT, pieces = BUF_INIT;
	bool ended[2], good[2];

	good[0] = unpack(bytes, len, len + 1, &whole, &ended[0]);
	good[1] = unpack(bytes, len, piece, &pieces, &ended[1]);
	need(whole.len <= INFLATED_MAX + 1);
	need(good[0] == good[1] && ended[0] == ended[1]);
	need(whole.len == pieces.len);
	need(memcmp(buf_text(&whole), buf_text(&pieces), whole.len) == 0);
	buf_release(&whole);
	buf_release(&pieces);
}

static void
pack(const struct buf *lines, bool plain, size_t piece, struct buf *out)
{
	struct packer *p = packer_new(plain);

	for (size_t at = 0; at < lines->len; at += piece) {
		packer_add(p, lines->data + at, least(piece, lines->len - at),
			out);
		if (piece % 3 == 0)
			packer_flush(p, out);
	}
	packer_finish(p, out);
	packer_free(p);
}

/* A first byte that is an opening brace tells plain lines: lines have it. */
static void
there_and_back(const char *bytes, size_t len, size_t piece, bool plain)
{
	struct buf lines = BUF_INIT, packed = BUF_INIT, back = BUF_INIT;
	bool ended;

	buf_putc(&lines, '{');
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			buf_putc(&lines, bytes[i]);
	buf_putc(&lines, '\n');
	pack(&lines, plain, piece, &packed);
	need(unpack(packed.data, packed.len, piece, &back, &ended));
	need(ended && back.len == lines.len);
	need(memcmp(back.data, lines.data, lines.len) == 0);
	buf_release(&lines);
	buf_release(&packed);
	buf_release(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *copy;
	size_t piece;

	if (!len)
		return 0;
	piece = bytes[0] ? bytes[0] : 1;
	copy = malloc(len);
	if (!copy)
		return 0;
	memcpy(copy, bytes + 1, len - 1);
	any_bytes(copy, len - 1, piece);
	there_and_back(copy, len - 1, piece, false);
	there_and_back(copy, len - 1, piece, true);
	free(copy);
	return 0;
}
