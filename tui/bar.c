#include "tui/bar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/show.h"

int
bar_body_rows(const struct canvas *c)
{
	return c->rows - 4;
}

void
bar_title(struct app *a, struct canvas *c)
{
	struct view *v = app_top(a);
	struct buf left = BUF_INIT, right = BUF_INIT;
	int room, width;

	v->ops->title(v, &left, &right);
	width = utf8_width(buf_text(&right));
	room = c->cols - 1 - (width ? width + 2 : 0);
	if (room < 20) {
		room = c->cols - 1;
		width = 0;
	}
	canvas_text(c, 0, 1, room, INK_TITLE, buf_text(&left));
	if (width)
		canvas_text(c, 0, c->cols - width, width, INK_PLAIN,
			buf_text(&right));
	buf_release(&left);
	buf_release(&right);
}

static void
plural(struct buf *b, int64_t n, const char *one)
{
	buf_printf(b, "%d %s%s", (int)n, one, n == 1 ? "" : "s");
}

static void
add_counts(struct app *a, struct buf *b)
{
	struct outbox_counts n = *app_counts(a);

	buf_printf(b, " | %d unsent", (int)n.unsent);
	if (n.conflicts) {
		buf_puts(b, ", ");
		plural(b, n.conflicts, "conflict");
	}
	if (n.held)
		buf_printf(b, ", %d held", (int)n.held);
	if (n.refused)
		buf_printf(b, ", %d refused", (int)n.refused);
}

static void
add_pull(struct app *a, struct buf *b)
{
	char when[WHEN_MAX], today[WHEN_MAX];
	struct why why;
	int64_t last;

	if (replica_meta_int(a->replica, META_LAST_SYNC, 0, &last, &why) ||
		!last) {
		buf_puts(b, " | never pulled");
		return;
	}
	when_local_text(last, when);
	when_day_text(app_now(a), today);
	if (strncmp(when, today, 10) == 0)
		buf_printf(b, " | last pull %.5s", when + 11);
	else
		buf_printf(b, " | last pull %.10s", when);
}

static void
add_modes(struct app *a, struct buf *b)
{
	enum access access = replica_access(a->replica);

	buf_printf(b, " | %s", app_me(a));
	if (access != ACCESS_OFFICER)
		buf_printf(b, " %s", access_name(access));
	if (a->look.contrast)
		buf_puts(b, " | CONTRAST");
	else if (!a->look.colour)
		buf_puts(b, " | MONO");
	if (!a->look.utf8)
		buf_puts(b, " | ASCII");
}

static void
draw_status(struct app *a, const struct syncing *s, struct canvas *c)
{
	struct buf b = BUF_INIT;

	syncing_words(s, &b);
	add_counts(a, &b);
	add_pull(a, &b);
	add_modes(a, &b);
	canvas_text(c, c->rows - 2, 1, c->cols - 1, INK_PLAIN, buf_text(&b));
	buf_release(&b);
}

/* <F2> is shown as F2, <Enter> as Enter. */
static void
plain_keys(const struct chord *keys, char out[CHORD_NAME_MAX])
{
	char name[CHORD_NAME_MAX];
	size_t n = 0;
	bool single = keys->count == 1 && keys->keys[0] != '<';

	chord_name(keys, name);
	for (const char *p = name; *p; p++)
		if (!single || name[1] == '\0' || (*p != '<' && *p != '>'))
			out[n++] = *p;
	out[n] = '\0';
}

/* "F2 save". False: it has no key here, or is off. */
static bool
hint_text(struct app *a, enum action act, struct buf *out)
{
	struct view *v = app_top(a);
	const char *word =
		v->ops->hint ? v->ops->hint(v, act) : action_brief(act);
	char keys[CHORD_NAME_MAX];
	struct chord chord;
	struct why why;

	buf_clear(out);
	if (!word || !keymap_key(a->keymap, v->ops->context, act, &chord) ||
		view_why_off(v, act, &why))
		return false;
	plain_keys(&chord, keys);
	buf_printf(out, "%s %s", keys, word);
	return true;
}

/* As many as fit; the last one, help, always does. */
static void
draw_hints(struct app *a, struct canvas *c)
{
	const enum action *h = app_top(a)->ops->hints;
	struct buf b = BUF_INIT;
	int at = 1, last = 0;

	if (hint_text(a, ACT_HELP, &b))
		last = utf8_width(buf_text(&b)) + 2;
	for (; *h != ACT_NONE; h++) {
		int room = c->cols - at - (*h == ACT_HELP ? 0 : last);

		if (!hint_text(a, *h, &b) || utf8_width(buf_text(&b)) > room)
			continue;
		at += canvas_text(c, c->rows - 1, at, c->cols, INK_FAINT,
			      buf_text(&b)) +
		      2;
	}
	buf_release(&b);
}

/* What is to be said ends in `row`; a long text begins in the row above. */
static void
draw_notice(struct app *a, struct canvas *c, int row)
{
	const char *text = buf_text(&a->notice);
	size_t len = a->notice.len, skip = 0;
	size_t first = utf8_wrap(text, len, c->cols - 1, &skip);

	if (first + skip < len) {
		char *above = mem_printf("%.*s", (int)first, text);

		canvas_line(c, row - 1, a->notice_ink, above);
		free(above);
		text += first + skip;
	}
	canvas_line(c, row, a->notice_ink, text);
}

void
bar_bottom(struct app *a, const struct syncing *s, struct canvas *c)
{
	char keys[CHORD_NAME_MAX];

	draw_status(a, s, c);
	draw_hints(a, c);
	if (a->notice.len)
		draw_notice(a, c, c->rows - (a->prompt.on ? 4 : 3));
	if (a->prompt.on) {
		prompt_draw(&a->prompt, c, c->rows - 3);
	} else if (a->notice.len) {
		return;
	} else if (a->pending.count) {
		chord_name(&a->pending, keys);
		canvas_printf(c, c->rows - 3, 1, c->cols - 1, INK_PLAIN,
			"%s and the next key; Esc leaves it", keys);
	}
}
