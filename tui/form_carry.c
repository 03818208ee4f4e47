#include "tui/form_carry.h"

#include <stdio.h>
#include <string.h>

#include "common/inbox.h"
#include "common/lent.h"
#include "common/value.h"
#include "tui/input.h"

/* Refs that could be carried: not those to people. */
static bool
is_place(const struct field *f)
{
	return input_is_ref(f) && f->privacy != PRIVACY_PERSONAL;
}

/* The one field of a kind that points to records of `ref_kind`; else NULL. */
static const struct field *
only_ref(const struct kind *k, const char *ref_kind)
{
	const struct field *only = NULL;

	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *f = &k->fields[i];

		if (!is_place(f) || strcmp(f->ref_kind, ref_kind) != 0)
			continue;
		if (only)
			return NULL;
		only = f;
	}
	return only;
}

/* Does a record's book follow from this field? */
static bool
tells_book(const struct kind *k, const struct field *f)
{
	for (size_t i = 0; i < k->book_count; i++)
		if (strcmp(k->books[i].steps[0], f->name) == 0)
			return true;
	return false;
}

static bool
shows_section(const struct kind *k, const char *section)
{
	for (size_t i = 0; i < k->section_count; i++)
		if (strcmp(k->sections[i], section) == 0)
			return true;
	return false;
}

/* The record one stands at, where the field may point to it. */
static bool
carry_itself(const struct record *from, const struct kind *k,
	const struct field *field, struct buf *out)
{
	if (from->void_value.text[0])
		return false;
	if (!field->ref_kind[0] && shows_section(from->kind, k->name))
		buf_printf(out, "%s/%s", from->kind->name, from->id);
	else if (strcmp(field->ref_kind, from->kind->name) == 0)
		value_join(out, from->id);
	return out->len > 0;
}

/* Which of its fields says where a record like the new one belongs? Of its
 * own kind, only what tells the book: another project on the same beat is not
 * about the same concerns. */
static const struct field *
like(const struct record *from, const struct kind *k, const struct field *field)
{
	const struct field *own = only_ref(from->kind, field->ref_kind);

	if (from->kind == k)
		return tells_book(k, field) ? kind_field(k, field->name) : NULL;
	return field->indexed || field->type == TYPE_REFS ? own : NULL;
}

/* A list goes into one value only where it holds but one. */
static void
carry_value(const struct field *field, const struct field *own,
	const char *text, struct buf *out)
{
	struct buf first = BUF_INIT, more = BUF_INIT;
	size_t at = 0;

	if (!text[0])
		return;
	if (own->type == field->type)
		buf_puts(out, text);
	else if (field->type == TYPE_REFS)
		value_join(out, text);
	else if (value_next(text, &at, &first) && !value_next(text, &at, &more))
		buf_puts(out, buf_text(&first));
	buf_release(&first);
	buf_release(&more);
}

/* What the record points to by a ref to any kind. */
static void
carry_named(
	const struct record *from, const struct field *field, struct buf *out)
{
	const struct field *any = only_ref(from->kind, "");
	char kind[NAME_MAX_BYTES + 1];
	const char *id;

	if (any && field->ref_kind[0] && any->type == TYPE_REF &&
		record_name_split(record_text(from, any->name), kind, &id) &&
		strcmp(kind, field->ref_kind) == 0)
		value_join(out, id);
}

/* The one book of this kind of record that is one's own. */
static void
carry_own(struct replica *r, const struct field *field, struct buf *out)
{
	struct held_books held = {0};
	struct names lent = {0};
	size_t len = strlen(field->ref_kind), count = 0;
	struct why why;

	if (inbox_books(r, &held, &why) || lent_books(r, &lent, &why))
		held.count = 0;
	for (size_t i = 0; i < held.count; i++) {
		const char *book = held.items[i].book;

		if (strncmp(book, field->ref_kind, len) != 0 ||
			book[len] != ':' || names_have(&lent, book))
			continue;
		if (!count++)
			value_join(out, book + len + 1);
	}
	if (count > 1)
		buf_clear(out);
	held_books_release(&held);
	names_release(&lent);
}

/* Where a place is, for what is at it. */
static void
carry_address(const struct record *from, const struct kind *k,
	const struct field *field, struct buf *out)
{
	const struct field *title = kind_field(from->kind, from->kind->title);
	const struct field *own = kind_field(from->kind, field->name);

	if (from->kind != k && title && title->privacy == PRIVACY_PLACE &&
		own && own->type == field->type &&
		strcmp(own->cell, title->cell) == 0)
		buf_puts(out, record_text(from, own->name));
}

void
form_carry(struct replica *r, const struct record *from,
	const struct field *field, struct buf *out)
{
	const struct kind *k = catalog_kind(replica_catalog(r), field->kind);
	const struct field *own;
	bool mine;

	if (k && from)
		carry_address(from, k, field, out);
	if (!k || !is_place(field) || only_ref(k, field->ref_kind) != field)
		return;
	mine = k->book_count && strcmp(k->books[0].steps[0], field->name) == 0;
	if (from && from->kind != k && carry_itself(from, k, field, out))
		return;
	own = from ? like(from, k, field) : NULL;
	if (own)
		carry_value(field, own, record_text(from, own->name), out);
	if (from && !out->len)
		carry_named(from, field, out);
	if (!out->len && mine && k->books[0].count == 1)
		carry_own(r, field, out);
}
