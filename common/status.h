/* status.h - outcomes, and the one sentence that explains a bad one. */
#ifndef COMMON_STATUS_H
#define COMMON_STATUS_H

#include <stdarg.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/*
 * Zero is good. The values are the exit statuses of both programs, so a
 * command returns what it got.
 */
enum status {
	ST_OK = 0,
	ST_NOT_FOUND = 1,   /* no such record; or a check failed */
	ST_USAGE = 2,	    /* the command line is wrong */
	ST_DATA = 65,	    /* input that cannot be taken */
	ST_REFUSED = 69,    /* the hub refuses: revoked, wrong hub */
	ST_FILE = 74,	    /* a file or the database failed */
	ST_LATER = 75,	    /* the hub was not reached; all edits are kept */
	ST_NOT_ALLOWED = 77 /* the member's rights do not allow it */
};

#define WHY_MAX 600

/* One sentence to show a person: "what happened: what to do". */
struct why {
	char text[WHY_MAX];
};

/* Fill `why` (may be NULL; clipped at WHY_MAX) and return `st`. */
enum status why_set(struct why *why, enum status st, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* The same words, as another function was given them. */
void why_put(struct why *why, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

#endif
