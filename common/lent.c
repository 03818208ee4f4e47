#include "common/lent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"

static enum status
read_list(
	struct replica *r, const char *key, struct names *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	sqlite3_stmt *s = sql_use(db,
		"SELECT j.value FROM _meta m,json_each(m.value) j "
		"WHERE m.key=?1 ORDER BY 1",
		"s", key);

	return sql_names(db, s, out, NULL, why);
}

static enum status
write_list(struct replica *r, const char *key, const struct names *list,
	struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st;

	buf_putc(&text, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_put_comma(&text);
		json_put_text(&text, list->items[i]);
	}
	buf_putc(&text, ']');
	st = replica_meta_set(r, key, buf_text(&text), why);
	buf_release(&text);
	return st;
}

enum status
lent_asked(struct replica *r, struct names *out, struct why *why)
{
	return read_list(r, META_ASKED, out, why);
}

enum status
lent_ask(struct replica *r, const char *book, bool wanted, struct why *why)
{
	struct names asked = {0}, kept = {0};
	enum status st = lent_asked(r, &asked, why);

	for (size_t i = 0; i < asked.count; i++)
		if (strcmp(asked.items[i], book) != 0)
			names_push(&kept, asked.items[i]);
	if (wanted)
		names_push(&kept, book);
	if (!st && kept.count > ASKED_MAX)
		st = why_set(why, ST_DATA,
			"%zu books are asked for already: give one back with "
			"books -BOOK",
			asked.count);
	if (!st)
		st = write_list(r, META_ASKED, &kept, why);
	names_release(&asked);
	names_release(&kept);
	return st;
}

enum status
lent_books(struct replica *r, struct names *out, struct why *why)
{
	return read_list(r, META_LENT, out, why);
}

enum status
lent_set(struct replica *r, const struct names *books, struct why *why)
{
	return write_list(r, META_LENT, books, why);
}

enum status
lent_only(struct replica *r, const char *kind, const char *id,
	char book[BOOK_MAX], struct why *why)
{
	struct names lent = {0};
	struct sql *db = replica_sql(r);
	enum status st = lent_books(r, &lent, why);
	sqlite3_stmt *s;
	bool row = false, own = false;

	book[0] = '\0';
	if (st || !lent.count)
		return st;
	s = sql_use(db, "SELECT book FROM _in_book WHERE kind=?1 AND id=?2",
		"ss", kind, id);
	while (!(st = sql_step(db, s, &row, why)) && row) {
		const char *in = sql_column(s, 0);

		if (names_have(&lent, in))
			snprintf(book, BOOK_MAX, "%s", in);
		else
			own = true;
	}
	if (own)
		book[0] = '\0';
	names_release(&lent);
	return st;
}

enum status
lent_own_beats(struct replica *r, struct names *out, struct why *why)
{
	struct sql *db = replica_sql(r);
	struct names lent = {0};
	enum status st = lent_books(r, &lent, why);
	sqlite3_stmt *s;
	bool row;

	if (st)
		return st;
	s = sql_use(db,
		"SELECT book FROM _book WHERE book>='beat:' AND book<'beat;' "
		"ORDER BY book",
		"");
	while (!(st = sql_step(db, s, &row, why)) && row)
		if (!names_have(&lent, sql_column(s, 0)))
			names_push(out, sql_column(s, 0) + strlen("beat:"));
	names_release(&lent);
	return st;
}
