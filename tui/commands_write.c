/* Saving: add, set, void, unvoid, resolve. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "common/value.h"
#include "tui/commands.h"

/* FIELD=VALUE apart: the field in *field, the value returned. */
static enum status
split_assignment(const struct kind *k, const char *word,
	const struct field **field, const char **value, struct why *why)
{
	const char *equals = strchr(word, '=');
	char name[NAME_MAX_BYTES + 1];
	size_t len = equals ? (size_t)(equals - word) : 0;

	if (!equals || !len)
		return why_set(why, ST_USAGE,
			"'%.60s' is not FIELD=VALUE: write such as "
			"title=\"Harbor Garage\"",
			word);
	*value = equals + 1;
	if (len > NAME_MAX_BYTES)
		len = NAME_MAX_BYTES;
	memcpy(name, word, len);
	name[len] = '\0';
	return kind_find_field(k, name, field, why);
}

/* A field that forms leave out is not for commands either. */
static enum status
check_in_use(const struct session *s, const struct field *f, struct why *why)
{
	const struct catalog *c = replica_catalog(s->replica);

	if (!field_off(c, f))
		return ST_OK;
	return why_set(why, ST_DATA,
		"%s: the department's profile has this field off: `beatbook "
		"kinds %s` lists those in use",
		f->label, f->kind);
}

/* One FIELD=VALUE into the edit, over what `rec` shows (NULL: new). */
static enum status
put_assignment(struct session *s, struct edit *e, const struct kind *k,
	const struct record *rec, const char *word, struct why *why)
{
	const struct field *f = NULL;
	const char *typed = NULL;
	char *value = NULL;
	enum status st = split_assignment(k, word, &f, &typed, why);

	if (!st)
		st = check_in_use(s, f, why);
	if (!st && edit_find(e, f->name))
		st = why_set(why, ST_USAGE, "%s is given twice: give it once",
			f->name);
	if (!st)
		st = session_value(s, f, typed, &value, why);
	if (!st)
		record_change(e, rec, f->name, value);
	free(value);
	return st;
}

static enum status
put_assignments(struct session *s, struct edit *e, const struct kind *k,
	const struct record *rec, const struct words *w, struct why *why)
{
	enum status st = ST_OK;

	for (size_t i = 1; !st && i < w->count; i++)
		st = put_assignment(s, e, k, rec, w->items[i], why);
	return st;
}

enum status
command_add(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	const struct kind *k;
	struct edit e = {0};
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(
			w, 2, SIZE_MAX, "add KIND FIELD=VALUE...", why);
	if (!st)
		st = session_open(s, why);
	if (!st)
		st = session_kind(s, w->items[0], &k, why);
	if (!st) {
		e.kind = mem_text(k->name);
		e.record = mem_text("");
		st = put_assignments(s, &e, k, NULL, w, why);
	}
	if (!st)
		st = record_save(s->replica, &e, why);
	if (!st)
		buf_printf(&s->out, "%s/%s\n", e.kind, e.record);
	edit_release(&e);
	return st;
}

enum status
command_set(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	struct record *rec = NULL;
	struct edit e = {0};
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(
			w, 2, SIZE_MAX, "set KIND/ID FIELD=VALUE...", why);
	if (!st)
		st = session_record(s, w->items[0], &rec, why);
	if (!st) {
		e.kind = mem_text(rec->kind->name);
		e.record = mem_text(rec->id);
		st = put_assignments(s, &e, rec->kind, rec, w, why);
	}
	if (!st)
		st = record_save(s->replica, &e, why);
	edit_release(&e);
	record_free(rec);
	return st;
}

enum status
command_void(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	struct record *rec = NULL;
	struct buf reason = BUF_INIT;
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(w, 2, SIZE_MAX, "void KIND/ID REASON", why);
	if (!st)
		st = session_record(s, w->items[0], &rec, why);
	words_join(w, 1, &reason);
	if (!st)
		st = record_void(s->replica, rec, buf_text(&reason), why);
	buf_release(&reason);
	record_free(rec);
	return st;
}

enum status
command_unvoid(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	struct record *rec = NULL;
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(w, 1, 1, "unvoid KIND/ID", why);
	if (!st)
		st = session_record(s, w->items[0], &rec, why);
	if (!st)
		st = record_unvoid(s->replica, rec, why);
	record_free(rec);
	return st;
}

/* The newest losing value of the one conflict on this field. */
static enum status
losing_value(struct session *s, const struct record *rec, const char *field,
	char **out, struct why *why)
{
	struct conflicts all = {NULL, 0, 0};
	const struct side *newest = NULL;
	enum status st =
		conflicts_read(s->replica, rec->kind->name, rec->id, &all, why);

	for (size_t i = 0; !st && i < all.count; i++) {
		const struct conflict *c = &all.items[i];

		for (size_t j = 0; j < c->lost_count; j++)
			if (strcmp(c->field, field) == 0 && c->lost[j].known &&
				(!newest || c->lost[j].at > newest->at))
				newest = &c->lost[j];
	}
	if (!st && !newest)
		st = why_set(why, ST_NOT_FOUND,
			"%s/%s has no open conflict on %s with a value to "
			"take: see beatbook conflicts",
			rec->kind->name, rec->id, field);
	*out = st ? NULL : mem_text(newest->value ? newest->value : "");
	conflicts_release(&all);
	return st;
}

static enum status
resolve_as(struct session *s, const struct record *rec, const struct field *f,
	const char *how, struct why *why)
{
	char *value = NULL;
	enum status st = ST_OK;

	if (how[0] == '=')
		st = session_value(s, f, how + 1, &value, why);
	else if (strcmp(how, "take") == 0)
		st = losing_value(s, rec, f->name, &value, why);
	else if (strcmp(how, "keep") != 0)
		st = why_set(why, ST_USAGE,
			"'%.60s' settles nothing: write keep, take, or =VALUE",
			how);
	if (!st)
		st = conflict_resolve(s->replica, rec->kind->name, rec->id,
			f->name, value, why);
	free(value);
	return st;
}

enum status
command_resolve(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	const struct field *f = NULL;
	struct record *rec = NULL;
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(w, 3, 3,
			"resolve KIND/ID FIELD keep | take | =VALUE", why);
	if (!st)
		st = session_record(s, w->items[0], &rec, why);
	if (!st)
		st = kind_find_field(rec->kind, w->items[1], &f, why);
	if (!st)
		st = resolve_as(s, rec, f, w->items[2], why);
	record_free(rec);
	return st;
}
