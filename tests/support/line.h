/*
 * line.h - the screens on a real pseudo terminal, in a process of their own:
 * what only a line can show. It can lag, hang up and change its size.
 */
#ifndef TESTS_LINE_H
#define TESTS_LINE_H

#include <sys/types.h>

#include "common/buf.h"
#include "tui/screens.h"

#define LINE_PATIENCE_MS 5000

struct line {
	int fd; /* the far end of the terminal */
	pid_t pid;
	int after;	 /* drafts come from here, once it has ended */
	struct buf seen; /* what came since the last keys */
};

/* The screens of a fixture.h replica, 80x24. NULL options: the usual ones. */
void line_open(
	struct line *l, const char *type, const struct screens_options *o);
void line_close(struct line *l); /* what is left of it */

/* Read until this has come; fails the test where it does not. */
void line_expect(struct line *l, const char *text);
/* Forget what was seen, and type. */
void line_send(struct line *l, const char *keys);
/* Stop the program, type, and wait until the line holds that: SIGCONT, and it
 * goes on with keys that it did not take yet. */
void line_send_unread(struct line *l, const char *keys);
void line_size(struct line *l, int rows, int cols);
/* Read what there is until nothing came for a while. Gives the bytes. */
size_t line_drain(struct line *l);
/* It ends by itself, and well; nothing is read meanwhile. */
void line_expect_end(struct line *l);
/* The drafts it left; the caller's. */
char *line_drafts(struct line *l);

#endif
