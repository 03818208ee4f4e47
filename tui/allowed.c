#include "tui/allowed.h"

#include <string.h>

#include "common/placing.h"
#include "common/rights.h"

/* Is a record of a kind that people write of themselves about this member? */
static bool
is_own(struct app *a, const struct kind *k, const char *id)
{
	struct placing p = {a->replica, NULL};
	const struct book_lookup look = placing_lookup(&p);
	struct buf badge = BUF_INIT;
	struct why why;
	bool own;

	if (!id || k->writers != WRITERS_SELF)
		return true;
	own = !app_failed(a,
		      books_subject(replica_catalog(a->replica), &look, k->name,
			      id, &badge, &why),
		      &why) &&
	      strcmp(buf_text(&badge), app_me(a)) == 0;
	buf_release(&badge);
	return own;
}

const char *
allowed_why_off(
	struct app *a, const struct kind *k, const char *id, struct why *why)
{
	struct writer w = {app_me(a), app_access(a), true, is_own(a, k, id)};

	return rights_may_write(k, &w, why) ? why->text : NULL;
}
