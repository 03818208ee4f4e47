#include "tui/search.h"

#include <stdlib.h>
#include <string.h>

#include "common/kept.h"
#include "common/query.h"
#include "tui/area.h"
#include "tui/completing.h"
#include "tui/list.h"
#include "tui/record_view.h"
#include "tui/saved.h"
#include "tui/search_rows.h"
#include "tui/text_act.h"

#define FETCH_FIRST 50 /* of what is found; more as one goes down */
#define FETCH_MAX 1000
#define REMEMBERED_MIN 2 /* bytes of a search that is remembered */
#define KIND_COL 13

/* With words: what is found. Without: the searches kept and made before. */
struct search {
	struct text words;
	struct finds found;
	struct search_rows rows; /* of it */
	size_t fetched;		 /* at most so many were read */
	struct kept_list saved, before;
	struct list list;
	struct completing completing;
	struct why why; /* what is wrong with the words, or "" */
};

static bool
is_empty(const struct search *s)
{
	return !text_get(&s->words)[0];
}

static void
read_kept(struct view *v)
{
	struct search *s = v->state;
	struct replica *r = v->app->replica;

	kept_list_release(&s->saved);
	kept_list_release(&s->before);
	if (kept_read(r, KEPT_SAVED, &s->saved, &s->why) ||
		kept_read(r, KEPT_SEARCHED, &s->before, &s->why))
		return;
	s->why.text[0] = '\0';
}

static bool
same_found(const void *arg, size_t was, size_t now)
{
	const struct finds *const *both = arg;
	const struct found *a = &both[0]->items[was];
	const struct found *b = &both[1]->items[now];

	return strcmp(a->id, b->id) == 0 && strcmp(a->kind, b->kind) == 0;
}

/* Other ones are found, or they changed: the chosen one stays so. */
static void
take_found(struct view *v, struct finds *now)
{
	struct search *s = v->state;
	const struct finds *both[] = {&s->found, now};
	size_t was = s->list.chosen;
	bool stays;

	stays = list_follow(&s->list, now->count, same_found, both);
	view_followed(v, stays ? NULL : s->found.items[was].id);
	search_rows_forget(&s->rows);
	finds_release(&s->found);
	s->found = *now;
}

static void
look_at_kept(struct view *v)
{
	struct search *s = v->state;

	search_rows_forget(&s->rows);
	finds_release(&s->found);
	read_kept(v);
	list_set_count(&s->list, s->saved.count + s->before.count);
}

static void
look(struct view *v)
{
	struct search *s = v->state;
	struct finds now = {0};

	s->why.text[0] = '\0';
	if (is_empty(s)) {
		look_at_kept(v);
		return;
	}
	if (query_find(v->app->replica, text_get(&s->words),
		    (int64_t)s->fetched, &now, &s->why))
		finds_release(&now);
	take_found(v, &now);
}

/* Other words: from the top again. */
static void
look_anew(struct view *v)
{
	struct search *s = v->state;

	s->list.chosen = s->list.top = s->list.count = 0;
	s->fetched = FETCH_FIRST;
	look(v);
}

/* So many are wanted, where there are so many. */
static void
fetch(struct view *v, size_t wanted)
{
	struct search *s = v->state;

	while (!is_empty(s) && wanted > s->found.count &&
		s->fetched < FETCH_MAX && s->found.total > s->found.count) {
		s->fetched =
			s->fetched * 4 < FETCH_MAX ? s->fetched * 4 : FETCH_MAX;
		look(v);
	}
}

/* One goes down: what comes next, before it is needed. */
static void
fetch_more(struct view *v)
{
	struct search *s = v->state;

	fetch(v, s->list.chosen + (size_t)s->list.rows * 2);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct search *s = v->state;

	buf_puts(left, "SEARCH");
	if (is_empty(s))
		buf_puts(right, "kept, and made before");
	else if (!s->why.text[0])
		buf_printf(right, "%zu found", s->found.total);
	if (s->found.total > FETCH_MAX)
		buf_printf(right, ", the first %d are here", FETCH_MAX);
}

/* Which of the searches kept and made before; its name, or "". */
static const struct kept_query *
kept_at(const struct search *s, size_t at, const char **name)
{
	bool saved = at < s->saved.count;
	const struct kept_query *q =
		saved ? &s->saved.items[at]
		      : &s->before.items[at - s->saved.count];

	*name = saved ? q->name : "";
	return q;
}

static void
draw_kept(struct view *v, struct canvas *c, int row, size_t at)
{
	struct search *s = v->state;
	const char *name;
	const struct kept_query *q = kept_at(s, at, &name);

	canvas_text(c, row, 4, 8, INK_FAINT, name[0] ? "kept" : "before");
	if (name[0])
		canvas_printf(c, row, KIND_COL, c->cols - KIND_COL, INK_PLAIN,
			"%s: %s", name, q->text);
	else
		canvas_text(c, row, KIND_COL, c->cols - KIND_COL, INK_PLAIN,
			q->text);
	canvas_mark(c, row, at == s->list.chosen, 0);
}

static void
draw_rows(struct view *v, struct canvas *c, int first, int count)
{
	struct search *s = v->state;
	/* only a query that asks for void records finds any */
	bool voids = strstr(text_get(&s->words), "void:");

	list_fit(&s->list, count);
	for (int i = 0; i < count; i++) {
		size_t at = s->list.top + (size_t)i;

		if (at >= s->list.count)
			break;
		if (is_empty(s))
			draw_kept(v, c, first + i, at);
		else
			search_rows_draw(&s->rows, c, first + i, at,
				at == s->list.chosen, voids);
	}
	if (s->why.text[0])
		canvas_text(c, first, 4, c->cols, INK_ALERT, s->why.text);
	else if (!s->list.count)
		canvas_text(c, first, 4, c->cols, INK_PLAIN,
			is_empty(s) ? "Type what you look for"
				    : "Nothing matches");
}

static void
draw_help(struct view *v, struct canvas *c, int row)
{
	struct search *s = v->state;

	if (is_empty(s) && s->list.count)
		canvas_text(c, row, 1, c->cols, INK_FAINT,
			"Enter runs it, Del drops it; or type what you look "
			"for");
	else if (is_empty(s) ||
		 !completing_draw(&s->completing, &s->words, c, row))
		canvas_text(c, row, 1, c->cols, INK_FAINT,
			"all words  \"a phrase\"  in:project  field:value  "
			"-field:value  beat:14X");
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct search *s = v->state;
	int col;
	size_t from = field_window(&s->words, c->cols - 9, &col);

	fetch(v, s->list.top + (size_t)count);
	draw_rows(v, c, first + 1, count - 2);
	draw_help(v, c, first + count - 1);
	canvas_text(c, first, 1, 8, INK_HEAD, "find:");
	canvas_text(c, first, 7, c->cols - 8, INK_PLAIN,
		text_get(&s->words) + from);
	canvas_cursor(c, first, 7 + col);
}

static void
type(struct view *v, const char *text, size_t len)
{
	struct search *s = v->state;

	app_type(v->app, &s->words, text, len);
	look_anew(v);
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct search *s = v->state;

	if (is_empty(s) || !s->found.count)
		return false;
	*kind = s->found.items[s->list.chosen].kind;
	*id = s->found.items[s->list.chosen].id;
	return true;
}

static bool
step(struct view *v, int by)
{
	struct search *s = v->state;
	bool stepped = list_step(&s->list, by);

	fetch_more(v);
	return stepped;
}

/* Among the searches made before: what found something, and was of use. */
static void
remember(struct view *v)
{
	struct search *s = v->state;
	const char *text = text_get(&s->words);
	struct why why;

	if (s->found.count && strlen(text) >= REMEMBERED_MIN)
		app_failed(v->app,
			kept_put(v->app->replica, KEPT_SEARCHED, text, text,
				&why),
			&why);
}

static void
run_kept(struct view *v)
{
	struct search *s = v->state;
	const char *name;
	char *text;

	if (!s->list.count)
		return;
	text = mem_text(kept_at(s, s->list.chosen, &name)->text);
	if (!name[0] || !saved_as_list(v->app, text)) {
		text_set(&s->words, text);
		look_anew(v);
	}
	free(text);
}

static void
open_chosen(struct view *v)
{
	const char *kind, *id;

	if (is_empty(v->state)) {
		run_kept(v);
	} else if (subject(v, &kind, &id)) {
		remember(v);
		record_open(v->app, kind, id);
	}
}

/* Del in the empty box. */
static void
drop_chosen(struct view *v)
{
	struct search *s = v->state;
	const struct kept_query *q;
	const char *name;
	struct why why;

	if (!s->list.count)
		return;
	q = kept_at(s, s->list.chosen, &name);
	if (name[0])
		saved_drop(v->app, name);
	else if (!app_failed(v->app,
			 kept_drop(
				 v->app->replica, KEPT_SEARCHED, q->name, &why),
			 &why))
		look(v);
}

static void
complete(struct view *v, int by)
{
	struct search *s = v->state;

	if (completing_tab(&s->completing, &s->words, by))
		look_anew(v);
	else
		app_say(v->app, "Nothing completes this");
}

static void
edit_words(struct view *v, unsigned before)
{
	struct search *s = v->state;

	if (s->words.version != before)
		look_anew(v);
}

/* Those that have to do with searches kept. */
static bool
act_on_kept(struct view *v, enum action a, const char *arg)
{
	struct search *s = v->state;

	if (a == ACT_SEARCH_SAVE) {
		saved_ask(v->app, text_get(&s->words), arg);
	} else if (a == ACT_SEARCH_DROP && !arg && is_empty(s)) {
		drop_chosen(v);
	} else if (a == ACT_RUB_RIGHT && is_empty(s)) {
		drop_chosen(v);
	} else if (a == ACT_SAVED && !arg) {
		text_replace(&s->words, "");
		look_anew(v);
	} else {
		return false;
	}
	return true;
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct search *s = v->state;
	unsigned before = s->words.version;

	if (a == ACT_OPEN && !arg) {
		open_chosen(v);
	} else if (a == ACT_SEARCH && arg) {
		text_replace(&s->words, arg);
		look_anew(v);
	} else if (a == ACT_PANE_NEXT || a == ACT_PANE_PREV) {
		complete(v, a == ACT_PANE_NEXT ? 1 : -1);
	} else if (list_act(&s->list, a)) {
		fetch_more(v);
	} else if (!act_on_kept(v, a, arg)) {
		if (a == ACT_BACK)
			remember(v);
		if (!text_act(&s->words, a))
			return false;
		edit_words(v, before);
	}
	return true;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct search *s = v->state;
	const char *kind, *id;

	(void)why;
	if (a == ACT_OPEN && !s->list.count)
		return "nothing is found";
	if (a == ACT_SEARCH_SAVE && is_empty(v->state))
		return "nothing is typed yet";
	if (a == ACT_NOTE && !subject(v, &kind, &id))
		return "no record is chosen";
	return NULL;
}

static void
close_search(struct view *v)
{
	struct search *s = v->state;

	text_release(&s->words);
	search_rows_forget(&s->rows);
	finds_release(&s->found);
	kept_list_release(&s->saved);
	kept_list_release(&s->before);
	completing_release(&s->completing);
}

static void
offer_terms(void *arg, const char *text, size_t at, struct offers *o)
{
	struct view *v = arg;

	query_offers(v->app->replica, NULL, text, at, o);
	if (at == 0 || text[at - 1] == ' ')
		offers_release(o);
}

static const enum action hints[] = {ACT_OPEN, ACT_PANE_NEXT, ACT_SEARCH_SAVE,
	ACT_SAVED, ACT_RUB_LINE, ACT_NOTE, ACT_BACK, ACT_PALETTE, ACT_HELP,
	ACT_NONE};

static const char *
hint(struct view *v, enum action a)
{
	bool empty = is_empty(v->state);

	if (a == ACT_PANE_NEXT)
		return "complete";
	if (empty && a == ACT_SAVED)
		return NULL; /* it is so already */
	return empty && a == ACT_OPEN ? "run" : action_brief(a);
}

static const struct view_ops ops = {
	.name = "Search",
	.context = CTX_SEARCH,
	.state_size = sizeof(struct search),
	.hints = hints,
	.hint = hint,
	.title = title,
	.draw = draw,
	.act = act,
	.type = type,
	.why_off = why_off,
	.reload = look,
	.subject = subject,
	.step = step,
	.close = close_search,
};

void
search_open(struct app *a, const char *words)
{
	struct view *v = app_push(a, &ops);
	struct search *s = v->state;

	text_init(&s->words, false, 500);
	text_set(&s->words, words ? words : "");
	s->rows.app = a;
	s->rows.found = &s->found;
	s->completing.fill = offer_terms;
	s->completing.arg = v;
	look_anew(v);
}
