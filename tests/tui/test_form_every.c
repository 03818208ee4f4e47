/*
 * Every form there is, by the catalogue itself: each kind of each profile
 * opens, says what is wrong with a value beside its field, is filled by keys,
 * survives a hang-up as a draft, saves, and opens again as it was saved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/outbox.h"
#include "common/value.h"
#include "tests/support/good.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

/* What one types into a field of a type, what is wrong there, and what comes
 * of it. */
struct sample {
	const char *wrong, *right, *stored;
};

static struct sample
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
seed(const struct kind *k, uint32_t n)
{
	char edit[24], record[2 * NAME_MAX_BYTES];
	struct entry e;

	snprintf(edit, sizeof(edit), "48.%u", n);
	snprintf(record, sizeof(record), "%s/30-%s", k->name, k->name);
	for (char *c = strchr(record, '/'); *c; c++)
		*c = *c == '_' ? '-' : *c;
	e = fixture_entry(&f, edit, "4480", record, NULL);
	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *field = &k->fields[i];

		if (field->required || strcmp(field->name, k->title) == 0 ||
			strcmp(field->ref_kind, "beat") == 0)
			edit_change(&e.edit, field->name, seed_value(k, field),
				EDIT_ID_NONE);
	}
	fixture_take(&f, &e, "beat:35X");
}

static void
take_profile(const char *name)
{
	struct buf text = BUF_INIT;

	good(catalog_profile_text(name, &text, &why));
	good(sql_begin(replica_sql(f.r), &why));
	good(replica_set_profile(f.r, buf_text(&text), name, &why));
	good(sql_commit(replica_sql(f.r), &why));
	buf_release(&text);
}

static void
begin(const char *profile)
{
	const struct catalog *c;
	struct entry e;

	fixture_make(&f);
	take_profile(profile);
	e = fixture_entry(
		&f, "0.9", "", "member/4471", "access", "admin", NULL);
	fixture_take(&f, &e, "dept");
	c = replica_catalog(f.r);
	for (size_t i = 0; i < c->kind_count; i++)
		if (!c->kinds[i].code[0])
			seed(&c->kinds[i], (uint32_t)i + 1);
}

/* What the form does not show. */
static bool
left_out(const struct field *field)
{
	return field->type == TYPE_AREA ||
	       field_off(replica_catalog(f.r), field);
}

/* The label of the field that is chosen; "" where its row scrolled away. */
static const char *
chosen_label(void)
{
	static char label[20];

	for (int row = 2; row <= 21; row++) {
		const char *line = stage_row(&st, row);
		size_t len;

		if (line[0] != '>')
			continue;
		snprintf(label, sizeof(label), "%.18s", line + 3);
		len = strlen(label);
		while (len && strchr(" *", label[len - 1]))
			label[--len] = '\0';
		return label;
	}
	return "";
}

static void
check_chosen(const struct field *field)
{
	const char *label = chosen_label();

	if (strncmp(label, field->label, 14) != 0)
		fail_msg("'%s' is chosen, not %s.%s:\n%s", label, field->kind,
			field->name, stage_all(&st));
}

static void
to_first_field(const struct kind *k)
{
	const struct field *first = k->fields;

	while (left_out(first))
		first++;
	for (size_t i = 0; i <= k->field_count; i++) {
		if (strncmp(chosen_label(), first->label, 14) == 0)
			return;
		stage_press(&st, "<S-Tab>");
	}
	check_chosen(first);
}

/* Typed, and left: the sentence stands beside it; and no more once it is
 * right. */
static void
type_wrong(const struct field *field, const char *wrong)
{
	char complaint[80];

	snprintf(complaint, sizeof(complaint), "! %s: '%s'", field->label,
		wrong);
	stage_press(&st, "<C-u>");
	stage_type(&st, wrong);
	stage_press(&st, "<S-Tab> <Tab>");
	stage_shows(&st, complaint);
	check_chosen(field);
}

static void
type_right(const struct field *field, const char *right)
{
	if (field->type == TYPE_LONG)
		stage_press(&st, "<C-End> <C-u> <BS> <C-u>");
	else
		stage_press(&st, "<C-u>");
	while (*right) {
		char line[80];
		size_t len = strcspn(right, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, right);
		stage_type(&st, line);
		right += len;
		if (*right && right++)
			stage_press(&st, "<Enter>");
	}
}

/* By typing into the picker what the record is called. */
static void
pick_ref(const struct field *field)
{
	const char *called = strcmp(field->ref_kind, "member") == 0 ? "Ibarra"
			     : strcmp(field->ref_kind, "beat") == 0 ? "35X"
			     : strcmp(field->ref_kind, "org_unit") == 0 ? "Area"
									: "";

	stage_press(&st, "<BS> <Enter>");
	stage_type(&st, field->ref_kind[0] ? called : "Seed");
	if (!called[0] && field->type == TYPE_REF && !field->required &&
		field->ref_kind[0])
		stage_press(&st, "<Down>"); /* past none */
	stage_press(&st, field->type == TYPE_REF ? "<Enter>" : "<Enter> <Esc>");
}

static void
fill_field(const struct field *field)
{
	struct sample s = sample_of(field);

	check_chosen(field);
	if (field->type == TYPE_REF || field->type == TYPE_REFS) {
		pick_ref(field);
	} else if (field->type == TYPE_ENUM || field->type == TYPE_BOOL) {
		stage_press(&st, "<Right>");
	} else if (field->type == TYPE_SET && field->choice_count) {
		stage_press(&st, "<Enter> <Enter> <Down> <Enter> <Esc>");
	} else {
		if (s.wrong)
			type_wrong(field, s.wrong);
		type_right(field, s.right);
	}
	stage_press(&st, "<Tab>");
}

static void
fill_form(const struct kind *k)
{
	to_first_field(k);
	for (size_t i = 0; i < k->field_count; i++)
		if (!left_out(&k->fields[i]))
			fill_field(&k->fields[i]);
}

static void
check_value(const struct field *field, const char *text)
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

/* The record that the newest own edit made. */
static struct record *
newest(const struct kind *k)
{
	struct outbox_counts n;
	struct edit_id id = {47, 0};
	struct record *rec;
	struct entry e;

	good(outbox_count(f.r, &n, &why));
	id.n = (uint32_t)n.unsent;
	good(history_edit(f.r, id, &e, &why));
	assert_string_equal(e.edit.kind, k->name);
	good(record_load(f.r, k->name, e.edit.record, &rec, &why));
	entry_release(&e);
	return rec;
}

static void
check_saved(const struct kind *k)
{
	struct record *rec = newest(k), *again;

	for (size_t i = 0; i < k->field_count; i++)
		if (!left_out(&k->fields[i]))
			check_value(&k->fields[i], rec->values[i].text);
	/* opened again, it is as it was: nothing to save */
	stage_press(&st, "e <F2>");
	stage_shows(&st, "Nothing was changed");
	again = newest(k);
	assert_string_equal(rec->id, again->id);
	record_free(rec);
	record_free(again);
}

static void
hang_up(void)
{
	stage_close(&st);
	fixture_open_again(&f);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_shows(&st, "DRAFTS KEPT (1)");
	stage_press(&st, "r");
	stage_shows(&st, "Your draft of");
}

static bool
asks_for_more(const struct kind *k)
{
	for (size_t i = 0; i < k->field_count; i++)
		if (k->fields[i].required && !k->fields[i].preset[0])
			return true;
	return false;
}

static void
go_through(size_t index)
{
	const struct kind *k = &replica_catalog(f.r)->kinds[index];
	char line[80];

	snprintf(line, sizeof(line), "new %s", k->name);
	stage_open(&st, &f, NULL, NULL, NULL);
	stage_press(&st, ":");
	stage_type(&st, line);
	stage_press(&st, "<Enter>");
	snprintf(line, sizeof(line), "NEW %s", k->one);
	stage_shows(&st, line);
	if (asks_for_more(k)) {
		stage_press(&st, "<F2>");
		stage_shows(&st, "must be filled in");
	}
	fill_form(k);
	hang_up();
	k = &replica_catalog(f.r)->kinds[index]; /* the file was opened again */
	stage_press(&st, "<F2>");
	stage_shows(&st, "Saved, not sent yet");
	check_saved(k);
	stage_press(&st, "<F8>");
	stage_lacks(&st, "DRAFTS KEPT");
	stage_close(&st);
}

static void
go_through_all(const char *profile)
{
	begin(profile);
	for (size_t i = 0; i < replica_catalog(f.r)->kind_count; i++)
		go_through(i);
	fixture_sound(&f);
	fixture_remove(&f);
}

#define PROFILE(name)                         \
	static void test_##name(void **state) \
	{                                     \
		(void)state;                  \
		go_through_all(#name);        \
	}
PROFILE(oakland)
PROFILE(sanjose)
PROFILE(lasd)
PROFILE(chicago)
PROFILE(texas)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oakland),
		cmocka_unit_test(test_sanjose),
		cmocka_unit_test(test_lasd),
		cmocka_unit_test(test_chicago),
		cmocka_unit_test(test_texas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
