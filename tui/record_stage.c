#include "tui/record_stage.h"

#include <string.h>

#include "common/utf8.h"
#include "tui/asked.h"
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

/* How much of it: days and all, days alone, names alone, or where it is. Of
 * the days, the oldest `less` are left out. */
enum stage_words { STAGES_SINCE, STAGES_DAYS, STAGES_NAMES, STAGES_HERE };
struct stage_line {
	enum stage_words words;
	size_t less;
};

static void
put_stages(struct view *v, const struct field *f, const struct past *past,
	const struct stage_line *how, struct buf *b)
{
	struct record_view *rv = v->state;
	enum stage_words words = how->words;
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
		if (at && sign != ' ' && words < STAGES_NAMES &&
			i >= how->less) {
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

/* The next shorter form; the day of the stage it is in goes last of all. */
static void
shorten(struct stage_line *how, size_t here)
{
	if (how->words == STAGES_DAYS && how->less < here)
		how->less++;
	else
		how->words++;
}

static size_t
stage_index(const struct field *f, const char *stage)
{
	size_t i = 0;

	while (i + 1 < f->choice_count &&
		strcmp(f->choices[i].value, stage) != 0)
		i++;
	return i;
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
	struct stage_line how = {STAGES_SINCE, 0};
	size_t here;
	struct buf b = BUF_INIT;

	if (!f)
		return;
	if (v->app->look.plain) {
		add_stage_words(v, f, past);
		return;
	}
	here = stage_index(f, record_text(rv->rec, "stage"));
	put_stages(v, f, past, &how, &b);
	while (utf8_width(buf_text(&b)) > rv->page.cols - 5 &&
		how.words < STAGES_HERE) {
		shorten(&how, here);
		put_stages(v, f, past, &how, &b);
	}
	rows_add(&rv->page.rows, "%s", buf_text(&b));
	buf_release(&b);
}

static const struct choice *
next_stage(const struct record *rec)
{
	const struct field *f = record_stages(rec->kind);

	for (size_t i = 0; f && i + 1 < f->choice_count; i++)
		if (strcmp(f->choices[i].value, record_text(rec, "stage")) == 0)
			return &f->choices[i + 1];
	return NULL;
}

const char *
record_stage_why_off(const struct record *rec)
{
	if (!record_stages(rec->kind))
		return "records of this kind have no stages";
	return next_stage(rec) ? NULL : "this is the last stage";
}

static void
save_stage(struct app *a, const struct record *rec, const struct choice *to)
{
	struct edit e = {0};
	struct why why;

	e.kind = mem_text(rec->kind->name);
	e.record = mem_text(rec->id);
	record_change(&e, rec, "stage", to->value);
	if (!app_failed(a, record_save(a->replica, &e, &why), &why))
		app_saved(a, "Saved, not sent yet: u undoes it");
	edit_release(&e);
}

static void
stage_answer(void *arg, const char *answer)
{
	struct record *rec = answer ? asked_record(arg) : NULL;
	const struct choice *to = rec ? next_stage(rec) : NULL;

	if (to && !asked_changed(arg, rec))
		save_stage(arg, rec, to);
	record_free(rec);
}

void
record_ask_stage(struct app *a)
{
	struct record *rec = asked_about(a, ACT_STAGE_NEXT);
	const struct choice *to = rec ? next_stage(rec) : NULL;
	struct buf question = BUF_INIT;

	if (to) {
		show_asked(a->replica, &a->look, "Move", rec, &question);
		buf_printf(&question, " to %s?", to->label);
		prompt_yes(&a->prompt, buf_text(&question), stage_answer, a);
	}
	record_free(rec);
	buf_release(&question);
}
