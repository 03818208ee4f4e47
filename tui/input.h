/* input.h - one field of a form: what was typed, and what it began from. */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "common/catalog.h"
#include "common/value.h"
#include "tui/area.h"

struct input {
	const struct field *field;
	struct text text; /* as typed; of choices and refs the stored value */
	char *before;	  /* the same when the form was opened */
	char *error;	  /* what is wrong with it, or NULL */
	bool carried;	  /* from where one stood: form_carry.h */
	bool clash;	  /* somebody set it since, too: form_meet.c */
	struct area area; /* a long text's lines */
	char ahead[24];	  /* letters typed at its choices, one after another */
	char counted[64]; /* and what was said of them; "" nothing */
};

/* Are letters its text (or does one choose among what is there)? */
bool input_is_text(const struct field *f);
bool input_is_ref(const struct field *f);

void input_init(struct input *in, const struct field *f, const char *stored);
void input_release(struct input *in);
bool input_changed(const struct input *in);
/* It begins from another value now; what is typed stays. */
void input_rebase(struct input *in, const char *stored);
/* Is that what it says? */
bool input_says(const struct input *in, const char *stored);
/* It says that now, which can be undone. */
void input_say(struct input *in, const char *stored);
/* Say anew how long it is, and where the cursor is if it is there: "line 3 of
 * 12, 27 words", and the bytes where few more fit. */
void input_count(struct input *in, bool focused);
void input_error(struct input *in, const char *text); /* NULL: none */

/* What is typed as the stored value, a new string. */
MUST_CHECK enum status input_read(const struct input *in,
	const struct value_context *ctx, char **out, struct why *why);

/* What can be chosen of an enum, a bool or a set. */
const struct choice *input_choices(const struct field *f, size_t *count);

/* Enum and bool: the next or previous value; none comes after the last where
 * the field may be empty. */
void input_step(struct input *in, int by);
/* The value whose label begins with the letters typed one after another; where
 * none does, the next one that begins with this letter alone. False: none. */
bool input_jump(struct input *in, char letter);

#endif
