/* digest.h - SHA-256, HMAC (libcrypto), random bytes, and their text. */
#ifndef COMMON_DIGEST_H
#define COMMON_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_SIZE 32

struct digest {
	uint8_t bytes[DIGEST_SIZE];
};

/* SHA-256 of the concatenation of `n` parts. */
struct digest_part {
	const void *bytes;
	size_t len;
};
void digest_parts(
	const struct digest_part *parts, size_t n, struct digest *out);
void digest_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
	struct digest *out);
bool digest_same(const void *a, const void *b, size_t len); /* constant time */

/* Where randomness comes from; NULL means the machine's own. */
struct random_source {
	void (*fill)(void *arg, void *bytes, size_t len);
	void *arg;
};
/* At most 256 bytes. */
void random_fill(const struct random_source *r, void *bytes, size_t len);

/* base64url without padding: 4 characters for 3 bytes; out has its NUL. */
#define BASE64_SIZE(n) (((n)*4 + 2) / 3 + 1)
void base64_encode(const void *bytes, size_t len, char *out);
/* False: not base64url of exactly `len` bytes. */
bool base64_decode(const char *text, void *bytes, size_t len);

#endif
