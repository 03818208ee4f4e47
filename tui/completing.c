#include "tui/completing.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void
completing_release(struct completing *c)
{
	offers_release(&c->offers);
}

/* Nothing changed since Tab put something in, or since it was drawn. */
static bool
is_known(const struct completing *c, const struct text *t)
{
	return c->looked && c->version == t->version && c->at == t->at;
}

static void
know(struct completing *c, const struct text *t)
{
	c->looked = true;
	c->version = t->version;
	c->at = t->at;
}

static void
look(struct completing *c, const struct text *t)
{
	if (is_known(c, t))
		return;
	c->fill(c->arg, text_get(t), t->at, &c->offers);
	c->chosen = c->offers.count;
	know(c, t);
}

/* What all begin with, where that is more than what stands there. */
static size_t
common_length(const struct offers *o, const char *typed, size_t typed_len)
{
	size_t len = strlen(o->items[0].text);

	for (size_t i = 1; i < o->count; i++)
		while (strncmp(o->items[i].text, o->items[0].text, len) != 0)
			len--;
	if (len <= typed_len ||
		strncasecmp(o->items[0].text, typed, typed_len) != 0)
		return 0;
	return len;
}

/* Into the text, in place of what was typed or put there before. */
static bool
put(struct completing *c, struct text *t, const char *what, size_t len)
{
	struct buf line = BUF_INIT;
	const char *text = text_get(t);
	size_t from = c->offers.from;
	bool fits;

	buf_add(&line, text, from);
	buf_add(&line, what, len);
	buf_puts(&line, text + t->at);
	fits = text_replace(t, buf_text(&line));
	if (fits)
		text_move(t, from + len);
	buf_release(&line);
	return fits;
}

/* A whole word is done with: the next one follows it. */
static bool
put_only(struct completing *c, struct text *t)
{
	char *word = mem_text(c->offers.items[0].text);
	size_t len = strlen(word);
	bool named = len && strchr(":/", word[len - 1]), put_in;

	put_in = put(c, t, word, len);
	if (put_in && !named && !text_get(t)[t->at])
		text_insert(t, " ", 1);
	free(word);
	return put_in;
}

bool
completing_tab(struct completing *c, struct text *t, int by)
{
	size_t count, len;

	look(c, t);
	count = c->offers.count;
	if (!count)
		return false;
	if (count == 1)
		return put_only(c, t);
	len = common_length(&c->offers, text_get(t) + c->offers.from,
		t->at - c->offers.from);
	if (c->chosen == count && len) {
		if (!put(c, t, c->offers.items[0].text, len))
			return false;
		know(c, t);
		return true;
	}
	if (c->chosen == count)
		c->chosen = by > 0 ? 0 : count - 1;
	else
		c->chosen = (c->chosen + count + (size_t)by) % count;
	len = strlen(c->offers.items[c->chosen].text);
	if (!put(c, t, c->offers.items[c->chosen].text, len))
		return false;
	know(c, t);
	return true;
}

bool
completing_draw(
	struct completing *c, const struct text *t, struct canvas *to, int row)
{
	struct buf line = BUF_INIT;

	look(c, t);
	if (!c->offers.count)
		return false;
	buf_puts(&line, "Tab:");
	for (size_t i = 0; i < c->offers.count; i++) {
		const struct offer *o = &c->offers.items[i];

		buf_printf(&line, "  %s%s%s%s", o->text,
			o->label[0] ? " (" : "", o->label,
			o->label[0] ? ")" : "");
	}
	canvas_text(to, row, 1, to->cols - 1, INK_FAINT, buf_text(&line));
	buf_release(&line);
	return true;
}
