/* look.h - how much the terminal and the person can take. */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include <stdbool.h>

/* What a piece of text is. X(id, its name in theme.conf) */
#define INKS(X)                                           \
	X(PLAIN, "plain")                                 \
	X(TITLE, "title")                                 \
	X(HEAD, "head")	    /* of columns and sections */ \
	X(FAINT, "faint")   /* labels, help lines */      \
	X(ALERT, "alert")   /* overdue, conflict */       \
	X(STATUS, "status") /* the row that tells it */   \
	X(HINTS, "hints")                                 \
	X(CHOSEN, "chosen") /* laid over the chosen row */

enum ink {
#define X(id, name) INK_##id,
	INKS(X)
#undef X
		INK_COUNT
};
enum ink ink_from_name(const char *name); /* INK_COUNT: unknown */

/* How text of an ink is shown. */
struct style {
	int colour; /* 0 to 7, as curses has them; -1 the terminal's own */
	bool bold, reverse, underline;
};

/* How the chosen row is shown, beside > and the cursor: not at all, by its
 * first word, by all of it. */
enum selection { SELECT_MARK, SELECT_ID, SELECT_ROW };

struct look {
	bool utf8;     /* text outside ASCII is sent as it is */
	bool glyphs;   /* signs outside ASCII of our own, such as an ellipsis */
	bool colour;   /* and the terminal has some */
	bool contrast; /* bold and reverse only */
	bool big;      /* rows apart, chosen by digits; larger hints */
	bool plain;    /* plain.h: words for marks, no rules, wide rows */
	bool paper;    /* a file: no text is cut for want of rows */
	enum selection selection;
	struct style styles[INK_COUNT];
};

/* What the command line asks for. */
struct wishes {
	bool mono, ascii, contrast, big, plain;
	const char *select; /* mark, id or row; NULL: as fits the line */
};

/* False: no such word. */
bool select_from_name(const char *name, enum selection *out);

/* From the wishes and the environment (NO_COLOR, TERM, the locale's encoding,
 * SSH). setlocale() was called before. `type` of NULL is TERM's. */
void look_choose(struct look *l, const struct wishes *w, const char *type);
bool look_over_ssh(void);
const char *look_ellipsis(const struct look *l); /* one cell */

#endif
