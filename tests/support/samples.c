#include "tests/support/samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/outbox.h"
#include "common/value.h"
#include "tests/support/good.h"

struct sample
sample_of(const struct field *field)
{
	switch (field->type) {
	case TYPE_DATE:
		return (struct sample){"someday", "2026-08-01", "2026-08-01"};
	case TYPE_DATETIME:
		return (struct sample){"noonish", "2026-08-01 10:30",
			"2026-08-01T17:30:00.000Z"};
	case TYPE_INT:
		return (struct sample){"many", "12", "12"};
	case TYPE_REAL:
		return (struct sample){"a lot", "12.5", "12.5"};
	case TYPE_GEO:
		return (struct sample){
			"nowhere", "37.8044,-122.2712", "37.8044,-122.2712"};
	case TYPE_LONG:
		return (struct sample){NULL, "first\nsecond caf\xc3\xa9",
			"first\nsecond caf\xc3\xa9"};
	case TYPE_SET:
		return (struct sample){NULL, "one, two", "one,two"};
	default:
		return (struct sample){NULL, "Sample-1", "Sample-1"};
	}
}

/* A record of each kind, from the hub, for refs to point to. */
static const char *
seed_value(const struct kind *k, const struct field *field)
{
	static char id[32];

	if (field->type == TYPE_ENUM)
		return field->choices[0].value;
	if (strcmp(field->ref_kind, "beat") == 0)
		return "35X";
	if (strcmp(field->ref_kind, "member") == 0)
		return "4471";
	if (strcmp(field->ref_kind, "org_unit") == 0)
		return "A1";
	if (field->ref_kind[0]) {
		snprintf(id, sizeof(id), "30-%s", field->ref_kind);
		for (char *c = id; *c; c++)
			*c = *c == '_' ? '-' : *c;
		return id;
	}
	if (field->type == TYPE_TEXT || field->type == TYPE_LONG)
		return "Seed";
	return strcmp(field->name, k->title) == 0 ? "Seed"
						  : sample_of(field).stored;
}

static void
seed(struct fixture *f, const struct kind *k, uint32_t n)
{
	char edit[24], record[2 * NAME_MAX_BYTES];
	struct entry e;

	snprintf(edit, sizeof(edit), "48.%u", n);
	snprintf(record, sizeof(record), "%s/30-%s", k->name, k->name);
	for (char *c = strchr(record, '/'); *c; c++)
		*c = *c == '_' ? '-' : *c;
	e = fixture_entry(f, edit, "4480", record, NULL);
	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *field = &k->fields[i];

		if (field->required || strcmp(field->name, k->title) == 0 ||
			strcmp(field->ref_kind, "beat") == 0)
			edit_change(&e.edit, field->name, seed_value(k, field),
				EDIT_ID_NONE);
	}
	fixture_take(f, &e, "beat:35X");
}

static void
take_profile(struct fixture *f, const char *name)
{
	struct buf text = BUF_INIT;

	good(catalog_profile_text(name, &text, &why));
	good(sql_begin(replica_sql(f->r), &why));
	good(replica_set_profile(f->r, buf_text(&text), name, &why));
	good(sql_commit(replica_sql(f->r), &why));
	buf_release(&text);
}

void
samples_make(struct fixture *f, const char *profile)
{
	const struct catalog *c;
	struct entry e;

	fixture_make(f);
	take_profile(f, profile);
	e = fixture_entry(f, "0.9", "", "member/4471", "access", "admin", NULL);
	fixture_take(f, &e, "dept");
	c = replica_catalog(f->r);
	for (size_t i = 0; i < c->kind_count; i++)
		if (!c->kinds[i].code[0])
			seed(f, &c->kinds[i], (uint32_t)i + 1);
}

bool
sample_left_out(const struct fixture *f, const struct field *field)
{
	return field->type == TYPE_AREA ||
	       field_off(replica_catalog(f->r), field);
}

static void
sample_check(const struct field *field, const char *text)
{
	bool typed = field->type != TYPE_REF && field->type != TYPE_REFS &&
		     field->type != TYPE_ENUM && field->type != TYPE_BOOL &&
		     !(field->type == TYPE_SET && field->choice_count);

	if (typed && strcmp(text, sample_of(field).stored) != 0)
		fail_msg("%s.%s is '%s'", field->kind, field->name, text);
	if (!text[0] || value_check(field, text, &why))
		fail_msg("%s.%s: '%s' %s", field->kind, field->name, text,
			text[0] ? why.text : "was not filled in");
}

void
samples_check(const struct fixture *f, const struct record *rec)
{
	const struct kind *k = rec->kind;

	for (size_t i = 0; i < k->field_count; i++)
		if (!sample_left_out(f, &k->fields[i]))
			sample_check(&k->fields[i], rec->values[i].text);
}

struct record *
sample_newest(struct fixture *f, const struct kind *k)
{
	struct outbox_counts n;
	struct edit_id id = {47, 0};
	struct record *rec;
	struct entry e;

	good(outbox_count(f->r, &n, &why));
	id.n = (uint32_t)n.unsent;
	good(history_edit(f->r, id, &e, &why));
	assert_string_equal(e.edit.kind, k->name);
	good(record_load(f->r, k->name, e.edit.record, &rec, &why));
	entry_release(&e);
	return rec;
}

int
samples_run(void (*test)(void **state))
{
	static const char *const profiles[] = {
		"oakland", "sanjose", "lasd", "chicago", "texas"};
	struct CMUnitTest tests[COUNT(profiles)];

	for (size_t i = 0; i < COUNT(profiles); i++)
		tests[i] = (struct CMUnitTest){.name = profiles[i],
			.test_func = test,
			.initial_state = (void *)profiles[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
