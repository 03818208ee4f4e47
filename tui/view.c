#include "tui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/lent.h"
#include "common/renumber.h"

#define PLACES_MAX 40 /* screens one above another */

static void
close_view(struct view *v)
{
	if (v->ops->close)
		v->ops->close(v);
	free(v->gone);
	free(v->state);
	free(v);
}

static void
forget_ahead(struct app *a)
{
	while (a->ahead_count)
		close_view(a->ahead[--a->ahead_count]);
}

/* A place that a form or a choice above it was not begun from. */
static bool
can_be_forgotten(const struct app *a, size_t i)
{
	return !a->views[i]->ops->passing &&
	       !(i + 1 < a->count && a->views[i + 1]->ops->passing);
}

/* A shift goes through hundreds of places: the oldest but the first go. */
static void
forget_oldest(struct app *a)
{
	size_t i = 1;

	if (a->count < PLACES_MAX)
		return;
	while (i < a->count && !can_be_forgotten(a, i))
		i++;
	if (i == a->count)
		return;
	close_view(a->views[i]);
	a->count--;
	memmove(a->views + i, a->views + i + 1,
		(a->count - i) * sizeof(*a->views));
}

static void
put_on_top(struct app *a, struct view *v)
{
	MEM_ROOM(a->views, a->count, a->cap);
	a->views[a->count++] = v;
	a->drawn = false;
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
	put_on_top(a, v);
	return v;
}

void
app_pop(struct app *a)
{
	if (a->count)
		close_view(a->views[--a->count]);
	a->drawn = false;
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
	a->drawn = false;
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
	app_changed(a);
}

static void
go_home(struct app *a)
{
	struct view *first = a->views[0];

	if (a->count > 1 && first->ops->from_top)
		first->ops->from_top(first);
	leave_views(a, 1);
}

static void
back_answer(void *arg, const char *answer)
{
	struct app *a = arg;

	if (answer && app_may_leave(a))
		leave_views(a, a->count - 1);
}

static void
home_answer(void *arg, const char *answer)
{
	if (answer && app_may_leave(arg))
		go_home(arg);
}

/* The first screen is home: to go back from there is not to leave. */
static void
say_how_to_quit(struct app *a)
{
	char keys[CHORD_NAME_MAX] = "quit";
	struct chord chord;

	if (!a->look.plain && keymap_key(a->keymap, app_top(a)->ops->context,
				      ACT_QUIT, &chord))
		chord_name(&chord, keys);
	app_say(a, "Nothing lies behind %s: %s leaves Beatbook",
		app_top(a)->ops->name, keys);
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
		say_how_to_quit(a);
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
	put_on_top(a, v);
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
		go_home(a);
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
	struct why said;
	va_list ap;

	va_start(ap, fmt);
	why_put(&said, fmt, ap);
	va_end(ap);
	buf_clear(&a->notice);
	buf_puts(&a->notice, said.text);
	a->notice_ink = INK_PLAIN;
	a->notice_unsent = a->notice_synced = false;
}

void
app_type(struct app *a, struct text *line, const char *text, size_t len)
{
	if (!text_insert(line, text, len))
		app_say(a, "A line here holds %zu bytes: write less",
			line->bytes.max);
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

static void
know(struct app *a)
{
	struct why why;

	if (a->known_version == a->version)
		return;
	if (replica_meta_int(
		    a->replica, META_LAST_SYNC, 0, &a->last_sync, &why))
		a->last_sync = 0;
	a->access = replica_access(a->replica);
	a->known_version = a->version;
}

int64_t
app_last_sync(struct app *a)
{
	know(a);
	return a->last_sync;
}

enum access
app_access(struct app *a)
{
	know(a);
	return a->access;
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
	app_changed(a);
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
app_changed(struct app *a)
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

bool
app_refresh(struct app *a)
{
	if (a->drawn && replica_version(a->replica) != a->version)
		app_top(a)->came = true;
	return app_changed(a);
}

void
view_followed(struct view *v, const char *gone)
{
	if (gone && v->came) {
		free(v->gone);
		v->gone = mem_text(gone);
	}
	v->came = false;
}

bool
app_keep(struct app *a)
{
	bool kept = true;

	/* from the top: it may go on from the draft of one below */
	for (size_t i = a->count; i-- > 0;)
		if (a->views[i]->ops->keep)
			kept &= a->views[i]->ops->keep(a->views[i]);
	a->typed_at = kept ? 0 : app_boot(a);
	return kept;
}

bool
app_may_leave(struct app *a)
{
	static const char stays[] = "Not left, no draft can be kept: ";
	bool kept = app_keep(a);

	if (!kept)
		buf_splice(&a->notice, 0, 0, stays, sizeof(stays) - 1);
	return kept;
}

/* Actions that mean the same on every screen. */
static bool
means_everywhere(enum action act)
{
	return act == ACT_BACK || act == ACT_CANCEL || act == ACT_QUIT;
}

bool
view_meant(struct view *v, enum action a, const char **kind, const char **id)
{
	if (v->ops->meant && v->ops->meant(v, a, kind, id))
		return true;
	return v->ops->subject && v->ops->subject(v, kind, id);
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

static bool
writes_chosen(enum action act)
{
	return act == ACT_NOTE || act == ACT_EDIT || act == ACT_STAGE_NEXT ||
	       act == ACT_DONE || act == ACT_VOID || act == ACT_UNVOID ||
	       act == ACT_MINE || act == ACT_THEIRS || act == ACT_ACCEPT ||
	       act == ACT_DECLINE;
}

/* Was it meant for what went while the key was on its way? */
static bool
comes_too_late(struct app *a, enum action act, const char *arg)
{
	struct view *v = app_top(a);
	bool late = v->gone && writes_chosen(act) && !arg;

	if (late)
		app_say(a,
			"%s: %s went from here meanwhile; once more is for "
			"what is chosen now",
			action_name(act), v->gone);
	free(v->gone);
	v->gone = NULL;
	return late;
}

void
app_act(struct app *a, enum action act, const char *arg)
{
	struct view *v = app_top(a);
	struct why why;
	const char *off;

	if (comes_too_late(a, act, arg))
		return;
	off = view_why_off(v, act, &why);
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
