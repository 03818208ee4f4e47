#include "tui/go.h"

#include <stdlib.h>
#include <string.h>

#include "common/outbox.h"
#include "common/query.h"
#include "common/record.h"
#include "common/value.h"
#include "tui/allowed.h"
#include "tui/conflict_view.h"
#include "tui/done.h"
#include "tui/export.h"
#include "tui/form.h"
#include "tui/held_view.h"
#include "tui/help.h"
#include "tui/hints.h"
#include "tui/history_view.h"
#include "tui/lock.h"
#include "tui/pick.h"
#include "tui/record_new.h"
#include "tui/record_view.h"
#include "tui/records.h"
#include "tui/saved.h"
#include "tui/search.h"
#include "tui/show.h"
#include "tui/sync_view.h"
#include "tui/undoing.h"
#include "tui/voiding.h"

/* The commonest first, until letters choose: among those that fit, a project is
 * before what belongs to one. Those that may be written alone, or all. */
static void
add_kinds(struct app *a, const char *typed, bool written, struct choices *out)
{
	const struct catalog *c = replica_catalog(a->replica);
	struct why why;

	for (size_t i = 0; i < c->kind_count; i++) {
		const struct kind *k = typed[0] ? &c->kinds[i] : c->offered[i];

		if (written && allowed_why_off(a, k, NULL, &why))
			continue;
		if (pick_matches(k->many, typed) ||
			pick_matches(k->name, typed))
			choices_add(out, k->name, k->many);
	}
}

static void
fill_kinds(void *arg, const char *typed, struct choices *out)
{
	add_kinds(arg, typed, false, out);
}

static void
fill_new_kinds(void *arg, const char *typed, struct choices *out)
{
	add_kinds(arg, typed, true, out);
}

static void
list_picked(void *arg, const char *kind)
{
	records_place(arg, kind, "");
}

static void
new_picked(void *arg, const char *kind)
{
	form_new(arg, kind, NULL, NULL);
}

static void
pick_kind(struct app *a, const char *title,
	void (*fill)(void *arg, const char *typed, struct choices *out),
	void (*done)(void *arg, const char *kind))
{
	pick_open(a,
		&(struct pick_options){
			.title = title, .fill = fill, .done = done, .arg = a});
}

/* KIND, and the query after a blank. */
static void
list_named(struct app *a, const char *arg)
{
	size_t len = strcspn(arg, " ");
	struct buf kind = BUF_INIT;

	buf_add(&kind, arg, len);
	arg += len + strspn(arg + len, " ");
	if (arg[0])
		records_open(a, buf_text(&kind), arg);
	else
		records_place(a, buf_text(&kind), "");
	buf_release(&kind);
}

/* An id that several kinds have. */
static void
id_picked(void *arg, const char *name)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	if (record_name_split(name, kind, &id))
		record_open(arg, kind, id);
}

static void
fill_kinds_of_id(void *arg, const char *typed, struct choices *out)
{
	struct app *a = arg;
	struct names kinds = {0};
	struct buf id = BUF_INIT;
	struct why why;

	app_failed(a, query_id(a->replica, a->asked, &kinds, &id, &why), &why);
	for (size_t i = 0; i < kinds.count; i++) {
		const char *kind = kinds.items[i];
		struct buf label = BUF_INIT;
		char *name = mem_printf("%s/%s", kind, buf_text(&id));

		buf_printf(&label, "%s: ",
			catalog_kind(replica_catalog(a->replica), kind)->one);
		show_title(a->replica, kind, buf_text(&id), &label);
		if (pick_matches(buf_text(&label), typed))
			choices_add(out, name, buf_text(&label));
		buf_release(&label);
		free(name);
	}
	names_release(&kinds);
	buf_release(&id);
}

static void
open_id(struct app *a, const char *id)
{
	struct names kinds = {0};
	struct buf kept = BUF_INIT;
	struct why why;

	if (app_failed(
		    a, query_id(a->replica, id, &kinds, &kept, &why), &why)) {
		; /* it is said */
	} else if (!kinds.count) {
		app_say(a,
			"No record here has the id '%.60s': F3 searches for "
			"words",
			id);
	} else if (kinds.count == 1) {
		record_open(a, kinds.items[0], buf_text(&kept));
	} else {
		free(a->asked);
		a->asked = mem_text(id);
		pick_open(a, &(struct pick_options){.title = "WHICH",
				     .fill = fill_kinds_of_id,
				     .done = id_picked,
				     .arg = a});
	}
	names_release(&kinds);
	buf_release(&kept);
}

/* The id may be typed in any case. */
static void
open_meant(struct app *a, const char *kind, const char *typed)
{
	struct buf id = BUF_INIT;
	struct why why;

	if (!app_failed(a, record_id_meant(a->replica, kind, typed, &id, &why),
		    &why))
		record_open(a, kind, buf_text(&id));
	buf_release(&id);
}

static void
open_named(struct app *a, const char *name)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	if (record_name_split(name, kind, &id))
		open_meant(a, kind, id);
	else
		open_id(a, name);
}

static void
note_on(struct app *a, const char *name)
{
	struct view *v = app_top(a);
	char split[NAME_MAX_BYTES + 1];
	const char *kind = split, *id;

	if (name && !record_name_split(name, split, &id))
		app_say(a, "'%.60s' names no record: write KIND/ID", name);
	else if (name || view_meant(v, ACT_NOTE, &kind, &id))
		record_note(a, kind, id);
	else
		app_say(a, "Choose a record first: the note is about it");
}

static void
history_here(struct app *a)
{
	const char *kind, *id;

	if (view_meant(app_top(a), ACT_HISTORY, &kind, &id))
		history_open(a, kind, id);
}

static void
quit_answer(void *arg, const char *answer)
{
	struct app *a = arg;

	if (answer)
		a->leaving = app_may_leave(a);
}

/* Who goes on working did not mean to leave. */
static void
ask_quit(struct app *a)
{
	prompt_yes(&a->prompt, "Leave Beatbook?", quit_answer, a);
	a->prompt.gives_way = true;
}

static void
sync_now(struct app *a)
{
	struct syncing *s = a->loop;

	syncing_start(s, true);
	if (syncing_busy(s))
		app_say(a, "Trying the hub");
	else
		app_say(a, "%s", s->why.text);
}

/* One's own beat; where that is open already, and where there are several or
 * none, the list of beats. */
static void
go_beat(struct app *a, const char *code)
{
	struct view *v = app_top(a);
	const char *own = app_own_beat(a), *kind, *id;
	bool there = v->ops->subject && v->ops->context == CTX_RECORD &&
		     v->ops->subject(v, &kind, &id) &&
		     strcmp(kind, "beat") == 0 && strcmp(id, own) == 0;

	if (code)
		open_meant(a, "beat", code);
	else if (own[0] && !there)
		record_open(a, "beat", own);
	else
		records_place(a, "beat", "");
}

/* Places to go to. */
static bool
go_place(struct app *a, enum action act, const char *arg)
{
	switch (act) {
	case ACT_GO_TODAY:
		app_home(a);
		return true;
	case ACT_GO_PROJECTS:
		records_place(a, "project", "status:open");
		return true;
	case ACT_GO_BEATS:
		go_beat(a, arg);
		return true;
	case ACT_GO_SYNC:
		sync_open(a, a->loop);
		return true;
	case ACT_CONFLICTS:
		conflict_open(a, NULL, NULL);
		return true;
	case ACT_GO_HELD:
		held_open(a);
		return true;
	case ACT_SEARCH:
		search_open(a, arg);
		return true;
	case ACT_SAVED:
		if (arg)
			saved_run(a, arg);
		else
			search_open(a, NULL);
		return true;
	case ACT_HELP:
	case ACT_PALETTE:
		help_open(a, act == ACT_PALETTE);
		return true;
	default:
		return false;
	}
}

bool
go_act(struct app *a, enum action act, const char *arg)
{
	app_keep(a);
	if (go_place(a, act, arg))
		return true;
	if (act == ACT_GO_LISTS || (act == ACT_LIST && !arg))
		pick_kind(a, "LISTS, commonest first", fill_kinds, list_picked);
	else if (act == ACT_LIST)
		list_named(a, arg);
	else if (act == ACT_NEW && arg)
		form_new(a, arg, NULL, NULL);
	else if (act == ACT_NEW)
		pick_kind(
			a, "NEW, commonest first", fill_new_kinds, new_picked);
	else if (act == ACT_OPEN && arg)
		open_named(a, arg);
	else if (act == ACT_NOTE)
		note_on(a, arg);
	else if (act == ACT_HISTORY)
		history_here(a);
	else if (act == ACT_SEARCH_DROP)
		saved_drop(a, arg);
	else if (act == ACT_UNDO)
		undo_ask(a);
	else if (act == ACT_DONE)
		done_ask(a);
	else if (act == ACT_VOID)
		void_ask(a);
	else if (act == ACT_UNVOID)
		unvoid_ask(a);
	else if (act == ACT_SYNC_NOW)
		sync_now(a);
	else if (act == ACT_EXPORT)
		export_screen(a);
	else if (act == ACT_LOCK)
		lock_now(a);
	else if (act == ACT_SUSPEND)
		a->suspend = true;
	else if (act == ACT_REPAINT)
		canvas_repaint(&a->canvas);
	else if (act == ACT_QUIT)
		ask_quit(a);
	else
		return false;
	return true;
}

/* What was sent is put back by another value. */
static const char *
undo_why_off(struct app *a, struct why *why)
{
	char history[CHORD_NAME_MAX], back[CHORD_NAME_MAX];

	hints_key_in(a, CTX_RECORD, ACT_HISTORY, history);
	hints_key_in(a, CTX_HISTORY, ACT_PUT_BACK, back);
	why_set(why, ST_NOT_FOUND,
		"all is sent: %s, then %s on an older value puts that in "
		"force again",
		history, back);
	return why->text;
}

const char *
go_why_off(struct view *v, enum action act, struct why *why)
{
	const char *kind, *id;

	if (act == ACT_NOTE)
		return record_note_off(v, why);
	if (act == ACT_UNDO && !app_counts(v->app)->unsent)
		return undo_why_off(v->app, why);
	if (act == ACT_DONE)
		return done_why_off(v, why);
	if (act == ACT_HISTORY)
		return view_meant(v, act, &kind, &id) ? NULL
						      : "no record is chosen";
	if (act == ACT_LOCK && v->app->look.plain)
		return "what was printed cannot be hidden: leave Beatbook";
	if (act == ACT_SUSPEND && v->app->restricted)
		return "restricted: there is no shell here";
	return NULL;
}
