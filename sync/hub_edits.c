#include "sync/hub_edits.h"

#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "common/value.h"

void
hub_edits_release(struct hub_edits *l)
{
	for (size_t i = 0; i < l->count; i++)
		edit_release(&l->items[i]);
	free(l->items);
	*l = (struct hub_edits){NULL, 0, 0};
}

void
hub_edits_add(struct hub_edits *l, const char *kind, const char *id)
{
	MEM_ROOM(l->items, l->count, l->cap);
	l->items[l->count++] =
		(struct edit){.kind = mem_text(kind), .record = mem_text(id)};
}

/* The record's value now; nothing for a record that is new. */
static enum status
current(struct hub *h, const struct edit *e, const char *field, struct buf *out,
	struct why *why)
{
	if (!e->record[0])
		return ST_OK;
	return hub_value(h, e->kind, e->record, field, out, why);
}

enum status
hub_edits_put(struct hub *h, struct hub_edits *l, const char *field,
	const char *typed, struct why *why)
{
	struct edit *e = &l->items[l->count - 1];
	const struct kind *k = catalog_kind(hub_catalog(h), e->kind);
	struct value_context ctx = {.me = ""};
	struct buf now = BUF_INIT;
	struct clock_reading clock;
	char *value = NULL;
	enum status st;

	clock_read(NULL, &clock);
	ctx.now_ms = clock.wall_ms;
	st = value_read(kind_field(k, field), typed, &ctx, &value, why);
	if (!st)
		st = current(h, e, field, &now, why);
	if (!st && strcmp(buf_text(&now), value) != 0)
		edit_change(e, field, value, EDIT_ID_NONE);
	buf_release(&now);
	free(value);
	return st;
}

size_t
hub_edits_changes(const struct hub_edits *l)
{
	return l->items[l->count - 1].count;
}

enum status
hub_edits_write(struct hub *h, struct hub_edits *l, struct why *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->items[i].count)
			l->items[kept++] = l->items[i];
		else
			edit_release(&l->items[i]);
	}
	l->count = kept;
	return kept ? hub_write_all(h, l->items, kept, why) : ST_OK;
}

const char *
hub_word(const char *kind)
{
	return strcmp(kind, "org_unit") == 0 ? "unit" : kind;
}

static const char *
first_command(const char *kind)
{
	if (strcmp(kind, "beat") == 0)
		return "import beats";
	return strcmp(kind, "member") == 0 ? "member add" : "unit add";
}

static enum status
none_such(struct hub *h, const char *kind, const char *id, struct why *why)
{
	const char *word = hub_word(kind);
	struct nearest near = {.typed = id};
	struct names all = {NULL, 0, 0};
	char hint[NEAREST_HINT_MAX];
	enum status st = hub_ids(h, kind, &all, why);

	for (size_t i = 0; i < all.count; i++)
		nearest_offer(&near, all.items[i]);
	nearest_hint(&near, hint);
	if (!st && !all.count)
		st = why_set(why, ST_DATA,
			"there is no %s %.70s, nor any other: begin with "
			"`beatbook-hub %s`",
			word, id, first_command(kind));
	else if (!st)
		st = why_set(why, ST_DATA,
			"there is no %s %.70s: %s%s`beatbook-hub %s list` "
			"shows all",
			word, id, hint[0] ? hint + 2 : "", hint[0] ? " " : "",
			word);
	names_release(&all);
	return st;
}

enum status
hub_need(struct hub *h, const char *kind, const char *id, struct why *why)
{
	bool exists = false;
	enum status st = hub_exists(h, kind, id, &exists, why);

	return st || exists ? st : none_such(h, kind, id, why);
}
