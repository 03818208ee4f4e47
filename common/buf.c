#include "common/buf.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*on_exhausted)(void);

void
mem_on_exhausted(void (*handler)(void))
{
	on_exhausted = handler;
}

static void *
mem_checked(void *p)
{
	if (p)
		return p;
	if (on_exhausted)
		on_exhausted();
	fputs("beatbook: out of memory: close other programs and start again; "
	      "everything saved is kept\n",
		stderr);
	exit(ST_FILE);
}

void *
mem_alloc(size_t size)
{
	return mem_checked(calloc(1, size ? size : 1));
}

void *
mem_grow(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return mem_checked(NULL);
	size *= count;
	return mem_checked(realloc(p, size ? size : 1));
}

char *
mem_text(const char *s)
{
	return s ? mem_checked(strdup(s)) : NULL;
}

char *
mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *out;
	int need;

	va_start(ap, fmt);
	need = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	out = mem_alloc(need < 0 ? 1 : (size_t)need + 1);
	va_start(ap, fmt);
	if (need > 0)
		vsnprintf(out, (size_t)need + 1, fmt, ap);
	va_end(ap);
	return out;
}

void
buf_release(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	memset(b, 0, sizeof(*b));
	b->max = max;
}

void
buf_clear(struct buf *b)
{
	buf_cut(b, 0);
	b->full = false;
}

/* Room for `extra` more bytes and the NUL; false when over the maximum. */
static bool
buf_room(struct buf *b, size_t extra)
{
	size_t max = b->max ? b->max : BUF_MAX_DEFAULT;
	size_t cap = b->cap ? b->cap : 64;

	if (b->full || extra > max || b->len > max - extra) {
		b->full = true;
		return false;
	}
	while (cap < b->len + extra + 1)
		cap *= 2;
	if (cap != b->cap) {
		b->data = mem_grow(b->data, cap, 1);
		b->cap = cap;
	}
	return true;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_splice(struct buf *b, size_t at, size_t cut, const void *bytes, size_t len)
{
	assert(at <= b->len && cut <= b->len - at);
	if (!cut && !len)
		return;
	if (len > cut && !buf_room(b, len - cut))
		return;
	memmove(b->data + at + len, b->data + at + cut, b->len - at - cut);
	memcpy(b->data + at, bytes, len);
	b->len = b->len - cut + len;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int need;

	va_start(ap, fmt);
	need = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (need < 0 || !buf_room(b, (size_t)need))
		return;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)need + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)need;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (!n)
		return;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

void
buf_cut(struct buf *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->data[len] = '\0';
}

const char *
buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *
buf_take(struct buf *b)
{
	char *text = b->data ? b->data : mem_text("");

	b->data = NULL;
	buf_release(b);
	return text;
}

bool
buf_full(const struct buf *b)
{
	return b->full;
}

enum status
buf_read_file(struct buf *b, const char *path, size_t max, struct why *why)
{
	char chunk[16384];
	bool from_stdin = strcmp(path, "-") == 0;
	FILE *f = from_stdin ? stdin : fopen(path, "rb");
	enum status st = ST_OK;
	size_t got;

	if (!f)
		return why_set(why, errno == ENOENT ? ST_NOT_FOUND : ST_FILE,
			"%s cannot be read (%s): check the name", path,
			strerror(errno));
	b->max = max;
	while ((got = fread(chunk, 1, sizeof(chunk), f)) > 0 && !buf_full(b))
		buf_add(b, chunk, got);
	if (ferror(f))
		st = why_set(why, ST_FILE, "%s cannot be read (%s): try again",
			path, strerror(errno));
	else if (buf_full(b))
		st = why_set(why, ST_DATA,
			"%s is larger than %zu bytes: give a smaller file",
			path, max);
	if (!from_stdin)
		fclose(f);
	return st;
}
