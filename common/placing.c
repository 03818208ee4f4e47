#include "common/placing.h"

#include <stdlib.h>
#include <string.h>

#include "common/shown.h"
#include "common/value.h"

static bool
is_over(const struct placing *p, const char *kind, const char *id)
{
	return p->over && strcmp(p->over->kind, kind) == 0 &&
	       strcmp(p->over->record, id) == 0;
}

/* Nothing is added for a record that is not there. */
static enum status
read_column(struct replica *r, const char *column, const char *kind,
	const char *id, struct buf *out, struct why *why)
{
	struct buf sql = BUF_INIT;
	char *text = NULL;
	enum status st;

	buf_printf(&sql, "SELECT \"%s\" FROM \"%s\" WHERE id=?1", column, kind);
	st = sql_text(replica_sql(r), &text, why, buf_text(&sql), "s", id);
	if (!st && text)
		buf_puts(out, text);
	free(text);
	buf_release(&sql);
	return st;
}

static enum status
table_value(void *arg, const char *kind, const char *id, const char *field,
	struct buf *out, struct why *why)
{
	const struct placing *p = arg;
	const struct kind *k = catalog_kind(replica_catalog(p->r), kind);
	const struct change *c;

	if (is_over(p, kind, id)) {
		c = edit_find(p->over, field);
		buf_puts(out, c ? c->value : "");
		return ST_OK;
	}
	if (!k || !kind_field(k, field))
		return ST_OK;
	return read_column(p->r, field, kind, id, out, why);
}

static enum status
table_author(void *arg, const char *kind, const char *id, struct buf *out,
	struct why *why)
{
	const struct placing *p = arg;

	if (is_over(p, kind, id)) {
		buf_puts(out, replica_identity(p->r)->badge);
		return ST_OK;
	}
	if (!catalog_kind(replica_catalog(p->r), kind))
		return ST_OK;
	return read_column(p->r, "created_by", kind, id, out, why);
}

struct book_lookup
placing_lookup(struct placing *p)
{
	return (struct book_lookup){p, table_value, table_author};
}

/* The void in force of a record by name, as it is shown; none: it is not
 * void, or not held. */
static enum status
void_of(struct replica *r, const char *name, struct edit_id *out,
	struct why *why)
{
	char kind[NAME_MAX_BYTES + 1];
	const struct kind *k;
	struct record *rec;
	const char *id;
	enum status st;

	if (!record_name_split(name, kind, &id))
		return ST_OK;
	k = catalog_kind(replica_catalog(r), kind);
	if (!k)
		return ST_OK;
	st = shown_read(replica_tables(r), k, id, &rec, why);
	if (st)
		return st == ST_NOT_FOUND ? ST_OK : st;
	if (rec->void_value.text[0])
		*out = rec->void_value.edit;
	record_free(rec);
	return ST_OK;
}

enum status
placing_saw_void(struct replica *r, const struct edit *e,
	const struct looked *when, struct edit_id *out, struct why *why)
{
	struct placing p = {r, e};
	const struct book_lookup look = placing_lookup(&p);
	struct names books = {0}, parents = {0};
	enum status st = books_of(replica_catalog(r), &look, e->kind, e->record,
		&books, &parents, why);

	if (st == ST_DATA)
		st = ST_OK;
	for (size_t i = 0; !st && i < parents.count && edit_id_none(*out);
		i++) {
		st = void_of(r, parents.items[i], out, why);
		if (!st && when)
			st = looked_at_void(r, when, out, why);
	}
	names_release(&books);
	names_release(&parents);
	return st;
}
