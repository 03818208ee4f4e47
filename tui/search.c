#include "tui/search.h"

#include <string.h>

#include "common/query.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/area.h"
#include "tui/list.h"
#include "tui/record_view.h"
#include "tui/show.h"

#define FOUND_MAX 200
#define KIND_COL 13
#define KIND_NARROW 8
#define WIDE_COLS 79

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

static const char *
kind_label(struct view *v, const struct found *f)
{
	const struct kind *k =
		catalog_kind(replica_catalog(v->app->replica), f->kind);

	return k ? k->one : f->kind;
}

/* Cells of the widest kind that was found; less on narrow screens. */
static int
kind_width(struct view *v, int cols)
{
	struct search *s = v->state;
	int widest = 4;

	for (size_t i = 0; i < s->found.count; i++) {
		int width = utf8_width(kind_label(v, &s->found.items[i]));

		if (width > widest)
			widest = width;
	}
	return cols < WIDE_COLS && widest > KIND_NARROW ? KIND_NARROW : widest;
}

/* Where a text is to begin so that its [word] is seen in `cells`. */
static const char *
from_match(const char *text, int cells)
{
	const char *open = strchr(text, '['), *close = strchr(text, ']');
	const char *from = text;
	int used;

	if (!open || !close ||
		utf8_fit(text, cells - 1, &used) > (size_t)(close - text))
		return text;
	while (from < open && utf8_width(from) - utf8_width(open) > cells / 3)
		from += strcspn(from, " ") + 1;
	return from < open ? from : open;
}

/* What matched, with its words in brackets; the title where nothing did. */
static void
put_text(struct view *v, const struct found *f, int cells, struct buf *out)
{
	struct buf line = BUF_INIT;
	const char *from;

	if (!f->snippet || !f->snippet[0]) {
		show_title(v->app->replica, f->kind, f->id, out);
		return;
	}
	show_one_line(f->snippet, &line);
	from = from_match(buf_text(&line), cells);
	buf_printf(out, "%s%s", from > buf_text(&line) ? "..." : "", from);
	buf_release(&line);
}

/* Only a query that asks for void records finds any. */
static bool
found_void(struct view *v, const struct found *f)
{
	struct search *s = v->state;
	struct record *rec;
	struct why why;
	bool is_void;

	if (!strstr(text_get(&s->words), "void:") ||
		record_load(v->app->replica, f->kind, f->id, &rec, &why))
		return false;
	is_void = record_is_void(rec);
	record_free(rec);
	return is_void;
}

static void
draw_found(struct view *v, struct canvas *c, int row, const struct found *f,
	bool chosen)
{
	int width = kind_width(v, c->cols), at = KIND_COL + width + 2;
	bool is_void = found_void(v, f);
	struct buf b = BUF_INIT;

	buf_puts(&b, is_void ? "void: " : "");
	put_text(v, f, c->cols - at, &b);
	canvas_text(c, row, 4, 8, INK_PLAIN, f->id);
	canvas_text(c, row, KIND_COL, width, INK_PLAIN, kind_label(v, f));
	canvas_text(c, row, at, c->cols - at, INK_PLAIN, buf_text(&b));
	canvas_mark(c, row, chosen, is_void ? '-' : 0);
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
		draw_found(v, c, first + 1 + i, &s->found.items[at],
			at == s->list.chosen);
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

static const enum action hints[] = {ACT_OPEN, ACT_DOWN, ACT_RUB_LINE, ACT_BACK,
	ACT_PALETTE, ACT_HELP, ACT_NONE};

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
