/*
 * progress.h - how far long work is, told to whoever wants to know: common/ and
 * sync/ tell, programs print.
 */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <stdint.h>

/* The work is `done` of `all`; 0: all is not known. */
struct progress {
	void (*tell)(void *arg, int64_t done, int64_t all);
	void *arg;
};

/* Nothing where nobody wants to know (NULL). */
void progress_tell(const struct progress *p, int64_t done, int64_t all);

/*
 * One line of a terminal that says it: "WHAT 37 %, 3700 of 10000", or "WHAT
 * 3700", over the one before.
 */
struct progress_line {
	const char *what;
	void (*put)(const char *text); /* sends it */
	int64_t told_at;	       /* boot ms; 0: nothing was told */
	int width;		       /* of what stands there */
};

/* For struct progress: `line` is a struct progress_line. Nothing where it was
 * told just now. */
void progress_line_tell(void *line, int64_t done, int64_t all);
/* Make the line blank again. */
void progress_line_end(struct progress_line *l);

#endif
