#include "tests/sim/whole.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/view.h"

/* A record that the device holds by a book, and the seq up to which it must
 * have all of it; 0: the hub no longer has it in a book that is held, or its
 * book is being filled anew and it has not come again. */
static int64_t
known_upto(struct device *d, struct sql *hub, const char *kind, const char *id)
{
	struct sql *db = replica_sql(d->r);
	int64_t upto;
	char *book;
	struct why why;

	world_good(sql_text(hub, &book, &why,
			   "SELECT group_concat(' '||book||' ') FROM "
			   "record_book WHERE kind=?1 AND id=?2",
			   "ss", kind, id),
		&why);
	world_good(
		sql_int(db, 0, &upto, &why,
			"SELECT max(CASE joined WHEN 1 THEN (SELECT value "
			"FROM _meta WHERE key='cursor') ELSE head END)+0 "
			"FROM _in_book NATURAL JOIN (SELECT book,joined,head,"
			"pass AS now FROM _book) WHERE kind=?1 AND id=?2 AND "
			"(joined OR pass=now) AND "
			"instr(?3, ' '||book||' ')",
			"sss", kind, id, book ? book : ""),
		&why);
	free(book);
	return upto;
}

/* The seq of the value that stood in a field after entry `upto`. */
static int64_t
stood(const struct view *v, const char *kind, const char *id, const char *field,
	int64_t upto)
{
	for (size_t i = v->entry_count; i-- > 0;) {
		const struct entry *e = &v->entries[i];

		if (e->seq <= upto && !e->verdict.held && !e->verdict.refused &&
			!strcmp(e->edit.record, id) &&
			!strcmp(e->edit.kind, kind) &&
			edit_find(&e->edit, field) &&
			verdict_won(&e->verdict, field))
			return e->seq;
	}
	return 0;
}

static void
check_record(struct device *d, const struct view *v, const char *kind,
	const char *id, int64_t upto)
{
	size_t count;
	const struct view_cell *c = view_record(v, kind, id, &count);
	struct why why;

	for (size_t i = 0; i < count; i++) {
		int64_t seq = stood(v, kind, id, c[i].field, upto), mine;

		world_good(sql_int(replica_sql(d->r), 0, &mine, &why,
				   "SELECT seq FROM _cell WHERE kind=?1 AND "
				   "id=?2 AND field=?3",
				   "sss", kind, id, c[i].field),
			&why);
		if (mine < seq)
			world_fail("what is at or below the cursor is there",
				"device %u, up to %lld: %s/%s %s is of seq "
				"%lld, not %lld",
				d->index, (long long)upto, kind, id, c[i].field,
				(long long)mine, (long long)seq);
	}
}

void
whole_check(struct device *d)
{
	sqlite3_stmt *s = sql_use(replica_sql(d->r),
		"SELECT DISTINCT kind,id FROM _in_book ORDER BY kind,id", "");
	struct sql *hub;
	struct view v;
	struct why why;
	bool row;

	view_read(d->w, &v);
	world_good(sql_open(d->w->hub_path, SQL_READ, "the log", &hub, &why),
		&why);
	for (;;) {
		const char *kind, *id;
		int64_t upto;

		world_good(sql_step(replica_sql(d->r), s, &row, &why), &why);
		if (!row)
			break;
		kind = sql_column(s, 0);
		id = sql_column(s, 1);
		upto = known_upto(d, hub, kind, id);
		if (upto)
			check_record(d, &v, kind, id, upto);
	}
	sql_close(hub);
	view_release(&v);
}
