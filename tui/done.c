#include "tui/done.h"

#include <string.h>

#include "common/record.h"
#include "common/value.h"
#include "tui/allowed.h"
#include "tui/asked.h"
#include "tui/form.h"
#include "tui/show.h"

#define TITLE_CELLS 40

/* How records are marked: the choice of their status, the field that says
 * when, and the long text that goes with it, or NULL. */
struct way {
	const char *status, *when;
	enum type type;
	const char *text;
	const char *asked, *saved, *already;
};
static const struct way ways[] = {
	{"done", "done_on", TYPE_DATE, NULL, "done today",
		"Done, not sent yet: u undoes it", "it is done already"},
	{"answered", "answered_at", TYPE_DATETIME, "answer", "answered now",
		"Answered, not sent yet: u undoes it",
		"it is answered already"},
};

static bool
has_field(const struct kind *k, const char *name, enum type type)
{
	const struct field *f = kind_field(k, name);

	return f && f->type == type;
}

/* The way that the catalogue has for a kind, or NULL. */
static const struct way *
way_of(const struct kind *k)
{
	for (size_t i = 0; k && i < sizeof(ways) / sizeof(*ways); i++) {
		const struct field *status = kind_field(k, "status");

		if (status && field_choice(status, ways[i].status) &&
			has_field(k, ways[i].when, ways[i].type) &&
			(!ways[i].text ||
				has_field(k, ways[i].text, TYPE_LONG)))
			return &ways[i];
	}
	return NULL;
}

/* What wants a text is marked by when it was; without that it is still due. */
static bool
is_marked(const struct record *rec, const struct way *w)
{
	return w->text ? record_text(rec, w->when)[0] != '\0'
		       : strcmp(record_text(rec, "status"), w->status) == 0;
}

bool
done_is_for(const struct kind *k)
{
	return way_of(k) != NULL;
}

const char *
done_why_off(struct view *v, struct why *why)
{
	const struct kind *k;
	const struct way *w;
	const char *kind, *id, *off = NULL;
	struct record *rec;

	if (!view_meant(v, ACT_DONE, &kind, &id))
		return "no record is chosen";
	k = catalog_kind(replica_catalog(v->app->replica), kind);
	w = way_of(k);
	if (!w)
		return "records of this kind are not done on a day";
	if (allowed_why_off(v->app, k, id, why))
		return why->text;
	if (record_load(v->app->replica, kind, id, &rec, why))
		return "the record is not held here";
	if (record_is_void(rec))
		off = "it is void: U brings it back";
	else if (is_marked(rec, w))
		off = w->already;
	record_free(rec);
	return off;
}

/* An answer does not take back what became of it since: a status that the
 * catalogue has behind that stays. */
static bool
is_further(const struct record *rec, const struct way *w)
{
	const struct field *f = kind_field(rec->kind, "status");
	const struct choice *now = field_choice(f, record_text(rec, "status"));

	return w->text && now && now > field_choice(f, w->status);
}

static enum status
save_marked(struct app *a, const struct record *rec, const char *text,
	struct why *why)
{
	const struct way *w = way_of(rec->kind);
	char when[WHEN_MAX];
	struct edit e = {0};
	enum status st;

	if (w->type == TYPE_DATE)
		when_day_text(app_now(a), when);
	else
		when_instant_text(app_now(a), when);
	e.kind = mem_text(rec->kind->name);
	e.record = mem_text(rec->id);
	if (!is_further(rec, w))
		record_change(&e, rec, "status", w->status);
	record_change(&e, rec, w->when, when);
	if (text)
		record_change(&e, rec, w->text, text);
	st = record_save(a->replica, &e, why);
	edit_release(&e);
	return st;
}

static void ask_text(
	struct app *a, const struct record *rec, const char *preset);

/* Mark what was asked about, with a text where it has none yet. One that others
 * wrote meanwhile is looked at first; where they changed something else, or it
 * cannot be saved, it is asked for again. */
static void
mark(struct app *a, const char *text)
{
	struct record *rec = asked_record(a);
	const struct way *w;
	struct why why;
	enum status st;

	if (!rec)
		return;
	w = way_of(rec->kind);
	if (text && record_text(rec, w->text)[0]) {
		form_written(a, rec->kind->name, rec->id, w->text, text);
	} else if (text && asked_changed(a, rec)) {
		ask_text(a, rec, text);
	} else {
		st = save_marked(a, rec, text, &why);
		if (st && text)
			ask_text(a, rec, text);
		if (!app_failed(a, st, &why))
			app_saved(a, w->saved);
	}
	record_free(rec);
}

static void
yes_answer(void *arg, const char *answer)
{
	struct record *rec = answer ? asked_record(arg) : NULL;

	if (rec && !asked_changed(arg, rec))
		mark(arg, NULL);
	record_free(rec);
}

static void
text_answer(void *arg, const char *text)
{
	struct app *a = arg;

	if (!text)
		return;
	text += strspn(text, " ");
	if (text[0])
		mark(a, text);
	else
		app_say(a, "Not saved: write what was answered");
}

/* It was not saved, and is not lost. */
static void
text_given_up(void *arg, const char *text)
{
	struct app *a = arg;
	char kind[NAME_MAX_BYTES + 1];
	struct record *rec;
	const char *id;
	struct why why;
	enum status st;

	if (!record_name_split(a->asked, kind, &id))
		return;
	st = form_keep_written(a->replica, kind, id,
		way_of(catalog_kind(replica_catalog(a->replica), kind))->text,
		text, &why);
	rec = st ? asked_record(a) : NULL;
	if (rec)
		ask_text(a, rec, text);
	record_free(rec);
	app_refresh(a);
	if (!app_failed(a, st, &why))
		app_say(a, "Not saved: what you wrote is kept as a draft, "
			   "Today lists it");
}

static void
ask_text(struct app *a, const struct record *rec, const char *preset)
{
	const struct field *f = kind_field(rec->kind, way_of(rec->kind)->text);
	struct buf question = BUF_INIT;
	size_t len = show_asked(a->replica, &a->look, f->label, rec, &question),
	       at = question.len - len;

	buf_puts(&question, ", in what words");
	prompt_line(
		&a->prompt, buf_text(&question), preset, text_answer, NULL, a);
	a->prompt.given_up = text_given_up;
	a->prompt.title_at = at;
	a->prompt.title_len = len;
	buf_release(&question);
}

static void
ask_whether(struct app *a, const struct record *rec, const struct way *w)
{
	struct buf question = BUF_INIT, title = BUF_INIT;

	show_title(a->replica, rec->kind->name, rec->id, &title);
	buf_printf(&question, "Mark %s ", rec->id);
	show_clipped(buf_text(&title), TITLE_CELLS, &a->look, &question);
	buf_printf(&question, " %s?", w->asked);
	prompt_yes(&a->prompt, buf_text(&question), yes_answer, a);
	buf_release(&question);
	buf_release(&title);
}

void
done_ask(struct app *a)
{
	struct record *rec = asked_about(a, ACT_DONE);
	const struct way *w;

	if (!rec)
		return;
	w = way_of(rec->kind);
	if (w->text && !record_text(rec, w->text)[0])
		ask_text(a, rec, "");
	else
		ask_whether(a, rec, w);
	record_free(rec);
}
