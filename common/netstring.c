#include "common/netstring.h"

#include <stdio.h>
#include <string.h>

void
netstring(struct buf *b, const void *bytes, size_t len)
{
	buf_printf(b, "%zu:", len);
	buf_add(b, bytes, len);
}

void
netstring_text(struct buf *b, const char *s)
{
	netstring(b, s, strlen(s));
}

void
netstring_int(struct buf *b, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)v);
	netstring_text(b, text);
}

void
netstring_digest(struct buf *b, struct digest *out)
{
	const struct digest_part part = {b->data, b->len};

	digest_parts(&part, 1, out);
	buf_release(b);
}
