#include "common/inbox_new.h"

#include <stdlib.h>
#include <string.h>

#include "common/inbox_log.h"
#include "common/lay.h"

/* Rows of one statement: a record of usual size is written with one, and there
 * are few statements to be kept prepared. */
#define CELLS_AT_ONCE 16

struct cell {
	const char *field;
	int64_t seq;
};

struct cells {
	struct cell *items;
	size_t count, cap;
};

static bool
is_plain(const struct entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (inbox_log_state(&entries[i]) != STATE_APPLIED ||
			entries[i].verdict.standing_count ||
			(i && entries[i].seq <= entries[i - 1].seq))
			return false;
	return true;
}

/* What was set aside may come again with any record. */
static enum status
is_new(struct replica *r, const char *kind, const char *id, bool *new_here,
	struct why *why)
{
	int64_t found;
	enum status st = sql_int(replica_sql(r), 0, &found, why,
		"SELECT EXISTS(SELECT 1 FROM _entry WHERE kind=?1 AND id=?2) "
		"OR EXISTS(SELECT 1 FROM _outbox WHERE kind=?1 AND id=?2) "
		"OR EXISTS(SELECT 1 FROM _conflict WHERE kind=?1 AND id=?2) "
		"OR EXISTS(SELECT 1 FROM _held WHERE kind=?1 AND id=?2) "
		"OR EXISTS(SELECT 1 FROM _aside)",
		"ss", kind, id);

	*new_here = !st && !found;
	return st;
}

static int
by_field(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	int order = strcmp(x->field, y->field);

	return order ? order : (x->seq < y->seq) - (x->seq > y->seq);
}

/* By field, for each the newest that won. */
static void
gather_cells(const struct entry *entries, size_t count, struct cells *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < entries[i].edit.count; j++) {
			const char *field = entries[i].edit.changes[j].field;

			if (!verdict_won(&entries[i].verdict, field))
				continue;
			MEM_ROOM(out->items, out->count, out->cap);
			out->items[out->count++] =
				(struct cell){field, entries[i].seq};
		}
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), by_field);
	for (size_t i = 0; i < out->count; i++)
		if (!kept || strcmp(out->items[kept - 1].field,
				     out->items[i].field) != 0)
			out->items[kept++] = out->items[i];
	out->count = kept;
}

static enum status
write_some(struct replica *r, const char *kind, const char *id,
	const struct cell *cells, size_t count, struct why *why)
{
	struct sql *db = replica_sql(r);
	struct buf sql = BUF_INIT;
	enum status st;
	sqlite3_stmt *s;
	bool row;

	/* There are none: what could fail would be noted for going back. */
	buf_puts(&sql, "INSERT OR IGNORE INTO _cell(kind,id,field,seq) VALUES");
	for (size_t i = 0; i < count; i++)
		buf_puts(&sql, i ? ",(?1,?2,?,?)" : "(?1,?2,?,?)");
	s = sql_use(db, buf_text(&sql), "ss", kind, id);
	for (size_t i = 0; s && i < count; i++) {
		int at = (int)i * 2 + 3;

		sqlite3_bind_text(s, at, cells[i].field, -1, SQLITE_STATIC);
		sqlite3_bind_int64(s, at + 1, cells[i].seq);
	}
	st = sql_step(db, s, &row, why);
	buf_release(&sql);
	return st;
}

static enum status
write_cells(struct replica *r, const char *kind, const char *id,
	const struct cells *cells, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < cells->count; i += CELLS_AT_ONCE) {
		size_t left = cells->count - i;

		st = write_some(r, kind, id, cells->items + i,
			left < CELLS_AT_ONCE ? left : CELLS_AT_ONCE, why);
	}
	return st;
}

enum status
inbox_new(struct replica *r, const char *kind, const char *id,
	const struct entry *entries, size_t count, bool *taken, struct why *why)
{
	struct cells cells = {0};
	enum status st = ST_OK;

	*taken = is_plain(entries, count);
	if (*taken)
		st = is_new(r, kind, id, taken, why);
	for (size_t i = 0; !st && *taken && i < count; i++)
		st = inbox_log_add(r, &entries[i], taken, why);
	if (st || !*taken)
		return st;
	gather_cells(entries, count, &cells);
	st = write_cells(r, kind, id, &cells, why);
	if (!st && cells.count)
		st = lay_new(replica_tables(r), kind, id, entries, count, why);
	free(cells.items);
	return st;
}
