/* Lines that are commands: numbers, names of actions, keys. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/nearest.h"
#include "tui/plain_state.h"

#define NAMED_MAX 8 /* words that one could have meant, when told */

/* Actions that a cursor in a text is needed for have no place here; what was
 * written in a field can be undone. */
static bool
is_offered(struct plain *p, enum action act)
{
	if (act == ACT_BACK || act == ACT_QUIT || act == ACT_CANCEL)
		return true;
	if (act >= ACT_LEFT && (!plain_form_on(p) || act < ACT_TEXT_UNDO))
		return false;
	return action_in(act, app_context(&p->app));
}

/* What a word may be, the surest first. */
enum fit { FIT_NAME, FIT_BRIEF, FIT_BEGINS, FIT_COUNT };

/* What the screen calls it, such as whose value it takes. */
static const char *
brief_here(struct plain *p, enum action act)
{
	struct view *v = app_top(&p->app);
	const char *brief = v->ops->hint ? v->ops->hint(v, act) : NULL;

	return brief ? brief : action_brief(act);
}

static bool
fits(struct plain *p, enum action act, const char *word, enum fit how)
{
	switch (how) {
	case FIT_NAME:
		return strcasecmp(action_name(act), word) == 0;
	case FIT_BRIEF:
		return strcasecmp(action_brief(act), word) == 0 ||
		       strcasecmp(brief_here(p, act), word) == 0;
	default:
		return strncasecmp(action_name(act), word, strlen(word)) == 0;
	}
}

struct meant {
	enum action items[ACTION_COUNT];
	size_t count;
};

static void
look_up(struct plain *p, const char *word, enum fit how, struct meant *out)
{
	out->count = 0;
	for (int i = 0; i < ACTION_COUNT; i++)
		if (is_offered(p, (enum action)i) &&
			fits(p, (enum action)i, word, how))
			out->items[out->count++] = (enum action)i;
}

/* Of several keep those that can be done now, if there are any. */
static void
keep_usable(struct plain *p, struct meant *m)
{
	struct view *v = app_top(&p->app);
	struct why why;
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += !view_why_off(v, m->items[i], &why);
	if (!n || m->count == 1)
		return;
	for (size_t i = n = 0; i < m->count; i++)
		if (!view_why_off(v, m->items[i], &why))
			m->items[n++] = m->items[i];
	m->count = n;
}

static void
say_unknown(struct plain *p, const char *word)
{
	struct nearest near = {.typed = word};
	char hint[NEAREST_HINT_MAX];

	if (action_from_name(word) != ACT_NONE) {
		app_say(&p->app, "%s: not on this screen", word);
		return;
	}
	for (int i = 0; i < ACTION_COUNT; i++)
		if (is_offered(p, (enum action)i))
			nearest_offer(&near, action_name((enum action)i));
	nearest_hint(&near, hint);
	app_say(&p->app, "'%.40s' is no word here%s ? lists those there are",
		word, hint[0] ? hint : ".");
}

static void
say_ambiguous(struct plain *p, const char *word, const struct meant *m)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < m->count && i < NAMED_MAX; i++)
		buf_printf(&names, "%s%s", i ? ", " : "",
			action_name(m->items[i]));
	app_say(&p->app, "'%.40s' may be %s%s: write more letters", word,
		buf_text(&names), m->count > NAMED_MAX ? " and others" : "");
	buf_release(&names);
}

enum action
plain_action(struct plain *p, const char *word, bool whole)
{
	struct meant m = {.count = 0};

	for (int how = 0; how < FIT_COUNT && !m.count && word[0]; how++) {
		if (how == FIT_BEGINS && whole)
			break;
		look_up(p, word, (enum fit)how, &m);
		keep_usable(p, &m);
	}
	if (m.count == 1)
		return m.items[0];
	if (whole)
		return ACT_NONE;
	if (m.count)
		say_ambiguous(p, word, &m);
	else
		say_unknown(p, word);
	return ACT_NONE;
}

/* The action of a key, as texts on the screens name it: u, g s, F7, Enter. */
static enum action
key_action(struct plain *p, const char *line)
{
	enum action act = ACT_NONE;
	struct chord keys;
	char *named = mem_printf("<%s>", line);
	bool read = chord_parse(line, &keys) || chord_parse(named, &keys);

	if (!read || keymap_find(p->app.keymap, app_context(&p->app), &keys,
			     &act) != MATCH_FULL)
		act = ACT_NONE;
	free(named);
	return act != ACT_NONE && is_offered(p, act) ? act : ACT_NONE;
}

static void
next_page(struct plain *p)
{
	if (plain_form_on(p) || !sheet_more(plain_sheet(p), &p->app, &p->out))
		app_say(&p->app, "That is all");
}

static void
run(struct plain *p, enum action act, const char *arg)
{
	switch (act) {
	case ACT_HELP:
	case ACT_PALETTE:
		plain_help(p, arg ? arg : "");
		break;
	case ACT_REPAINT:
	case ACT_PAGE_UP:
		plain_again(p);
		break;
	case ACT_PAGE_DOWN:
		next_page(p);
		break;
	case ACT_ORDER: /* is read from its begin */
		app_act(&p->app, act, arg);
		app_act(&p->app, ACT_FIRST, NULL);
		break;
	case ACT_FIRST:
	case ACT_LAST:
		app_act(&p->app, act, NULL);
		plain_again(p);
		break;
	default:
		app_act(&p->app, act, arg);
	}
}

/* A key, a word for an action such as "new here", or its name and what it
 * takes. */
static void
run_word(struct plain *p, const char *line)
{
	enum action act = key_action(p, line);
	size_t len = strcspn(line, " ");
	const char *arg = line + len + strspn(line + len, " ");
	char *word = mem_printf("%.*s", (int)len, line);

	if (act == ACT_NONE)
		act = plain_action(p, line, true);
	if (act != ACT_NONE)
		arg = "";
	else
		act = plain_action(p, word, false);
	if (act != ACT_NONE)
		run(p, act, arg[0] ? arg : NULL);
	free(word);
}

static void
say_not_chosen(struct plain *p, long n, enum sheet_chosen outcome)
{
	if (outcome == SHEET_CHANGED)
		app_say(&p->app,
			"%ld is gone or reads otherwise now: what changed is "
			"above",
			n);
	else if (plain_form_on(p) || plain_sheet(p)->complete)
		app_say(&p->app, "There is no %ld here", n);
	else
		app_say(&p->app, "There is no %ld here; more shows others", n);
}

/* Choose a row; what follows its number is done with it, or it is opened. */
static void
run_number(struct plain *p, const char *line)
{
	struct sheet *s = plain_sheet(p);
	enum sheet_chosen outcome = SHEET_NONE;
	char *rest;
	long n = strtol(line, &rest, 10);

	rest += strspn(rest, " ");
	if (n <= INT_MAX)
		outcome = sheet_choose(s, &p->app, (int)n, &p->out);
	if (outcome != SHEET_CHOSEN) {
		say_not_chosen(p, n, outcome);
		return;
	}
	if (rest[0])
		run_word(p, rest);
	else
		app_act(&p->app, ACT_OPEN, NULL);
}

static void
next_or_hint(struct plain *p)
{
	if (plain_sheet(p)->complete)
		app_say(&p->app, "Write a number or a word; ? lists the words");
	else
		next_page(p);
}

void
plain_command(struct plain *p, const char *line)
{
	line += line[0] == ':' && line[1];
	line += strspn(line, " ");
	if (!line[0])
		next_or_hint(p);
	else if (line[0] == '?')
		plain_help(p, line + 1 + strspn(line + 1, " "));
	else if (strcmp(line, "more") == 0)
		next_page(p);
	else if (strcmp(line, "again") == 0)
		plain_again(p);
	else if (strcmp(line, "status") == 0)
		plain_status(p);
	else if (isdigit((unsigned char)line[0]))
		run_number(p, line);
	else if (line[0] == '/' && line[1] && is_offered(p, ACT_FILTER))
		app_act(&p->app, ACT_FILTER, line + 1);
	else
		run_word(p, line);
}

/* Help. */

static void
put_action(struct plain *p, enum action act)
{
	struct view *v = app_top(&p->app);
	struct why why;
	const char *off = view_why_off(v, act, &why);
	const char *brief = brief_here(p, act);

	buf_printf(&p->out, "%s", action_name(act));
	if (strcmp(brief, action_brief(act)) != 0)
		buf_printf(&p->out, " (%s)", brief);
	buf_printf(&p->out, ": %s", action_help(act));
	if (off)
		buf_printf(&p->out, ". Off now: %s", off);
	buf_printf(&p->out, "\n");
}

/* What is wrong in the person's own files, a line each. */
static void
put_complaints(struct plain *p)
{
	const char *text = buf_text(&p->app.settings.complaints);

	while (*text) {
		const char *line = settings_without_folder(text);
		size_t len = strcspn(line, "\n");

		buf_printf(&p->out, "%.*s\n", (int)len, line);
		text = line + len + (line[len] == '\n');
	}
}

static void
help_shortly(struct plain *p)
{
	put_complaints(p);
	for (const enum action *h = app_top(&p->app)->ops->hints;
		*h != ACT_NONE; h++)
		if (is_offered(p, *h) && *h != ACT_PALETTE && *h != ACT_HELP)
			put_action(p, *h);
	buf_puts(&p->out,
		"A number opens its line; a number and a word, such as 3 note, "
		"does that with it.\n"
		"more: the next lines; again: all anew; status: the hub and "
		"what is unsent.\n"
		"Words may be shortened; keys that texts name, such as g s, "
		"are words too.\n"
		"? all lists every word, ? WORD tells of one; quit leaves.\n");
}

void
plain_help(struct plain *p, const char *about)
{
	struct meant m;
	bool all = strcmp(about, "all") == 0;

	if (!about[0]) {
		help_shortly(p);
		return;
	}
	look_up(p, all ? "" : about, FIT_BEGINS, &m);
	for (size_t i = 0; i < m.count; i++)
		put_action(p, m.items[i]);
	if (!m.count)
		say_unknown(p, about);
}
