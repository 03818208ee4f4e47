#include "tui/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct choice yes_no[] = {{"true", "yes"}, {"false", "no"}};

bool
input_is_ref(const struct field *f)
{
	return f->type == TYPE_REF || f->type == TYPE_REFS;
}

bool
input_is_text(const struct field *f)
{
	return !input_is_ref(f) && f->type != TYPE_ENUM &&
	       f->type != TYPE_BOOL &&
	       !(f->type == TYPE_SET && f->choice_count);
}

static char *
as_typed(const struct field *f, const char *stored)
{
	struct buf b = BUF_INIT;

	if (input_is_text(f))
		value_print(f, stored, &b);
	else
		buf_puts(&b, stored);
	return buf_take(&b);
}

void
input_init(struct input *in, const struct field *f, const char *stored)
{
	memset(in, 0, sizeof(*in));
	in->field = f;
	text_init(&in->text, f->type == TYPE_LONG, f->max + 1024);
	in->before = as_typed(f, stored);
	text_set(&in->text, in->before);
}

void
input_release(struct input *in)
{
	text_release(&in->text);
	area_release(&in->area);
	free(in->before);
	free(in->error);
}

bool
input_changed(const struct input *in)
{
	return strcmp(text_get(&in->text), in->before) != 0;
}

void
input_rebase(struct input *in, const char *stored)
{
	free(in->before);
	in->before = as_typed(in->field, stored);
}

bool
input_says(const struct input *in, const char *stored)
{
	char *typed = as_typed(in->field, stored);
	bool same = strcmp(typed, text_get(&in->text)) == 0;

	free(typed);
	return same;
}

void
input_say(struct input *in, const char *stored)
{
	char *typed = as_typed(in->field, stored);

	text_replace(&in->text, typed);
	free(typed);
}

static size_t
count_words(const char *s)
{
	size_t words = 0;

	for (; *s; s++)
		words += !strchr(" \n\t", *s) &&
			 (!s[1] || strchr(" \n\t", s[1]));
	return words;
}

void
input_count(struct input *in, bool focused)
{
	size_t len = in->text.bytes.len, max = in->field->max, used;
	size_t words = count_words(text_get(&in->text));
	char line[24] = "";

	in->counted[0] = '\0';
	if (!len)
		return;
	if (focused)
		snprintf(line, sizeof(line), "line %zu of ", in->area.row + 1);
	used = (size_t)snprintf(in->counted, sizeof(in->counted),
		"%s%zu%s, %zu word%s", line, in->area.count,
		focused		      ? ""
		: in->area.count == 1 ? " line"
				      : " lines",
		words, words == 1 ? "" : "s");
	if (len > max / 4 * 3)
		snprintf(in->counted + used, sizeof(in->counted) - used,
			", %zu of %zu bytes", len, max);
}

void
input_error(struct input *in, const char *text)
{
	free(in->error);
	in->error = mem_text(text);
}

enum status
input_read(const struct input *in, const struct value_context *ctx, char **out,
	struct why *why)
{
	*out = NULL;
	return value_read(in->field, text_get(&in->text), ctx, out, why);
}

const struct choice *
input_choices(const struct field *f, size_t *count)
{
	*count = f->type == TYPE_BOOL ? 2 : f->choice_count;
	return f->type == TYPE_BOOL ? yes_no : f->choices;
}

/* Its place among the choices; their count: none is chosen. */
static size_t
place(const struct input *in, const struct choice *choices, size_t count)
{
	size_t i = 0;

	while (i < count && strcmp(choices[i].value, text_get(&in->text)) != 0)
		i++;
	return i;
}

void
input_step(struct input *in, int by)
{
	size_t count, at, stops;
	const struct choice *choices = input_choices(in->field, &count);

	in->ahead[0] = '\0';
	if (!count)
		return;
	at = place(in, choices, count);
	stops = count + !in->field->required;
	if (at == count && in->field->required)
		at = by > 0 ? 0 : count - 1;
	else
		at = (at + stops + (size_t)by) % stops;
	text_replace(&in->text, at < count ? choices[at].value : "");
}

/* The first from `from` on whose label begins with what was typed ahead. */
static bool
choose_ahead(struct input *in, size_t from)
{
	size_t count, len = strlen(in->ahead);
	const struct choice *choices = input_choices(in->field, &count);

	for (size_t i = 0; i < count; i++) {
		const struct choice *c = &choices[(from + i) % count];

		if (strncasecmp(c->label, in->ahead, len) == 0) {
			text_replace(&in->text, c->value);
			return true;
		}
	}
	return false;
}

bool
input_jump(struct input *in, char letter)
{
	size_t count, at, len = strlen(in->ahead);
	const struct choice *choices = input_choices(in->field, &count);

	at = place(in, choices, count);
	if (len && len + 1 < sizeof(in->ahead)) {
		in->ahead[len] = letter;
		in->ahead[len + 1] = '\0';
		if (choose_ahead(in, at))
			return true;
	}
	in->ahead[0] = letter;
	in->ahead[1] = '\0';
	if (choose_ahead(in, at < count ? at + 1 : 0))
		return true;
	in->ahead[0] = '\0';
	return false;
}
