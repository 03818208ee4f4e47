#include "tui/view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lent.h"
#include "common/renumber.h"
#include "common/utf8.h"
#include "tui/lock.h"

#define PLACES_MAX 40 /* screens one above another */
#define PASTE_MAX ((size_t)256 << 10)

static void
close_view(struct view *v)
{
	if (v->ops->close)
		v->ops->close(v);
	free(v->state);
	free(v);
}

static void
forget_ahead(struct app *a)
{
	while (a->ahead_count)
		close_view(a->ahead[--a->ahead_count]);
}

/* A shift goes through hundreds of places: the oldest but the first go. */
static void
forget_oldest(struct app *a)
{
	if (a->count < PLACES_MAX || a->views[1]->ops->passing)
		return;
	close_view(a->views[1]);
	a->count--;
	memmove(a->views + 1, a->views + 2, (a->count - 1) * sizeof(*a->views));
}

struct view *
app_push(struct app *a, const struct view_ops *ops)
{
	struct view *v = mem_alloc(sizeof(*v));

	if (!ops->passing) {
		forget_ahead(a);
		forget_oldest(a);
	}

	v->ops = ops;
	v->app = a;
	v->nth = ++a->pushed;
	v->state = mem_alloc(ops->state_size);
	MEM_ROOM(a->views, a->count, a->cap);
	a->views[a->count++] = v;
	return v;
}

void
app_pop(struct app *a)
{
	if (a->count)
		close_view(a->views[--a->count]);
}

/* The same, but a place can be gone forward to. */
static void
leave_view(struct app *a)
{
	struct view *v = app_top(a);

	if (v->ops->passing) {
		app_pop(a);
		return;
	}
	a->count--;
	MEM_ROOM(a->ahead, a->ahead_count, a->ahead_cap);
	a->ahead[a->ahead_count++] = v;
}

/* The question of the topmost of the views from `first` on that has one. */
static const char *
ask_before_leaving(struct app *a, size_t first)
{
	const char *question = NULL;

	for (size_t i = a->count; i-- > first && !question;)
		if (a->views[i]->ops->leave)
			question = a->views[i]->ops->leave(a->views[i]);
	return question;
}

static void
leave_views(struct app *a, size_t first)
{
	while (a->count > first)
		leave_view(a);
	app_refresh(a);
}

static void
back_answer(void *arg, const char *answer)
{
	struct app *a = arg;

	if (!answer)
		return;
	app_keep(a);
	leave_views(a, a->count - 1);
}

static void
home_answer(void *arg, const char *answer)
{
	if (!answer)
		return;
	app_keep(arg);
	leave_views(arg, 1);
}

void
app_back(struct app *a)
{
	const char *question = ask_before_leaving(a, a->count - 1);

	if (question)
		prompt_yes(&a->prompt, question, back_answer, a);
	else if (a->count > 1)
		leave_view(a);
	else
		app_act(a, ACT_QUIT, NULL);
}

void
app_forward(struct app *a)
{
	struct view *v;

	if (!a->ahead_count) {
		app_say(a, "Nothing lies ahead: Esc goes back");
		return;
	}
	v = a->ahead[--a->ahead_count];
	MEM_ROOM(a->views, a->count, a->cap);
	a->views[a->count++] = v;
	if (v->ops->reload)
		v->ops->reload(v);
}

void
app_home(struct app *a)
{
	const char *question = ask_before_leaving(a, 1);

	if (question)
		prompt_yes(&a->prompt, question, home_answer, a);
	else
		leave_views(a, 1);
}

void
app_release(struct app *a)
{
	forget_ahead(a);
	while (a->count)
		app_pop(a);
	free(a->ahead);
	free(a->views);
	prompt_release(&a->prompt);
	canvas_release(&a->canvas);
	buf_release(&a->paste);
	free(a->asked);
	free(a->own_beat);
	buf_release(&a->notice);
}

struct view *
app_top(const struct app *a)
{
	return a->views[a->count - 1];
}

struct view *
app_below(const struct app *a)
{
	return a->count > 1 ? a->views[a->count - 2] : NULL;
}

enum context
app_context(const struct app *a)
{
	return a->prompt.on ? CTX_TEXT : app_top(a)->ops->context;
}

void
app_say(struct app *a, const char *fmt, ...)
{
	char text[WHY_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	utf8_mend_tail(text);
	buf_clear(&a->notice);
	buf_puts(&a->notice, text);
	a->notice_ink = INK_PLAIN;
	a->notice_unsent = a->notice_synced = false;
}

bool
app_failed(struct app *a, enum status st, const struct why *why)
{
	if (!st)
		return false;
	app_say(a, "%s", why->text);
	a->notice_ink = INK_ALERT;
	return true;
}

void
app_follow(struct app *a, uint32_t *number, const char *kind, char **id)
{
	uint32_t own = replica_identity(a->replica)->number;
	struct buf now = BUF_INIT;
	struct why why;

	if (*number == own)
		return;
	if (!app_failed(a,
		    renumber_id(a->replica, *number, kind, *id, &now, &why),
		    &why)) {
		*number = own;
		free(*id);
		*id = buf_take(&now);
	}
	buf_release(&now);
}

int64_t
app_now(const struct app *a)
{
	return replica_hub_now(a->replica);
}

int64_t
app_boot(const struct app *a)
{
	struct clock_reading now;

	replica_now(a->replica, &now);
	return now.boot_ms;
}

const char *
app_me(const struct app *a)
{
	return replica_identity(a->replica)->badge;
}

const struct outbox_counts *
app_counts(struct app *a)
{
	struct why why;

	if (a->counts_version != a->version &&
		!outbox_count(a->replica, &a->counts, &why))
		a->counts_version = a->version;
	return &a->counts;
}

const char *
app_own_beat(struct app *a)
{
	struct names own = {0};
	struct why why;

	if (a->own_beat && a->beat_version == a->version)
		return a->own_beat;
	free(a->own_beat);
	if (lent_own_beats(a->replica, &own, &why) || own.count != 1)
		a->own_beat = mem_text("");
	else
		a->own_beat = mem_text(own.items[0]);
	a->beat_version = a->version;
	names_release(&own);
	return a->own_beat;
}

void
app_saved(struct app *a, const char *said)
{
	a->sync_soon = true;
	app_refresh(a);
	app_say(a, "%s", said);
	a->notice_unsent = true;
}

void
app_synced(struct app *a, const char *said)
{
	app_say(a, "%s", said);
	a->notice_synced = true;
}

void
app_sent(struct app *a)
{
	if (a->notice.len && a->notice_unsent && !app_counts(a)->unsent)
		app_synced(a, "Sent");
}

bool
app_refresh(struct app *a)
{
	int64_t version = replica_version(a->replica);

	if (version == a->version)
		return false;
	a->version = version;
	for (size_t i = 0; i < a->count; i++)
		if (a->views[i]->ops->reload)
			a->views[i]->ops->reload(a->views[i]);
	return true;
}

void
app_keep(struct app *a)
{
	/* from the top: it may go on from the draft of one below */
	for (size_t i = a->count; i-- > 0;)
		if (a->views[i]->ops->keep)
			a->views[i]->ops->keep(a->views[i]);
	a->typed_at = 0;
}

/* Actions that mean the same on every screen. */
static bool
means_everywhere(enum action act)
{
	return act == ACT_BACK || act == ACT_CANCEL || act == ACT_QUIT;
}

const char *
view_why_off(struct view *v, enum action act, struct why *why)
{
	const char *off = NULL;
	enum context c = v->ops->context;

	if (means_everywhere(act))
		return NULL;
	if (!action_in(act, c))
		return "not on this screen";
	if (v->ops->why_off)
		off = v->ops->why_off(v, act, why);
	return off ? off : v->app->why_off(v, act, why);
}

/* What names its record is not off because of the chosen one. */
static bool
names_record(enum action act, const char *arg)
{
	return arg && (act == ACT_OPEN || act == ACT_NOTE);
}

void
app_act(struct app *a, enum action act, const char *arg)
{
	struct view *v = app_top(a);
	struct why why;
	const char *off = view_why_off(v, act, &why);

	if (off && !names_record(act, arg)) {
		app_say(a, "%s: %s", action_name(act), off);
		return;
	}
	if (v->ops->act && v->ops->act(v, act, arg))
		return;
	if (act == ACT_BACK || act == ACT_CANCEL)
		app_back(a);
	else if (act == ACT_FORWARD)
		app_forward(a);
	else if (!a->act(a, act, arg))
		app_say(a, "%s: nothing to do here", action_name(act));
}

/* What each editing action does; those that give false had nothing to do. */
static const struct {
	enum action action;
	void (*move)(struct text *t);
	bool (*change)(struct text *t);
} text_acts[] = {
	{ACT_LEFT, text_left, NULL},
	{ACT_RIGHT, text_right, NULL},
	{ACT_WORD_LEFT, text_word_left, NULL},
	{ACT_WORD_RIGHT, text_word_right, NULL},
	{ACT_LINE_START, text_start, NULL},
	{ACT_LINE_END, text_end, NULL},
	{ACT_TEXT_START, text_first, NULL},
	{ACT_TEXT_END, text_last, NULL},
	{ACT_RUB_LEFT, NULL, text_rub_left},
	{ACT_RUB_RIGHT, NULL, text_rub_right},
	{ACT_RUB_WORD, NULL, text_rub_word},
	{ACT_RUB_WORD_RIGHT, NULL, text_rub_word_right},
	{ACT_RUB_LINE, NULL, text_rub_line},
	{ACT_RUB_LINE_END, NULL, text_rub_line_end},
	{ACT_TEXT_UNDO, NULL, text_undo},
	{ACT_TEXT_REDO, NULL, text_redo},
};

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

bool
text_act(struct text *t, enum action a)
{
	size_t at = t->at;

	for (size_t i = 0; i < sizeof(text_acts) / sizeof(text_acts[0]); i++) {
		if (text_acts[i].action != a)
			continue;
		if (text_acts[i].move)
			text_acts[i].move(t);
		else
			text_acts[i].change(t);
		if (t->at == at && a == ACT_LINE_START)
			text_first(t);
		else if (t->at == at && a == ACT_LINE_END)
			text_last(t);
		return true;
	}
	return false;
}

static void
type_text(struct app *a, const char *text, size_t len)
{
	struct view *v = app_top(a);

	if (a->prompt.on) {
		text_insert(&a->prompt.text, text, len);
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

/* A letter meant for something else is no answer. */
static void
yes_no_key(struct app *a, key k)
{
	if (k == 'y' || k == 'Y' || is_save(a, k))
		prompt_finish(&a->prompt, true);
	else if (k == 'n' || k == 'N' || k == NAMED_ESC || k == KEY_CTRL('c'))
		prompt_finish(&a->prompt, false);
	else
		say_only_yes_no(a);
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

/* A question takes all keys. True: it was on. */
static bool
prompt_key(struct app *a, key k)
{
	enum action act = ACT_NONE;
	struct chord c;
	char text[4];

	if (!a->prompt.on)
		return false;
	a->pending.keys[a->pending.count++] = k;
	if (function_key(&a->pending))
		return true;
	c = a->pending;
	a->pending.count = 0;
	k = c.keys[0];
	if (c.count > 1)
		return true; /* Ctrl-X and no digit: nothing */
	if (a->prompt.yes_no) {
		yes_no_key(a, k);
	} else if (key_printable(k)) {
		type_text(a, text, utf8_encode(k, text));
	} else if (k == NAMED_ENTER) {
		prompt_finish(&a->prompt, true);
	} else if (k == NAMED_ESC || k == KEY_CTRL('c')) {
		prompt_finish(&a->prompt, false);
	} else if (keymap_find(a->keymap, CTX_TEXT, &c, &act) == MATCH_FULL &&
		   (prompt_tab(&a->prompt, act) ||
			   text_act(&a->prompt.text, act))) {
		prompt_changed(&a->prompt);
	}
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
	if (prompt_key(a, k))
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
