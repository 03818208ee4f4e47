#include "tui/asked.h"

#include <stdlib.h>

#include "common/record.h"
#include "common/value.h"

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

	if (!view_meant(app_top(a), act, &kind, &id))
		return NULL;
	free(a->asked);
	a->asked = mem_printf("%s/%s", kind, id);
	return load(a, kind, id);
}

struct record *
asked_record(struct app *a)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	return record_name_split(a->asked, kind, &id) ? load(a, kind, id)
						      : NULL;
}
