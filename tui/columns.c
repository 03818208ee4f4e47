#include "tui/columns.h"

#include <stdlib.h>
#include <string.h>

#include "common/csv.h"
#include "common/query.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/show.h"

#define ID_WIDTH 8
#define TITLE_MIN 18
#define LONG_MIN_CELLS 30
#define CHOICE_MIN_CELLS 10
#define VOID_WORD ", void"

void
columns_forget(struct columns *l)
{
	for (size_t i = 0; i < COLUMNS_ROWS; i++) {
		for (size_t c = 0; c < COLUMNS_MAX; c++)
			free(l->rows[i].cells[c]);
		memset(&l->rows[i], 0, sizeof(l->rows[i]));
	}
}

void
columns_follow(struct columns *l, const char *query)
{
	columns_forget(l);
	l->query = query;
	l->cols = 0;
}

static int
widest_choice(const struct field *f)
{
	int widest = 4;

	for (size_t i = 0; i < f->choice_count; i++) {
		int width = utf8_width(f->choices[i].label);

		if (width > widest)
			widest = width;
	}
	return widest < 14 ? widest : 14;
}

static int
natural_width(const struct field *f)
{
	int label = f ? utf8_width(f->label) : 7;
	int width = 12;

	if (f && f->type == TYPE_ENUM)
		width = widest_choice(f);
	else if (f && (f->type == TYPE_BOOL || f->type == TYPE_INT))
		width = 5;
	else if (f && (f->type == TYPE_REF || f->type == TYPE_REFS))
		width = 14;
	else if (f && f->type == TYPE_REAL)
		width = 8;
	else if (f && f->type == TYPE_DATE)
		width = 11;
	return label > width && label <= 14 ? label : width;
}

static bool
is_title(const struct columns *l, const struct column *c)
{
	return c->field && strcmp(c->field->name, l->kind->title) == 0;
}

/* A narrative says little in few cells, a choice all of it. */
static int
title_min(const struct field *title)
{
	if (title->type == TYPE_LONG)
		return LONG_MIN_CELLS;
	return title->type == TYPE_ENUM ? CHOICE_MIN_CELLS : TITLE_MIN;
}

/* Cells that are kept free for the title, where it is a column. */
static int
title_room(const struct kind *k)
{
	for (size_t i = 0; i < k->column_count; i++)
		if (strcmp(k->columns[i], k->title) == 0)
			return title_min(kind_field(k, k->title));
	return 0;
}

static bool
says_nothing(const struct columns *l, const struct field *f)
{
	return f && (field_off(replica_catalog(l->app->replica), f) ||
			    (l->query && query_holds(l->query, f)));
}

/* Columns by rank, as many as leave the title its room, wherever it stands. */
void
columns_fit(struct columns *l, int cols)
{
	int room = cols - COLUMNS_LEFT - ID_WIDTH - 1 - title_room(l->kind);
	int at = COLUMNS_LEFT + ID_WIDTH + 1;
	bool full = false;

	if (l->cols == cols)
		return;
	l->cols = cols;
	l->count = 0;
	columns_forget(l);
	for (size_t i = 0; i < l->kind->column_count; i++) {
		const struct field *f =
			kind_field(l->kind, l->kind->columns[i]);
		struct column c = {f, 0, natural_width(f)};

		if (l->count == COLUMNS_MAX - 1 || says_nothing(l, f))
			continue;
		if (!is_title(l, &c)) {
			full = full || room < c.width + 1;
			if (full)
				continue;
			room -= c.width + 1;
		}
		l->items[l->count++] = c;
	}
	for (size_t i = 0; i < l->count; i++) {
		struct column *c = &l->items[i];

		if (is_title(l, c))
			c->width = title_room(l->kind) + room;
		c->at = at;
		at += c->width + 1;
	}
}

/* Where a void record says so: its status, else behind its title, else behind
 * what comes first. */
static const struct column *
void_column(const struct columns *l)
{
	const struct column *title = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct column *c = &l->items[i];

		if (c->field && strcmp(c->field->name, "status") == 0)
			return c;
		if (is_title(l, c))
			title = c;
	}
	return title ? title : l->items;
}

static char *
value_text(struct columns *l, const struct column *c, const struct record *rec)
{
	const char *text = c->field ? record_text(rec, c->field->name) : "";
	char when[WHEN_MAX];
	int64_t at;
	struct buf b = BUF_INIT;

	if (!c->field) {
		show_time(rec->updated_at, app_now(l->app), when);
		return mem_text(when);
	}
	if (c->field->type == TYPE_DATE && text[0]) {
		bool due = strstr(c->field->name, "due") != NULL;

		if (!due)
			return mem_text(text);
		show_due(text, app_now(l->app), when);
		return mem_text(when);
	}
	if (c->field->type == TYPE_DATETIME && when_parse_instant(text, &at)) {
		show_time(at, app_now(l->app), when);
		return mem_text(when);
	}
	show_value(l->app->replica, c->field, text, &b);
	return buf_take(&b);
}

static char *
cell_text(struct columns *l, const struct column *c, const struct record *rec)
{
	struct buf b = BUF_INIT;
	char *text;

	if (!record_is_void(rec) || c != void_column(l))
		return value_text(l, c, rec);
	if (c->field && strcmp(c->field->name, "status") == 0)
		return mem_text("void");
	text = value_text(l, c, rec);
	show_clipped(
		text, c->width - (int)strlen(VOID_WORD), &l->app->look, &b);
	buf_puts(&b, VOID_WORD);
	free(text);
	return buf_take(&b);
}

static char
row_mark(const struct record *rec)
{
	for (size_t i = 0; i < rec->kind->field_count; i++)
		if (rec->values[i].conflict)
			return 'x';
	if (record_is_void(rec))
		return '-';
	return rec->unsent ? '*' : ' ';
}

const struct column_row *
columns_read(struct columns *l, size_t index, const char *id)
{
	struct column_row *row = &l->rows[index % COLUMNS_ROWS];
	struct record *rec;
	struct why why;

	if (row->index == index + 1)
		return row;
	for (size_t c = 0; c < COLUMNS_MAX; c++)
		free(row->cells[c]);
	memset(row, 0, sizeof(*row));
	row->index = index + 1;
	if (record_glance(l->app->replica, l->kind->name, id, &rec, &why)) {
		row->mark = '!';
		return row;
	}
	for (size_t c = 0; c < l->count; c++)
		row->cells[c] = cell_text(l, &l->items[c], rec);
	row->mark = row_mark(rec);
	row->faint = record_is_void(rec);
	record_free(rec);
	return row;
}

static const char *
label_of(const struct column *c)
{
	return c->field ? c->field->label : "Touched";
}

void
columns_draw_names(const struct columns *l, struct canvas *c, int at)
{
	if (c->look->plain)
		return; /* they are said with each cell */
	canvas_text(c, at, COLUMNS_LEFT, ID_WIDTH, INK_HEAD, "ID");
	for (size_t i = 0; i < l->count; i++)
		canvas_text(c, at, l->items[i].at, l->items[i].width, INK_HEAD,
			label_of(&l->items[i]));
}

/* "1-3, Harbor Garage, Stage Response", whole: place alone says nothing. */
static void
draw_plain(const struct columns *l, struct canvas *c, int at,
	const struct column_row *row, const char *id)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, id);
	for (size_t i = 0; i < l->count; i++) {
		const struct column *col = &l->items[i];

		if (!row->cells[i] || !row->cells[i][0])
			continue;
		buf_puts(&b, ", ");
		if (!is_title(l, col))
			buf_printf(&b, "%s ", label_of(col));
		buf_puts(&b, row->cells[i]);
	}
	canvas_text(c, at, COLUMNS_LEFT, c->cols, INK_PLAIN, buf_text(&b));
	buf_release(&b);
}

const struct column_row *
columns_draw(struct columns *l, struct canvas *c, int at, size_t index,
	const char *id)
{
	const struct column_row *row = columns_read(l, index, id);
	enum ink ink = row->faint ? INK_FAINT : INK_PLAIN;

	if (c->look->plain) {
		draw_plain(l, c, at, row, id);
		return row;
	}
	canvas_text(c, at, COLUMNS_LEFT, ID_WIDTH, ink, id);
	for (size_t i = 0; i < l->count; i++)
		if (row->cells[i])
			canvas_text(c, at, l->items[i].at, l->items[i].width,
				ink, row->cells[i]);
	return row;
}

/* One record, its columns whole and in words. */
static enum status
table_row(const struct columns *l, const char *id, struct buf *out,
	struct why *why)
{
	const struct catalog *cat = replica_catalog(l->app->replica);
	struct record *rec;
	struct buf value = BUF_INIT;
	enum status st =
		record_glance(l->app->replica, l->kind->name, id, &rec, why);

	if (st)
		return st;
	csv_put_safe(out, id);
	for (size_t i = 0; i < l->kind->column_count; i++) {
		const struct field *f =
			kind_field(l->kind, l->kind->columns[i]);

		if (!f || field_off(cat, f))
			continue;
		buf_clear(&value);
		show_value(
			l->app->replica, f, record_text(rec, f->name), &value);
		buf_putc(out, ',');
		csv_put_safe(out, buf_text(&value));
	}
	buf_printf(out, ",%s\r\n", record_is_void(rec) ? "void" : "");
	buf_release(&value);
	record_free(rec);
	return ST_OK;
}

enum status
columns_table(const struct columns *l, const struct names *ids, struct buf *out,
	struct why *why)
{
	const struct catalog *cat = replica_catalog(l->app->replica);
	enum status st = ST_OK;

	buf_puts(out, "ID");
	for (size_t i = 0; i < l->kind->column_count; i++) {
		const struct field *f =
			kind_field(l->kind, l->kind->columns[i]);

		if (!f || field_off(cat, f))
			continue;
		buf_putc(out, ',');
		csv_put_safe(out, f->label);
	}
	buf_puts(out, ",Void\r\n");
	for (size_t i = 0; i < ids->count && !st; i++)
		st = table_row(l, ids->items[i], out, why);
	return st;
}
