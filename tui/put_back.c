#include "tui/put_back.h"

#include <string.h>

#include "common/conflicts.h"
#include "common/record.h"
#include "common/utf8.h"
#include "tui/show.h"

#define TAIL 10	    /* cells of a question behind the value */
#define VALUE_MIN 8 /* cells of the value */

static const char *
field_why_off(const struct catalog *c, const struct record *rec,
	const struct change *change)
{
	const struct field *f = kind_field(rec->kind, change->field);

	if (!f || field_off(c, f))
		return "the catalogue has no such field";
	if (strcmp(f->name, rec->kind->code) == 0)
		return "a code stays as it is";
	if (strcmp(record_text(rec, f->name), change->value) == 0)
		return "that is its value now";
	return NULL;
}

static const char *
record_why_off(struct app *a, const struct record *rec, const struct change *c,
	struct why *why)
{
	const char *off = field_why_off(replica_catalog(a->replica), rec, c);

	if (record_is_void(rec))
		return "it is void: U brings it back";
	if (!off && record_may_write(a->replica, rec, why))
		return why->text;
	return off;
}

const char *
put_back_why_off(struct app *a, const struct entry *from,
	const struct change *c, struct why *why)
{
	struct record *rec;
	const char *off;

	if (!c)
		return "choose the field whose value comes back";
	if (strcmp(c->field, FIELD_VOID) == 0)
		return "U brings back what is void";
	if (record_load(
		    a->replica, from->edit.kind, from->edit.record, &rec, why))
		return "the record is not held here";
	off = record_why_off(a, rec, c, why);
	record_free(rec);
	return off;
}

void
put_back_question(struct app *a, const struct record *rec,
	const struct change *c, struct buf *out)
{
	struct buf value = BUF_INIT, line = BUF_INIT;
	int room;

	show_asked(a->replica, &a->look, "Put back in", rec, out);
	buf_printf(out, ", %s: ", show_label(rec->kind, c->field));
	if (c->value[0])
		show_whole(a->replica, rec->kind, c->field, c->value, &value);
	else
		buf_puts(&value, "(empty)");
	show_one_line(buf_text(&value), &line);
	room = a->canvas.cols - utf8_width(buf_text(out)) - TAIL;
	show_clipped(buf_text(&line), room < VALUE_MIN ? VALUE_MIN : room,
		&a->look, out);
	buf_putc(out, '?');
	buf_release(&value);
	buf_release(&line);
}

/* What wins as one comes back as one. */
static void
change_all(struct edit *e, const struct record *rec, const struct edit *from,
	const struct field *f)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct change *c = &from->changes[i];
		const struct field *mate = kind_field(rec->kind, c->field);

		if (mate && strcmp(mate->cell, f->cell) == 0)
			record_change(e, rec, c->field, c->value);
	}
}

/* The conflicts that those fields are in are settled so. */
static enum status
settle_all(struct replica *r, struct edit *e, const struct record *rec,
	const struct field *f, struct why *why)
{
	struct conflicts open = {0};
	enum status st =
		conflicts_read(r, rec->kind->name, rec->id, &open, why);

	for (size_t i = 0; !st && i < open.count; i++) {
		const struct conflict *x = &open.items[i];
		const struct field *mate = kind_field(rec->kind, x->field);

		if (!mate || strcmp(mate->cell, f->cell) != 0)
			continue;
		for (size_t j = 0; j < x->lost_count; j++)
			edit_settle(e, x->field, x->lost[j].edit);
	}
	conflicts_release(&open);
	return st;
}

static enum status
save(struct replica *r, const struct record *rec, const struct entry *from,
	const char *field, struct why *why)
{
	const struct field *f = kind_field(rec->kind, field);
	struct edit e = {0};
	enum status st;

	if (!f || !edit_find(&from->edit, field))
		return why_set(why, ST_NOT_FOUND, "the value is not held here");
	e.kind = mem_text(rec->kind->name);
	e.record = mem_text(rec->id);
	record_saw(&e, rec);
	change_all(&e, rec, &from->edit, f);
	st = settle_all(r, &e, rec, f, why);
	if (!st)
		st = record_save(r, &e, why);
	edit_release(&e);
	return st;
}

enum status
put_back_save(struct replica *r, const struct entry *from, const char *field,
	struct why *why)
{
	struct record *rec;
	enum status st =
		record_load(r, from->edit.kind, from->edit.record, &rec, why);

	if (st)
		return st;
	st = save(r, rec, from, field, why);
	record_free(rec);
	return st;
}
