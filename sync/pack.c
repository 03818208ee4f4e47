#include "sync/pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/embedded.h"
#include "sync/message.h"

#define DICTIONARY "sync/dictionary.txt"
#define CHUNK 16384

/* From so many bytes on, less is searched for what was said before: the last
 * hundredth of the bytes takes half of the time. */
#define LONG_STREAM ((size_t)256 << 10)
#define LONG_GOOD 8 /* zlib's own figures for level 7 */
#define LONG_LAZY 32
#define LONG_NICE 128
#define LONG_CHAIN 256

struct dictionary {
	const Bytef *bytes;
	uInt len;
};

/* The file's final newline is an editor's, not the dictionary's. */
static struct dictionary
dictionary(void)
{
	const struct embedded *f = embedded_files;
	struct dictionary d;

	while (f->path && strcmp(f->path, DICTIONARY) != 0)
		f++;
	assert(f->path);
	d.bytes = (const Bytef *)f->text;
	d.len = (uInt)f->len;
	if (d.len && d.bytes[d.len - 1] == '\n')
		d.len--;
	return d;
}

struct packer {
	bool plain;
	z_stream z;
	size_t in_total, out_total; /* tell how well it deflates so far */
	size_t in_since, out_since; /* the last flush */
};

struct packer *
packer_new(bool plain)
{
	struct packer *p = mem_alloc(sizeof(*p));
	struct dictionary d = dictionary();

	p->plain = plain;
	/* Before anything was measured: three to one. */
	p->in_total = 3;
	p->out_total = 1;
	if (plain)
		return p;
	if (deflateInit(&p->z, Z_BEST_COMPRESSION) != Z_OK ||
		deflateSetDictionary(&p->z, d.bytes, d.len) != Z_OK)
		abort(); /* out of memory */
	return p;
}

void
packer_free(struct packer *p)
{
	if (p && !p->plain)
		deflateEnd(&p->z);
	free(p);
}

static void
run_deflate(struct packer *p, const char *bytes, size_t len, int flush,
	struct buf *out)
{
	Bytef chunk[CHUNK];

	assert(len <= REQUEST_MAX);
	p->z.next_in = (z_const Bytef *)bytes;
	p->z.avail_in = (uInt)len;
	do {
		p->z.next_out = chunk;
		p->z.avail_out = sizeof(chunk);
		deflate(&p->z, flush);
		buf_add(out, chunk, sizeof(chunk) - p->z.avail_out);
		p->out_since += sizeof(chunk) - p->z.avail_out;
	} while (p->z.avail_out == 0);
}

/* Deflate holds bytes back, so what a flush would give is reckoned from how
 * well it went so far. */
size_t
packer_pending(const struct packer *p)
{
	return p->in_since * p->out_total / p->in_total;
}

void
packer_add(struct packer *p, const char *bytes, size_t len, struct buf *out)
{
	p->in_since += len;
	if (p->plain) {
		buf_add(out, bytes, len);
		return;
	}
	if (p->z.total_in > LONG_STREAM)
		deflateTune(&p->z, LONG_GOOD, LONG_LAZY, LONG_NICE, LONG_CHAIN);
	run_deflate(p, bytes, len, Z_NO_FLUSH, out);
}

void
packer_flush(struct packer *p, struct buf *out)
{
	if (!p->plain && p->in_since) {
		run_deflate(p, "", 0, Z_SYNC_FLUSH, out);
		p->in_total += p->in_since;
		p->out_total += p->out_since;
	}
	p->in_since = p->out_since = 0;
}

void
packer_finish(struct packer *p, struct buf *out)
{
	if (!p->plain)
		run_deflate(p, "", 0, Z_FINISH, out);
}

struct unpacker {
	bool begun, plain;
	bool ended; /* zlib saw the end of its stream */
	z_stream z;
	size_t left;   /* bytes that may still be inflated */
	struct buf in; /* inflated; what is before `used` was given out */
	size_t used;
	size_t line_at; /* where the last, unfinished line begins */
	bool too_large;
	enum status fault;
	struct why why;
};

struct unpacker *
unpacker_new(size_t max)
{
	struct unpacker *u = mem_alloc(sizeof(*u));

	u->left = max;
	u->in.max = max;
	if (inflateInit(&u->z) != Z_OK)
		abort(); /* out of memory */
	return u;
}

void
unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	inflateEnd(&u->z);
	buf_release(&u->in);
	free(u);
}

bool
unpacker_plain(const struct unpacker *u)
{
	return u->plain;
}

/* Remember the fault: nothing after it is taken. Whole lines before it stay,
 * the broken one goes. */
static enum status
fail(struct unpacker *u, const char *what)
{
	buf_cut(&u->in, u->line_at);
	u->fault = why_set(&u->why, ST_DATA, "the stream %s", what);
	return u->fault;
}

static enum status
fail_large(struct unpacker *u, const char *what)
{
	u->too_large = true;
	return fail(u, what);
}

/* Take inflated bytes and see where the last whole line ends. */
static enum status
take(struct unpacker *u, const char *bytes, size_t len)
{
	bool within = len <= u->left;
	size_t at = u->in.len;
	const char *end = bytes;

	if (!within)
		len = u->left;
	u->left -= len;
	buf_add(&u->in, bytes, len);
	while (end && at < u->in.len) {
		end = memchr(u->in.data + at, '\n', u->in.len - at);
		at = end ? (size_t)(end - u->in.data) : u->in.len;
		if (at - u->line_at > FRAME_MAX)
			return fail_large(u, "has a line that is too long");
		if (end)
			u->line_at = ++at;
	}
	return within ? ST_OK : fail_large(u, "is larger than is allowed");
}

static enum status
use_dictionary(struct unpacker *u)
{
	struct dictionary d = dictionary();

	if (inflateSetDictionary(&u->z, d.bytes, d.len) != Z_OK)
		return fail(u, "was deflated with another dictionary: "
			       "bring both programs to the same version");
	return ST_OK;
}

static enum status
inflate_some(struct unpacker *u, bool *more)
{
	char chunk[CHUNK];
	enum status st;
	int z;

	u->z.next_out = (Bytef *)chunk;
	u->z.avail_out = sizeof(chunk);
	z = inflate(&u->z, Z_SYNC_FLUSH);
	u->ended = z == Z_STREAM_END;
	*more = z == Z_NEED_DICT || (z == Z_OK && u->z.avail_out == 0);
	st = take(u, chunk, sizeof(chunk) - u->z.avail_out);
	if (st)
		return st;
	if (z == Z_NEED_DICT)
		return use_dictionary(u);
	if (z != Z_OK && z != Z_STREAM_END && z != Z_BUF_ERROR)
		return fail(u, "cannot be inflated");
	return ST_OK;
}

static enum status
take_deflated(struct unpacker *u, const char *bytes, size_t len)
{
	enum status st = ST_OK;
	bool more = true;

	u->z.next_in = (z_const Bytef *)bytes;
	u->z.avail_in = (uInt)len;
	while (!st && !u->ended && (more || u->z.avail_in))
		st = inflate_some(u, &more);
	if (!st && u->ended && u->z.avail_in)
		st = fail(u, "goes on after its end");
	return st;
}

enum status
unpacker_add(struct unpacker *u, const char *bytes, size_t len, struct why *why)
{
	enum status st = u->fault;

	buf_drop(&u->in, u->used);
	u->line_at -= u->used;
	u->used = 0;
	if (!u->begun && len) {
		u->begun = true;
		u->plain = bytes[0] == '{';
	}
	if (!st && len)
		st = u->plain ? take(u, bytes, len)
			      : take_deflated(u, bytes, len);
	if (st)
		return why_set(why, st, "%s", u->why.text);
	return ST_OK;
}

bool
unpacker_too_large(const struct unpacker *u)
{
	return u->too_large;
}

const char *
unpacker_partial(const struct unpacker *u, size_t *len)
{
	*len = u->in.len - u->line_at;
	return *len ? u->in.data + u->line_at : "";
}

const char *
unpacker_line(struct unpacker *u, size_t *len)
{
	const char *line, *end;

	if (u->used >= u->line_at)
		return NULL;
	line = u->in.data + u->used;
	end = memchr(line, '\n', u->line_at - u->used);
	*len = (size_t)(end - line);
	u->used += *len + 1;
	return line;
}

bool
unpacker_ended(const struct unpacker *u)
{
	return !u->fault && u->begun && u->in.len == u->line_at &&
	       (u->plain || u->ended);
}
