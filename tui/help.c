#include "tui/help.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/kept.h"
#include "tui/area.h"
#include "tui/completing.h"
#include "tui/conf.h"
#include "tui/list.h"
#include "tui/pick.h"
#include "tui/show.h"
#include "tui/text_act.h"

#define NARROW 60 /* columns; on fewer there is no room for the help */

/* An action, or one with what is to come after its name. */
struct help_row {
	enum action action;
	const char *arg, *about; /* borrowed from `saved`, or NULL */
};

struct help {
	bool palette;
	struct text typed;
	struct kept_list saved; /* which the palette runs by their names */
	struct help_row *rows;
	size_t cap;
	struct list list;
	struct completing completing;
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

/* Is what comes after an action's name typed? */
static bool
takes_more(const struct help *h)
{
	const char *arg;

	return named(h, &arg) != ACT_NONE;
}

/*
 * How far down a row stands, 0 on top. The action of exactly the name that was
 * typed is the first. Then come names that begin so, names of which words do,
 * names that hold it, saved searches, and those of which the help holds it. In
 * each what can be done now is before what is off, and what has a key before
 * what has none; else it is as in the list of actions.
 */
enum {
	RANK_STEP = 4, /* now with a key, without; off with one, without */
	RANK_SAVED = 1 + (PICK_RANKS - 1) * RANK_STEP,
	RANKS = 1 + PICK_RANKS * RANK_STEP
};

static int
rank(struct view *v, enum action a)
{
	const struct help *h = v->state;
	const char *typed = text_get(&h->typed), *name = action_name(a);
	struct view *below = app_below(v->app);
	struct chord chord;
	struct why why;
	bool off, keyed;

	if (strcasecmp(name, typed) == 0)
		return 0;
	off = view_why_off(below, a, &why) != NULL;
	keyed = keymap_key(v->app->keymap, below->ops->context, a, &chord);
	return 1 + pick_rank(name, name, typed) * RANK_STEP + (off ? 2 : 0) +
	       (keyed ? 0 : 1);
}

static void
add_row(struct help *h, size_t *count, enum action a, const char *arg,
	const char *about)
{
	MEM_ROOM(h->rows, *count, h->cap);
	h->rows[(*count)++] = (struct help_row){a, arg, about};
}

/* Saved searches, each as the words that run it. */
static void
add_saved(struct help *h, size_t *count)
{
	const char *typed = text_get(&h->typed);

	for (size_t i = 0; typed[0] && i < h->saved.count; i++) {
		const struct kept_query *q = &h->saved.items[i];
		char *label = mem_printf("saved %s %s", q->name, q->text);

		if (pick_matches(label, typed))
			add_row(h, count, ACT_SAVED, q->name, q->text);
		free(label);
	}
}

static void
fill(struct view *v)
{
	struct help *h = v->state;
	int ranks[ACTION_COUNT];
	size_t count = 0;

	for (int i = 0; i < ACTION_COUNT; i++)
		ranks[i] = matches(h, (enum action)i) ? rank(v, (enum action)i)
						      : RANKS;
	for (int turn = 0; turn < RANKS; turn++) {
		if (turn == RANK_SAVED)
			add_saved(h, &count);
		for (int i = 0; i < ACTION_COUNT; i++)
			if (ranks[i] == turn)
				add_row(h, &count, (enum action)i, NULL, NULL);
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
draw_action(struct view *v, struct canvas *c, int row, const struct help_row *r)
{
	struct view *under = app_below(v->app);
	enum action a = r->action;
	struct buf keys = BUF_INIT;
	struct why why;
	const char *off = view_why_off(under, a, &why);
	bool narrow = c->cols < NARROW;

	keymap_keys(v->app->keymap, under->ops->context, a, &keys);
	if (r->arg) {
		canvas_printf(c, row, 19, c->cols - 19, INK_PLAIN, "%s %s: %s",
			action_name(a), r->arg, r->about);
		buf_release(&keys);
		return;
	}
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

/* What is wrong in the person's own files, as long as nothing is looked for.
 * Returns the rows it took. */
static int
draw_complaints(struct view *v, struct canvas *c, int first, int max)
{
	struct help *h = v->state;
	const char *text = buf_text(&v->app->settings.complaints);
	int rows = 0;

	if (h->palette || text_get(&h->typed)[0])
		return 0;
	for (; *text && rows < max; rows++) {
		size_t len;

		text = settings_without_folder(text);
		len = strcspn(text, "\n");
		canvas_printf(c, first + rows, 4, c->cols - 4, INK_ALERT,
			"%.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
	return rows;
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct help *h = v->state;
	int told = draw_complaints(v, c, first + 1, count / 2);
	int col;
	size_t from = field_window(&h->typed, c->cols - 20, &col);

	if (takes_more(h) && completing_draw(&h->completing, &h->typed, c,
				     first + count - 1))
		count--;
	list_fit(&h->list, count - 1 - told);
	for (int i = 0; i < count - 1 - told; i++) {
		size_t at = h->list.top + (size_t)i;
		int row = first + 1 + told + i;

		if (at >= h->list.count)
			break;
		draw_action(v, c, row, &h->rows[at]);
		canvas_mark(c, row, at == h->list.chosen, 0);
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

	app_type(v->app, &h->typed, text, len);
	h->list.chosen = 0;
	fill(v);
}

static void
run(struct view *v)
{
	struct help *h = v->state;
	struct app *a = v->app;
	const char *rest;
	const struct help_row *row;
	enum action chosen;
	char *arg = NULL;

	if (!h->list.count)
		return;
	row = &h->rows[h->list.chosen];
	chosen = row->action;
	if (row->arg)
		arg = mem_text(row->arg);
	else if (named(h, &rest) == chosen && rest[0])
		arg = mem_text(rest);
	if (arg)
		conf_trim_end(arg); /* Tab puts a blank behind a word */
	app_pop(a);
	app_act(a, chosen, arg);
	free(arg);
}

/* Tab puts the whole name, ready for what it takes; then that. */
static void
complete(struct view *v, int by)
{
	struct help *h = v->state;
	const struct help_row *row;
	char *name;

	if (takes_more(h)) {
		if (!completing_tab(&h->completing, &h->typed, by))
			app_say(v->app, "Nothing completes this");
		fill(v);
		return;
	}
	if (!h->list.count)
		return;
	row = &h->rows[h->list.chosen];
	name = mem_printf(
		"%s %s", action_name(row->action), row->arg ? row->arg : "");
	text_set(&h->typed, name);
	free(name);
	h->list.chosen = 0;
	fill(v);
}

/* A kind, and for a list the query after it. */
static void
offer_list(struct replica *r, const char *arg, size_t at, struct offers *o)
{
	const struct catalog *c = replica_catalog(r);
	size_t len = strcspn(arg, " ");
	struct buf kind = BUF_INIT;

	buf_add(&kind, arg, len);
	if (at <= len) {
		offer_kinds(c, buf_text(&kind), o);
	} else {
		query_offers(r, catalog_kind(c, buf_text(&kind)), arg + len + 1,
			at - len - 1, o);
		o->from += len + 1;
	}
	buf_release(&kind);
}

static void
offer_saved(const struct help *h, const char *typed, struct offers *o)
{
	for (size_t i = 0; i < h->saved.count; i++)
		if (strncmp(h->saved.items[i].name, typed, strlen(typed)) == 0)
			offers_add(o, h->saved.items[i].name, "");
}

/* The kind of what the screen below shows, or NULL. */
static const struct kind *
kind_below(struct view *v)
{
	struct view *below = app_below(v->app);
	const char *kind, *id;

	if (!below->ops->subject || !below->ops->subject(below, &kind, &id))
		return NULL;
	return catalog_kind(replica_catalog(v->app->replica), kind);
}

/* What may come after the name of an action. */
static void
offer_args(void *arg, const char *text, size_t at, struct offers *o)
{
	struct view *v = arg;
	struct help *h = v->state;
	struct replica *r = v->app->replica;
	const char *rest;
	enum action a = named(h, &rest);
	size_t from = (size_t)(rest - text);

	offers_release(o);
	if (a == ACT_NONE || at < from)
		return;
	if (a == ACT_LIST)
		offer_list(r, rest, at - from, o);
	else if (a == ACT_NEW)
		offer_kinds(replica_catalog(r), rest, o);
	else if (a == ACT_OPEN || a == ACT_NOTE)
		offer_records(r, NULL, rest, o);
	else if (a == ACT_SAVED || a == ACT_SEARCH_DROP)
		offer_saved(h, rest, o);
	else if (a == ACT_GO_BEATS)
		offer_codes(r, "beat", rest, o);
	else if (a == ACT_SEARCH || a == ACT_FILTER)
		query_offers(r, a == ACT_FILTER ? kind_below(v) : NULL, rest,
			at - from, o);
	o->from += from;
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
	if (a == ACT_PANE_NEXT || a == ACT_PANE_PREV) {
		complete(v, a == ACT_PANE_NEXT ? 1 : -1);
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
	kept_list_release(&h->saved);
	free(h->rows);
	completing_release(&h->completing);
}

static const enum action hints[] = {
	ACT_OPEN, ACT_PANE_NEXT, ACT_BACK, ACT_DOWN, ACT_PAGE_DOWN, ACT_NONE};

static const char *
hint(struct view *v, enum action a)
{
	(void)v;
	if (a == ACT_OPEN)
		return "run";
	return a == ACT_PANE_NEXT ? "complete" : action_brief(a);
}

static const struct view_ops ops = {
	.name = "Help",
	.context = CTX_TEXT,
	.state_size = sizeof(struct help),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = draw,
	.act = act,
	.type = type,
	.close = close_help,
	.passing = true,
};

void
help_open(struct app *a, bool palette)
{
	struct view *v = app_push(a, &ops);
	struct help *h = v->state;
	struct why why;

	h->palette = palette;
	text_init(&h->typed, false, 300);
	h->completing.fill = offer_args;
	h->completing.arg = v;
	if (palette)
		app_failed(a,
			kept_read(a->replica, KEPT_SAVED, &h->saved, &why),
			&why);
	fill(v);
}
