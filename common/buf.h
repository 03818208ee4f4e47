/*
 * buf.h - growing bytes with a maximum, and memory that never comes back NULL.
 *
 * A buffer that would pass its maximum keeps what it has, takes nothing more
 * and says so through buf_full(): check once, at the end. The data is always
 * followed by a NUL that is not counted in len.
 */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

struct buf {
	char *data; /* never NULL once something was added; see buf_text() */
	size_t len;
	size_t cap;
	size_t max; /* bytes; 0 stands for BUF_MAX_DEFAULT */
	bool full;
};

#define BUF_MAX_DEFAULT ((size_t)64 << 20)
/* clang-format off */
#define BUF_INIT { NULL, 0, 0, 0, false }
#define BUF_INIT_MAX(m) { NULL, 0, 0, (m), false }
/* clang-format on */

void buf_release(struct buf *b); /* frees, and leaves an empty buffer */
void buf_clear(struct buf *b);	 /* empties, keeps the memory and the max */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_drop(struct buf *b, size_t n); /* the first n bytes */
/* `len` bytes for the `cut` ones at `at`; bytes must not be b's own. */
void buf_splice(
	struct buf *b, size_t at, size_t cut, const void *bytes, size_t len);
void buf_cut(struct buf *b, size_t len);   /* keep only the first len bytes */
const char *buf_text(const struct buf *b); /* "" when empty; borrowed */
char *buf_take(struct buf *b); /* the text, now the caller's; b is empty */
bool buf_full(const struct buf *b);

/*
 * Read a whole file, or standard input for "-", of at most `max` bytes.
 * ST_NOT_FOUND: no such file. ST_FILE: cannot be read. ST_DATA: larger.
 */
MUST_CHECK enum status buf_read_file(
	struct buf *b, const char *path, size_t max, struct why *why);

/*
 * Memory. Out of memory calls the handler once (tui/ restores the terminal
 * there; drafts and edits are on disk already) and ends with ST_FILE.
 */
void mem_on_exhausted(void (*handler)(void));
void *mem_alloc(size_t size);			    /* zeroed */
void *mem_grow(void *p, size_t count, size_t size); /* realloc, checked */
char *mem_text(const char *s); /* a copy; NULL gives NULL */
char *mem_printf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Make room for one more in a growing array: `p`, used `n`, room `cap`. */
#define MEM_ROOM(p, n, cap)                                       \
	do {                                                      \
		if ((n) == (cap)) {                               \
			(cap) = (cap) ? (cap)*2 : 8;              \
			(p) = mem_grow((p), (cap), sizeof(*(p))); \
		}                                                 \
	} while (0)

#endif
