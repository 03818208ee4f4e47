/* form_state.h - what form.c and form_*.c share. */
#ifndef TUI_FORM_STATE_H
#define TUI_FORM_STATE_H

#include "common/record.h"
#include "tui/input.h"
#include "tui/pick.h"
#include "tui/view.h"

struct form {
	const struct kind *kind;
	uint32_t number;    /* the file's when it was opened */
	struct record *was; /* as it was when opened; NULL: a new record */
	struct record *now; /* as it is since somebody changed it; or NULL */
	bool voided;	    /* somebody made it void since */
	char *parent_field, *parent_value; /* a new record's; may be NULL */
	char *settles;	    /* the field in conflict, the only one; or NULL */
	bool settled;	    /* it is no more: an edit like any other */
	int nth;	    /* of the drafts of the same, from 1 */
	char *draft;	    /* as this form wrote or read it; or NULL */
	struct looked when; /* it, or the draft, was opened */
	int64_t draft_at;   /* when it was kept; 0 never */
	unsigned kept;	    /* form_version() of what was kept */
	struct input *inputs;
	size_t count, focus;
	bool typing;	/* letters come, or go, one after another; */
	bool recount;	/* not they alone since it was drawn last */
	int focus_line; /* of the page, where the focused field begins */
	int top;	/* lines of the page above the body */
	int cells;	/* of a long text's lines, when last drawn */
	int rows;	/* of the body, when last drawn */
	int room;	/* cells beside the labels, when last drawn */
};

extern const struct view_ops form_ops;

unsigned form_version(const struct form *f); /* moves with any change */
bool form_changed(const struct form *f);

struct input *form_focused(struct view *v);
bool form_has_input(const struct replica *r, const struct form *f,
	const struct field *field);
/* A field as it was before anybody set it. */
void form_begin_empty(struct form *f, struct input *in);
void form_release(struct form *f);  /* what it holds */
void form_touched(struct view *v);  /* the focused field was changed */
void form_say_help(struct view *v); /* of the focused field */
void form_next_field(struct view *v, int by);

/* This one was kept as a draft: close it, and begin another of its kind. */
void form_another(struct view *v);

/* What there is to choose from for the focused field, of which `typed` is a
 * part, the nearest first; "" for all, of records the newest. */
void form_choices(struct view *v, const char *typed, struct choices *out);
/* Choose a value of the focused field among what there is. */
void form_pick(struct view *v, const char *typed);
/* The field's value as it is stored, a new string. */
MUST_CHECK enum status form_read(
	struct view *v, const struct input *in, char **value, struct why *why);
/* A field that was changed is left: what is wrong is said beside it, and a day
 * such as +3d becomes the day it means. */
void form_check(struct view *v, struct input *in);
/* Save it and close the form; or say beside which field it is wrong. */
void form_save(struct view *v);

/* Do all choices stand on the row, to be seen at once? */
bool form_radio(const struct form *f, const struct field *field);
void form_draw(struct view *v, struct canvas *c, int first, int count);

/*
 * Look at what somebody else, or another window of one's own, set since the
 * form was opened. What is untouched here takes the new value; what both
 * changed clashes: the form says so beside it, and asks before the save.
 */
void form_meet(struct view *v);
bool form_clashes(const struct form *f);
/* What somebody else set, beside what is typed here: "Chen 10:40 set: June". */
void form_put_clash(struct view *v, const struct input *in, struct buf *out);
/* Whose value stands now, and since when: "Chen 14 Jul 10:40". */
void form_whose(
	struct view *v, const struct record_value *now, struct buf *out);
/* The clash of this field, and of those that win with it, is over: what is
 * typed here goes over what the others set; or theirs is taken. */
void form_keep_mine(struct form *f, const struct input *in);
void form_take_theirs(struct form *f, const struct input *in);
/* Theirs comes below what is typed here, in a long text. False: too long. */
bool form_take_both(struct form *f, struct input *in);
void form_keep_void(struct form *f);
/* Show both values of each, and ask; then the save goes on. */
void form_ask_clashes(struct view *v);

/* Bring the form to the names that records and edits have now: the file may
 * have been given another number (renumber.h), and edits that were seen may
 * have been undone. */
MUST_CHECK enum status form_follow(
	struct form *f, struct replica *r, struct why *why);

/* Which of the drafts of the same there may be: the newest; or, `fresh`, a
 * place for one more. */
MUST_CHECK enum status form_draft_find(
	struct form *f, struct replica *r, bool fresh, struct why *why);
int form_draft_nth(const char *name); /* of a draft by its name */
/* Write the draft, or drop it where nothing is changed any more. One that
 * another window wrote meanwhile stays as it is. */
MUST_CHECK enum status form_draft_keep(
	struct form *f, struct replica *r, struct why *why);
/* Another window, or a form above this one that began with this draft, wrote it
 * anew or saved it: what is typed here is in none. */
bool form_draft_gone(const struct form *f, struct replica *r);
MUST_CHECK enum status form_draft_drop(
	struct form *f, struct replica *r, struct why *why);
/* Put a kept draft's values in; *taken: there was one. */
MUST_CHECK enum status form_draft_take(
	struct form *f, struct replica *r, bool *taken, struct why *why);
/* What is kept as changes of that record, which is no more, goes into this
 * form of a new one; what was typed over other values stays where it is. */
MUST_CHECK enum status form_draft_join(
	struct form *f, struct replica *r, const char *id, struct why *why);
/* It was written anew with other names in it: renumber.h. */
MUST_CHECK enum status form_draft_moved(
	struct form *f, struct replica *r, struct why *why);
/* What a draft is of, and how its text begins; new strings, all but the kind
 * may be NULL. */
struct draft_subject {
	char *kind, *id, *field, *value, *settles, *text;
	int nth;
};
MUST_CHECK enum status form_draft_subject(struct replica *r, const char *name,
	struct draft_subject *out, struct why *why);
void draft_subject_release(struct draft_subject *s);

#endif
