#include "tui/saved.h"

#include <stdlib.h>
#include <string.h>

#include "common/kept.h"
#include "tui/records.h"
#include "tui/search.h"

static void
keep(struct app *a, const char *name, const char *text)
{
	struct why why;

	if (!app_failed(a, kept_put(a->replica, KEPT_SAVED, name, text, &why),
		    &why))
		app_say(a, "Kept: `saved %s` among the commands runs it", name);
}

static void
name_answer(void *arg, const char *name)
{
	struct app *a = arg;

	if (name)
		keep(a, name + strspn(name, " "), a->asked);
}

void
saved_ask(struct app *a, const char *text, const char *name)
{
	if (name) {
		keep(a, name, text);
		return;
	}
	free(a->asked);
	a->asked = mem_text(text);
	prompt_line(&a->prompt, "Keep this search by the name", "", name_answer,
		NULL, a);
}

bool
saved_as_list(struct app *a, const char *text)
{
	struct buf kind = BUF_INIT;
	size_t len = strcspn(text, " ");
	bool is_list = false;

	if (strncmp(text, "in:", 3) == 0) {
		buf_add(&kind, text + 3, len - 3);
		is_list = catalog_kind(replica_catalog(a->replica),
				  buf_text(&kind)) != NULL;
	}
	if (is_list)
		records_open(a, buf_text(&kind),
			text + len + strspn(text + len, " "));
	buf_release(&kind);
	return is_list;
}

void
saved_run(struct app *a, const char *name)
{
	struct buf text = BUF_INIT;
	struct why why;

	if (!app_failed(a, kept_get(a->replica, KEPT_SAVED, name, &text, &why),
		    &why) &&
		!saved_as_list(a, buf_text(&text)))
		search_open(a, buf_text(&text));
	buf_release(&text);
}

static void
drop_answer(void *arg, const char *answer)
{
	struct app *a = arg;
	struct why why;

	if (answer && !app_failed(a,
			      kept_drop(a->replica, KEPT_SAVED, a->asked, &why),
			      &why)) {
		app_changed(a);
		app_say(a, "Dropped: the saved search %s", a->asked);
	}
}

void
saved_drop(struct app *a, const char *name)
{
	struct buf text = BUF_INIT;
	char *question;
	struct why why;

	if (!name) {
		app_say(a, "Name one, as in `search-drop night-thefts`, or "
			   "press Del on it in F3");
	} else if (!app_failed(a,
			   kept_get(a->replica, KEPT_SAVED, name, &text, &why),
			   &why)) {
		free(a->asked);
		a->asked = mem_text(name);
		question = mem_printf("Drop the saved search %s?", name);
		prompt_yes(&a->prompt, question, drop_answer, a);
		free(question);
	}
	buf_release(&text);
}
