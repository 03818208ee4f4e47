#include "tui/record_address.h"

#include <string.h>

#include "common/query.h"
#include "tui/record_sections.h"

#define FOUND_MAX 500 /* read of what names the address */
#define SECTION_MAX 6 /* shown of each kind */

/* The address, where it is what the record is called by; "": it is no place. */
static const char *
address_of(const struct record *rec)
{
	const struct field *f = kind_field(rec->kind, rec->kind->title);

	return f && f->type == TYPE_TEXT && f->privacy == PRIVACY_PLACE
		       ? record_text(rec, f->name)
		       : "";
}

/* "410 Front St" of "Sunset Motel, 410 Front St, Oakland": the first part with
 * a number; all of it where there is none. */
static const char *
street_of(const char *address, size_t *len)
{
	for (const char *part = address; *part; part += *part == ',') {
		part += strspn(part, " ");
		*len = strcspn(part, ",");
		if (strcspn(part, "0123456789") < *len)
			return part;
		part += *len;
	}
	*len = strlen(address);
	return address;
}

void
record_address_query(const struct record *rec, struct buf *out)
{
	size_t len;
	const char *street = street_of(address_of(rec), &len);

	buf_putc(out, '"');
	for (size_t i = 0; i < len; i++)
		buf_putc(out, street[i] == '"' ? ' ' : street[i]);
	buf_putc(out, '"');
}

static bool
has_section(const struct kind *of, const char *kind)
{
	for (size_t i = 0; i < of->section_count; i++)
		if (strcmp(of->sections[i], kind) == 0)
			return true;
	return false;
}

bool
record_address_is_of(const struct record *rec, const struct kind *k)
{
	return rec && k != rec->kind && address_of(rec)[0] &&
	       kind_field(k, rec->kind->title) &&
	       !has_section(rec->kind, k->name);
}

/* Of one kind, in the order they were found. */
static void
pick_ids(const struct record *rec, const struct finds *f, const struct kind *k,
	struct names *ids)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->items[i].kind, k->name) == 0 &&
			(k != rec->kind || strcmp(f->items[i].id, rec->id)))
			names_add(ids, f->items[i].id);
}

/* Those of a kind; gives how many. */
static size_t
add_kind(struct view *v, const struct finds *f, const struct kind *k)
{
	struct record_view *rv = v->state;
	size_t first = rv->page.rows.count, count;
	struct names ids = {0};

	pick_ids(rv->rec, f, k, &ids);
	count = ids.count;
	if (count)
		section_records(v, k, "at this address", &ids, SECTION_MAX);
	for (size_t i = first; i < rv->page.rows.count; i++) {
		rv->page.rows.items[i].tag = ROW_ADDRESS;
		rv->page.rows.items[i].index = k->index;
	}
	names_release(&ids);
	return count;
}

void
record_address(struct view *v)
{
	struct record_view *rv = v->state;
	const struct catalog *c = replica_catalog(v->app->replica);
	struct finds found = {0};
	struct buf query = BUF_INIT;
	size_t count = 0;
	struct why why;

	if (!address_of(rv->rec)[0])
		return;
	record_address_query(rv->rec, &query);
	app_failed(v->app,
		query_find(v->app->replica, buf_text(&query), FOUND_MAX, &found,
			&why),
		&why);
	for (size_t i = 0; i < c->kind_count; i++)
		if (!has_section(rv->rec->kind, c->offered[i]->name))
			count += add_kind(v, &found, c->offered[i]);
	if (!count)
		rows_head(&rv->page.rows, "Nothing else is at this address");
	finds_release(&found);
	buf_release(&query);
}
