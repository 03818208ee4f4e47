/* arena.h - many small pieces of memory that live and go together. */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stddef.h>

struct arena; /* opaque */

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */

/* Zeroed and aligned for anything; lives until arena_free. */
void *arena_alloc(struct arena *a, size_t count, size_t size);
char *arena_text(struct arena *a, const char *s); /* NULL gives "" */
char *arena_text_n(struct arena *a, const char *s, size_t len);

#endif
