/* A form, asked field by field. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/utf8.h"
#include "tui/form.h"
#include "tui/plain_state.h"
#include "tui/show.h"

#define NOW_CELLS 60 /* of a value in a question */

bool
plain_form_on(const struct plain *p)
{
	return app_context(&p->app) == CTX_FORM;
}

static struct form *
form_of(struct plain *p)
{
	return app_top(&p->app)->state;
}

static struct input *
focused(struct plain *p)
{
	return form_focused(app_top(&p->app));
}

void
plain_form_end(struct plain *p)
{
	free(p->form.asked);
	choices_release(&p->form.offered);
	memset(&p->form, 0, sizeof(p->form));
}

/* What is read. */

static void
put_value(struct plain *p, const struct input *in, struct buf *out)
{
	const char *text = text_get(&in->text);

	if (!input_is_text(in->field))
		show_value(p->app.replica, in->field, text, out);
	else
		show_one_line(text, out);
}

/* A narrative is told by its beginning, anything else whole. */
static void
put_begin(const struct field *f, const char *text, struct buf *out)
{
	const struct look cut = {0};

	if (f->type == TYPE_LONG)
		show_clipped(text, NOW_CELLS, &cut, out);
	else
		buf_puts(out, text);
}

/* "(was: Harbor Garage)": what stays if the line is empty. */
static void
put_now(struct plain *p, const struct input *in, struct buf *out)
{
	struct buf value = BUF_INIT;

	put_value(p, in, &value);
	if (value.len) {
		buf_puts(out, input_changed(in) ? " (now: "
			      : in->carried	? " (carried over: "
						: " (was: ");
		put_begin(in->field, buf_text(&value), out);
		buf_putc(out, ')');
	}
	buf_release(&value);
}

/* The choices there are, where they are few; records are found by words. */
static void
list_choices(struct plain *p)
{
	struct choices *c = &p->form.offered;

	if (p->form.listed || !c->count)
		return;
	for (size_t i = 0; i < c->count && i < OFFERED_SHOWN; i++)
		buf_printf(&p->out, "%zu. %s\n", i + 1, c->items[i].label);
	if (c->count > OFFERED_SHOWN)
		buf_printf(&p->out, "%zu more: write more words\n",
			c->count - OFFERED_SHOWN);
	p->form.listed = true;
}

static void
ask_field(struct plain *p)
{
	struct form *f = form_of(p);
	const struct input *in = focused(p);

	if (!input_is_text(in->field) && !input_is_ref(in->field) &&
		!p->form.offered.count)
		plain_offer(p, "");
	if (in->clash) {
		form_put_clash(app_top(&p->app), in, &p->out);
		buf_putc(&p->out, '\n');
	}
	list_choices(p);
	buf_printf(&p->ask, "%zu of %zu %s%s", f->focus + 1, f->count,
		in->field->label, in->field->required ? ", required" : "");
	put_now(p, in, &p->ask);
	buf_putc(&p->ask, ':');
}

static void
begin(struct plain *p)
{
	struct view *v = app_top(&p->app);
	struct form *f = v->state;
	struct buf left = BUF_INIT, right = BUF_INIT;

	plain_form_end(p);
	p->form.nth = v->nth;
	p->form.asked = mem_alloc(f->count * sizeof(*p->form.asked) + 1);
	v->ops->title(v, &left, &right);
	buf_printf(&p->out, "%s%s%s. %zu field%s.\n", buf_text(&left),
		right.len ? ". " : "", buf_text(&right), f->count,
		f->count == 1 ? "" : "s");
	if (names_add(&p->greeted, v->ops->name))
		buf_printf(&p->out,
			"An empty line keeps what is there, - empties "
			"it. Words: save, back, previous, again, ?\n");
	buf_release(&left);
	buf_release(&right);
}

/* The help that the form says when it comes to a field is for those who ask. */
static void
drop_help(struct plain *p)
{
	struct buf help = BUF_INIT;

	show_help(focused(p)->field, &help);
	if (strcmp(buf_text(&help), buf_text(&p->app.notice)) == 0)
		buf_clear(&p->app.notice);
	buf_release(&help);
}

void
plain_form_show(struct plain *p)
{
	struct input *in = focused(p);
	bool said;

	drop_help(p);
	if (p->form.nth != app_top(&p->app)->nth)
		begin(p);
	said = in->error && strcmp(in->error, buf_text(&p->app.notice)) == 0;
	if (p->app.notice.len)
		buf_printf(&p->out, "%s\n", buf_text(&p->app.notice));
	buf_clear(&p->app.notice);
	if (in->error && !said && !p->form.reviewing)
		buf_printf(&p->out, "%s\n", in->error);
	if (p->form.writing)
		return;
	if (p->form.reviewing)
		buf_puts(&p->ask,
			"All fields were asked: save, back, again, or a "
			"field's number:");
	else
		ask_field(p);
}

void
plain_form_again(struct plain *p)
{
	struct form *f = form_of(p);

	for (size_t i = 0; i < f->count; i++) {
		struct buf value = BUF_INIT;

		put_value(p, &f->inputs[i], &value);
		buf_printf(&p->out, "%zu. %s: %s\n", i + 1,
			f->inputs[i].field->label,
			value.len ? buf_text(&value) : "-");
		buf_release(&value);
	}
}

/* From field to field. */

static void
go_to(struct plain *p, size_t to)
{
	struct form *f = form_of(p);

	f->focus = to;
	choices_clear(&p->form.offered);
	p->form.listed = p->form.writing = p->form.reviewing = false;
}

/* The next that was not asked yet. */
void
plain_go_on(struct plain *p)
{
	struct form *f = form_of(p);

	app_keep(&p->app);
	p->form.asked[f->focus] = true;
	for (size_t i = 1; i <= f->count; i++) {
		size_t to = (f->focus + i) % f->count;

		if (!p->form.asked[to]) {
			go_to(p, to);
			return;
		}
	}
	go_to(p, f->focus);
	p->form.reviewing = true;
}

static void
go_back(struct plain *p)
{
	struct form *f = form_of(p);

	go_to(p, p->form.reviewing ? f->focus
				   : (f->focus + f->count - 1) % f->count);
}

/* Words. */

static void
help(struct plain *p)
{
	const struct input *in = focused(p);
	const struct field *f = in->field;
	struct buf b = BUF_INIT;

	show_help(f, &b);
	buf_printf(&p->out, "%s: %s\n", f->label, buf_text(&b));
	buf_clear(&b);
	put_value(p, in, &b);
	if (b.len) {
		buf_puts(&p->out, "Now: ");
		buf_puts(&p->out, f->type == TYPE_LONG ? text_get(&in->text)
						       : buf_text(&b));
		buf_putc(&p->out, '\n');
	}
	if (f->type == TYPE_LONG)
		buf_puts(&p->out, "Write lines; a . alone ends them. + goes on "
				  "below what is there.\n");
	else if (input_is_ref(f))
		buf_puts(&p->out,
			"Write an id, or words to find it by; * lists "
			"the newest.\n");
	if (plain_several(f))
		buf_puts(&p->out, "Several with commas; + before them adds to "
				  "what is there.\n");
	buf_puts(&p->out,
		"An empty line keeps what is there, - empties it; after = a "
		"line is taken as it stands. previous: the field before; "
		"again: "
		"all fields; save; back: leave the form, the draft is kept. "
		":N goes to field N, :WORD does any other action.\n");
	buf_release(&b);
}

/* Where something is wrong, the field that is comes next. */
static void
save(struct plain *p)
{
	unsigned nth = p->form.nth;

	app_act(&p->app, ACT_SAVE, NULL);
	if (plain_form_on(p) && app_top(&p->app)->nth == nth)
		go_to(p, form_of(p)->focus);
}

static bool
is_field_number(const struct form *f, const char *text, size_t *to)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	*to = n - 1;
	return end != text && !*end && n >= 1 && n <= f->count;
}

/* Words that are no value, in every field. */
static bool
take_word(struct plain *p, const char *word)
{
	size_t to;

	if (strcmp(word, "save") == 0)
		save(p);
	else if (strcmp(word, "back") == 0)
		app_act(&p->app, ACT_BACK, NULL);
	else if (strcmp(word, "previous") == 0)
		go_back(p);
	else if (strcmp(word, "again") == 0)
		plain_form_again(p);
	else if (strcmp(word, "?") == 0)
		help(p);
	else if (word[0] == ':' && is_field_number(form_of(p), word + 1, &to))
		go_to(p, to);
	else if (word[0] == ':' && word[1])
		plain_command(p, word);
	else
		return false;
	return true;
}

static void
review(struct plain *p, const char *line)
{
	size_t to;

	if (is_field_number(form_of(p), line, &to))
		go_to(p, to);
	else if (line[0])
		plain_command(p, line);
}

void
plain_form_take(struct plain *p, const char *line)
{
	char *copy = mem_text(line), *trimmed = plain_trim(copy);

	if (p->form.writing)
		plain_write_on(p, line);
	else if (take_word(p, trimmed))
		;
	else if (p->form.reviewing)
		review(p, trimmed);
	else
		plain_take_value(p, line, trimmed);
	free(copy);
}
