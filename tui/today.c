#include "tui/today.h"

#include <stdlib.h>
#include <string.h>

#include "common/draft.h"
#include "tui/form.h"
#include "tui/held_view.h"
#include "tui/news_view.h"
#include "tui/record_state.h"
#include "tui/show.h"
#include "tui/today_drafts.h"
#include "tui/today_rows.h"

#define DROP_CELLS 32 /* of the question to drop a draft, without its title */

static void
title(struct view *v, struct buf *left, struct buf *right)
{
	struct app *a = v->app;
	char day[WHEN_MAX];
	struct buf name = BUF_INIT;

	when_day_text(app_now(a), day);
	show_day(day, app_now(a), false, &name);
	buf_printf(left, "TODAY  %.*s", (int)strcspn(buf_text(&name), ","),
		buf_text(&name));
	buf_release(&name);
	show_member(a->replica, app_me(a), right);
	buf_printf(right, "  %s", replica_catalog(a->replica)->title);
}

/* The chosen draft, or the newest. */
static const char *
draft_of(const struct today *t)
{
	const struct row *row = rows_chosen(&t->page.rows);

	if (!t->drafts.count)
		return NULL;
	return t->drafts.items[row && row->tag == ROW_DRAFT ? row->index : 0];
}

static void
drop_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	const char *name = v->app->asked;
	struct why why;

	if (!answer)
		return;
	if (app_failed(v->app, draft_drop(v->app->replica, name, &why), &why))
		return;
	app_changed(v->app);
	app_say(v->app, "The draft is thrown away");
}

static void
ask_drop(struct view *v)
{
	struct today *t = v->state;
	struct buf question = BUF_INIT, title = BUF_INIT;
	int room = t->page.cols - DROP_CELLS;
	char *id;

	free(v->app->asked);
	v->app->asked = mem_text(draft_of(v->state));
	today_draft_title(v, v->app->asked, room, &title, &id);
	buf_puts(&question, "Throw away the draft: ");
	show_clipped(buf_text(&title), room, &v->app->look, &question);
	buf_putc(&question, '?');
	prompt_yes(&v->app->prompt, buf_text(&question), drop_answer, v);
	free(id);
	buf_release(&question);
	buf_release(&title);
}

/* A row that leads to another screen than its record. */
static bool
open_all(struct view *v, const struct row *row)
{
	const struct today *t = v->state;

	switch (row->tag) {
	case ROW_NEWS:
		news_open(v->app);
		return true;
	case ROW_MORE:
		today_list_open(v, row->index);
		return true;
	case ROW_HELD:
		app_act(v->app, ACT_GO_HELD, NULL);
		return true;
	case ROW_EDIT:
		held_open_at(v->app, t->edits[row->index]);
		return true;
	case ROW_SYNC:
		app_act(v->app, ACT_GO_SYNC, NULL);
		return true;
	default:
		return false;
	}
}

static bool
act(struct view *v, enum action a, const char *arg)
{
	struct today *t = v->state;
	const struct row *row = rows_chosen(&t->page.rows);

	if (a == ACT_RESUME ||
		(a == ACT_OPEN && !arg && row && row->tag == ROW_DRAFT)) {
		form_resume(v->app, draft_of(t));
		return true;
	}
	if (a == ACT_DRAFT_DROP) {
		ask_drop(v);
		return true;
	}
	if (a == ACT_SEEN) {
		news_ask_seen(v->app);
		return true;
	}
	if (a == ACT_OPEN && !arg && row && open_all(v, row))
		return true;
	return page_act(v, a, arg);
}

/* A beat's row is there to be opened: of several, none is meant more than
 * another, though one of them may be the first row of the screen. */
static bool
subject(struct view *v, const char **kind, const char **id)
{
	return page_subject(v, kind, id) && strcmp(*kind, BEAT_KIND) != 0;
}

static const char *
why_off(struct view *v, enum action a, struct why *why)
{
	struct today *t = v->state;

	(void)why;
	if (a == ACT_SEEN && !t->news)
		return NEWS_NONE;
	if ((a == ACT_RESUME || a == ACT_DRAFT_DROP) && !draft_of(t))
		return "no draft is kept";
	return NULL;
}

static void
close_today(struct view *v)
{
	struct today *t = v->state;

	page_release(&t->page);
	names_release(&t->drafts);
	free(t->edits);
}

static const enum action hints[] = {ACT_OPEN, ACT_NEW, ACT_NOTE, ACT_DONE,
	ACT_RESUME, ACT_SEEN, ACT_UNDO, ACT_GO_PROJECTS, ACT_PALETTE,
	ACT_GO_LISTS, ACT_HELP, ACT_NONE};

static const struct view_ops ops = {
	.name = "Today",
	.context = CTX_TODAY,
	.state_size = sizeof(struct today),
	.hints = hints,
	.title = title,
	.draw = page_draw,
	.act = act,
	.why_off = why_off,
	.reload = page_reload,
	.from_top = page_from_top,
	.subject = subject,
	.close = close_today,
};

void
today_open(struct app *a)
{
	struct today *t = app_push(a, &ops)->state;

	t->page.fill = today_rows;
}
