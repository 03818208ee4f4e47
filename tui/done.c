#include "tui/done.h"

#include <stdlib.h>
#include <string.h>

#include "common/record.h"
#include "common/value.h"
#include "tui/show.h"

#define DONE "done"
#define DONE_ON "done_on"
#define TITLE_CELLS 40

static bool
can_be_done(const struct kind *k)
{
	const struct field *status = kind_field(k, "status");
	const struct field *day = kind_field(k, DONE_ON);

	return status && field_choice(status, DONE) && day &&
	       day->type == TYPE_DATE;
}

const char *
done_why_off(struct view *v)
{
	const struct kind *k;
	const char *kind, *id, *off = NULL;
	struct record *rec;
	struct why why;

	if (!v->ops->subject || !v->ops->subject(v, &kind, &id))
		return "no record is chosen";
	k = catalog_kind(replica_catalog(v->app->replica), kind);
	if (!k || !can_be_done(k))
		return "records of this kind are not done on a day";
	if (record_load(v->app->replica, kind, id, &rec, &why))
		return "the record is not held here";
	if (record_is_void(rec))
		off = "it is void: U brings it back";
	else if (strcmp(record_text(rec, "status"), DONE) == 0)
		off = "it is done already";
	record_free(rec);
	return off;
}

static enum status
save_done(struct app *a, const char *kind, const char *id, struct why *why)
{
	char today[WHEN_MAX];
	struct edit e = {0};
	struct record *rec;
	enum status st = record_load(a->replica, kind, id, &rec, why);

	if (st)
		return st;
	when_day_text(app_now(a), today);
	e.kind = mem_text(kind);
	e.record = mem_text(id);
	record_change(&e, rec, "status", DONE);
	record_change(&e, rec, DONE_ON, today);
	st = record_save(a->replica, &e, why);
	edit_release(&e);
	record_free(rec);
	return st;
}

static void
answered(void *arg, const char *answer)
{
	struct app *a = arg;
	char kind[NAME_MAX_BYTES + 1];
	const char *id;
	struct why why;

	if (!answer || !record_name_split(a->asked, kind, &id))
		return;
	if (!app_failed(a, save_done(a, kind, id, &why), &why))
		app_saved(a, "Done, not sent yet: u undoes it");
}

void
done_ask(struct app *a)
{
	struct view *v = app_top(a);
	struct buf question = BUF_INIT, title = BUF_INIT;
	const char *kind, *id;

	if (!v->ops->subject(v, &kind, &id))
		return;
	free(a->asked);
	a->asked = mem_printf("%s/%s", kind, id);
	show_title(a->replica, kind, id, &title);
	buf_printf(&question, "Mark %s ", id);
	show_clipped(buf_text(&title), TITLE_CELLS, &a->look, &question);
	buf_puts(&question, " done today?");
	prompt_yes(&a->prompt, buf_text(&question), answered, a);
	buf_release(&question);
	buf_release(&title);
}
