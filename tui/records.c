#include "tui/records.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/csv.h"
#include "common/kept.h"
#include "common/query.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/conf.h"
#include "tui/form.h"
#include "tui/list.h"
#include "tui/record_view.h"
#include "tui/saved.h"
#include "tui/show.h"

#define ID_COL 4
#define ID_WIDTH 8
#define TITLE_MIN 18
#define CACHE_ROWS 64

/* A column that fits on the screen. */
struct column {
	const struct field *field; /* NULL: updated_at */
	int at, width;
};

/* One row as it was read. */
struct cached {
	size_t index; /* of the list, plus one; 0: nothing here */
	char *cells[COLUMNS_MAX];
	char mark;
	bool faint, overdue;
};

struct records {
	const struct kind *kind;
	char *query;
	char *place; /* its filter is remembered under this name; or NULL */
	char *usual; /* the filter that it has where none is remembered */
	struct completing completing;
	char *before; /* the query when the filter was begun */
	size_t order; /* 0 the kind's own, else the column's number */
	char sort[NAME_MAX_BYTES + 2];
	struct names ids;
	bool stale;
	struct list list;
	struct column columns[COLUMNS_MAX];
	size_t column_count;
	int cols; /* that the columns were laid for */
	struct cached cache[CACHE_ROWS];
};

static void
forget_rows(struct records *l)
{
	for (size_t i = 0; i < CACHE_ROWS; i++) {
		for (size_t c = 0; c < COLUMNS_MAX; c++)
			free(l->cache[i].cells[c]);
		memset(&l->cache[i], 0, sizeof(l->cache[i]));
	}
}

/* Read the ids anew, staying at the record that was chosen. */
static enum status
read_ids(struct view *v, struct why *why)
{
	struct records *l = v->state;
	struct query q = {
		l->kind->name, l->query, l->sort[0] ? l->sort : NULL, 0};
	struct names ids = {0};
	char *at = l->ids.count ? mem_text(l->ids.items[l->list.chosen]) : NULL;
	enum status st = query_ids(v->app->replica, &q, &ids, why);

	if (st) {
		names_release(&ids);
		free(at);
		return st;
	}
	names_release(&l->ids);
	l->ids = ids;
	l->stale = false;
	forget_rows(l);
	list_set_count(&l->list, ids.count);
	for (size_t i = 0; at && i < ids.count; i++) {
		if (strcmp(ids.items[i], at) == 0) {
			l->list.chosen = i;
			break;
		}
	}
	free(at);
	return ST_OK;
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
is_title(const struct records *l, const struct column *c)
{
	return c->field && strcmp(c->field->name, l->kind->title) == 0;
}

/* Cells that are kept free for the title, where it is a column. */
static int
title_room(const struct kind *k)
{
	for (size_t i = 0; i < k->column_count; i++)
		if (strcmp(k->columns[i], k->title) == 0)
			return TITLE_MIN;
	return 0;
}

/* Columns by rank, as many as leave the title its room, wherever it stands. */
static void
lay_columns(struct view *v, int cols)
{
	struct records *l = v->state;
	const struct catalog *cat = replica_catalog(v->app->replica);
	int room = cols - ID_COL - ID_WIDTH - 1 - title_room(l->kind);
	int at = ID_COL + ID_WIDTH + 1;
	bool full = false;

	l->cols = cols;
	l->column_count = 0;
	forget_rows(l);
	for (size_t i = 0; i < l->kind->column_count; i++) {
		const struct field *f =
			kind_field(l->kind, l->kind->columns[i]);
		struct column c = {f, 0, natural_width(f)};

		if (l->column_count == COLUMNS_MAX - 1 ||
			(f && field_off(cat, f)))
			continue;
		if (!is_title(l, &c)) {
			full = full || room < c.width + 1;
			if (full)
				continue;
			room -= c.width + 1;
		}
		l->columns[l->column_count++] = c;
	}
	for (size_t i = 0; i < l->column_count; i++) {
		struct column *c = &l->columns[i];

		if (is_title(l, c))
			c->width = TITLE_MIN + room;
		c->at = at;
		at += c->width + 1;
	}
}

static bool
has_status(const struct records *l)
{
	for (size_t i = 0; i < l->column_count; i++)
		if (l->columns[i].field &&
			strcmp(l->columns[i].field->name, "status") == 0)
			return true;
	return false;
}

/* The title with the word after it, where no status column can say it. */
static char *
void_title(struct view *v, const struct column *c, const struct record *rec)
{
	struct buf title = BUF_INIT, b = BUF_INIT;

	show_title(v->app->replica, rec->kind->name, rec->id, &title);
	show_clipped(buf_text(&title), c->width - 6, &v->app->look, &b);
	buf_puts(&b, ", void");
	buf_release(&title);
	return buf_take(&b);
}

static char *
cell_text(struct view *v, const struct column *c, const struct record *rec,
	struct cached *row)
{
	const char *text = c->field ? record_text(rec, c->field->name) : "";
	char when[WHEN_MAX];
	int64_t at;
	struct buf b = BUF_INIT;

	if (record_is_void(rec) && c->field) {
		if (strcmp(c->field->name, "status") == 0)
			return mem_text("void");
		if (is_title(v->state, c) && !has_status(v->state))
			return void_title(v, c, rec);
	}
	if (!c->field) {
		show_time(rec->updated_at, app_now(v->app), when);
		return mem_text(when);
	}
	if (c->field->type == TYPE_DATE && text[0]) {
		bool due = strstr(c->field->name, "due") != NULL;

		if (!due)
			return mem_text(text);
		show_due(text, app_now(v->app), when);
		row->overdue = strncmp(when, "OVER", 4) == 0;
		return mem_text(when);
	}
	if (c->field->type == TYPE_DATETIME && when_parse_instant(text, &at)) {
		show_time(at, app_now(v->app), when);
		return mem_text(when);
	}
	show_value(v->app->replica, c->field, text, &b);
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

static struct cached *
read_row(struct view *v, size_t index)
{
	struct records *l = v->state;
	struct cached *row = &l->cache[index % CACHE_ROWS];
	struct record *rec;
	struct why why;

	if (row->index == index + 1)
		return row;
	for (size_t c = 0; c < COLUMNS_MAX; c++)
		free(row->cells[c]);
	memset(row, 0, sizeof(*row));
	row->index = index + 1;
	if (record_load(v->app->replica, l->kind->name, l->ids.items[index],
		    &rec, &why)) {
		row->mark = '!';
		return row;
	}
	for (size_t c = 0; c < l->column_count; c++)
		row->cells[c] = cell_text(v, &l->columns[c], rec, row);
	row->mark = row_mark(rec);
	row->faint = record_is_void(rec);
	record_free(rec);
	return row;
}

static void
draw_row(struct view *v, struct canvas *c, int at, size_t index)
{
	struct records *l = v->state;
	struct cached *row = read_row(v, index);
	enum ink ink = row->faint ? INK_FAINT : INK_PLAIN;

	canvas_text(c, at, ID_COL, ID_WIDTH, ink, l->ids.items[index]);
	for (size_t i = 0; i < l->column_count; i++)
		if (row->cells[i])
			canvas_text(c, at, l->columns[i].at,
				l->columns[i].width, ink, row->cells[i]);
	canvas_mark(c, at, index == l->list.chosen, row->mark);
}

/* One record, its columns whole and in words. */
static enum status
table_row(struct view *v, const char *id, struct buf *out, struct why *why)
{
	const struct records *l = v->state;
	const struct catalog *cat = replica_catalog(v->app->replica);
	struct record *rec;
	struct buf value = BUF_INIT;
	enum status st =
		record_load(v->app->replica, l->kind->name, id, &rec, why);

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
			v->app->replica, f, record_text(rec, f->name), &value);
		buf_putc(out, ',');
		csv_put_safe(out, buf_text(&value));
	}
	buf_printf(out, ",%s\r\n", record_is_void(rec) ? "void" : "");
	buf_release(&value);
	record_free(rec);
	return ST_OK;
}

static enum status
table(struct view *v, struct buf *out, struct why *why)
{
	const struct records *l = v->state;
	const struct catalog *cat = replica_catalog(v->app->replica);
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
	for (size_t i = 0; i < l->ids.count && !st; i++)
		st = table_row(v, l->ids.items[i], out, why);
	return st;
}

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct records *l = v->state;

	for (const char *s = l->kind->many; *s; s++)
		buf_putc(left, (char)toupper((unsigned char)*s));
	buf_printf(left, "  (%zu)", l->ids.count);
	if (l->order)
		buf_printf(right, "by %s  ",
			show_label(l->kind, l->kind->columns[l->order - 1]));
	if (l->query[0])
		buf_printf(right, "filter: %s", l->query);
}

static void
draw(struct view *v, struct canvas *c, int first, int count)
{
	struct records *l = v->state;
	struct why why;

	if (l->stale)
		app_failed(v->app, read_ids(v, &why), &why);
	if (l->cols != c->cols)
		lay_columns(v, c->cols);
	canvas_column(c, first, ID_COL, ID_WIDTH, "ID", false);
	for (size_t i = 0; i < l->column_count; i++) {
		const struct column *col = &l->columns[i];

		canvas_column(c, first, col->at, col->width,
			col->field ? col->field->label : "Touched",
			!is_title(l, col));
	}
	list_fit(&l->list, count - 1);
	for (int i = 0; i < count - 1; i++)
		if (l->list.top + (size_t)i < l->ids.count)
			draw_row(v, c, first + 1 + i, l->list.top + (size_t)i);
	if (!l->ids.count)
		canvas_text(c, first + 1, ID_COL, c->cols, INK_PLAIN,
			l->query[0] ? "Nothing matches: / changes the filter"
				    : "None yet: n makes the first");
}

/* The filter. */

/* False: it is no query; the old one stays in force. */
static bool
set_query(struct view *v, const char *query, bool say)
{
	struct records *l = v->state;
	char *old = l->query;
	struct why why;
	enum status st;

	l->query = mem_text(query);
	l->list.chosen = l->list.top = 0;
	names_release(&l->ids);
	memset(&l->ids, 0, sizeof(l->ids));
	l->list.count = 0;
	st = read_ids(v, &why);
	if (!st) {
		free(old);
		return true;
	}
	if (say)
		app_failed(v->app, st, &why);
	free(l->query);
	l->query = old;
	if (read_ids(v, &why))
		l->stale = true;
	return false;
}

static void
filter_typing(void *arg, const char *text)
{
	set_query(arg, text, false);
}

/* For the next time that this list is opened. */
static void
remember(struct view *v)
{
	struct records *l = v->state;
	struct replica *r = v->app->replica;
	struct why why;
	enum status st;

	if (!l->place)
		return;
	if (strcmp(l->query, l->usual) != 0)
		st = kept_put(r, KEPT_FILTER, l->place, l->query, &why);
	else
		st = kept_drop(r, KEPT_FILTER, l->place, &why);
	if (st != ST_NOT_FOUND)
		app_failed(v->app, st, &why);
}

/* As it was typed, without the blanks at its end. */
static bool
use_filter(struct view *v, const char *text)
{
	char *filter = mem_text(text);
	bool good;

	conf_trim_end(filter);
	good = set_query(v, filter, true);
	if (good)
		remember(v);
	free(filter);
	return good;
}

static void
filter_done(void *arg, const char *text)
{
	struct view *v = arg;
	struct records *l = v->state;

	if (!text || !use_filter(v, text))
		set_query(v, l->before, false);
}

static void
offer_terms(void *arg, const char *text, size_t at, struct offers *o)
{
	struct view *v = arg;
	struct records *l = v->state;

	query_offers(v->app->replica, l->kind, text, at, o);
}

static void
ask_filter(struct view *v)
{
	struct records *l = v->state;

	char *preset = mem_printf("%s%s", l->query, l->query[0] ? " " : "");

	free(l->before);
	l->before = mem_text(l->query);
	prompt_line(&v->app->prompt, "filter", preset, filter_done,
		filter_typing, v);
	l->completing.fill = offer_terms;
	l->completing.arg = v;
	v->app->prompt.tab = &l->completing;
	free(preset);
}

static void
next_order(struct view *v)
{
	struct records *l = v->state;
	struct why why;
	const char *name;
	bool newest;

	l->order = (l->order + 1) % (l->kind->column_count + 1);
	l->sort[0] = '\0';
	if (l->order) {
		name = l->kind->columns[l->order - 1];
		newest = strcmp(name, "updated_at") == 0;
		snprintf(l->sort, sizeof(l->sort), "%s%s", newest ? "-" : "",
			name);
	}
	app_failed(v->app, read_ids(v, &why), &why);
}

static bool
subject(struct view *v, const char **kind, const char **id)
{
	struct records *l = v->state;

	if (!l->ids.count)
		return false;
	*kind = l->kind->name;
	*id = l->ids.items[l->list.chosen];
	return true;
}

static bool
step(struct view *v, int by)
{
	struct records *l = v->state;
	size_t was = l->list.chosen;

	list_act(&l->list, by > 0 ? ACT_DOWN : ACT_UP);
	return l->list.chosen != was;
}

/* field:value alone in the query, such as that of a section, sets the field
 * of a new record. */
static void
new_record(struct view *v)
{
	struct records *l = v->state;
	size_t len = strcspn(l->query, ":");
	char name[NAME_MAX_BYTES + 1];
	const struct field *f = NULL;

	if (l->query[len] == ':' && len <= NAME_MAX_BYTES &&
		!strpbrk(l->query, " \"<>,")) {
		snprintf(name, sizeof(name), "%.*s", (int)len, l->query);
		f = kind_field(l->kind, name);
	}
	if (f && (f->type == TYPE_REF || f->type == TYPE_REFS) &&
		l->query[len + 1])
		form_new(v->app, l->kind->name, f->name, l->query + len + 1);
	else
		form_new(v->app, l->kind->name, NULL, NULL);
}

/* As a search that opens this list so. */
static void
save_filter(struct view *v, const char *name)
{
	struct records *l = v->state;
	char *text = mem_printf("in:%s %s", l->kind->name, l->query);

	saved_ask(v->app, text, name);
	free(text);
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct records *l = v->state;
	const char *kind, *id;

	if (list_act(&l->list, a))
		return true;
	switch (a) {
	case ACT_FILTER:
		if (arg)
			use_filter(v, arg);
		else
			ask_filter(v);
		return true;
	case ACT_SEARCH_SAVE:
		save_filter(v, arg);
		return true;
	case ACT_ORDER:
		next_order(v);
		return true;
	case ACT_MATCH_NEXT:
	case ACT_MATCH_PREV:
		step(v, a == ACT_MATCH_NEXT ? 1 : -1);
		return true;
	case ACT_NEW:
		if (arg)
			return false;
		new_record(v);
		return true;
	case ACT_OPEN:
	case ACT_EDIT:
		if (arg || !subject(v, &kind, &id))
			return !arg;
		if (a == ACT_OPEN)
			record_open(v->app, kind, id);
		else
			form_edit(v->app, kind, id, NULL);
		return true;
	default:
		return false;
	}
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct records *l = v->state;

	(void)why;
	if (a != ACT_EDIT && a != ACT_OPEN && a != ACT_NOTE)
		return NULL;
	if (!l->ids.count)
		return "no record is chosen";
	if (a == ACT_EDIT && read_row(v, l->list.chosen)->faint)
		return "it is void: open it, U brings it back";
	return NULL;
}

static void
reload(struct view *v)
{
	struct records *l = v->state;

	l->stale = true;
}

static void
close_records(struct view *v)
{
	struct records *l = v->state;

	forget_rows(l);
	names_release(&l->ids);
	free(l->query);
	free(l->before);
	free(l->place);
	free(l->usual);
	completing_release(&l->completing);
}

static const enum action hints[] = {ACT_OPEN, ACT_FILTER, ACT_NEW, ACT_EDIT,
	ACT_DONE, ACT_NOTE, ACT_ORDER, ACT_BACK, ACT_PALETTE, ACT_HELP,
	ACT_NONE};

static const struct view_ops ops = {
	.name = "List",
	.context = CTX_LIST,
	.state_size = sizeof(struct records),
	.hints = hints,
	.title = title,
	.draw = draw,
	.act = act,
	.why_off = why_off,
	.reload = reload,
	.subject = subject,
	.table = table,
	.step = step,
	.close = close_records,
};

static struct view *
open_list(struct app *a, const char *kind, const char *query)
{
	const struct kind *k = catalog_kind(replica_catalog(a->replica), kind);
	struct view *v;
	struct records *l;
	struct why why;

	if (!k) {
		app_say(a, "There is no kind '%.40s': g l lists them", kind);
		return NULL;
	}
	v = app_push(a, &ops);
	l = v->state;
	l->kind = k;
	l->query = mem_text(query);
	if (app_failed(a, read_ids(v, &why), &why))
		set_query(v, "", false);
	return v;
}

void
records_open(struct app *a, const char *kind, const char *query)
{
	open_list(a, kind, query);
}

void
records_place(struct app *a, const char *kind, const char *usual)
{
	char *place = mem_printf("%s %s", kind, usual);
	struct buf kept = BUF_INIT;
	struct why why;
	bool found = !kept_get(a->replica, KEPT_FILTER, place, &kept, &why);
	struct view *v = open_list(a, kind, found ? buf_text(&kept) : usual);
	struct records *l = v ? v->state : NULL;

	if (l) {
		l->place = place;
		l->usual = mem_text(usual);
	} else {
		free(place);
	}
	if (l && found && !a->notice.len)
		app_say(a, "The filter is as you left it: / changes it");
	buf_release(&kept);
}
