/* What the records are now, which books they are in and were. */
#include "sync/lite.h"

#include <stdlib.h>
#include <string.h>

static enum status
lite_cells(struct hub_log *l, const char *kind, const char *id,
	struct log_cells *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT field, value, seq, at, replica, n FROM cell"
		" WHERE kind=?1 AND id=?2",
		"ss", kind, id);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct log_cell *c;

		MEM_ROOM(out->items, out->count, out->cap);
		c = &out->items[out->count++];
		c->field = mem_text(sql_column(s, 0));
		c->value = mem_text(sql_column(s, 1));
		c->seq = sqlite3_column_int64(s, 2);
		c->at = sqlite3_column_int64(s, 3);
		c->edit.replica = (uint32_t)sqlite3_column_int64(s, 4);
		c->edit.n = (uint32_t)sqlite3_column_int64(s, 5);
	}
	return st;
}

static enum status
lite_cell_value(struct hub_log *l, const char *kind, const char *id,
	const char *field, struct buf *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT value FROM cell WHERE kind=?1 AND id=?2 AND field=?3",
		"sss", kind, id, field);
	enum status st = lite_step_one(db, s, why);

	if (st)
		return st == ST_NOT_FOUND ? ST_OK : st;
	buf_puts(out, sql_column(s, 0));
	sqlite3_reset(s);
	return ST_OK;
}

static enum status
lite_cell_set(struct hub_log *l, const char *kind, const char *id,
	const struct log_cell *c, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT OR REPLACE INTO cell(kind, id, field, seq, replica, n,"
		" at, value) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		"sssiiiis", kind, id, c->field, c->seq,
		(int64_t)c->edit.replica, (int64_t)c->edit.n, c->at, c->value);
}

static enum status
lite_losers(struct hub_log *l, const char *kind, const char *id,
	struct log_losers *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT field, replica, n FROM loser WHERE kind=?1 AND id=?2",
		"ss", kind, id);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct edit_id edit = {(uint32_t)sqlite3_column_int64(s, 1),
			(uint32_t)sqlite3_column_int64(s, 2)};

		log_losers_add(out, sql_column(s, 0), edit);
	}
	return st;
}

static enum status
lite_losers_set(struct hub_log *l, const char *kind, const char *id,
	const char *field, const struct log_losers *all, struct why *why)
{
	struct sql *db = lite_db(l);
	enum status st = sql_run(db, why,
		"DELETE FROM loser WHERE kind=?1 AND id=?2 AND field=?3", "sss",
		kind, id, field);

	for (size_t i = 0; !st && i < all->count; i++)
		if (strcmp(all->items[i].field, field) == 0)
			st = sql_run(db, why,
				"INSERT INTO loser VALUES(?1, ?2, ?3, ?4, ?5)",
				"sssii", kind, id, field,
				(int64_t)all->items[i].edit.replica,
				(int64_t)all->items[i].edit.n);
	return st;
}

static enum status
lite_links_set(struct hub_log *l, const char *kind, const char *id,
	const char *field, const struct names *targets, struct why *why)
{
	struct sql *db = lite_db(l);
	enum status st = sql_run(db, why,
		"DELETE FROM link WHERE kind=?1 AND id=?2 AND field=?3", "sss",
		kind, id, field);

	for (size_t i = 0; !st && i < targets->count; i++)
		st = sql_run(db, why,
			"INSERT INTO link(kind, field, target, id)"
			" VALUES(?1, ?2, ?3, ?4)",
			"ssss", kind, field, targets->items[i], id);
	return st;
}

/* Every row's first column, added to the names. */
static enum status
read_names(struct sql *db, sqlite3_stmt *s, struct names *out, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count++] = mem_text(sql_column(s, 0));
	}
	return st;
}

static enum status
lite_links_to(struct hub_log *l, const char *kind, const char *field,
	const char *target, struct names *ids, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_names(db,
		sql_use(db,
			"SELECT id FROM link"
			" WHERE kind=?1 AND field=?2 AND target=?3",
			"sss", kind, field, target),
		ids, why);
}

static enum status
lite_leans_set(struct hub_log *l, const char *kind, const char *id,
	const struct names *on, struct why *why)
{
	struct sql *db = lite_db(l);
	enum status st = sql_run(db, why,
		"DELETE FROM lean WHERE kind=?1 AND id=?2", "ss", kind, id);

	for (size_t i = 0; !st && i < on->count; i++)
		st = sql_run(db, why,
			"INSERT INTO lean(target, kind, id) VALUES(?1, ?2, ?3)",
			"sss", on->items[i], kind, id);
	return st;
}

static enum status
read_records(
	struct sql *db, sqlite3_stmt *s, struct log_names *out, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count].kind = mem_text(sql_column(s, 0));
		out->items[out->count++].id = mem_text(sql_column(s, 1));
	}
	return st;
}

static enum status
lite_leaners(struct hub_log *l, const char *kind, const char *id,
	struct log_names *out, struct why *why)
{
	struct sql *db = lite_db(l);
	char *target = mem_printf("%s/%s", kind, id);
	enum status st = read_records(db,
		sql_use(db, "SELECT kind, id FROM lean WHERE target=?1", "s",
			target),
		out, why);

	free(target);
	return st;
}

static enum status
lite_books(struct hub_log *l, const char *kind, const char *id,
	struct log_books *out, struct why *why)
{
	struct sql *db = lite_db(l);
	sqlite3_stmt *s = sql_use(db,
		"SELECT book, since FROM record_book WHERE kind=?1 AND id=?2",
		"ss", kind, id);
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count].book = mem_text(sql_column(s, 0));
		out->items[out->count++].since = sqlite3_column_int64(s, 1);
	}
	return st;
}

static enum status
lite_book_add(struct hub_log *l, const char *kind, const char *id,
	const char *book, int64_t since, struct why *why)
{
	return sql_run(lite_db(l), why,
		"INSERT INTO record_book(kind, id, book, since)"
		" VALUES(?1, ?2, ?3, ?4)",
		"sssi", kind, id, book, since);
}

static enum status
lite_book_drop(struct hub_log *l, const char *kind, const char *id,
	const char *book, struct why *why)
{
	return sql_run(lite_db(l), why,
		"DELETE FROM record_book WHERE kind=?1 AND id=?2 AND book=?3",
		"sss", kind, id, book);
}

/* From kind to kind by the index: as many steps as there are kinds. */
static enum status
lite_book_sums(struct hub_log *l, const char *book, struct checksums *out,
	struct why *why)
{
	struct sql *db = lite_db(l);

	return checksums_add_rows(out, db,
		sql_use(db,
			"SELECT 'r', kind, id, '', 0, 0 FROM record_book"
			" WHERE book=?1 UNION ALL"
			" SELECT 'c', b.kind, b.id, c.field, c.replica, c.n"
			" FROM record_book b JOIN cell c ON c.kind=b.kind AND"
			" c.id=b.id WHERE b.book=?1 UNION ALL"
			" SELECT 'l', b.kind, b.id, x.field, x.replica, x.n"
			" FROM record_book b JOIN loser x ON x.kind=b.kind AND"
			" x.id=b.id WHERE b.book=?1",
			"s", book),
		why);
}

static enum status
lite_book_kinds(struct hub_log *l, const char *book, struct names *kinds,
	struct why *why)
{
	struct sql *db = lite_db(l);
	char *kind = NULL;
	enum status st;

	st = sql_text(db, &kind, why,
		"SELECT min(kind) FROM record_book WHERE book=?1", "s", book);
	while (!st && kind) {
		char *last = kind;

		names_add(kinds, kind);
		st = sql_text(db, &kind, why,
			"SELECT min(kind) FROM record_book"
			" WHERE book=?1 AND kind>?2",
			"ss", book, last);
		free(last);
	}
	free(kind);
	return st;
}

static enum status
lite_book_ids(struct hub_log *l, const char *book, const char *kind,
	const char *after, int64_t upto, int64_t limit, struct names *ids,
	struct why *why)
{
	struct sql *db = lite_db(l);

	return read_names(db,
		sql_use(db,
			"SELECT id FROM record_book WHERE book=?1 AND kind=?2"
			" AND id>?3 AND since<=?4 ORDER BY id LIMIT ?5",
			"sssii", book, kind, after, upto, limit),
		ids, why);
}

static enum status
lite_ids(
	struct hub_log *l, const char *kind, struct names *ids, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_names(db,
		sql_use(db,
			"SELECT DISTINCT id FROM record_book WHERE kind=?1"
			" ORDER BY id",
			"s", kind),
		ids, why);
}

/* By seq: the plus keeps SQLite from the index that has the names in order. */
static enum status
lite_leavers(struct hub_log *l, const char *book, int64_t seq,
	struct log_names *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_records(db,
		sql_use(db,
			"SELECT DISTINCT +kind, +id FROM move"
			" WHERE seq>?1 AND book=?2 AND move=?3",
			"isi", seq, book, (int64_t)MOVE_LEAVES),
		out, why);
}

static enum status
lite_move_add(struct hub_log *l, const struct log_move *m, int64_t place,
	struct why *why)
{
	enum status st = sql_run(lite_db(l), why,
		"INSERT INTO move VALUES(?1, ?2, ?3, ?4, ?5, ?6)", "iisssi",
		m->seq, place, m->kind, m->id, m->book, (int64_t)m->move);

	return st ? st : lite_news_move(lite_db(l), m, why);
}

static enum status
read_moves(
	struct sql *db, sqlite3_stmt *s, struct log_moves *out, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		struct log_move *m;

		MEM_ROOM(out->items, out->count, out->cap);
		m = &out->items[out->count++];
		m->seq = sqlite3_column_int64(s, 0);
		m->kind = mem_text(sql_column(s, 1));
		m->id = mem_text(sql_column(s, 2));
		m->book = mem_text(sql_column(s, 3));
		m->move = (enum move)sqlite3_column_int(s, 4);
	}
	return st;
}

static enum status
lite_moves_at(
	struct hub_log *l, int64_t seq, struct log_moves *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_moves(db,
		sql_use(db,
			"SELECT seq, kind, id, book, move FROM move"
			" WHERE seq=?1 ORDER BY place",
			"i", seq),
		out, why);
}

static enum status
lite_moves_of(struct hub_log *l, const char *kind, const char *id,
	struct log_moves *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_moves(db,
		sql_use(db,
			"SELECT seq, kind, id, book, move FROM move"
			" WHERE kind=?1 AND id=?2 ORDER BY seq, place",
			"ss", kind, id),
		out, why);
}

static enum status
lite_records(struct hub_log *l, const char *kind, const char *id, int64_t limit,
	struct log_names *out, struct why *why)
{
	struct sql *db = lite_db(l);

	return read_records(db,
		sql_use(db,
			"SELECT DISTINCT kind, id FROM entry"
			" WHERE (kind, id) > (?1, ?2) ORDER BY kind, id"
			" LIMIT ?3",
			"ssi", kind, id, limit),
		out, why);
}

static enum status
lite_stats(struct hub_log *l, struct log_stats *out, struct why *why)
{
	struct sql *db = lite_db(l);
	const struct {
		int64_t *figure;
		const char *text;
	} asked[] = {
		{&out->entries, "SELECT count(*) FROM entry"},
		{&out->records, "SELECT count(*) FROM"
				" (SELECT DISTINCT kind, id FROM record_book)"},
		{&out->replicas, "SELECT count(*) FROM replica WHERE number>0"},
		{&out->revoked, "SELECT count(*) FROM replica WHERE revoked"},
		{&out->held, "SELECT count(*) FROM entry WHERE state=1"},
		{&out->refused, "SELECT count(*) FROM entry WHERE state=2"},
		{&out->conflicts,
			"SELECT count(*) FROM"
			" (SELECT DISTINCT kind, id, field FROM loser)"},
		{&out->cells, "SELECT count(*) FROM cell"},
		{&out->bytes, "SELECT page_count * page_size"
			      " FROM pragma_page_count, pragma_page_size"},
	};
	enum status st = ST_OK;

	for (size_t i = 0; !st && i < sizeof(asked) / sizeof(*asked); i++)
		st = sql_int(db, 0, asked[i].figure, why, asked[i].text, "");
	return st;
}

void
lite_record_ops(struct hub_log_ops *ops)
{
	ops->cells = lite_cells;
	ops->cell_value = lite_cell_value;
	ops->cell_set = lite_cell_set;
	ops->losers = lite_losers;
	ops->losers_set = lite_losers_set;
	ops->links_set = lite_links_set;
	ops->links_to = lite_links_to;
	ops->leans_set = lite_leans_set;
	ops->leaners = lite_leaners;
	ops->books = lite_books;
	ops->book_add = lite_book_add;
	ops->book_drop = lite_book_drop;
	ops->book_kinds = lite_book_kinds;
	ops->book_sums = lite_book_sums;
	ops->book_ids = lite_book_ids;
	ops->ids = lite_ids;
	ops->leavers = lite_leavers;
	ops->move_add = lite_move_add;
	ops->moves_at = lite_moves_at;
	ops->moves_of = lite_moves_of;
	ops->records = lite_records;
	ops->stats = lite_stats;
}
