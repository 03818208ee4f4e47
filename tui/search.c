#include "tui/search.h"

#include <string.h>

#include "common/query.h"
#include "tui/area.h"
#include "tui/list.h"
#include "tui/record_view.h"
#include "tui/show.h"

#define FOUND_MAX 200

struct search {
	struct text words;
	struct finds found;
	struct list list;
	struct why why; /* what is wrong with the words, or "" */
};

static void
look(struct view *v)
{
	struct search *s = v->state;

	finds_release(&s->found);
	memset(&s->found, 0, sizeof(s->found));
	s->why.text[0] = '\0';
	if (text_get(&s->words)[0] &&
		query_find(v->app->replica, text_get(&s->words), FOUND_MAX,
			&s->found, &s->why))
		finds_release(&s->found);
	list_set_count(&s->list, s->found.count);
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct search *s = v->state;

	buf_puts(left, "SEARCH");
	if (text_get(&s->words)[0])
		buf_printf(right, "%zu%s found", s->found.count,
			s->found.count == FOUND_MAX ? " or more" : "");
}

static void
draw_found(struct view *v, struct canvas *c, int row, const struct found *f)
{
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), f->kind);
	struct buf b = BUF_INIT;
	int half = (c->cols - 24) / 2;

	canvas_text(c, row, 4, 8, INK_PLAIN, f->id);
	canvas_text(c, row, 13, 10, INK_PLAIN, k ? k->one : f->kind);
	show_one_line(f->title, &b);
	canvas_text(c, row, 24, half, INK_PLAIN, buf_text(&b));
	buf_clear(&b);
	show_one_line(f->snippet, &b);
	canvas_text(c, row, 25 + half, half, INK_FAINT, buf_text(&b));
	buf_release(&b);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct search *s = v->state;
	int col;
	size_t from = field_window(&s->words, c->cols - 9, &col);

	list_fit(&s->list, count - 2);
	for (int i = 0; i < count - 2; i++) {
		size_t at = s->list.top + (size_t)i;

		if (at >= s->found.count)
			break;
		draw_found(v, c, first + 1 + i, &s->found.items[at]);
		canvas_mark(c, first + 1 + i, at == s->list.chosen, 0);
	}
	if (s->why.text[0])
		canvas_text(c, first + 1, 4, c->cols, INK_ALERT, s->why.text);
	canvas_text(c, first + count - 1, 1, c->cols, INK_FAINT,
		"all words  \"a phrase\"  in:project  field:value  "
		"-field:value");
	canvas_text(c, first, 1, 8, INK_HEAD, "find:");
	canvas_text(c, first, 7, c->cols - 8, INK_PLAIN,
		text_get(&s->words) + from);
	canvas_cursor(c, first, 7 + col);
}

static void
type(struct view *v, const char *text, size_t len)
{
	struct search *s = v->state;

	text_insert(&s->words, text, len);
	s->list.chosen = 0;
	look(v);
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct search *s = v->state;

	if (!s->found.count)
		return false;
	*kind = s->found.items[s->list.chosen].kind;
	*id = s->found.items[s->list.chosen].id;
	return true;
}

static bool
step(struct view *v, int by)
{
	struct search *s = v->state;
	size_t was = s->list.chosen;

	list_act(&s->list, by > 0 ? ACT_DOWN : ACT_UP);
	return s->list.chosen != was;
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct search *s = v->state;
	unsigned before = s->words.version;
	const char *kind, *id;

	if (a == ACT_OPEN && !arg) {
		if (subject(v, &kind, &id))
			record_open(v->app, kind, id);
		return true;
	}
	if (list_act(&s->list, a))
		return true;
	if (!text_act(&s->words, a))
		return false;
	if (s->words.version != before)
		look(v);
	return true;
}

static void
close_search(struct view *v)
{
	struct search *s = v->state;

	text_release(&s->words);
	finds_release(&s->found);
}

static const enum action hints[] = {
	ACT_OPEN, ACT_DOWN, ACT_RUB_LINE, ACT_BACK, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Search",
	.context = CTX_TEXT,
	.state_size = sizeof(struct search),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = act,
	.type = type,
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
	look(v);
}
