#include "tui/help.h"

#include <stdlib.h>
#include <string.h>

#include "tui/area.h"
#include "tui/list.h"
#include "tui/pick.h"
#include "tui/show.h"

#define NARROW 60 /* columns; on fewer there is no room for the help */

struct help {
	bool palette;
	struct text typed;
	enum action found[ACTION_COUNT];
	struct list list;
};

/* The action whose name is the whole first word, and what follows it. */
static enum action
named(const struct help *h, const char **arg)
{
	const char *typed = text_get(&h->typed);
	size_t len = strcspn(typed, " ");
	struct buf word = BUF_INIT;
	enum action a;

	buf_add(&word, typed, len);
	a = action_from_name(buf_text(&word));
	buf_release(&word);
	*arg = typed + len + strspn(typed + len, " ");
	return typed[len] == ' ' ? a : ACT_NONE;
}

static bool
matches(const struct help *h, enum action a)
{
	const char *arg;
	enum action only = named(h, &arg);
	char *label;
	bool found;

	if (only != ACT_NONE)
		return a == only;
	label = mem_printf("%s %s", action_name(a), action_help(a));
	found = pick_matches(label, text_get(&h->typed));
	free(label);
	return found;
}

/* What can be done now comes first, then what is off; among these, names
 * that begin with what was typed. */
static int
rank(struct view *v, enum action a)
{
	const struct help *h = v->state;
	const char *typed = text_get(&h->typed);
	struct why why;
	bool off = view_why_off(app_below(v->app), a, &why) != NULL;
	bool begins = strncmp(action_name(a), typed, strlen(typed)) == 0;

	return (off ? 2 : 0) + (begins ? 0 : 1);
}

static void
fill(struct view *v)
{
	struct help *h = v->state;
	size_t count = 0;

	for (int turn = 0; turn < 4; turn++) {
		for (int i = 0; i < ACTION_COUNT; i++) {
			enum action a = (enum action)i;

			if (matches(h, a) && rank(v, a) == turn)
				h->found[count++] = a;
		}
	}
	list_set_count(&h->list, count);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct help *h = v->state;
	int mine = keymap_user_count(v->app->keymap);

	buf_printf(left, h->palette ? "COMMANDS  %s" : "HELP  keys here: %s",
		app_below(v->app)->ops->name);
	if (mine)
		buf_printf(right, "%d key%s changed by your keymap.conf", mine,
			mine == 1 ? "" : "s");
	else
		buf_puts(right, "keys as built in");
}

static void
draw_action(struct view *v, struct canvas *c, int row, enum action a)
{
	struct view *under = app_below(v->app);
	struct buf keys = BUF_INIT;
	struct why why;
	const char *off = view_why_off(under, a, &why);
	bool narrow = c->cols < NARROW;

	keymap_keys(v->app->keymap, under->ops->context, a, &keys);
	canvas_text(c, row, 4, 14, INK_PLAIN,
		keys.len ? buf_text(&keys) : "no key");
	canvas_printf(c, row, 19, narrow ? c->cols - 19 : 15, INK_PLAIN, "%s%s",
		action_name(a), narrow && off ? ", off" : "");
	if (off && !narrow)
		canvas_printf(
			c, row, 35, c->cols - 35, INK_FAINT, "off: %s", off);
	else if (!narrow)
		canvas_text(
			c, row, 35, c->cols - 35, INK_PLAIN, action_help(a));
	buf_release(&keys);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct help *h = v->state;
	int col;
	size_t from = field_window(&h->typed, c->cols - 20, &col);

	list_fit(&h->list, count - 1);
	for (int i = 0; i < count - 1; i++) {
		size_t at = h->list.top + (size_t)i;

		if (at >= h->list.count)
			break;
		draw_action(v, c, first + 1 + i, h->found[at]);
		canvas_mark(c, first + 1 + i, at == h->list.chosen, 0);
	}
	if (!h->list.count)
		canvas_text(
			c, first + 1, 4, c->cols, INK_PLAIN, "Nothing matches");
	canvas_text(c, first, 1, 16, INK_HEAD, "type to filter:");
	canvas_text(c, first, 17, c->cols - 17, INK_PLAIN,
		text_get(&h->typed) + from);
	canvas_cursor(c, first, 17 + col);
}

static void
type(struct view *v, const char *text, size_t len)
{
	struct help *h = v->state;

	text_insert(&h->typed, text, len);
	h->list.chosen = 0;
	fill(v);
}

static void
run(struct view *v)
{
	struct help *h = v->state;
	struct app *a = v->app;
	const char *rest;
	enum action chosen;
	char *arg = NULL;

	if (!h->list.count)
		return;
	chosen = h->found[h->list.chosen];
	if (named(h, &rest) == chosen && rest[0])
		arg = mem_text(rest);
	app_pop(a);
	app_act(a, chosen, arg);
	free(arg);
}

/* Tab puts the whole name, ready for what it takes. */
static void
complete(struct view *v)
{
	struct help *h = v->state;
	char *name;

	if (!h->list.count)
		return;
	name = mem_printf("%s ", action_name(h->found[h->list.chosen]));
	text_set(&h->typed, name);
	free(name);
	h->list.chosen = 0;
	fill(v);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct help *h = v->state;
	unsigned before = h->typed.version;

	if (a == ACT_OPEN && !arg) {
		run(v);
		return true;
	}
	if (a == ACT_PANE_NEXT) {
		complete(v);
		return true;
	}
	if (a == ACT_HELP || a == ACT_PALETTE)
		return true; /* it is open already */
	if (list_act(&h->list, a))
		return true;
	if (!text_act(&h->typed, a))
		return false;
	if (h->typed.version != before)
		fill(v);
	return true;
}

static void
close_help(struct view *v)
{
	struct help *h = v->state;

	text_release(&h->typed);
}

static const enum action hints[] = {
	ACT_OPEN, ACT_BACK, ACT_DOWN, ACT_PAGE_DOWN, ACT_NONE};

static const struct view_ops ops = {
	.name = "Help",
	.context = CTX_TEXT,
	.state_size = sizeof(struct help),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = act,
	.type = type,
	.close = close_help,
};

void
help_open(struct app *a, bool palette)
{
	struct view *v = app_push(a, &ops);
	struct help *h = v->state;

	h->palette = palette;
	text_init(&h->typed, false, 300);
	fill(v);
}
