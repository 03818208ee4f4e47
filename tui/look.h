/* look.h - how much the terminal and the person can take. */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include <stdbool.h>

struct look {
	bool utf8;     /* text outside ASCII is sent as it is */
	bool glyphs;   /* signs outside ASCII of our own, such as an ellipsis */
	bool colour;   /* and the terminal has some */
	bool contrast; /* bold and reverse only */
};

/* What a piece of text is; canvas.c gives it attributes. */
enum ink {
	INK_PLAIN,
	INK_TITLE,
	INK_HEAD,  /* of columns and sections */
	INK_FAINT, /* labels, help lines */
	INK_ALERT, /* overdue, conflict, refused */
	INK_COUNT
};

/* From the command line's wishes and the environment (NO_COLOR, TERM, the
 * locale's encoding, SSH). setlocale() was called before. */
void look_choose(struct look *l, bool mono, bool ascii, bool contrast);
const char *look_ellipsis(const struct look *l); /* one cell */

#endif
