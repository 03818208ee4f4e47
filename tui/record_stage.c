#include "tui/record_stage.h"

#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tui/show.h"

const struct field *
record_stages(const struct kind *k)
{
	const struct field *f = kind_field(k, "stage");

	return f && f->type == TYPE_ENUM && f->preset[0] ? f : NULL;
}

/* When the record came to a stage the last time, as far as the log here tells;
 * 0: it does not. */
static int64_t
reached_at(const struct past *past, const char *stage)
{
	for (size_t i = 0; i < past->count; i++) {
		const struct entry *e = &past->items[i];
		const struct change *c = edit_find(&e->edit, "stage");

		if (c && !e->verdict.held &&
			verdict_won(&e->verdict, "stage") &&
			strcmp(c->value, stage) == 0)
			return e->at;
	}
	return 0;
}

/* How much of it: days and all, days alone, names alone, or where it is. */
enum stage_words { STAGES_SINCE, STAGES_DAYS, STAGES_NAMES, STAGES_HERE };

static void
put_stages(struct view *v, const struct field *f, const struct past *past,
	enum stage_words words, struct buf *b)
{
	struct record_view *rv = v->state;
	const char *now = record_text(rv->rec, "stage");
	char day[WHEN_MAX], sign = 'x';

	buf_clear(b);
	for (size_t i = 0; i < f->choice_count; i++) {
		bool here = strcmp(f->choices[i].value, now) == 0;
		int64_t at = reached_at(past, f->choices[i].value);

		if (here)
			sign = '>';
		if (words == STAGES_HERE && !here)
			continue;
		buf_printf(b, "%s[%c] %s", b->len ? "  " : "", sign,
			f->choices[i].label);
		if (at && sign != ' ' && words < STAGES_NAMES) {
			show_date(at, app_now(v->app), day);
			buf_printf(b, "%s %s",
				here && words == STAGES_SINCE ? " since" : "",
				day);
		}
		if (words == STAGES_HERE)
			buf_printf(b, ", %zu of %zu", i + 1, f->choice_count);
		if (here)
			sign = ' ';
	}
}

/* "Stage: Analysis since 19 May, 2 of 4", where brackets would be read out. */
static void
add_stage_words(struct view *v, const struct field *f, const struct past *past)
{
	struct record_view *rv = v->state;
	const char *now = record_text(rv->rec, "stage");
	int64_t at = reached_at(past, now);
	char day[WHEN_MAX] = "";

	if (at)
		show_date(at, app_now(v->app), day);
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, now) == 0)
			rows_add(&rv->page.rows, "%s: %s%s%s, %zu of %zu",
				f->label, f->choices[i].label,
				at ? " since " : "", day, i + 1,
				f->choice_count);
}

/* [x] Scanning 02 May  [>] Analysis since 19 May  [ ] Response */
void
record_stage_line(struct view *v, const struct past *past)
{
	struct record_view *rv = v->state;
	const struct field *f = record_stages(rv->rec->kind);
	int words = STAGES_SINCE;
	struct buf b = BUF_INIT;

	if (!f)
		return;
	if (v->app->look.plain) {
		add_stage_words(v, f, past);
		return;
	}
	do
		put_stages(v, f, past, (enum stage_words)words, &b);
	while (utf8_width(buf_text(&b)) > rv->page.cols - 5 &&
		words++ < STAGES_HERE);
	rows_add(&rv->page.rows, "%s", buf_text(&b));
	buf_release(&b);
}

const struct choice *
record_next_stage(const struct record *rec)
{
	const struct field *f = rec ? record_stages(rec->kind) : NULL;

	for (size_t i = 0; f && i + 1 < f->choice_count; i++)
		if (strcmp(f->choices[i].value, record_text(rec, "stage")) == 0)
			return &f->choices[i + 1];
	return NULL;
}

static void
stage_answer(void *arg, const char *answer)
{
	struct view *v = arg;
	struct record_view *rv = v->state;
	const struct choice *to = record_next_stage(rv->rec);
	struct edit e = {0};
	struct why why;

	if (!answer || !to)
		return;
	e.kind = mem_text(rv->kind);
	e.record = mem_text(rv->id);
	record_change(&e, rv->rec, "stage", to->value);
	if (!app_failed(v->app, record_save(v->app->replica, &e, &why), &why))
		app_saved(v->app, "Saved, not sent yet: u undoes it");
	edit_release(&e);
}

void
record_ask_stage(struct view *v)
{
	struct record_view *rv = v->state;
	struct buf question = BUF_INIT;

	show_asked(v->app->replica, &v->app->look, "Move", rv->rec, &question);
	buf_printf(&question, " to %s?", record_next_stage(rv->rec)->label);
	prompt_yes(&v->app->prompt, buf_text(&question), stage_answer, v);
	buf_release(&question);
}
