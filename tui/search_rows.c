#include "tui/search_rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/record.h"
#include "common/utf8.h"
#include "tui/show.h"

#define ID_COL 4
#define KIND_COL 13
#define KIND_NARROW 8
#define WIDE_COLS 79
#define NAMED_LEAST 30 /* cells of a row's text that have room for a name */

void
search_rows_forget(struct search_rows *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->names[i]);
	free(s->names);
	s->names = NULL;
	s->count = 0;
}

static const struct kind *
kind_of(const struct search_rows *s, const struct found *f)
{
	return catalog_kind(replica_catalog(s->app->replica), f->kind);
}

static const char *
kind_label(const struct search_rows *s, const struct found *f)
{
	const struct kind *k = kind_of(s, f);

	return k ? k->one : f->kind;
}

/* Cells of the widest kind that was found; less on narrow screens. */
static int
kind_width(const struct search_rows *s, int cols)
{
	int widest = 4;

	for (size_t i = 0; i < s->found->count; i++) {
		int width = utf8_width(kind_label(s, &s->found->items[i]));

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

/* Is what matched part of the title? It has brackets around words, and dots
 * where it is cut. */
static bool
is_of_title(const struct found *f)
{
	struct buf bare = BUF_INIT;
	const char *from = f->snippet;
	bool within;

	from += strncmp(from, "...", 3) == 0 ? 3 : 0;
	for (; *from && strcmp(from, "...") != 0; from++)
		if (*from != '[' && *from != ']')
			buf_putc(&bare, *from);
	within = strstr(f->title, buf_text(&bare)) != NULL;
	buf_release(&bare);
	return within;
}

/* What says which record it is: that which it hangs on, where its title is what
 * matched; else the title, if that is a name. "": what matched does. */
static char *
name_of(const struct search_rows *s, const struct found *f)
{
	struct replica *r = s->app->replica;
	const struct kind *k = kind_of(s, f);
	const struct field *title = k ? kind_field(k, k->title) : NULL;
	bool named = title && title->type == TYPE_TEXT && f->title[0];
	struct buf b = BUF_INIT;
	struct record *rec;
	struct why why;

	if (named && f->snippet && f->snippet[0] && !is_of_title(f)) {
		show_title(r, f->kind, f->id, &b);
	} else if (k && !record_load(r, f->kind, f->id, &rec, &why)) {
		show_parent(r, rec, &b);
		record_free(rec);
	}
	return buf_take(&b);
}

/* The name, read once. */
static const char *
name_at(struct search_rows *s, size_t at)
{
	if (!s->names) {
		s->count = s->found->count;
		s->names = mem_alloc(s->count * sizeof(*s->names));
	}
	if (!s->names[at])
		s->names[at] = name_of(s, &s->found->items[at]);
	return s->names[at];
}

/* The title, or the person whom it is about where it has none. */
static void
put_title(struct replica *r, const struct found *f, struct buf *out)
{
	const struct kind *k = catalog_kind(replica_catalog(r), f->kind);

	if (!k || k->code[0] || strcmp(f->title, f->id) != 0 ||
		!show_person(r, k, f->id, out))
		show_title(r, f->kind, f->id, out);
}

/* What matched, with its words in brackets; the title where nothing did. */
static void
put_match(struct app *a, const struct found *f, int cells, struct buf *out)
{
	struct buf line = BUF_INIT;
	const char *from;

	if (!f->snippet || !f->snippet[0]) {
		put_title(a->replica, f, out);
		return;
	}
	show_one_line(f->snippet, &line);
	from = from_match(buf_text(&line), cells);
	buf_printf(out, "%s%s", from > buf_text(&line) ? "..." : "", from);
	buf_release(&line);
}

/* The name in two fifths of the room, and what matched. Where there is little
 * room, what matched alone. */
static void
put_text(struct search_rows *s, size_t at, int cells, struct buf *out)
{
	const struct look *l = &s->app->look;
	const char *name =
		cells < NAMED_LEAST && !l->plain ? "" : name_at(s, at);
	size_t from = out->len;

	if (name[0]) {
		show_clipped(name, cells * 2 / 5, l, out);
		buf_puts(out, ": ");
	}
	cells -= utf8_width(buf_text(out) + from);
	put_match(s->app, &s->found->items[at], cells, out);
}

static bool
is_void(struct search_rows *s, const struct found *f)
{
	struct record *rec;
	struct why why;
	bool is_void;

	if (record_load(s->app->replica, f->kind, f->id, &rec, &why))
		return false;
	is_void = record_is_void(rec);
	record_free(rec);
	return is_void;
}

void
search_rows_draw(struct search_rows *s, struct canvas *c, int row, size_t at,
	bool chosen, bool voids)
{
	const struct found *f = &s->found->items[at];
	int width = kind_width(s, c->cols), col = KIND_COL + width + 2;
	bool gone = voids && is_void(s, f);
	struct buf b = BUF_INIT;

	buf_puts(&b, gone ? "void: " : "");
	put_text(s, at, c->cols - col, &b);
	canvas_text(c, row, ID_COL, 8, INK_PLAIN, f->id);
	canvas_text(c, row, KIND_COL, width, INK_PLAIN, kind_label(s, f));
	canvas_text(c, row, col, c->cols - col, INK_PLAIN, buf_text(&b));
	canvas_mark(c, row, chosen, gone ? '-' : 0);
	buf_release(&b);
}
