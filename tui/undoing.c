#include "tui/undoing.h"

#include <stdlib.h>
#include <string.h>

#include "common/outbox.h"
#include "tui/form.h"
#include "tui/hints.h"
#include "tui/show.h"

/* "Undo ", "?" and what the prompt keeps free for the answer. */
#define AROUND 15

struct newest {
	struct app *app;
	struct buf text;
};

static void
put_change(
	struct replica *r, const struct edit *e, size_t which, struct buf *out)
{
	struct edit one = *e;

	one.changes = &e->changes[which];
	one.count = 1;
	show_changes(r, &one, out);
}

/* All that it changed, what tells most before the others. */
static void
put_changes(struct replica *r, const struct edit *e, struct buf *out)
{
	size_t first =
		show_telling(catalog_kind(replica_catalog(r), e->kind), e);

	if (!e->count) {
		show_changes(r, e, out);
		return;
	}
	put_change(r, e, first, out);
	for (size_t i = 0; i < e->count; i++) {
		if (i == first)
			continue;
		buf_puts(out, "; ");
		put_change(r, e, i, out);
	}
}

/* All that tells it from one that takes the number of an edit undone. */
static char *
name_of(const struct edit *e)
{
	struct buf b = BUF_INIT;

	buf_printf(
		&b, "%u.%u %s/%s", e->id.replica, e->id.n, e->kind, e->record);
	for (size_t i = 0; i < e->count; i++)
		buf_printf(
			&b, " %s=%s", e->changes[i].field, e->changes[i].value);
	return buf_take(&b);
}

static enum status
note_newest(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct newest *n = arg;

	(void)why;
	if (o->seq)
		return ST_OK;
	free(n->app->asked);
	n->app->asked = name_of(&o->edit);
	buf_clear(&n->text);
	buf_printf(&n->text, "%s: ", o->edit.record);
	put_changes(n->app->replica, &o->edit, &n->text);
	return ST_OK;
}

/* An edit that is being undone, and whether what it said is kept. */
struct undoing {
	struct replica *replica;
	const char *asked; /* which was asked about */
	struct buf name;   /* for people: Update 1b-2 */
	bool kept;
};

static enum status
keep_text(void *arg, const struct edit *e, struct why *why)
{
	struct undoing *u = arg;
	const struct kind *k =
		catalog_kind(replica_catalog(u->replica), e->kind);
	char *name = name_of(e);
	bool same = strcmp(name, u->asked) == 0;

	free(name);
	if (!same)
		return why_set(why, ST_DATA,
			"Nothing is undone: something else was saved "
			"meanwhile");
	buf_printf(&u->name, "%s %s", k ? k->one : e->kind, e->record);
	return form_keep_undone(u->replica, e, &u->kept, why);
}

/* By the key of it, or its word where lines are answered. */
static void
say_kept(struct app *a, const char *name)
{
	char resume[CHORD_NAME_MAX];

	hints_key_in(a, CTX_TODAY, ACT_RESUME, resume);
	app_say(a,
		"Undone: %s; what it said is a draft: %s on Today resumes it",
		name, resume);
}

static void
undo_answer(void *arg, const char *answer)
{
	struct app *a = arg;
	struct undoing u = {a->replica, a->asked, BUF_INIT, false};
	struct buf what = BUF_INIT;
	struct why why;
	enum status st;

	if (!answer)
		return;
	st = outbox_undo_keeping(a->replica, keep_text, &u, &what, &why);
	if (!app_failed(a, st, &why)) {
		a->undone++;
		app_changed(a);
		if (u.kept)
			say_kept(a, buf_text(&u.name));
		else
			app_say(a, "Undone: the newest save on %s",
				buf_text(&what));
	}
	buf_release(&u.name);
	buf_release(&what);
}

void
undo_ask(struct app *a)
{
	struct newest n = {a, BUF_INIT};
	struct buf question = BUF_INIT;
	struct why why;

	if (app_failed(a, outbox_each(a->replica, 0, note_newest, &n, &why),
		    &why) ||
		!n.text.len) {
		app_say(a, "Nothing unsent to undo");
	} else {
		buf_puts(&question, "Undo ");
		show_clipped(buf_text(&n.text), a->canvas.cols - AROUND,
			&a->look, &question);
		buf_putc(&question, '?');
		prompt_yes(&a->prompt, buf_text(&question), undo_answer, a);
	}
	buf_release(&n.text);
	buf_release(&question);
}
