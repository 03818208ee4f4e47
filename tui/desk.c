#include "tui/desk.h"

#include <string.h>

#include "tui/go.h"
#include "tui/lock.h"
#include "tui/record_view.h"
#include "tui/records.h"
#include "tui/today.h"

#define DRAFT_AFTER_MS 2000 /* of not typing */
#define MINUTE_MS 60000
#define HELD_MS 1000 /* that keys wait while another program holds the file */

static void
open_first(struct app *a, const struct screens_options *o)
{
	today_open(a);
	if (o->kind && o->id)
		record_open(a, o->kind, o->id);
	else if (o->kind)
		records_open(a, o->kind, o->query ? o->query : "");
}

void
desk_open(struct app *a, struct syncing *s, struct replica *r,
	const struct screens_options *o)
{
	a->replica = r;
	a->version = replica_version(r);
	a->counts_version = a->known_version = a->version - 1;
	a->act = go_act;
	a->why_off = go_why_off;
	a->loop = s;
	a->restricted = o->restricted;
	a->lock.after_ms = (int64_t)o->lock_minutes * MINUTE_MS;
	a->lock.key_at = app_boot(a);
	syncing_init(s, r);
	sql_patience(replica_sql(r), HELD_MS);
	settings_begin(&a->settings, o->keymap_file, o->theme_file, &a->look,
		&a->keymap);
	open_first(a, o);
	settings_say(a);
}

/* What was typed in a question too. */
static bool
keep_all(struct app *a)
{
	return prompt_keep(&a->prompt) && app_keep(a);
}

enum status
desk_keep(struct app *a, struct why *why)
{
	sql_patience(replica_sql(a->replica), SQL_PATIENCE_MS);
	if (keep_all(a))
		return ST_OK;
	return why_set(why, ST_FILE, "what was typed is lost: %s",
		buf_text(&a->notice));
}

void
desk_close(struct app *a, struct syncing *s)
{
	keep_all(a);
	syncing_release(s);
	app_release(a);
	keymap_free(a->keymap);
	settings_release(&a->settings);
}

int
desk_shorter(int wait, int other)
{
	return other >= 0 && other < wait ? other : wait;
}

/* Ms until the draft is to be kept; -1: nothing was typed. */
static int
draft_due(const struct app *a, int64_t now)
{
	int64_t left = a->typed_at + DRAFT_AFTER_MS - now;

	if (!a->typed_at)
		return -1;
	return left > 0 ? (int)left : 0;
}

void
desk_pause(struct app *a)
{
	if (draft_due(a, app_boot(a)) == 0)
		app_keep(a);
}

int
desk_due(struct app *a, struct syncing *s)
{
	int64_t now = app_boot(a);
	int wait = MINUTE_MS - (int)(now % MINUTE_MS);

	wait = desk_shorter(wait, syncing_due(s));
	wait = desk_shorter(wait, lock_due(a));
	return desk_shorter(wait, draft_due(a, now));
}

void
desk_saved(struct app *a, struct syncing *s)
{
	if (a->sync_soon)
		syncing_soon(s);
	a->sync_soon = false;
}
