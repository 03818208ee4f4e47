/* plain_state.h - what plain.c and plain_*.c share, and tests that have no
 * terminal. */
#ifndef TUI_PLAIN_STATE_H
#define TUI_PLAIN_STATE_H

#include "tui/form_state.h"
#include "tui/pick.h"
#include "tui/plain.h"
#include "tui/plain_sheet.h"
#include "tui/syncing.h"

/* The form that is on, field by field. */
struct plain_form {
	unsigned nth;		/* of its view; 0 none */
	bool *asked;		/* of each field: it was */
	bool writing;		/* lines of a long text come, to a lone . */
	bool reviewing;		/* all were asked */
	bool listed;		/* what `offered` holds was printed */
	struct choices offered; /* for the field: a number chooses */
};

struct plain {
	struct app app;
	struct syncing sync;
	size_t page;	      /* lines */
	struct sheet *sheets; /* of each view on the stack */
	size_t count, cap;
	unsigned top;	      /* the view that was read last, by its nth */
	struct names greeted; /* kinds of views whose words were told */
	struct plain_form form;
	bool reached;	/* the hub answered the last time */
	bool once_more; /* what was saved during a sync goes with another */
	struct buf out; /* to be printed */
	struct buf ask; /* and the question after it, without its line end */
};

/* Open the first screen; `page` lines of a list at a time. */
void plain_begin(struct plain *p, struct replica *r,
	const struct screens_options *o, size_t page);
void plain_end(struct plain *p); /* drafts are kept */
/* A line was typed: do what it says. What is to be read is in out and ask. */
void plain_take(struct plain *p, const char *line);
/* The same of a line that cannot be taken, and why. */
void plain_refuse(struct plain *p, const char *why);
/* The person wants out of what is asked (Ctrl-C). */
void plain_cancel(struct plain *p);
/* Go on with a sync; true: there is something to be read. */
bool plain_sync(struct plain *p);

void plain_again(struct plain *p);  /* all of the screen */
void plain_status(struct plain *p); /* the hub, what is unsent, who works */
char *plain_trim(char *text);	    /* its middle, without blanks around */
/* The sheet of the view on top. */
struct sheet *plain_sheet(struct plain *p);

/* plain_words.c: a line that is a command. */
void plain_command(struct plain *p, const char *line);
/* What can be done here; `about` "": the most, "all", or a word of one. */
void plain_help(struct plain *p, const char *about);
/* The action of this word where one is; ACT_NONE, having said why not. */
enum action plain_action(struct plain *p, const char *word, bool whole);

/* plain_form.c: the form on top. */
bool plain_form_on(const struct plain *p);
void plain_form_show(struct plain *p);
void plain_form_again(struct plain *p); /* all fields with their values */
void plain_form_take(struct plain *p, const char *line);
void plain_form_end(struct plain *p);
void plain_go_on(struct plain *p); /* to the next that was not asked yet */

/* plain_value.c: what a line is as the value of the field that is asked; it is
 * set and the next one asked, or said why it cannot be. */
void plain_take_value(struct plain *p, const char *line, const char *trimmed);
void plain_write_on(struct plain *p, const char *line); /* of a long text */
/* What there is to choose from goes into form.offered. */
#define OFFERED_SHOWN 20 /* of it are listed */
void plain_offer(struct plain *p, const char *typed);
bool plain_several(const struct field *f); /* does it take several? */

#endif
