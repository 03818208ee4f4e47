#include "tui/lock.h"

#include "common/when.h"

void
lock_now(struct app *a)
{
	app_keep(a);
	a->lock.on = true;
	a->lock.since = app_now(a);
}

int
lock_due(struct app *a)
{
	int64_t left;

	if (!a->lock.after_ms || a->lock.on)
		return -1;
	left = a->lock.key_at + a->lock.after_ms - app_boot(a);
	if (left > 0)
		return (int)left;
	lock_now(a);
	return -1;
}

bool
lock_key(struct app *a, key k)
{
	bool was_on = a->lock.on;

	lock_due(a); /* woken from sleep: the timer may be behind */
	a->lock.key_at = app_boot(a);
	if (a->lock.pasting) {
		a->lock.pasting = k != NAMED_PASTE_END;
		a->lock.on = a->lock.pasting;
		return true;
	}
	if (!was_on)
		return a->lock.on;
	if (k == NAMED_PASTE_BEGIN)
		a->lock.pasting = true;
	else
		a->lock.on = false;
	return true;
}

void
lock_draw(const struct app *a, struct canvas *c)
{
	char at[WHEN_MAX];

	when_local_text(a->lock.since, at);
	canvas_printf(
		c, 0, 1, c->cols - 1, INK_TITLE, "LOCKED  since %.5s", at + 11);
	canvas_text(c, 2, 1, c->cols - 1, INK_PLAIN, "What you typed is kept.");
	canvas_text(c, 3, 1, c->cols - 1, INK_PLAIN,
		"Any key goes back, and does no more.");
	canvas_cursor(c, 3, 0);
}
