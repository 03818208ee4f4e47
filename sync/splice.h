/*
 * splice.h - a long value as what differs from one that the other side has:
 * so many bytes of its head and of its tail, with a new middle between.
 * PROTOCOL.md, "Splices".
 */
#ifndef SYNC_SPLICE_H
#define SYNC_SPLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

#define SPLICE_GAIN 24	    /* bytes that a splice must save to be worth it */
#define SPLICE_CHECK_SIZE 4 /* of the SHA-256 of the whole value */

struct splice {
	size_t head, tail; /* bytes of the base, cut between characters */
	char *middle;
	uint8_t check[SPLICE_CHECK_SIZE];
};
void splice_release(struct splice *s);

/* Cut `value` against `base`. False: not worth it, and *out holds nothing. */
bool splice_cut(const char *base, const char *value, struct splice *out);

/*
 * Add the whole value to `out`. False, and `out` as it was: it is larger than
 * `max` bytes, or this is not the base that it was cut against.
 */
bool splice_join(
	const char *base, const struct splice *s, size_t max, struct buf *out);

#endif
