#include "common/query_offer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/query.h"
#include "common/query_clause.h"
#include "common/record.h"

#define RECORDS_MAX 8 /* offered at once */

void
offers_release(struct offers *o)
{
	for (size_t i = 0; i < o->count; i++) {
		free(o->items[i].text);
		free(o->items[i].label);
	}
	free(o->items);
	memset(o, 0, sizeof(*o));
}

void
offers_add(struct offers *o, const char *text, const char *label)
{
	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->items[i].text, text) == 0)
			return;
	MEM_ROOM(o->items, o->count, o->cap);
	o->items[o->count].text = mem_text(text);
	o->items[o->count++].label = mem_text(label);
}

static bool
begins(const char *text, const char *typed)
{
	return strncasecmp(text, typed, strlen(typed)) == 0;
}

/* One word, or none of them where it does not begin so. */
static void
offer_word(struct offers *o, const char *word, const char *typed)
{
	if (begins(word, typed))
		offers_add(o, word, "");
}

static void
offer_words(struct offers *o, const char *const *words, const char *typed)
{
	for (; *words; words++)
		offer_word(o, *words, typed);
}

void
offer_kinds(const struct catalog *c, const char *typed, struct offers *o)
{
	for (size_t i = 0; i < c->kind_count; i++)
		if (begins(c->kinds[i].name, typed) ||
			begins(c->kinds[i].many, typed))
			offers_add(o, c->kinds[i].name, "");
}

static void
offer_record(struct replica *r, const char *kind, const char *id, bool named,
	struct offers *o)
{
	char *name = named ? mem_printf("%s/%s", kind, id) : mem_text(id);
	char *title = record_title_of(r, kind, id);

	offers_add(o, name, strcmp(title, id) == 0 ? "" : title);
	free(title);
	free(name);
}

void
offer_records(struct replica *r, const char *kind, const char *typed,
	struct offers *o)
{
	const struct query q = {kind, typed, NULL, RECORDS_MAX};
	struct names ids = {0};
	struct finds found = {0};
	struct why why;

	if (kind && !query_ids(r, &q, &ids, &why))
		for (size_t i = 0; i < ids.count; i++)
			offer_record(r, kind, ids.items[i], false, o);
	if (!kind && typed[0] &&
		!query_find(r, typed, RECORDS_MAX, &found, &why))
		for (size_t i = 0; i < found.count; i++)
			offer_record(r, found.items[i].kind, found.items[i].id,
				true, o);
	names_release(&ids);
	finds_release(&found);
}

void
offer_codes(struct replica *r, const char *kind, const char *typed,
	struct offers *o)
{
	const struct query q = {kind, "", "id", 0};
	struct names ids = {0};
	struct why why;

	if (catalog_kind(replica_catalog(r), kind) &&
		!query_ids(r, &q, &ids, &why))
		for (size_t i = 0; i < ids.count; i++)
			if (begins(ids.items[i], typed))
				offer_record(r, kind, ids.items[i], false, o);
	names_release(&ids);
}

static void
offer_choices(const struct field *f, const char *typed, struct offers *o)
{
	for (size_t i = 0; i < f->choice_count; i++)
		if (begins(f->choices[i].value, typed) ||
			begins(f->choices[i].label, typed))
			offers_add(o, f->choices[i].value, "");
}

/* The value alone, or with the comparison before it where none is typed. */
static void
offer_days(const char *typed, bool compared, struct offers *o)
{
	static const char *const days[] = {
		"today", "yesterday", "-7d", "-30d", "+7d", NULL};
	static const char *const spans[] = {
		"today", "<today", ">-7d", ">-30d", "<-30d", "<+7d", NULL};

	offer_words(o, compared ? days : spans, typed);
}

static void
offer_refs(struct replica *r, const struct field *f, const char *typed,
	struct offers *o)
{
	const struct kind *k = catalog_kind(replica_catalog(r), f->ref_kind);

	if (strcmp(f->ref_kind, "member") == 0)
		offer_word(o, "me", typed);
	if (!k)
		return;
	if (k->code[0])
		offer_codes(r, k->name, typed, o);
	if (typed[0] && o->count == 0)
		offer_records(r, k->name, typed, o);
}

static void
offer_values(struct replica *r, const struct field *f, const char *typed,
	bool compared, struct offers *o)
{
	static const char *const yes_no[] = {"yes", "no", NULL};

	switch (f->type) {
	case TYPE_ENUM:
	case TYPE_SET:
		offer_choices(f, typed, o);
		return;
	case TYPE_BOOL:
		offer_words(o, yes_no, typed);
		return;
	case TYPE_DATE:
	case TYPE_DATETIME:
		offer_days(typed, compared, o);
		return;
	case TYPE_REF:
	case TYPE_REFS:
		offer_refs(r, f, typed, o);
		return;
	default:
		return;
	}
}

/* What stands in the term before the cursor. */
struct typed {
	const struct kind *kind; /* NULL: any */
	char *field;		 /* NULL: no colon yet */
	char *word;		 /* what is to be completed */
	bool compared;		 /* < or > stands before it */
};

/* Of the one kind, or of all that have such a field. */
static void
offer_for_field(struct replica *r, const struct typed *t, struct offers *o)
{
	static const char *const voids[] = {"yes", "no", "any", NULL};
	const struct catalog *c = replica_catalog(r);

	if (strcmp(t->field, "in") == 0)
		offer_kinds(c, t->word, o);
	else if (strcmp(t->field, FIELD_VOID) == 0)
		offer_words(o, voids, t->word);
	else if (strcmp(t->field, "beat") == 0)
		offer_codes(r, "beat", t->word, o);
	for (size_t i = 0; i < c->kind_count; i++) {
		const struct kind *k = &c->kinds[i];
		const struct field *f = t->kind && t->kind != k
						? NULL
						: term_field(k, t->field);

		if (f && !field_off(c, f))
			offer_values(r, f, t->word, t->compared, o);
	}
}

static void
offer_name(struct offers *o, const char *name, const char *typed)
{
	char *with = mem_printf("%s:", name);

	offer_word(o, with, typed);
	free(with);
}

static void
offer_names(struct replica *r, const struct typed *t, struct offers *o)
{
	static const char *const others[] = {"beat", "void", "created_at",
		"created_by", "updated_at", "updated_by", NULL};
	const struct catalog *c = replica_catalog(r);

	if (!t->kind)
		offer_name(o, "in", t->word);
	for (size_t i = 0; i < c->kind_count; i++) {
		const struct kind *k = &c->kinds[i];

		if (t->kind && t->kind != k)
			continue;
		for (size_t j = 0; j < k->field_count; j++)
			if (!field_off(c, &k->fields[j]))
				offer_name(o, k->fields[j].name, t->word);
	}
	for (size_t i = 0; others[i]; i++)
		offer_name(o, others[i], t->word);
}

/* Where the term begins that the cursor is in; SIZE_MAX: within quotes. */
static size_t
term_start(const char *text, size_t at)
{
	size_t start = 0;
	bool quoted = false;

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && isspace((unsigned char)text[i]))
			start = i + 1;
	}
	return quoted ? SIZE_MAX : start;
}

/* in:KIND anywhere in the text. */
static const struct kind *
kind_asked(struct replica *r, const char *text)
{
	struct terms terms = {0};
	const struct kind *k = NULL;
	struct why why;

	if (!terms_parse(text, &terms, &why) && terms_kind(&terms))
		k = catalog_kind(replica_catalog(r), terms_kind(&terms));
	terms_release(&terms);
	return k;
}

/* Field, comparison and word apart; gives where the word begins. */
static size_t
take_term(const char *text, size_t start, size_t at, struct typed *t)
{
	size_t from = start + (text[start] == '-' && start < at), colon;
	struct buf word = BUF_INIT;

	for (colon = from; colon < at && text[colon] != ':'; colon++)
		;
	if (colon < at) {
		buf_add(&word, text + from, colon - from);
		t->field = buf_take(&word);
		from = colon + 1;
		t->compared = from < at && strchr("<>", text[from]) != NULL;
	}
	while (t->compared && from < at && strchr("<>=", text[from]))
		from++;
	buf_add(&word, text + from, at - from);
	t->word = mem_text(buf_text(&word));
	buf_release(&word);
	return from;
}

void
query_offers(struct replica *r, const struct kind *kind, const char *text,
	size_t at, struct offers *o)
{
	size_t start = term_start(text, at);
	struct typed t = {.kind = kind ? kind : kind_asked(r, text)};

	offers_release(o);
	if (start == SIZE_MAX)
		return;
	o->from = take_term(text, start, at, &t);
	if (t.field)
		offer_for_field(r, &t, o);
	else
		offer_names(r, &t, o);
	free(t.field);
	free(t.word);
}
