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

#include "tests/support/samples.h"
#include "tests/support/stage.h"

static struct fixture f;
static struct stage st;

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

	while (sample_left_out(&f, first))
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
		if (!sample_left_out(&f, &k->fields[i]))
			fill_field(&k->fields[i]);
}

static void
check_saved(const struct kind *k)
{
	struct record *rec = sample_newest(&f, k), *again;

	samples_check(&f, rec);
	/* opened again, it is as it was: nothing to save */
	stage_press(&st, "e <F2>");
	stage_shows(&st, "Nothing was changed");
	again = sample_newest(&f, k);
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
go_through_all(void **state)
{
	samples_make(&f, *state);
	for (size_t i = 0; i < replica_catalog(f.r)->kind_count; i++)
		go_through(i);
	fixture_sound(&f);
	fixture_remove(&f);
}

int
main(void)
{
	return samples_run(go_through_all);
}
