#include "tui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/embedded.h"
#include "tui/conf.h"

struct binding {
	enum context context;
	struct chord chord;
	enum action action; /* ACT_NONE: unbound */
	bool user;
	int line; /* of the file it was last set by */
};

struct keymap {
	struct binding *items;
	size_t count, cap;
	int user_count;
};

/* One file being read. */
struct reading {
	struct keymap *km;
	bool user;
	const struct conf *conf;
};

static const struct embedded *
built_in(void)
{
	const struct embedded *e = embedded_files;

	while (e->path && strcmp(e->path, "keymap.conf") != 0)
		e++;
	return e;
}

void
keymap_new(struct keymap **out)
{
	const struct embedded *e = built_in();
	struct buf none = BUF_INIT;

	*out = mem_alloc(sizeof(**out));
	if (e->path)
		keymap_add(*out, e->text, e->len, e->path, false, &none);
	buf_release(&none);
}

void
keymap_free(struct keymap *km)
{
	if (!km)
		return;
	free(km->items);
	free(km);
}

static struct binding *
find_same(struct keymap *km, enum context c, const struct chord *chord)
{
	for (size_t i = 0; i < km->count; i++)
		if (km->items[i].context == c &&
			chord_same(&km->items[i].chord, chord))
			return &km->items[i];
	return NULL;
}

/* Does this binding do what it says in a context, its own or a narrower one? */
static bool
in_force(const struct keymap *km, const struct binding *o, enum context c)
{
	enum action there = ACT_NONE;

	for (enum context in = c; in != o->context; in = context_wider(in))
		if (in == CTX_ALL)
			return false;
	return o->action != ACT_NONE &&
	       keymap_find(km, c, &o->chord, &there) == MATCH_FULL &&
	       there == o->action;
}

/* A key that cannot be pressed because a longer or shorter chord eats it. */
static const struct binding *
find_shadow(const struct keymap *km, const struct binding *b)
{
	for (size_t i = 0; i < km->count; i++) {
		const struct binding *o = &km->items[i];

		if ((chord_begins(&o->chord, &b->chord) ||
			    chord_begins(&b->chord, &o->chord)) &&
			in_force(km, o, b->context))
			return o;
	}
	return NULL;
}

/* Keys that never reach us whole, or that mean something to the line. */
static const char *
why_never(const struct binding *b)
{
	key k = b->chord.keys[0];
	bool digit = b->chord.count > 1 && b->chord.keys[1] >= '0' &&
		     b->chord.keys[1] <= '9';

	if (k == KEY_CTRL('s') || k == KEY_CTRL('q') ||
		(k == KEY_CTRL('z') && b->action != ACT_SUSPEND))
		return "flow control and suspend stay free; take another key";
	if (k == NAMED_F0 + 5 || (k >= NAMED_F0 + 10 && k <= NAMED_F12))
		return "many terminals keep or lack it; take another key";
	if (k == KEY_CTRL('x') && (b->chord.count == 1 || digit))
		return "it stands before a digit for an F-key; take another";
	if (context_is_text(b->context) && key_printable(k))
		return "it is text there; take a Ctrl or F-key";
	return NULL;
}

static void
put_binding(struct reading *rd, const struct binding *b, const char *keys)
{
	const struct binding *shadow = find_shadow(rd->km, b);
	struct binding *old = find_same(rd->km, b->context, &b->chord);
	char other[CHORD_NAME_MAX];

	if (old && old->user == rd->user && old->line) {
		conf_complain(rd->conf, "a second time in this file", keys,
			"the first is kept");
		return;
	}
	if (b->action != ACT_NONE && shadow) {
		chord_name(&shadow->chord, other);
		conf_complain(rd->conf, "clash with", other,
			"unbind that first; that one is kept");
		return;
	}
	rd->km->user_count += rd->user;
	if (old) {
		*old = *b;
		return;
	}
	MEM_ROOM(rd->km->items, rd->km->count, rd->km->cap);
	rd->km->items[rd->km->count++] = *b;
}

/* Cut the last word off `rest`; NULL when nothing is left before it. */
static char *
cut_last_word(char *rest)
{
	char *end = rest + strlen(rest);

	while (end > rest && !strchr(" \t", end[-1]))
		end--;
	if (end == rest)
		return NULL;
	end[-1] = '\0';
	conf_trim_end(rest);
	return end;
}

static bool
read_context(struct reading *rd, const char *word, struct binding *b)
{
	struct buf all = BUF_INIT;

	b->context = context_from_name(word);
	if (b->context != CONTEXT_COUNT)
		return true;
	for (int c = 0; c < CONTEXT_COUNT; c++)
		buf_printf(&all, "%s%s", c ? ", " : "",
			context_name((enum context)c));
	conf_complain(rd->conf, "unknown context", word, buf_text(&all));
	buf_release(&all);
	return false;
}

/* `keys` is what stands before the action; NULL: there is but one word. */
static bool
read_action(struct reading *rd, const char *keys, const char *word,
	struct binding *b)
{
	struct chord chord;
	char *all;

	b->action = keys ? action_from_name(word) : ACT_NONE;
	if (b->action != ACT_NONE)
		return true;
	all = keys ? mem_printf("%s %s", keys, word) : mem_text(word);
	if (word[0] && chord_parse(all, &chord))
		conf_complain(rd->conf, "no action after the key", all,
			"write one, such as go-today");
	else
		conf_complain(rd->conf, "unknown action", word,
			"`beatbook keys` shows all of them");
	free(all);
	return false;
}

static bool
read_keys(struct reading *rd, const char *words, struct binding *b, bool bind)
{
	const char *never;

	if (!chord_parse(words, &b->chord)) {
		conf_complain(rd->conf, "unknown key", words,
			"such as x, <F4>, <C-n>, <Esc> or g s");
		return false;
	}
	never = bind ? why_never(b) : NULL;
	if (!never)
		return true;
	conf_complain(rd->conf, "cannot bind", words, never);
	return false;
}

/* A key that others follow stands for all of those. */
static void
unbind(struct reading *rd, struct binding *b, const char *keys)
{
	struct chord chord = b->chord;
	size_t count = rd->km->count;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct binding *o = &rd->km->items[i];

		if ((!chord_same(&o->chord, &chord) &&
			    !chord_begins(&o->chord, &chord)) ||
			!in_force(rd->km, o, b->context))
			continue;
		any = true;
		b->chord = o->chord;
		put_binding(rd, b, keys);
	}
	if (!any)
		conf_complain(rd->conf, "nothing is bound to", keys,
			"leave the line out");
}

static void
read_line(void *arg, const struct conf *c, char *line)
{
	struct reading *rd = arg;
	struct binding b = {
		.action = ACT_NONE, .user = rd->user, .line = c->line};
	char *verb = conf_word(&line), *context, *action = NULL;
	bool bind = strcmp(verb, "bind") == 0;

	rd->conf = c;
	if (!bind && strcmp(verb, "unbind") != 0) {
		conf_complain(c, "unknown word", verb, "bind or unbind");
		return;
	}
	context = conf_word(&line);
	line += strspn(line, " \t");
	if (bind)
		action = cut_last_word(line);
	if (read_context(rd, context, &b) &&
		(!bind || read_action(rd, action ? line : NULL,
				  action ? action : line, &b)) &&
		read_keys(rd, line, &b, bind)) {
		if (bind)
			put_binding(rd, &b, line);
		else
			unbind(rd, &b, line);
	}
}

void
keymap_add(struct keymap *km, const char *text, size_t len, const char *name,
	bool user, struct buf *complaints)
{
	struct conf c = {name, 0, complaints};
	struct reading rd = {km, user, &c};

	conf_each(&c, text, len, read_line, &rd);
}

void
keymap_add_user(struct keymap *km, const char *path, struct buf *complaints)
{
	struct buf text = BUF_INIT;
	char *name;

	if (conf_read(path, "keymap.conf", &text, &name, complaints))
		keymap_add(
			km, buf_text(&text), text.len, name, true, complaints);
	buf_release(&text);
	free(name);
}

static enum match
find_in(const struct keymap *km, enum context c, const struct chord *keys,
	enum action *a)
{
	enum match found = MATCH_NONE;

	for (size_t i = 0; i < km->count; i++) {
		const struct binding *b = &km->items[i];

		if (b->context != c)
			continue;
		if (chord_same(&b->chord, keys)) {
			*a = b->action;
			return MATCH_FULL;
		}
		if (b->action != ACT_NONE && chord_begins(&b->chord, keys))
			found = MATCH_PREFIX;
	}
	return found;
}

/* What no screen of the context can do gives way to a wider binding; where
 * there is none, it is found all the same, for its name to be said. */
enum match
keymap_find(const struct keymap *km, enum context c, const struct chord *keys,
	enum action *a)
{
	enum action off = ACT_NONE;
	enum match m = MATCH_NONE;

	if (context_is_text(c) && key_printable(keys->keys[0]))
		return MATCH_NONE;
	for (enum context in = c;; in = context_wider(in)) {
		m = find_in(km, in, keys, a);
		if (m == MATCH_FULL && *a != ACT_NONE && !action_in(*a, c)) {
			off = off == ACT_NONE ? *a : off;
			m = MATCH_NONE;
		}
		if (m != MATCH_NONE || in == CTX_ALL)
			break;
	}
	if (m == MATCH_FULL && *a == ACT_NONE)
		m = MATCH_NONE;
	if (m != MATCH_NONE || off == ACT_NONE)
		return m;
	*a = off;
	return MATCH_FULL;
}

/* Does this binding of context `in` reach the action from context `c`? */
static bool
reaches(const struct keymap *km, const struct binding *b, enum context in,
	enum context c, enum action a)
{
	enum action there;

	return b->context == in && b->action == a &&
	       keymap_find(km, c, &b->chord, &there) == MATCH_FULL &&
	       there == a;
}

bool
keymap_key(const struct keymap *km, enum context c, enum action a,
	struct chord *keys)
{
	for (enum context in = c;; in = context_wider(in)) {
		for (size_t i = 0; i < km->count; i++) {
			if (!reaches(km, &km->items[i], in, c, a))
				continue;
			*keys = km->items[i].chord;
			return true;
		}
		if (in == CTX_ALL)
			return false;
	}
}

/* Is it said of a nearer context already that these keys are the action's? */
static bool
is_said(const struct keymap *km, const struct binding *b, enum context c)
{
	for (; c != b->context; c = context_wider(c))
		for (size_t i = 0; i < km->count; i++)
			if (km->items[i].context == c &&
				km->items[i].action == b->action &&
				chord_same(&km->items[i].chord, &b->chord))
				return true;
	return false;
}

void
keymap_keys(
	const struct keymap *km, enum context c, enum action a, struct buf *out)
{
	char name[CHORD_NAME_MAX];

	for (enum context in = c;; in = context_wider(in)) {
		for (size_t i = km->count; i-- > 0;) {
			if (!reaches(km, &km->items[i], in, c, a) ||
				is_said(km, &km->items[i], c))
				continue;
			chord_name(&km->items[i].chord, name);
			buf_printf(out, "%s%s", out->len ? ", " : "", name);
		}
		if (in == CTX_ALL)
			return;
	}
}

int
keymap_user_count(const struct keymap *km)
{
	return km->user_count;
}

static bool
has_key(const struct keymap *km, enum action a)
{
	for (size_t i = 0; i < km->count; i++)
		if (km->items[i].action == a)
			return true;
	return false;
}

void
keymap_print(const struct keymap *km, struct buf *out)
{
	char keys[CHORD_NAME_MAX];

	for (int c = 0; c < CONTEXT_COUNT; c++) {
		for (size_t i = 0; i < km->count; i++) {
			const struct binding *b = &km->items[i];

			if ((int)b->context != c || b->action == ACT_NONE)
				continue;
			chord_name(&b->chord, keys);
			buf_printf(out, "bind %-9s %-9s %-14s # %s%s\n",
				context_name(b->context), keys,
				action_name(b->action), action_help(b->action),
				b->user ? " (yours)" : "");
		}
	}
	for (int a = 0; a < ACTION_COUNT; a++)
		if (!has_key(km, (enum action)a))
			buf_printf(out, "#    %-9s %-9s %-14s # %s\n", "any",
				"no key", action_name((enum action)a),
				action_help((enum action)a));
}
