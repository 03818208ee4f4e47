#include "tui/asked.h"

#include <stdlib.h>

#include "common/record.h"
#include "common/value.h"
#include "tui/show.h"

static struct record *
load(struct app *a, const char *kind, const char *id)
{
	struct record *rec = NULL;
	struct why why;

	if (app_failed(a, record_load(a->replica, kind, id, &rec, &why), &why))
		return NULL;
	return rec;
}

struct record *
asked_about(struct app *a, enum action act)
{
	const char *kind, *id;
	struct record *rec;

	if (!view_meant(app_top(a), act, &kind, &id))
		return NULL;
	free(a->asked);
	a->asked = mem_printf("%s/%s", kind, id);
	rec = load(a, kind, id);
	if (rec)
		a->asked_newest = rec->newest;
	return rec;
}

bool
asked_changed(struct app *a, const struct record *rec)
{
	struct buf who = BUF_INIT;

	if (edit_id_same(rec->newest, a->asked_newest))
		return false;
	a->asked_newest = rec->newest;
	show_member(a->replica, rec->updated_by, &who);
	app_say(a, "Nothing is saved: %s changed it meanwhile", buf_text(&who));
	buf_release(&who);
	return true;
}

struct record *
asked_record(struct app *a)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	return record_name_split(a->asked, kind, &id) ? load(a, kind, id)
						      : NULL;
}
