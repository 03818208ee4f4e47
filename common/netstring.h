/*
 * netstring.h - what is hashed, as bytes that can be read in one way only: each
 * part with its length before it. PROTOCOL.md, "Hashes".
 */
#ifndef COMMON_NETSTRING_H
#define COMMON_NETSTRING_H

#include "common/buf.h"
#include "common/digest.h"

/* Append LENGTH:BYTES, the length of the bytes in decimal. */
void netstring(struct buf *b, const void *bytes, size_t len);
void netstring_text(struct buf *b, const char *s);
void netstring_int(struct buf *b, int64_t v); /* as decimal text */

/* The hash of all that was appended, which is released. */
void netstring_digest(struct buf *b, struct digest *out);

#endif
