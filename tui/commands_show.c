/* One record, and the catalogue: show, kinds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/json.h"
#include "common/table.h"
#include "common/value.h"
#include "tui/commands.h"
#include "tui/show.h"

#define NAME_COLUMN 22 /* where values begin */

/* Show. */

static void
put_blanks(struct buf *out, size_t from, size_t to)
{
	for (; from < to; from++)
		buf_putc(out, ' ');
}

/* A name that is too long has its value on the next line. */
static void
put_label(struct buf *out, const char *name)
{
	size_t len = strlen(name) + 2;

	buf_printf(out, "  %s", name);
	if (len >= NAME_COLUMN) {
		buf_putc(out, '\n');
		len = 0;
	}
	put_blanks(out, len, NAME_COLUMN);
}

/* A ref with the title of what it points to: "4471 (Ibarra)". */
static void
put_refs(struct replica *r, const struct field *f, const char *list,
	struct buf *out)
{
	struct buf item = BUF_INIT;
	size_t at = 0;

	while (value_next(list, &at, &item)) {
		const char *id = buf_text(&item);
		char kind[NAME_MAX_BYTES + 1];
		char *title = NULL;

		snprintf(kind, sizeof(kind), "%s", f->ref_kind);
		if (kind[0] || record_name_split(item.data, kind, &id))
			title = record_title_of(r, kind, id);
		buf_printf(out, "%s%s", out->len ? ", " : "", item.data);
		if (title && strcmp(title, id) != 0)
			buf_printf(out, " (%s)", title);
		else if (title)
			buf_puts(out, show_absent(r, kind, id));
		free(title);
	}
	buf_release(&item);
}

static void
say_value(
	struct session *s, const struct field *f, const struct record_value *v)
{
	const char *mark = v->conflict ? "[conflict] "
			   : v->unsent ? "[unsent] "
				       : "";
	struct buf value = BUF_INIT, text = BUF_INIT;

	if (!v->text || (!v->text[0] && !mark[0]))
		return;
	if (!v->text[0])
		buf_puts(&value, "(empty)");
	else if (f->type == TYPE_REF || f->type == TYPE_REFS)
		put_refs(s->replica, f, v->text, &value);
	else
		value_print(f, v->text, &value);
	buf_printf(&text, "%s%s", mark, buf_text(&value));
	buf_release(&value);
	put_label(&s->out, f->name);
	put_wrapped(&s->out, buf_text(&text), NAME_COLUMN);
	buf_release(&text);
}

static void
say_touched(struct buf *out, const char *label, int64_t at, const char *by)
{
	char when[WHEN_MAX];

	when_local_text(at, when);
	put_label(out, label);
	buf_printf(out, "%s by ", when);
	put_shown(out, by && *by ? by : "the hub",
		TABLE_WIDTH - NAME_COLUMN - (int)strlen(when) - 4);
	buf_putc(out, '\n');
}

/* KIND/ID and the title, which goes on below its own beginning. */
static void
say_heading(const struct record *rec, struct buf *out)
{
	int indent = (int)(strlen(rec->kind->name) + strlen(rec->id)) + 3;

	buf_printf(out, "%s/%s  ", rec->kind->name, rec->id);
	if (indent > TABLE_WIDTH / 2) {
		buf_puts(out, "\n  ");
		indent = 2;
	}
	put_wrapped(out, record_title(rec), indent);
}

/* Before all that does not hold any more. */
static void
say_void(const struct record *rec, struct buf *out)
{
	const struct record_value *v = &rec->void_value;
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s%s", v->unsent ? "[unsent] " : "", v->text);
	put_label(out, "VOID");
	put_wrapped(out, buf_text(&text), NAME_COLUMN);
	say_touched(out, "voided", v->at, v->by);
	buf_release(&text);
}

static void
say_record(struct session *s, const struct record *rec)
{
	say_heading(rec, &s->out);
	if (record_is_void(rec))
		say_void(rec, &s->out);
	for (size_t i = 0; i < rec->kind->field_count; i++)
		say_value(s, &rec->kind->fields[i], &rec->values[i]);
	say_touched(&s->out, "created", rec->created_at, rec->created_by);
	say_touched(&s->out, "updated", rec->updated_at, rec->updated_by);
}

/* Each related record of one kind, by `put`. */
typedef void put_related(const struct record *rec, bool first, struct buf *out);

static void
json_related(const struct record *rec, bool first, struct buf *out)
{
	if (!first)
		buf_putc(out, ',');
	record_json(rec, out);
}

static void
say_related(const struct record *rec, bool first, struct buf *out)
{
	int used = (int)(strlen(rec->kind->name) + strlen(rec->id)) + 5;

	if (first)
		buf_printf(out, "%s\n", rec->kind->many);
	buf_printf(out, "  %s/%s  ", rec->kind->name, rec->id);
	put_shown(out, record_title(rec), TABLE_WIDTH - used);
	buf_putc(out, '\n');
}

static enum status
each_related(struct session *s, const struct record *rec, const char *from,
	put_related *put, struct why *why)
{
	struct names ids = {NULL, 0, 0};
	enum status st = record_related(
		s->replica, rec->kind->name, rec->id, from, &ids, why);

	for (size_t i = 0; !st && i < ids.count; i++) {
		struct record *one;

		st = record_load(s->replica, from, ids.items[i], &one, why);
		if (st)
			break;
		put(one, i == 0, &s->out);
		record_free(one);
	}
	names_release(&ids);
	return st;
}

static enum status
json_record(struct session *s, const struct record *rec, struct why *why)
{
	enum status st = ST_OK;

	record_json_open(rec, &s->out);
	json_put_name(&s->out, "related");
	buf_putc(&s->out, '{');
	for (size_t i = 0; !st && i < rec->kind->section_count; i++) {
		json_put_name(&s->out, rec->kind->sections[i]);
		buf_putc(&s->out, '[');
		st = each_related(
			s, rec, rec->kind->sections[i], json_related, why);
		buf_putc(&s->out, ']');
	}
	buf_puts(&s->out, "}}\n");
	return st;
}

enum status
command_show(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct record *rec = NULL;
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 1, 1, "show KIND/ID", why);
	if (!st)
		st = session_record(s, w->items[0], &rec, why);
	if (!st && json)
		st = json_record(s, rec, why);
	else if (!st)
		say_record(s, rec);
	for (size_t i = 0; !st && !json && i < rec->kind->section_count; i++)
		st = each_related(
			s, rec, rec->kind->sections[i], say_related, why);
	if (st)
		buf_clear(&s->out);
	record_free(rec);
	return st;
}

/* Kinds. */

static void
json_field(const struct field *f, struct buf *out)
{
	json_put_comma(out);
	buf_printf(out, "{\"name\":\"%s\",\"label\":", f->name);
	json_put_text(out, f->label);
	json_put_member(out, "type", type_name(f->type));
	json_put_name(out, "required");
	buf_puts(out, f->required ? "true" : "false");
	if (f->help[0])
		json_put_member(out, "help", f->help);
	if (f->preset[0])
		json_put_member(out, "default", f->preset);
	if (f->ref_kind[0])
		json_put_member(out, "ref", f->ref_kind);
	json_put_name(out, "max");
	buf_printf(out, "%zu", f->max);
	if (f->choice_count) {
		json_put_name(out, "values");
		buf_putc(out, '[');
		for (size_t i = 0; i < f->choice_count; i++) {
			json_put_comma(out);
			json_put_text(out, f->choices[i].value);
		}
		buf_putc(out, ']');
	}
	buf_putc(out, '}');
}

static void
json_kind(const struct catalog *c, const struct kind *k, struct buf *out)
{
	json_put_comma(out);
	buf_printf(out, "{\"kind\":\"%s\",\"one\":", k->name);
	json_put_text(out, k->one);
	json_put_member(out, "many", k->many);
	json_put_member(out, "title", k->title);
	json_put_name(out, "fields");
	buf_putc(out, '[');
	for (size_t i = 0; i < k->field_count; i++)
		if (!field_off(c, &k->fields[i]))
			json_field(&k->fields[i], out);
	buf_puts(out, "]}");
}

static void
json_kinds(const struct catalog *c, const struct kind *only, struct buf *out)
{
	if (only) {
		json_kind(c, only, out);
	} else {
		buf_putc(out, '[');
		for (size_t i = 0; i < c->kind_count; i++)
			json_kind(c, &c->kinds[i], out);
		buf_putc(out, ']');
	}
	buf_putc(out, '\n');
}

static void
put_values(const struct field *f, struct buf *out)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, "one of: ");
	for (size_t i = 0; i < f->choice_count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", f->choices[i].value);
	buf_puts(out, "    ");
	put_wrapped(out, buf_text(&text), 4);
	buf_release(&text);
}

/* The first line of a field begins it, the others are set in: completion
 * reads this. */
static void
say_field(const struct field *f, struct buf *out)
{
	buf_printf(out, "%s  %s", f->name, type_name(f->type));
	if (f->ref_kind[0])
		buf_printf(out, " of %s", f->ref_kind);
	if (f->required)
		buf_puts(out, ", required");
	if (f->preset[0])
		buf_printf(out, ", default %s", f->preset);
	buf_putc(out, '\n');
	if (f->help[0]) {
		buf_puts(out, "    ");
		put_wrapped(out, f->help, 4);
	}
	if (f->choice_count)
		put_values(f, out);
}

static void
say_fields(const struct catalog *c, const struct kind *k, struct buf *out)
{
	buf_printf(out, "%s  %s\n", k->name, k->many);
	for (size_t i = 0; i < k->field_count; i++)
		if (!field_off(c, &k->fields[i]))
			say_field(&k->fields[i], out);
}

static void
say_kinds(const struct catalog *c, struct buf *out)
{
	struct table t = {.columns = 2};

	table_cell(&t, "kind");
	table_cell(&t, "label");
	for (size_t i = 0; i < c->kind_count; i++) {
		table_cell(&t, c->kinds[i].name);
		table_cell(&t, c->kinds[i].many);
	}
	table_print(&t, out);
	table_release(&t);
}

enum status
command_kinds(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	const struct kind *only = NULL;
	const struct catalog *c;
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 1, "kinds [KIND]", why);
	if (!st)
		st = session_open(s, why);
	if (!st && w->count)
		st = session_kind(s, w->items[0], &only, why);
	if (st)
		return st;
	c = replica_catalog(s->replica);
	if (json)
		json_kinds(c, only, &s->out);
	else if (only)
		say_fields(c, only, &s->out);
	else
		say_kinds(c, &s->out);
	return ST_OK;
}
