#include "sync/splice.h"

#include <stdlib.h>
#include <string.h>

#include "common/digest.h"

/* What a splice takes beside its middle: brackets, numbers, quotes, check. */
#define FRAME_BYTES 20

void
splice_release(struct splice *s)
{
	free(s->middle);
	memset(s, 0, sizeof(*s));
}

/* Does a character begin here, or the text end? */
static bool
between(const char *at)
{
	return ((unsigned char)*at & 0xc0) != 0x80;
}

static void
check_of(const char *value, size_t len, uint8_t out[SPLICE_CHECK_SIZE])
{
	const struct digest_part part = {value, len};
	struct digest d;

	digest_parts(&part, 1, &d);
	memcpy(out, d.bytes, SPLICE_CHECK_SIZE);
}

bool
splice_cut(const char *base, const char *value, struct splice *out)
{
	size_t old = strlen(base), len = strlen(value);
	size_t least = old < len ? old : len;
	size_t head = 0, tail = 0;

	memset(out, 0, sizeof(*out));
	while (head < least && base[head] == value[head])
		head++;
	while (head && !(between(base + head) && between(value + head)))
		head--;
	while (tail < least - head &&
		base[old - tail - 1] == value[len - tail - 1])
		tail++;
	while (tail && !between(value + len - tail))
		tail--;
	if (head + tail < FRAME_BYTES + SPLICE_GAIN)
		return false;
	out->head = head;
	out->tail = tail;
	out->middle =
		mem_printf("%.*s", (int)(len - tail - head), value + head);
	check_of(value, len, out->check);
	return true;
}

bool
splice_join(
	const char *base, const struct splice *s, size_t max, struct buf *out)
{
	size_t old = strlen(base), middle = strlen(s->middle), at = out->len;
	uint8_t check[SPLICE_CHECK_SIZE];

	if (s->head > old || s->tail > old - s->head ||
		s->head + s->tail > max || middle > max - s->head - s->tail ||
		!between(base + s->head) || !between(base + old - s->tail))
		return false;
	buf_add(out, base, s->head);
	buf_add(out, s->middle, middle);
	buf_add(out, base + old - s->tail, s->tail);
	if (!buf_full(out)) {
		check_of(buf_text(out) + at, out->len - at, check);
		if (memcmp(check, s->check, SPLICE_CHECK_SIZE) == 0)
			return true;
	}
	buf_cut(out, at);
	return false;
}
