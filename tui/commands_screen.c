/* What has to do with the screens: open, keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/value.h"
#include "tui/commands.h"
#include "tui/keymap.h"
#include "tui/plain.h"
#include "tui/screens.h"
#include "tui/theme.h"

static bool
on_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Its cursor cannot be moved. */
static bool
is_dumb(void)
{
	const char *term = getenv("TERM");

	return term && strcmp(term, "dumb") == 0;
}

enum status
command_open(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	struct screens_options o = {.look = s->look,
		.restricted = s->restricted,
		.lock_minutes = s->lock_minutes};
	const struct kind *kind = NULL;
	struct buf query = BUF_INIT;
	char name[NAME_MAX_BYTES + 1];
	const char *id;
	enum status st = options_take(w, none, false, why);

	o.look.plain |= is_dumb();
	if (!st && !o.look.plain && !on_terminal())
		st = why_set(why, ST_USAGE,
			"the screens need a terminal: give a command, see "
			"beatbook --help");
	if (!st)
		st = session_open(s, why);
	if (!st && w->count == 1 && record_name_split(w->items[0], name, &id)) {
		st = session_name(s, w->items[0], &kind, &o.id, why);
	} else if (!st && w->count) {
		st = session_kind(s, w->items[0], &kind, why);
		words_join(w, 1, &query);
		o.query = query.len ? buf_text(&query) : NULL;
	}
	o.kind = kind ? kind->name : NULL;
	if (!st && o.look.plain)
		st = plain_run(s->replica, &o, why);
	else if (!st)
		st = screens_run(s->replica, &o, why);
	buf_release(&query);
	return st;
}

enum status
command_keys(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct buf complaints = BUF_INIT;
	struct keymap *keys;
	struct look look;
	enum status st = words_count(w, 0, 0, "keys", why);

	if (st)
		return st;
	keymap_new(&keys);
	keymap_add_user(keys, NULL, &complaints);
	look_choose(&look, &s->look, NULL);
	theme_add_user(&look, NULL, &complaints);
	keymap_print(keys, &s->out);
	fputs(buf_text(&complaints), stderr);
	keymap_free(keys);
	buf_release(&complaints);
	return ST_OK;
}
