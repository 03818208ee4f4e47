#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/area.h"
#include "tui/show.h"

#define ANSWER_MAX 1000 /* bytes */
#define ROW_EXTRA 3	/* cells before a label, and of ": " behind it */
#define TITLE_LEAST 6	/* cells of a title that say anything */

void
prompt_release(struct prompt *p)
{
	free(p->label);
	text_release(&p->text);
	memset(p, 0, sizeof(*p));
}

void
prompt_line(struct prompt *p, const char *label, const char *preset,
	prompt_done *done, prompt_done *typing, void *arg)
{
	prompt_release(p);
	p->on = true;
	p->label = mem_text(label);
	p->done = done;
	p->typing = typing;
	p->arg = arg;
	text_init(&p->text, false, ANSWER_MAX);
	text_set(&p->text, preset);
}

void
prompt_yes(struct prompt *p, const char *question, prompt_done *done, void *arg)
{
	prompt_line(p, question, "", done, NULL, arg);
	p->yes_no = true;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

void
prompt_finish(struct prompt *p, bool accept)
{
	bool given_up = !accept && p->given_up && !is_blank(text_get(&p->text));
	char *answer = accept || given_up ? mem_text(text_get(&p->text)) : NULL;
	prompt_done *done = given_up ? p->given_up : p->done;
	void *arg = p->arg;

	prompt_release(p); /* the answer may ask the next question */
	done(arg, answer);
	free(answer);
}

bool
prompt_keep(struct prompt *p)
{
	if (p->on && p->given_up)
		prompt_finish(p, false);
	return !p->on || !p->given_up;
}

void
prompt_changed(struct prompt *p)
{
	if (p->typing)
		p->typing(p->arg, text_get(&p->text));
}

bool
prompt_tab(struct prompt *p, enum action act)
{
	return p->tab && (act == ACT_PANE_NEXT || act == ACT_PANE_PREV) &&
	       completing_tab(p->tab, &p->text, act == ACT_PANE_NEXT ? 1 : -1);
}

/* The label in so many cells: its title is shortened; where that leaves nothing
 * of it, what comes behind goes. */
static void
put_short_label(const struct prompt *p, const struct canvas *c, int cells,
	struct buf *out)
{
	char *title =
		mem_printf("%.*s", (int)p->title_len, p->label + p->title_at);
	const char *tail = p->label + p->title_at + p->title_len;
	int room = cells - utf8_width(p->label) + utf8_width(title);

	buf_add(out, p->label, p->title_at);
	if (p->title_len && room < TITLE_LEAST) {
		room = cells - utf8_width(buf_text(out));
		tail = "";
	}
	if (room > 0)
		show_clipped(title, room, c->look, out);
	buf_puts(out, tail);
	free(title);
}

/* Does the whole label leave room for what is typed, and for the cursor? */
static bool
leaves_room(const struct prompt *p, const struct canvas *c)
{
	return p->yes_no || utf8_width(p->label) + ROW_EXTRA +
					    utf8_width(text_get(&p->text)) <
				    c->cols;
}

void
prompt_draw(const struct prompt *p, struct canvas *c, int row)
{
	const char *tail = p->yes_no ? " y or n" : ": ";
	int most = leaves_room(p, c) ? c->cols - 9 : c->cols / 2 - ROW_EXTRA;
	struct buf label = BUF_INIT;
	int at, room, col;
	size_t from;

	if (utf8_width(p->label) > most)
		put_short_label(p, c, most, &label);
	else
		buf_puts(&label, p->label);
	at = canvas_text(c, row, 1, most, INK_PLAIN, buf_text(&label)) + 1;
	buf_release(&label);
	at += canvas_text(c, row, at, 9, INK_PLAIN, tail);
	if (p->yes_no) {
		canvas_cursor(c, row, at);
		return;
	}
	room = c->cols - at;
	from = field_window(&p->text, room, &col);
	canvas_text(c, row, at, room, INK_PLAIN, text_get(&p->text) + from);
	canvas_cursor(c, row, at + col);
}
