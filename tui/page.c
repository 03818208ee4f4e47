#include "tui/page.h"

#include "tui/record_view.h"

#define UNDRAWN_COLS 79

void
page_release(struct page *p)
{
	rows_release(&p->rows);
}

static void
make(struct view *v)
{
	struct page *p = v->state;
	struct rows *r = &p->rows;

	r->undone = p->undone != v->app->undone;
	p->undone = v->app->undone;
	p->fill(v);
	view_followed(v, r->gone ? r->lost.id : NULL);
}

void
page_anew(struct view *v)
{
	struct page *p = v->state;

	rows_anew(&p->rows);
	p->cols = UNDRAWN_COLS;
	make(v);
	p->cols = 0;
}

void
page_open(struct view *v, void (*fill)(struct view *v))
{
	struct page *p = v->state;

	p->fill = fill;
	page_anew(v);
}

/* All of its texts, once; the page stays as it is on the screen. */
static void
draw_on_paper(struct view *v, struct canvas *c, int first, int count)
{
	struct page *p = v->state;
	size_t top = p->rows.list.top;
	int seen = p->rows.list.rows;
	int cols = p->cols;
	bool whole = p->rows.whole;

	p->cols = c->cols;
	p->rows.whole = true;
	make(v);
	rows_draw(&p->rows, c, first, count);
	p->cols = cols ? cols : UNDRAWN_COLS;
	p->rows.whole = whole;
	make(v);
	p->cols = cols;
	p->rows.list.top = top;
	p->rows.list.rows = seen;
}

void
page_draw(struct view *v, struct canvas *c, int first, int count)
{
	struct page *p = v->state;

	if (c->look->paper) {
		draw_on_paper(v, c, first, count);
		return;
	}
	if (p->cols != c->cols) {
		p->cols = c->cols;
		p->rows.whole = c->look->plain;
		make(v);
	}
	rows_draw(&p->rows, c, first, count);
}

void
page_reload(struct view *v)
{
	struct page *p = v->state;

	p->cols = 0;
}

void
page_from_top(struct view *v)
{
	struct page *p = v->state;

	p->rows.from_top = true;
}

bool
page_act(struct view *v, enum action a, const char *arg)
{
	struct page *p = v->state;
	const char *kind, *id;

	if (rows_act(&p->rows, a))
		return true;
	if (a != ACT_OPEN || arg)
		return false;
	if (page_subject(v, &kind, &id))
		record_open(v->app, kind, id);
	return true;
}

bool
page_subject(struct view *v, const char **kind, const char **id)
{
	const struct page *p = v->state;
	const struct row *row = rows_chosen(&p->rows);

	if (!row || !row->kind)
		return false;
	*kind = row->kind;
	*id = row->id;
	return true;
}
