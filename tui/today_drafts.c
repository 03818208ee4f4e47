#include "tui/today_drafts.h"

#include <stdlib.h>
#include <string.h>

#include "common/draft.h"
#include "common/utf8.h"
#include "common/value.h"
#include "tui/form_state.h"
#include "tui/show.h"
#include "tui/today_rows.h"

#define DRAFT_CELLS 14 /* of how a draft begins, at least */

/* What tells it from another draft of the same: how it begins, in `cells` with
 * the quotes. */
static void
put_draft_text(struct view *v, const struct draft_subject *s, int cells,
	struct buf *out)
{
	int room = cells - 3 > DRAFT_CELLS ? cells - 3 : DRAFT_CELLS;
	struct buf line = BUF_INIT;

	if (!s->text)
		return;
	show_one_line(s->text, &line);
	buf_puts(out, " \"");
	show_clipped(buf_text(&line), room, &v->app->look, out);
	buf_putc(out, '"');
	buf_release(&line);
}

/* " on Harbor Garage": what a new record will belong to. */
static void
put_draft_parent(struct view *v, const struct field *f, const char *value,
	struct buf *out)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	buf_puts(out, " on ");
	if (f->ref_kind[0])
		today_put_title(v, f->ref_kind, value, out);
	else if (record_name_split(value, kind, &id))
		today_put_title(v, kind, id, out);
}

/* new Update "Walked the" on Harbor Garage; or the title of the record it
 * changes. */
static void
put_draft_title(struct view *v, const struct draft_subject *s, int cells,
	struct buf *out)
{
	const struct catalog *c = replica_catalog(v->app->replica);
	const struct kind *k = catalog_kind(c, s->kind);
	const struct field *f = k && s->field ? kind_field(k, s->field) : NULL;
	struct buf parent = BUF_INIT;

	if (s->id) {
		today_put_title(v, s->kind, s->id, out);
		return;
	}
	if (f && s->value)
		put_draft_parent(v, f, s->value, &parent);
	buf_printf(out, "new %s", k ? k->one : s->kind);
	cells -= utf8_width(buf_text(out)) + utf8_width(buf_text(&parent));
	put_draft_text(v, s, cells, out);
	buf_puts(out, buf_text(&parent));
	buf_release(&parent);
}

void
today_draft_title(struct view *v, const char *name, int cells,
	struct buf *title, char **id)
{
	struct draft_subject s;
	struct why why;

	*id = NULL;
	if (form_draft_subject(v->app->replica, name, &s, &why)) {
		buf_puts(title, name);
	} else {
		put_draft_title(v, &s, cells, title);
		*id = mem_text(s.id);
	}
	draft_subject_release(&s);
}

static void
add_draft(struct view *v, size_t index)
{
	struct today *t = v->state;
	const char *name = t->drafts.items[index];
	struct buf body = BUF_INIT, title = BUF_INIT;
	char when[WHEN_MAX], *id, *what;
	struct row *row;
	struct why why;
	int64_t at;

	if (!draft_get(v->app->replica, name, &body, &at, &why)) {
		show_time(at, app_now(v->app), when);
		what = mem_printf("draft, %s", when);
		today_draft_title(
			v, name, today_title_cells(t->page.cols), &title, &id);
		row = today_row(v, id ? id : "new", buf_text(&title), what);
		row->tag = ROW_DRAFT;
		row->index = index;
		row_set_key(row, "%s", name);
		free(id);
		free(what);
	}
	buf_release(&body);
	buf_release(&title);
}

void
today_drafts(struct view *v)
{
	struct today *t = v->state;
	struct why why;

	names_release(&t->drafts);
	memset(&t->drafts, 0, sizeof(t->drafts));
	if (app_failed(v->app, draft_list(v->app->replica, &t->drafts, &why),
		    &why) ||
		!t->drafts.count)
		return;
	today_blank(t);
	rows_head(&t->page.rows, "DRAFTS KEPT (%zu): r goes on with one",
		t->drafts.count);
	for (size_t i = 0; i < t->drafts.count; i++)
		add_draft(v, i);
}
