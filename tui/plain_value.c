/* What a line is as a field's value. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/plain_state.h"

static struct input *
focused(struct plain *p)
{
	return form_focused(app_top(&p->app));
}

bool
plain_several(const struct field *f)
{
	return f->type == TYPE_SET || f->type == TYPE_REFS;
}

/* None of them is -, which is a word here. */
void
plain_offer(struct plain *p, const char *typed)
{
	struct choices all = {0}, *c = &p->form.offered;

	form_choices(app_top(&p->app), typed, &all);
	choices_clear(c);
	for (size_t i = 0; i < all.count; i++)
		if (all.items[i].value[0])
			choices_add(c, all.items[i].value, all.items[i].label);
	choices_release(&all);
	p->form.listed = false;
}

static void
too_long(struct plain *p, const struct input *in)
{
	app_say(&p->app, "%s takes %zu bytes at most: write less",
		in->field->label, in->field->max);
}

/* What was there stays where the new value cannot be. */
static void
set_text(struct plain *p, const char *value)
{
	struct view *v = app_top(&p->app);
	struct input *in = form_focused(v);
	char *was = mem_text(text_get(&in->text)), *stored = NULL;
	struct why why;

	if (!text_replace(&in->text, value)) {
		too_long(p, in);
	} else if (form_read(v, in, &stored, &why)) {
		text_replace(&in->text, was);
		app_say(&p->app, "%s", why.text);
	} else {
		form_touched(v);
		form_check(v, in);
		plain_go_on(p);
	}
	free(was);
	free(stored);
}

/* Does a record of this name exist? Then it is that one, whatever else
 * matches: *value gets it. */
static bool
is_record(struct plain *p, const struct field *f, const char *typed,
	struct buf *value)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id = typed, *of = f->ref_kind;
	struct record *rec;
	struct why why;

	if (!of[0] && !record_name_split(typed, kind, &id))
		return false;
	if (!of[0])
		of = kind;
	if (!record_id_ok(id) ||
		record_load(p->app.replica, of, id, &rec, &why))
		return false;
	buf_puts(value, typed);
	record_free(rec);
	return true;
}

/* The only choice that `typed` can mean; NULL: none, or several. Among those of
 * the catalogue its first letters tell, records are found by their words. */
static const struct choice_row *
only_choice(const struct choices *c, const struct field *f, const char *typed)
{
	size_t begin = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct choice_row *row = &c->items[i];

		if (strcasecmp(row->value, typed) == 0 ||
			strcasecmp(row->label, typed) == 0)
			return row;
		begin += pick_rank(row->value, row->label, typed) == 0;
	}
	if (input_is_ref(f))
		return c->count == 1 ? &c->items[0] : NULL;
	return begin == 1 ? &c->items[0] : NULL;
}

/* A number of those that were listed; NULL: none. */
static const struct choice_row *
listed_choice(const struct plain *p, const char *typed)
{
	const struct choices *c = &p->form.offered;
	char *end;
	unsigned long n = strtoul(typed, &end, 10);

	if (*end || !n || n > c->count || n > OFFERED_SHOWN)
		return NULL;
	return &c->items[n - 1];
}

/* What one typed means as a value. False: it is said what it may mean. */
static bool
read_choice(struct plain *p, const char *typed, struct buf *value)
{
	const struct field *f = focused(p)->field;
	const struct choice_row *row = listed_choice(p, typed);

	if (row) {
		buf_puts(value, row->value);
		return true;
	}
	if (input_is_ref(f) && is_record(p, f, typed, value))
		return true;
	plain_offer(p, strcmp(typed, "*") == 0 ? "" : typed);
	row = strcmp(typed, "*") == 0 ? NULL
				      : only_choice(&p->form.offered, f, typed);
	if (row)
		buf_puts(value, row->value);
	else if (!p->form.offered.count)
		app_say(&p->app, "Nothing matches '%.60s'", typed);
	else
		app_say(&p->app, "Which? A number, or other words");
	return row != NULL;
}

static void
set_choice(struct plain *p, const char *typed)
{
	struct buf list = BUF_INIT, value = BUF_INIT, item = BUF_INIT;
	bool several = plain_several(focused(p)->field), good = true;
	size_t at = 0;

	if (several && typed[0] == '+') {
		buf_puts(&list, text_get(&focused(p)->text));
		typed++;
	}
	if (!several) {
		good = read_choice(p, typed, &list);
	} else {
		while (good && value_next(typed, &at, &item)) {
			char *word = mem_text(buf_text(&item));

			buf_clear(&value);
			good = read_choice(p, plain_trim(word), &value);
			if (good)
				value_join(&list, buf_text(&value));
			free(word);
		}
	}
	if (good)
		set_text(p, buf_text(&list));
	buf_release(&list);
	buf_release(&value);
	buf_release(&item);
}

/* Long texts. */

static void
add_line(struct plain *p, const char *line)
{
	struct input *in = focused(p);
	bool first = !text_get(&in->text)[0];

	text_last(&in->text);
	if ((!first && !text_insert(&in->text, "\n", 1)) ||
		!text_insert(&in->text, line, strlen(line)))
		too_long(p, in);
	else
		form_touched(app_top(&p->app));
}

/* The first line of one: it takes the place of what was there, or, +, goes on
 * below it. */
static void
begin_long(struct plain *p, const char *line)
{
	struct input *in = focused(p);

	p->form.writing = true;
	if (strcmp(line, "+") == 0)
		return;
	text_replace(&in->text, "");
	add_line(p, line);
}

void
plain_write_on(struct plain *p, const char *line)
{
	if (strcmp(line, ".") == 0)
		plain_go_on(p);
	else
		add_line(p, strcmp(line, "..") == 0 ? "." : line);
}

/* The name of an action, such as go-today, is hardly meant as a value. */
static bool
is_action(struct plain *p, const char *line)
{
	if (!strchr(line, '-') || action_from_name(line) == ACT_NONE)
		return false;
	app_say(&p->app, "Write :%s to do that, or =%s as a value", line, line);
	return true;
}

void
plain_take_value(struct plain *p, const char *line, const char *trimmed)
{
	const struct input *in = focused(p);
	bool literal = line[0] == '=';

	if (!trimmed[0])
		plain_go_on(p);
	else if (is_action(p, trimmed))
		;
	else if (strcmp(trimmed, "-") == 0)
		set_text(p, "");
	else if (!input_is_text(in->field))
		set_choice(p, trimmed + literal);
	else if (in->field->type == TYPE_LONG)
		begin_long(p, line + literal);
	else
		set_text(p, literal ? line + 1 : trimmed);
}
