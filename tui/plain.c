#include "tui/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/desk.h"
#include "tui/plain_state.h"
#include "tui/status_row.h"
#include "tui/sync_watch.h"

#define STATUS_COLS 400

struct sheet *
plain_sheet(struct plain *p)
{
	size_t at = p->app.count - 1;

	while (p->count <= at) {
		MEM_ROOM(p->sheets, p->count, p->cap);
		p->sheets[p->count++] = (struct sheet){.page = p->page};
	}
	return &p->sheets[at];
}

static void
forget_sheets(struct plain *p)
{
	while (p->count > p->app.count)
		sheet_release(&p->sheets[--p->count]);
}

/* Moves are for those who see where the choice is. */
static bool
is_told(enum action act)
{
	return act != ACT_PALETTE && act != ACT_HELP && act != ACT_OPEN &&
	       act < ACT_UP;
}

/* Once for each sort of screen: what can be written there. */
static void
greet(struct plain *p)
{
	struct view *v = app_top(&p->app);
	const char *comma = "Words here: ";
	struct why why;

	if (!names_add(&p->greeted, v->ops->name))
		return;
	if (v->ops->type) {
		buf_printf(&p->out, "%s\n",
			pick_several(v) ? "Numbers put in or take out, words "
					  "find; an empty line when done."
					: "A number chooses, words find.");
		return;
	}
	for (const enum action *h = v->ops->hints; *h != ACT_NONE; h++) {
		if (!is_told(*h) || view_why_off(v, *h, &why))
			continue;
		buf_printf(&p->out, "%s%s", comma, action_name(*h));
		comma = ", ";
	}
	buf_printf(&p->out, "%snumbers open; ? tells more.\n", comma);
}

static void
show_view(struct plain *p)
{
	struct view *v = app_top(&p->app);
	bool returned = p->top != v->nth;

	sheet_show(plain_sheet(p), &p->app,
		returned ? SHEET_RETURN : SHEET_CHANGES, &p->out);
	greet(p);
}

static void
show_question(struct plain *p)
{
	const struct prompt *q = &p->app.prompt;
	const char *now = text_get(&q->text);

	buf_puts(&p->ask, q->label);
	if (q->yes_no)
		buf_puts(&p->ask, " y or n");
	else if (now[0])
		buf_printf(&p->ask, " (now: %s):", now);
	else
		buf_puts(&p->ask, ":");
}

static void
show_notice(struct plain *p)
{
	if (p->app.notice.len)
		buf_printf(&p->out, "%s\n", buf_text(&p->app.notice));
	buf_clear(&p->app.notice);
}

/* What changed, what is said, and what is asked now. */
static void
show(struct plain *p)
{
	struct app *a = &p->app;

	forget_sheets(p);
	if (!plain_form_on(p))
		show_notice(p);
	buf_clear(&p->ask);
	if (a->prompt.on)
		show_question(p);
	else if (plain_form_on(p))
		plain_form_show(p);
	else
		show_view(p);
	show_notice(p); /* of what was read meanwhile */
	p->top = app_top(a)->nth;
}

void
plain_status(struct plain *p)
{
	struct canvas c = {0};

	canvas_begin(&c, 1, STATUS_COLS, &p->app.look);
	status_row_draw(&p->app, &p->sync, &c, 0);
	canvas_cells_text(&c, 0, 1, STATUS_COLS, &p->out);
	buf_putc(&p->out, '\n');
	canvas_release(&c);
}

void
plain_again(struct plain *p)
{
	if (!plain_form_on(p))
		sheet_show(plain_sheet(p), &p->app, SHEET_ALL, &p->out);
	else
		plain_form_again(p);
}

void
plain_begin(struct plain *p, struct replica *r, const struct screens_options *o,
	size_t page)
{
	struct wishes look = o->look;

	memset(p, 0, sizeof(*p));
	look.plain = true;
	look_choose(&p->app.look, &look, NULL);
	desk_open(&p->app, &p->sync, r, o);
	p->app.lock.after_ms = 0; /* what was printed cannot be hidden */
	p->page = page;
	plain_status(p);
	show(p);
}

void
plain_end(struct plain *p)
{
	plain_form_end(p);
	desk_close(&p->app, &p->sync);
	forget_sheets(p);
	free(p->sheets);
	names_release(&p->greeted);
	buf_release(&p->out);
	buf_release(&p->ask);
}

/* Questions. */

static bool
is_word(const char *line, const char *word)
{
	return strcmp(line, word) == 0;
}

static bool
is_yes(const char *line)
{
	return is_word(line, "y") || is_word(line, "yes");
}

static bool
is_no(const char *line)
{
	return is_word(line, "n") || is_word(line, "no") ||
	       is_word(line, "back");
}

/* A question that is not answered: the line is meant for what was before. */
static void
give_way(struct prompt *q, const char *line)
{
	if (q->on && q->gives_way && !is_yes(line) && !is_no(line))
		prompt_finish(q, false);
}

static void
take_yes_no(struct plain *p, const char *line)
{
	if (is_yes(line) || is_no(line))
		prompt_finish(&p->app.prompt, is_yes(line));
	else
		app_say(&p->app, "Only y or n answers this");
}

static void
take_answer(struct plain *p, const char *line)
{
	struct prompt *q = &p->app.prompt;

	if (q->yes_no) {
		take_yes_no(p, line);
	} else if (is_word(line, "back")) {
		prompt_finish(q, false);
	} else if (is_word(line, "?")) {
		app_say(&p->app, "An empty line takes what is there now, - "
				 "empties it, back gives the question up; "
				 "after = a line is taken as it stands");
	} else if (is_word(line, "-")) {
		text_set(&q->text, "");
		prompt_finish(q, true);
	} else {
		if (line[0])
			text_set(&q->text, line + (line[0] == '='));
		prompt_finish(q, true);
	}
}

/* Screens where letters find: what to choose, or records. */

static void
find(struct plain *p, const char *words)
{
	struct view *v = app_top(&p->app);
	struct sheet *s = plain_sheet(p);

	v->ops->act(v, ACT_LINE_END, NULL);
	v->ops->act(v, ACT_RUB_LINE, NULL);
	v->ops->type(v, words, strlen(words));
	if (pick_only(v))
		app_act(&p->app, ACT_OPEN, NULL);
	else
		sheet_show(s, &p->app, SHEET_ALL, &p->out);
}

static bool
is_number(const char *line)
{
	return line[0] && line[strspn(line, "0123456789")] == '\0';
}

/* "3 note": a number and an action. */
static bool
names_row_and_action(struct plain *p, const char *line)
{
	size_t digits = strspn(line, "0123456789");
	const char *word = line + digits + strspn(line + digits, " ");

	return digits && line[digits] == ' ' &&
	       plain_action(p, word, true) != ACT_NONE;
}

/* Words that find nothing: where one is, and names such as go-today. */
static bool
steers(const char *line)
{
	static const char *const words[] = {
		"?", "more", "again", "back", "quit", "status"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(line, words[i]))
			return true;
	return strchr(line, '-') && action_from_name(line) != ACT_NONE;
}

static void
take_finding(struct plain *p, const char *line)
{
	if (!line[0] && pick_several(app_top(&p->app)))
		app_act(&p->app, ACT_BACK, NULL);
	else if (!line[0] || line[0] == ':' || is_number(line) ||
		 steers(line) || names_row_and_action(p, line))
		plain_command(p, line);
	else
		find(p, line + (line[0] == '='));
}

void
plain_take(struct plain *p, const char *line)
{
	struct app *a = &p->app;
	size_t changed;
	char *text = utf8_cleaned(line, strlen(line), true, &changed), *at;

	buf_clear(&a->notice);
	settings_at_key(a);
	if (plain_form_on(p)) {
		plain_form_take(p, text);
	} else {
		at = plain_trim(text);
		give_way(&a->prompt, at);
		if (a->prompt.on)
			take_answer(p, at);
		else if (app_top(a)->ops->type)
			take_finding(p, at);
		else
			plain_command(p, at);
	}
	free(text);
	app_refresh(a);
	syncing_look(&p->sync, app_counts(a)->unsent);
	desk_saved(a, &p->sync);
	if (!a->leaving)
		show(p);
}

char *
plain_trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	return text;
}

void
plain_refuse(struct plain *p, const char *why)
{
	app_say(&p->app, "%s", why);
	show(p);
}

void
plain_cancel(struct plain *p)
{
	struct app *a = &p->app;

	buf_clear(&a->notice);
	if (a->prompt.on)
		prompt_finish(&a->prompt, false);
	else if (a->count > 1)
		app_back(a);
	else
		app_say(a, "quit leaves Beatbook, and so does Ctrl-D");
	show(p);
}

/* One line about a sync that a person asked for, or that brought something, or
 * that the hub did not answer any more. */
static void
tell_sync(struct plain *p)
{
	const struct sync_counts *n = &p->sync.counts;
	bool reached = p->sync.state == SYNC_ONLINE;

	if (reached && (p->sync.asked || n->sent || n->entries || n->left)) {
		buf_puts(&p->out, "Synced: ");
		put_counts(n, &p->out);
		buf_putc(&p->out, '\n');
		put_turns(p->app.replica, n, &p->out);
	} else if (!reached && (p->sync.asked || p->reached)) {
		buf_printf(&p->out, "%s\n", p->sync.why.text);
	}
	p->reached = reached;
	p->sync.asked = false;
}

/* Who asks for a sync means all there is by then; one that was under way may
 * have begun before the last save. */
static bool
goes_on(struct plain *p)
{
	p->once_more = !p->once_more && p->sync.asked &&
		       p->sync.state == SYNC_ONLINE &&
		       app_counts(&p->app)->unsent;
	if (p->once_more)
		syncing_start(&p->sync, true);
	return p->once_more;
}

bool
plain_sync(struct plain *p)
{
	if (!syncing_step(&p->sync))
		return false;
	app_refresh(&p->app);
	if (goes_on(p) && syncing_busy(&p->sync))
		return false;
	tell_sync(p);
	return p->out.len > 0;
}
