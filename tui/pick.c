#include "tui/pick.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/books.h"
#include "common/value.h"
#include "tui/area.h"
#include "tui/list.h"
#include "tui/text_act.h"

struct pick {
	struct pick_options options;
	char *title;
	struct text typed;
	struct choices rows;
	struct list list;
	struct names on; /* several: values that are chosen */
};

void
choices_add(struct choices *c, const char *value, const char *label)
{
	MEM_ROOM(c->items, c->count, c->cap);
	c->items[c->count].value = mem_text(value);
	c->items[c->count++].label = mem_text(label);
}

void
choices_clear(struct choices *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].value);
		free(c->items[i].label);
	}
	c->count = 0;
}

void
choices_release(struct choices *c)
{
	choices_clear(c);
	free(c->items);
	*c = (struct choices){0};
}

static bool
holds_word(const char *label, const char *word, size_t len)
{
	for (; *label; label++)
		if (strncasecmp(label, word, len) == 0)
			return true;
	return false;
}

bool
pick_matches(const char *label, const char *typed)
{
	while (*typed) {
		size_t len = strcspn(typed, " ");

		if (len && !holds_word(label, typed, len))
			return false;
		typed += len;
		typed += strspn(typed, " ");
	}
	return true;
}

/* Does a word of `label` begin with this one? */
static bool
word_begins(const char *label, const char *word, size_t len)
{
	for (const char *at = label; *at; at++)
		if ((at == label || !isalnum((unsigned char)at[-1])) &&
			strncasecmp(at, word, len) == 0)
			return true;
	return false;
}

static bool
words_begin(const char *label, const char *typed)
{
	while (*typed) {
		size_t len = strcspn(typed, " ");

		if (len && !word_begins(label, typed, len))
			return false;
		typed += len;
		typed += strspn(typed, " ");
	}
	return true;
}

int
pick_rank(const char *value, const char *label, const char *typed)
{
	size_t len = strlen(typed);

	if (strncasecmp(label, typed, len) == 0 ||
		strncasecmp(value, typed, len) == 0)
		return 0;
	if (words_begin(label, typed) || words_begin(value, typed))
		return 1;
	if (pick_matches(label, typed) || pick_matches(value, typed))
		return 2;
	return 3;
}

void
choices_sort(struct choices *c, const char *typed)
{
	struct choice_row *sorted = mem_alloc((c->count + 1) * sizeof(*sorted));
	size_t to = 0;

	for (int rank = 0; rank < PICK_RANKS; rank++)
		for (size_t i = 0; i < c->count; i++)
			if (pick_rank(c->items[i].value, c->items[i].label,
				    typed) == rank)
				sorted[to++] = c->items[i];
	if (to)
		memcpy(c->items, sorted, to * sizeof(*sorted));
	free(sorted);
}

static void
fill(struct pick *p)
{
	const char *typed = text_get(&p->typed);

	choices_clear(&p->rows);
	p->options.fill(p->options.arg, typed, &p->rows);
	if (typed[0])
		choices_sort(&p->rows, typed);
	list_set_count(&p->list, p->rows.count);
}

static void
choose_value(struct pick *p, const char *value)
{
	for (size_t i = 0; i < p->rows.count; i++)
		if (strcmp(p->rows.items[i].value, value) == 0)
			p->list.chosen = i;
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct pick *p = v->state;

	buf_printf(left, "%s: type to find", p->title);
	buf_printf(right, "%zu", p->rows.count);
}

static bool
is_on(const struct pick *p, const char *value)
{
	return p->options.several && names_have(&p->on, value);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct pick *p = v->state;
	int col;
	size_t from = field_window(&p->typed, c->cols - 4, &col);

	list_fit(&p->list, count - 2);
	for (int i = 0; i < count - 2; i++) {
		size_t at = p->list.top + (size_t)i;

		if (at >= p->rows.count)
			break;
		canvas_text(c, first + 2 + i, 4, c->cols - 4, INK_PLAIN,
			p->rows.items[at].label);
		canvas_mark(c, first + 2 + i, at == p->list.chosen,
			is_on(p, p->rows.items[at].value) ? '+' : 0);
	}
	if (!p->rows.count)
		canvas_text(
			c, first + 2, 4, c->cols, INK_PLAIN, "Nothing matches");
	if (!c->look->plain)
		canvas_text(c, first, 1, 2, INK_PLAIN, "/");
	canvas_text(c, first, 3, c->cols - 3, INK_PLAIN,
		text_get(&p->typed) + from);
	canvas_cursor(c, first, 3 + col);
}

static void
type(struct view *v, const char *text, size_t len)
{
	struct pick *p = v->state;

	app_type(v->app, &p->typed, text, len);
	p->list.chosen = 0;
	fill(p);
}

static void
toggle(struct pick *p, const char *value)
{
	for (size_t i = 0; i < p->on.count; i++) {
		if (strcmp(p->on.items[i], value) != 0)
			continue;
		free(p->on.items[i]);
		memmove(p->on.items + i, p->on.items + i + 1,
			(--p->on.count - i) * sizeof(*p->on.items));
		return;
	}
	names_add(&p->on, value);
}

static char *
joined(const struct names *on)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < on->count; i++)
		value_join(&list, on->items[i]);
	return buf_take(&list);
}

static void
finish(struct view *v, const char *value)
{
	struct pick *p = v->state;
	struct pick_options o = p->options;
	char *answer = o.several ? joined(&p->on) : mem_text(value);

	app_pop(v->app); /* the answer may open the next screen */
	if (answer)
		o.done(o.arg, answer);
	else if (o.given_up)
		o.given_up(o.arg);
	free(answer);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct pick *p = v->state;
	unsigned before = p->typed.version;

	(void)arg;
	if (a == ACT_BACK || a == ACT_CANCEL) {
		finish(v, NULL);
		return true;
	}
	if (a == ACT_OPEN) {
		if (!p->rows.count)
			return true;
		if (!p->options.several)
			finish(v, p->rows.items[p->list.chosen].value);
		else
			toggle(p, p->rows.items[p->list.chosen].value);
		return true;
	}
	if (list_act(&p->list, a))
		return true;
	if (!text_act(&p->typed, a))
		return false;
	if (p->typed.version != before)
		fill(p);
	return true;
}

static void
close_pick(struct view *v)
{
	struct pick *p = v->state;

	choices_release(&p->rows);
	free(p->title);
	names_release(&p->on);
	text_release(&p->typed);
}

static const enum action hints[] = {
	ACT_OPEN, ACT_BACK, ACT_PALETTE, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Choose",
	.context = CTX_TEXT,
	.state_size = sizeof(struct pick),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = act,
	.type = type,
	.close = close_pick,
	.passing = true,
};

void
pick_open(struct app *a, const struct pick_options *o)
{
	struct view *v = app_push(a, &ops);
	struct pick *p = v->state;
	struct buf item = BUF_INIT;
	size_t at = 0;

	p->options = *o;
	p->title = mem_text(o->title);
	p->options.title = p->title;
	text_init(&p->typed, false, 200);
	if (o->typed)
		text_set(&p->typed, o->typed);
	if (o->several)
		while (value_next(o->chosen, &at, &item))
			names_add(&p->on, buf_text(&item));
	buf_release(&item);
	fill(p);
	if (!o->several && o->chosen && !text_get(&p->typed)[0])
		choose_value(p, o->chosen);
	p->options.chosen = NULL; /* it was borrowed for this call */
	if (o->several && !a->look.plain)
		app_say(a, "Enter adds or takes out; Esc when done");
}

bool
pick_several(const struct view *v)
{
	const struct pick *p = v->state;

	return v->ops == &ops && p->options.several;
}

bool
pick_only(const struct view *v)
{
	const struct pick *p = v->state;
	const struct choice_row *first = p->rows.items;

	if (v->ops != &ops || p->options.several || !p->rows.count)
		return false;
	return p->rows.count == 1 ||
	       strcasecmp(first->label, text_get(&p->typed)) == 0 ||
	       strcasecmp(first->value, text_get(&p->typed)) == 0;
}
