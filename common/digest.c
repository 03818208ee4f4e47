#include "common/digest.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
digest_parts(const struct digest_part *parts, size_t n, struct digest *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

	for (size_t i = 0; ok && i < n; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].bytes, parts[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, out->bytes, NULL);
	EVP_MD_CTX_free(ctx);
	if (!ok)
		abort();
}

void
digest_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
	struct digest *out)
{
	if (!HMAC(EVP_sha256(), key, (int)key_len, bytes, len, out->bytes,
		    NULL))
		abort();
}

bool
digest_same(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void
random_fill(const struct random_source *r, void *bytes, size_t len)
{
	if (r && r->fill)
		r->fill(r->arg, bytes, len);
	else if (getentropy(bytes, len) != 0)
		abort();
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789-_";

void
base64_encode(const void *bytes, size_t len, char *out)
{
	const uint8_t *p = bytes;
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8) | p[i];
		for (have += 8; have >= 6; have -= 6)
			*out++ = alphabet[(bits >> (have - 6)) & 63];
	}
	if (have)
		*out++ = alphabet[(bits << (6 - have)) & 63];
	*out = '\0';
}

bool
base64_decode(const char *text, void *bytes, size_t len)
{
	uint8_t *p = bytes;
	uint32_t bits = 0;
	size_t done = 0;
	int have = 0;

	if (strlen(text) != BASE64_SIZE(len) - 1)
		return false;
	for (; *text; text++) {
		const char *at = strchr(alphabet, *text);

		if (!at)
			return false;
		bits = (bits << 6) | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			p[done++] = (uint8_t)(bits >> have);
		}
	}
	return done == len && (bits & ((1u << have) - 1)) == 0;
}
