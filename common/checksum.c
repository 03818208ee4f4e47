#include "common/checksum.h"

#include <stdlib.h>
#include <string.h>

#include "common/netstring.h"

void
checksums_release(struct checksums *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->items[i].kind);
	free(c->items);
	memset(c, 0, sizeof(*c));
}

/* Rows come kind by kind, so the last one is tried first. */
struct checksum *
checksums_kind(struct checksums *c, const char *kind)
{
	for (size_t i = c->count; i-- > 0;)
		if (strcmp(c->items[i].kind, kind) == 0)
			return &c->items[i];
	MEM_ROOM(c->items, c->count, c->cap);
	c->items[c->count] = (struct checksum){mem_text(kind), 0};
	return &c->items[c->count++];
}

static bool
has_same(const struct checksums *c, const struct checksum *other)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].kind, other->kind) == 0)
			return c->items[i].sum == other->sum;
	return false;
}

bool
checksums_same(const struct checksums *a, const struct checksums *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!has_same(b, &a->items[i]))
			return false;
	return true;
}

void
checksums_add(struct checksums *c, char what, const char *kind, const char *id,
	const char *field, struct edit_id edit)
{
	char edit_text[EDIT_ID_TEXT];
	struct buf b = BUF_INIT;
	struct digest d;
	uint64_t sum = 0;

	edit_id_text(edit, edit_text);
	buf_putc(&b, what);
	buf_printf(&b, "%zu:%s/%s", strlen(kind) + 1 + strlen(id), kind, id);
	netstring_text(&b, field);
	netstring_text(&b, edit_text);
	netstring_digest(&b, &d);
	for (size_t i = 0; i < sizeof(sum); i++)
		sum = sum << 8 | d.bytes[i];
	checksums_kind(c, kind)->sum += sum;
}

enum status
checksums_add_rows(
	struct checksums *c, struct sql *db, sqlite3_stmt *s, struct why *why)
{
	enum status st;
	bool row;

	while (!(st = sql_step(db, s, &row, why)) && row) {
		const struct edit_id edit = {
			(uint32_t)sqlite3_column_int64(s, 4),
			(uint32_t)sqlite3_column_int64(s, 5)};

		checksums_add(c, *sql_column(s, 0), sql_column(s, 1),
			sql_column(s, 2), sql_column(s, 3), edit);
	}
	return st;
}

enum status
checksums_read(struct replica *r, const char *book, struct checksums *out,
	struct why *why)
{
	struct sql *db = replica_sql(r);

	return checksums_add_rows(out, db,
		sql_use(db,
			"SELECT 'r',kind,id,'',0,0 FROM _in_book WHERE "
			"book=?1 UNION ALL "
			"SELECT 'c',b.kind,b.id,c.field,e.replica,e.n FROM "
			"_in_book b JOIN _cell c ON c.kind=b.kind AND "
			"c.id=b.id LEFT JOIN _entry e ON e.seq=c.seq WHERE "
			"b.book=?1 UNION ALL "
			"SELECT 'l',b.kind,b.id,x.field,x.replica,x.n FROM "
			"_in_book b JOIN _conflict x ON x.kind=b.kind AND "
			"x.id=b.id WHERE b.book=?1",
			"s", book),
		why);
}
