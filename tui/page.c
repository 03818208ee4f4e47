#include "tui/page.h"

#include "tui/record_view.h"

#define UNDRAWN_COLS 79

void
page_release(struct page *p)
{
	rows_release(&p->rows);
}

void
page_open(struct view *v, void (*fill)(struct view *v))
{
	struct page *p = v->state;

	p->fill = fill;
	p->cols = UNDRAWN_COLS;
	fill(v);
	p->cols = 0;
}

/* All of its texts, once; the page stays as it is on the screen. */
static void
draw_on_paper(struct view *v, struct canvas *c, int first, int count)
{
	struct page *p = v->state;
	const struct list was = p->rows.list;
	int cols = p->cols;
	bool whole = p->rows.whole;

	p->cols = c->cols;
	p->rows.whole = true;
	p->fill(v);
	rows_draw(&p->rows, c, first, count);
	p->cols = cols ? cols : UNDRAWN_COLS;
	p->rows.whole = whole;
	p->fill(v);
	p->cols = cols;
	p->rows.list = was;
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
		p->fill(v);
	}
	rows_draw(&p->rows, c, first, count);
}

void
page_reload(struct view *v)
{
	struct page *p = v->state;

	p->cols = 0;
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
