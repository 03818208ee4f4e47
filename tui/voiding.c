#include "tui/voiding.h"

#include <string.h>

#include "common/record.h"
#include "tui/asked.h"
#include "tui/show.h"

static void ask_reason(
	struct app *a, const struct record *rec, const char *preset);

static void
void_answer(void *arg, const char *reason)
{
	struct app *a = arg;
	struct record *rec = reason ? asked_record(a) : NULL;
	struct why why;
	enum status st;

	if (!rec)
		return;
	if (asked_changed(a, rec)) {
		ask_reason(a, rec, reason);
		record_free(rec);
		return;
	}
	st = record_void(a->replica, rec, reason + strspn(reason, " "), &why);
	if (st)
		ask_reason(a, rec, reason);
	if (!app_failed(a, st, &why))
		app_saved(a, "Void, not sent yet: u undoes it; v on its list "
			     "shows it again");
	record_free(rec);
}

static void
ask_reason(struct app *a, const struct record *rec, const char *preset)
{
	struct buf question = BUF_INIT;
	size_t len = show_asked(a->replica, &a->look, "Void", rec, &question),
	       at = question.len - len;

	buf_puts(&question, ", for what reason");
	prompt_line(
		&a->prompt, buf_text(&question), preset, void_answer, NULL, a);
	a->prompt.title_at = at;
	a->prompt.title_len = len;
	buf_release(&question);
}

void
void_ask(struct app *a)
{
	struct record *rec = asked_about(a, ACT_VOID);

	if (rec)
		ask_reason(a, rec, "");
	record_free(rec);
}

static void
unvoid_answer(void *arg, const char *answer)
{
	struct app *a = arg;
	struct record *rec = answer ? asked_record(a) : NULL;
	struct why why;

	if (rec && !asked_changed(a, rec) &&
		!app_failed(a, record_unvoid(a->replica, rec, &why), &why))
		app_saved(a, "Brought back, not sent yet: u undoes it");
	record_free(rec);
}

void
unvoid_ask(struct app *a)
{
	struct record *rec = asked_about(a, ACT_UNVOID);
	struct buf question = BUF_INIT;

	if (!rec)
		return;
	show_asked(a->replica, &a->look, "Bring back", rec, &question);
	buf_putc(&question, '?');
	prompt_yes(&a->prompt, buf_text(&question), unvoid_answer, a);
	buf_release(&question);
	record_free(rec);
}

const char *
unvoid_why_off(bool is_void)
{
	return is_void ? NULL : "it is not void: v on a list shows void ones";
}
