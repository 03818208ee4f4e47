#include "common/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

#define CHUNK ((size_t)32 << 10)

struct chunk {
	struct chunk *next;
	size_t used, size;
	max_align_t bytes[];
};

struct arena {
	struct chunk *chunks; /* the newest first */
};

struct arena *
arena_new(void)
{
	return mem_alloc(sizeof(struct arena));
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->chunks) {
		struct chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	free(a);
}

static void
add_chunk(struct arena *a, size_t size)
{
	struct chunk *c = mem_alloc(sizeof(*c) + size);

	c->size = size;
	c->next = a->chunks;
	a->chunks = c;
}

void *
arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t align = sizeof(max_align_t);
	char *p;

	assert(!size || count < SIZE_MAX / 2 / size);
	size = (count * size + align - 1) / align * align;
	if (!a->chunks || a->chunks->size - a->chunks->used < size)
		add_chunk(a, size > CHUNK ? size : CHUNK);
	p = (char *)a->chunks->bytes + a->chunks->used;
	a->chunks->used += size;
	return p;
}

char *
arena_text_n(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1, 1);

	memcpy(copy, s, len);
	return copy;
}

char *
arena_text(struct arena *a, const char *s)
{
	return s ? arena_text_n(a, s, strlen(s)) : arena_text_n(a, "", 0);
}
