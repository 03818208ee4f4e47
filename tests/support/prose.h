/* prose.h - English that reads like an officer's notes, made from a seed. */
#ifndef TESTS_PROSE_H
#define TESTS_PROSE_H

#include <stdint.h>

#include "common/buf.h"

/* The generator: the next number, below 2^31. */
uint64_t prose_next(uint64_t *seed);

/* Sentences until `out` (cleared first) has at least `bytes` bytes, cut at
 * the word that reached them. */
void prose_text(uint64_t *seed, size_t bytes, struct buf *out);

/* A few words of `least` to `most` bytes, without a full stop. */
void prose_words(uint64_t *seed, size_t least, size_t most, struct buf *out);

#endif
