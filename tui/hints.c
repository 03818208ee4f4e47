#include "tui/hints.h"

#include <ctype.h>
#include <stdio.h>

#include "common/utf8.h"

#define GAP 2 /* cells between two */

int
hints_rows(const struct look *l)
{
	return l->big ? 2 : 1;
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

void
hints_key_in(const struct app *a, enum context c, enum action act,
	char out[CHORD_NAME_MAX])
{
	struct chord chord;

	if (!a->look.plain && keymap_key(a->keymap, c, act, &chord))
		plain_keys(&chord, out);
	else
		snprintf(out, CHORD_NAME_MAX, "%s", action_name(act));
}

void
hints_key(const struct view *v, enum action act, char out[CHORD_NAME_MAX])
{
	hints_key_in(v->app, v->ops->context, act, out);
}

/* "F2 save", or big "[F2 SAVE]". False: it has no key here, or is off. */
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
	buf_printf(out, a->look.big ? "[%s " : "%s ", keys);
	for (; *word; word++)
		buf_putc(out, a->look.big ? (char)toupper((unsigned char)*word)
					  : *word);
	buf_puts(out, a->look.big ? "]" : "");
	return true;
}

static bool
is_kept(enum action act)
{
	return act == ACT_PALETTE || act == ACT_HELP;
}

/* Cells that the palette and the help take where the view names them. */
static int
kept_cells(struct app *a)
{
	struct buf b = BUF_INIT;
	int cells = 0;

	for (const enum action *h = app_top(a)->ops->hints; *h != ACT_NONE; h++)
		if (is_kept(*h) && hint_text(a, *h, &b))
			cells += utf8_width(buf_text(&b)) + GAP;
	buf_release(&b);
	return cells;
}

/* Where the next ones go. */
struct place {
	struct canvas *c;
	int row, last, col;
};

/* Put one where it fits, leaving `kept` cells of the last row free. */
static void
put_hint(struct place *p, const char *text, int kept)
{
	int width = utf8_width(text);

	if (p->row < p->last && p->col + width > p->c->cols) {
		p->row++;
		p->col = 1;
	}
	if (p->col + width > p->c->cols - (p->row == p->last ? kept : 0))
		return;
	p->col += canvas_text(p->c, p->row, p->col, width, INK_HINTS, text);
	p->col += GAP;
}

void
hints_draw(struct app *a, struct canvas *c, int row)
{
	const enum action *hints = app_top(a)->ops->hints;
	struct place p = {c, row, row + hints_rows(&a->look) - 1, 1};
	int kept = kept_cells(a);
	struct buf b = BUF_INIT;

	for (int pass = 0; pass < 2; pass++)
		for (const enum action *h = hints; *h != ACT_NONE; h++)
			if (is_kept(*h) == (pass == 1) && hint_text(a, *h, &b))
				put_hint(&p, buf_text(&b), pass ? 0 : kept);
	buf_release(&b);
}
