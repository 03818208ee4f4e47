#include "tui/screens.h"

#include <limits.h>
#include <locale.h>
#include <string.h>

#include "tui/bar.h"
#include "tui/desk.h"
#include "tui/keystroke.h"
#include "tui/lock.h"
#include "tui/paint.h"
#include "tui/screens_loop.h"

#define COLS_MIN 40
#define ROWS_MIN 10
#define REFRESH_EVERY_MS 500 /* while a long sync comes in */
#define PASTE_END_MS 10000   /* a paste whose end never comes is over then */
#define KEYS_AT_END 4096     /* a terminal's line holds no more */
#define SYNC_FDS 8

enum status
screens_begin(struct screens *s, struct replica *r,
	const struct screens_options *o, FILE *in, FILE *out, const char *type,
	struct why *why)
{
	struct app *a = &s->app;
	enum status st;

	memset(s, 0, sizeof(*s));
	setlocale(LC_CTYPE, "");
	look_choose(&a->look, &o->look, type);
	st = term_start(in, out, type, &a->look, &s->term, why);
	if (st)
		return st;
	desk_open(a, &s->sync, r, o);
	return ST_OK;
}

void
screens_end(struct screens *s)
{
	desk_close(&s->app, &s->sync);
	term_end(s->term);
}

static void
paint_small(struct canvas *c)
{
	canvas_printf(c, 0, 0, c->cols, INK_PLAIN, "Needs %dx%d: draft kept",
		COLS_MIN, ROWS_MIN);
	canvas_cursor(c, 0, 0);
}

/* Rows for the view: what is said must not lie over what is chosen. */
static int
view_rows(const struct screens *s)
{
	const struct app *a = &s->app;

	return bar_body_rows(&a->canvas) - bar_covered_rows(a, &a->canvas);
}

static void
begin_canvas(struct screens *s, int rows, int cols)
{
	struct app *a = &s->app;

	/* the last column stays empty: no terminal wraps there by itself */
	canvas_begin(&a->canvas, rows, cols - 1, &a->look);
	canvas_cursor(&a->canvas, BAR_BODY_FIRST, 0);
	a->canvas.numbered = app_takes_digits(a);
}

/*
 * The body with room between what can be chosen: with as many rows of the view
 * as fit then. Half of them always do; where heads or wrapped lines are among
 * them, more may.
 */
static void
draw_apart(struct screens *s, int rows, int cols)
{
	struct canvas *c = &s->app.canvas;
	struct view *v = app_top(&s->app);
	int room = view_rows(s), half = (room + 1) / 2, count;

	v->ops->draw(v, c, BAR_BODY_FIRST, half);
	count = room - canvas_gaps(c, BAR_BODY_FIRST);
	for (; count > half; count--) {
		begin_canvas(s, rows, cols);
		v->ops->draw(v, c, BAR_BODY_FIRST, count);
		if (count + canvas_gaps(c, BAR_BODY_FIRST) <= room)
			break;
	}
	if (count == half) {
		begin_canvas(s, rows, cols);
		v->ops->draw(v, c, BAR_BODY_FIRST, half);
	}
	canvas_spread(c, BAR_BODY_FIRST, room);
}

static void
draw_screen(struct screens *s, int rows, int cols)
{
	struct app *a = &s->app;
	struct view *v = app_top(a);

	if (a->look.big)
		draw_apart(s, rows, cols);
	else
		v->ops->draw(v, &a->canvas, BAR_BODY_FIRST, view_rows(s));
	bar_title(a, &a->canvas);
	bar_bottom(a, &s->sync, &a->canvas);
}

/* What is to be shown, into the canvas. */
static void
draw_all(struct screens *s)
{
	struct app *a = &s->app;
	struct canvas *c = &a->canvas;
	int rows, cols;

	term_size(s->term, &rows, &cols);
	begin_canvas(s, rows, cols);
	if (cols < COLS_MIN || rows < ROWS_MIN) {
		paint_small(c);
	} else if (a->lock.on) {
		lock_draw(a, c);
	} else {
		sql_look(replica_sql(a->replica));
		draw_screen(s, rows, cols);
		sql_looked(replica_sql(a->replica));
	}
	a->drawn = true;
}

void
screens_paint(struct screens *s)
{
	struct app *a = &s->app;

	if (a->notice_synced && !syncing_online(&s->sync))
		app_say(a, "%s", "");
	draw_all(s);
	paint(&a->canvas);
}

void
screens_key(struct screens *s, key k)
{
	if (!s->app.drawn)
		draw_all(s);
	app_key(&s->app, k);
}

static void
tell_sync(struct screens *s)
{
	if (!s->sync.asked)
		return;
	s->sync.asked = false;
	if (s->sync.state == SYNC_ONLINE)
		app_synced(&s->app, "Synced");
	else
		app_say(&s->app, "%s", s->sync.why.text);
}

/* What came, without a key; not at every frame of a long sync. */
static void
take_news(struct screens *s)
{
	int64_t now = app_boot(&s->app);
	bool ended = syncing_step(&s->sync);

	if (ended)
		tell_sync(s);
	if (!ended && syncing_busy(&s->sync) &&
		now - s->refreshed_at < REFRESH_EVERY_MS)
		return;
	s->refreshed_at = now;
	app_refresh(&s->app);
	syncing_look(&s->sync, app_counts(&s->app)->unsent);
	if (ended && s->sync.state == SYNC_ONLINE)
		app_sent(&s->app);
}

/* What came, at most so many. All that came at once with the key that unlocks
 * is that key. */
static void
take_keys(struct screens *s, int most)
{
	bool locked = s->app.lock.on;
	key k;

	while (!s->app.leaving && most-- > 0 && (k = term_key(s->term)) != 0)
		if (!locked || s->app.lock.on)
			screens_key(s, k);
}

/* A paste whose end does not come. */
static bool
is_pasting(const struct app *a)
{
	return a->pasting || a->lock.pasting;
}

/* What was asked of the terminal as a whole. */
static void
serve_terminal(struct screens *s, const struct term_news *news)
{
	struct app *a = &s->app;

	if (news->resized && a->typed_at)
		app_keep(a);
	if (news->resized)
		canvas_forget(&a->canvas);
	if (news->repaint)
		canvas_repaint(&a->canvas);
	if ((a->suspend || news->suspend) && !a->restricted) {
		app_keep(a);
		term_suspend(s->term);
		canvas_repaint(&a->canvas);
	}
	a->suspend = false;
	if (a->lock.on && !s->hidden) {
		term_forget(s->term);
		canvas_repaint(&a->canvas);
	}
	s->hidden = a->lock.on;
}

/* Told to end, it takes what was typed before: a busy machine may have had no
 * time for it yet. */
static void
wait_and_act(struct screens *s)
{
	struct pollfd fds[SYNC_FDS];
	struct term_news news;
	int wait = desk_due(&s->app, &s->sync), theirs = -1, count = 0;
	int64_t waited_from = app_boot(&s->app);

	wait = desk_shorter(wait, is_pasting(&s->app) ? PASTE_END_MS : -1);
	if (syncing_busy(&s->sync))
		count = client_poll_set(s->sync.client, fds, SYNC_FDS, &theirs);
	term_wait(s->term, fds, count, desk_shorter(wait, theirs), &news);
	if (news.hangup) {
		take_keys(s, KEYS_AT_END);
		s->app.leaving = true;
		return;
	}
	if (news.keys)
		take_keys(s, INT_MAX);
	else if (is_pasting(&s->app) &&
		 app_boot(&s->app) - waited_from >= PASTE_END_MS)
		app_key(&s->app, NAMED_PASTE_END);
	lock_due(&s->app);
	serve_terminal(s, &news);
	desk_saved(&s->app, &s->sync);
	take_news(s);
	desk_pause(&s->app);
}

enum status
screens_run(struct replica *r, const struct screens_options *o, struct why *why)
{
	struct screens s;
	enum status st = screens_begin(&s, r, o, stdin, stdout, NULL, why);

	if (st)
		return st;
	while (!s.app.leaving) {
		if (term_ready(s.term)) {
			screens_paint(&s);
			/* seen before a sync that is due takes its time */
			term_ready(s.term);
		}
		wait_and_act(&s);
	}
	st = desk_keep(&s.app, why);
	screens_end(&s);
	return st;
}
