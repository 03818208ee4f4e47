/*
 * Every form there is, by the catalogue itself, as questions: each kind of each
 * profile is asked for, told a wrong value, answered, saved, and opens again as
 * it was saved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/reader.h"
#include "tests/support/samples.h"

static struct fixture f;
static struct reader r;

/* Lines to be written one after another. */
static void
say_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[80];

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		reader_say(&r, line);
		text += len + (text[len] == '\n');
	}
}

/* The words by which a record of a kind is found. */
static const char *
called(const struct field *field)
{
	if (strcmp(field->ref_kind, "member") == 0)
		return "ibarra";
	if (strcmp(field->ref_kind, "beat") == 0)
		return "35X";
	if (strcmp(field->ref_kind, "org_unit") == 0)
		return "Area";
	return field->ref_kind[0] ? "*" : "Seed";
}

/* Where the words are not enough, the first of those that are offered. */
static void
answer_ref(const struct field *field)
{
	reader_say(&r, called(field));
	if (strstr(r.text, "Which? "))
		reader_say(&r, "1");
}

static void
answer(const struct field *field)
{
	struct sample s = sample_of(field);

	if (field->type == TYPE_REF || field->type == TYPE_REFS) {
		answer_ref(field);
	} else if (field->type == TYPE_BOOL) {
		reader_say(&r, "yes");
	} else if (field->type == TYPE_ENUM) {
		reader_say(&r, "1");
	} else if (field->type == TYPE_SET && field->choice_count) {
		reader_say(&r, "1, 2");
	} else {
		if (s.wrong) {
			reader_say(&r, s.wrong);
			reader_hears(&r, s.wrong);
		}
		say_lines(s.right);
		if (field->type == TYPE_LONG)
			reader_say(&r, ".");
	}
}

static void
answer_all(const struct kind *k)
{
	char line[16];
	int n = 0;

	for (size_t i = 0; i < k->field_count; i++) {
		const struct field *field = &k->fields[i];

		if (sample_left_out(&f, field))
			continue;
		snprintf(line, sizeof(line), ":%d", ++n);
		reader_say(&r, line);
		reader_hears(&r, field->label);
		answer(field);
	}
}

static void
check_saved(const struct kind *k)
{
	struct record *rec = sample_newest(&f, k);
	char line[2 * NAME_MAX_BYTES];

	samples_check(&f, rec);
	snprintf(line, sizeof(line), "open %s/%s", k->name, rec->id);
	reader_say(&r, line);
	reader_say(&r, "edit");
	reader_say(&r, "save");
	reader_hears(&r, "Nothing was changed");
	record_free(rec);
}

static void
go_through(const struct kind *k)
{
	char line[80];

	snprintf(line, sizeof(line), "new %s", k->name);
	reader_say(&r, line);
	snprintf(line, sizeof(line), "NEW %s", k->one);
	reader_hears(&r, line);
	answer_all(k);
	reader_hears(&r, "All fields were asked");
	reader_say(&r, "save");
	reader_hears(&r, "Saved, not sent yet");
	check_saved(k);
	reader_say(&r, "go-today");
	reader_misses(&r, "DRAFTS KEPT");
}

static void
go_through_all(void **state)
{
	const struct catalog *c;

	samples_make(&f, *state);
	reader_open(&r, &f, NULL, NULL, NULL);
	c = replica_catalog(f.r);
	for (size_t i = 0; i < c->kind_count; i++)
		go_through(&c->kinds[i]);
	reader_close(&r);
	fixture_sound(&f);
	fixture_remove(&f);
}

int
main(void)
{
	return samples_run(go_through_all);
}
