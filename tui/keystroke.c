#include "tui/keystroke.h"

#include "common/utf8.h"
#include "tui/lock.h"
#include "tui/text_act.h"

#define PASTE_MAX ((size_t)256 << 10)

bool
app_takes_digits(const struct app *a)
{
	return a->look.big && !context_is_text(app_context(a));
}

bool
app_choose(struct app *a, size_t n)
{
	int by = (int)n - 1 - a->canvas.chosen;

	if (!n || n > a->canvas.pick_count || a->canvas.chosen < 0)
		return false;
	for (; by > 0; by--)
		app_act(a, ACT_DOWN, NULL);
	for (; by < 0; by++)
		app_act(a, ACT_UP, NULL);
	return true;
}

static void
type_text(struct app *a, const char *text, size_t len)
{
	struct view *v = app_top(a);

	if (a->prompt.on) {
		app_type(a, &a->prompt.text, text, len);
		prompt_changed(&a->prompt);
	} else if (v->ops->type) {
		v->ops->type(v, text, len);
	} else {
		app_say(a, "Pasted text is not taken here: open a form first");
	}
}

static bool
is_save(const struct app *a, key k)
{
	struct chord c = {{k}, 1};
	enum action act = ACT_NONE;

	return keymap_find(a->keymap, CTX_FORM, &c, &act) == MATCH_FULL &&
	       act == ACT_SAVE;
}

static void
say_only_yes_no(struct app *a)
{
	struct buf keys = BUF_INIT;

	keymap_keys(a->keymap, CTX_FORM, ACT_SAVE, &keys);
	app_say(a, "Only y%s%s, n or Esc answer this", keys.len ? ", " : "",
		buf_text(&keys));
	buf_release(&keys);
}

/* A letter meant for something else is no answer. False: it is still to be
 * taken, as what it is without the question. */
static bool
yes_no_key(struct app *a, key k)
{
	bool yes = k == 'y' || k == 'Y' || is_save(a, k);
	bool no = k == 'n' || k == 'N' || k == NAMED_ESC || k == KEY_CTRL('c');
	bool gives_way = a->prompt.gives_way;

	if (yes || no || gives_way)
		prompt_finish(&a->prompt, yes);
	else
		say_only_yes_no(a);
	return yes || no || !gives_way;
}

/* Ctrl-X and a digit is that F-key. True: the chord is not complete. */
static bool
function_key(struct chord *c)
{
	if (c->keys[0] != KEY_CTRL('x'))
		return false;
	if (c->count == 1)
		return true;
	if (c->keys[1] >= '1' && c->keys[1] <= '9')
		*c = (struct chord){{NAMED_F0 + c->keys[1] - '0'}, 1};
	return false;
}

/* The keys have no meaning in a question, or what they mean had no effect. */
static void
say_no_answer(struct app *a, const struct chord *c, enum action act)
{
	char name[CHORD_NAME_MAX];

	if (a->prompt.tab && (act == ACT_PANE_NEXT || act == ACT_PANE_PREV)) {
		app_say(a, "Nothing completes this");
		return;
	}
	chord_name(c, name);
	app_say(a,
		"%s does nothing in a question: Enter answers it, Esc leaves "
		"it",
		name);
}

/* A question that is answered by a line of text. */
static void
answer_key(struct app *a, const struct chord *c)
{
	enum action act = ACT_NONE;
	key k = c->keys[0];
	char text[4];

	if (key_printable(k)) {
		type_text(a, text, utf8_encode(k, text));
	} else if (k == NAMED_ENTER) {
		prompt_finish(&a->prompt, true);
	} else if (k == NAMED_ESC || k == KEY_CTRL('c')) {
		prompt_finish(&a->prompt, false);
	} else if (keymap_find(a->keymap, CTX_TEXT, c, &act) == MATCH_FULL &&
		   (prompt_tab(&a->prompt, act) ||
			   text_act(&a->prompt.text, act))) {
		prompt_changed(&a->prompt);
	} else {
		say_no_answer(a, c, act);
	}
}

/* A question takes the keys. False: none is on, or it gave way to *in, which
 * may have come as several. */
static bool
prompt_key(struct app *a, key *in)
{
	struct chord c;

	if (!a->prompt.on)
		return false;
	a->pending.keys[a->pending.count++] = *in;
	if (function_key(&a->pending))
		return true;
	c = a->pending;
	a->pending.count = 0;
	if (c.count > 1 && a->prompt.gives_way) {
		prompt_finish(&a->prompt, false);
		return true;
	}
	*in = c.keys[0];
	if (a->prompt.yes_no)
		return yes_no_key(a, *in);
	answer_key(a, &c);
	return true;
}

/* A paste arrives whole or not at all. True: the key belonged to one. */
static bool
paste_key(struct app *a, key k)
{
	char text[4];

	if (k == NAMED_PASTE_BEGIN) {
		buf_clear(&a->notice);
		a->pasting = true;
		a->paste.max = PASTE_MAX;
		buf_clear(&a->paste);
		return true;
	}
	if (k == NAMED_PASTE_END) {
		a->pasting = false;
		if (a->prompt.on && a->prompt.gives_way)
			prompt_finish(&a->prompt, false);
		if (buf_full(&a->paste))
			app_say(a, "The pasted text is over 256 KiB: paste it "
				   "in parts");
		else if (a->prompt.on && a->prompt.yes_no)
			say_only_yes_no(a);
		else
			type_text(a, buf_text(&a->paste), a->paste.len);
		buf_clear(&a->paste);
		return true;
	}
	if (!a->pasting)
		return false;
	if (k == NAMED_ENTER)
		k = '\n';
	else if (k == NAMED_TAB)
		k = '\t';
	if (k < KEY_NAMED)
		buf_add(&a->paste, text, utf8_encode(k, text));
	return true;
}

static void
unknown_keys(struct app *a)
{
	char name[CHORD_NAME_MAX], text[4];
	key k = a->pending.keys[0];
	struct view *v = app_top(a);

	if (a->pending.count == 1 && key_printable(k) && v->ops->type) {
		v->ops->type(v, text, utf8_encode(k, text));
		return;
	}
	if (a->pending.count == 1 && k >= '0' && k <= '9' &&
		app_takes_digits(a) && app_choose(a, k == '0' ? 10 : k - '0'))
		return;
	chord_name(&a->pending, name);
	app_say(a, "%s does nothing here: F1 shows the keys", name);
}

void
app_key(struct app *a, key k)
{
	enum action act = ACT_NONE;
	enum match m;

	if (lock_key(a, k) || paste_key(a, k))
		return;
	buf_clear(&a->notice);
	settings_at_key(a);
	if (prompt_key(a, &k))
		return;
	if (a->pending.count && (k == NAMED_ESC || k == KEY_CTRL('c'))) {
		a->pending.count = 0;
		return;
	}
	a->pending.keys[a->pending.count++] = k;
	if (function_key(&a->pending))
		return;
	m = keymap_find(a->keymap, app_context(a), &a->pending, &act);
	if (m == MATCH_PREFIX && a->pending.count < CHORD_MAX)
		return;
	if (m == MATCH_FULL)
		app_act(a, act, NULL);
	else
		unknown_keys(a);
	a->pending.count = 0;
}
