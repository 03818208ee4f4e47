/*
 * pack.h - deflate with the preset dictionary, and its bounded inverse.
 * PROTOCOL.md, "Streams of frames".
 */
#ifndef SYNC_PACK_H
#define SYNC_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/status.h"

#define PACK_FLUSH_BYTES 2048 /* deflated bytes between two flushes */

struct packer; /* opaque: lines in, stream out */

/* `plain`: lines as they are. */
struct packer *packer_new(bool plain);
void packer_free(struct packer *p);
/* Add bytes; what deflate gives for them goes to `out`, now or at a flush. */
void packer_add(
	struct packer *p, const char *bytes, size_t len, struct buf *out);
/* Deflated bytes since the last flush, about: from PACK_FLUSH_BYTES on one is
 * due. Each costs some 80 bytes of its own. */
size_t packer_pending(const struct packer *p);
void packer_flush(struct packer *p, struct buf *out);
void packer_finish(struct packer *p, struct buf *out);

struct unpacker; /* opaque: stream in, lines out */

/* `max`: inflated bytes taken in all. The first byte tells plain or zlib. */
struct unpacker *unpacker_new(size_t max);
void unpacker_free(struct unpacker *u);
bool unpacker_plain(const struct unpacker *u); /* known after one byte */
/*
 * Take bytes as they come. ST_DATA: not a stream of this protocol, or past a
 * bound; the lines before the fault can still be read.
 */
MUST_CHECK enum status unpacker_add(
	struct unpacker *u, const char *bytes, size_t len, struct why *why);
/* Was a bound what it ran into? */
bool unpacker_too_large(const struct unpacker *u);
/* What is there of a line that is not whole yet; borrowed likewise. */
const char *unpacker_partial(const struct unpacker *u, size_t *len);
/* The next whole line, without its newline; borrowed until the next call on
 * u. NULL: none yet. */
const char *unpacker_line(struct unpacker *u, size_t *len);
/* Did the stream end as it should (zlib end, or a whole last line)? */
bool unpacker_ended(const struct unpacker *u);

#endif
