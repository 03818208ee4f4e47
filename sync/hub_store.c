/* The hub's file and log, by beatbook-hub's commands. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/table.h"
#include "common/when.h"
#include "sync/hub_commands.h"
#include "sync/hub_import.h"

#define DEFAULT_PROFILE "oakland"

/* A profile's catalogue, by built-in name or file. */
static enum status
read_profile(const char *name, struct catalog **out, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = catalog_profile_text(name, &text, why);

	*out = NULL;
	if (!st)
		st = catalog_read(buf_text(&text), text.len, name, out, why);
	buf_release(&text);
	return st;
}

/* The zone that the profile names; UTC where it names none. */
static enum status
profile_zone(const char *profile, char **zone, struct why *why)
{
	struct catalog *c;
	const char *name = NULL;
	enum status st = read_profile(profile, &c, why);

	if (!st)
		name = catalog_limit(c, "time_zone");
	*zone = mem_text(name && *name ? name : "UTC");
	catalog_free(c);
	return st;
}

/* Nobody is there yet: to make it anew costs nothing, and takes the zone of the
 * other profile too. */
static void
say_other_profiles(struct hub_context *c)
{
	buf_printf(&c->out,
		"no --profile was given, so it is " DEFAULT_PROFILE
		"'s; for another one remove\n  %s/hub.db\nand write\n"
		"  beatbook-hub -d %s init --profile NAME|FILE\n"
		"with sanjose, lasd, chicago, texas or a file of your own\n",
		c->place, c->place);
}

enum status
hub_command_init(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	const char *profile = NULL, *given = NULL;
	const struct option_word known[] = {{"--profile", &profile, NULL},
		{"--timezone", &given, NULL}, {NULL, NULL, NULL}};
	bool chosen;
	char *zone = NULL;
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "init with options alone", why);
	chosen = profile != NULL;
	if (!chosen)
		profile = DEFAULT_PROFILE;
	if (!st)
		st = profile_zone(profile, &zone, why);
	if (!st)
		st = hub_init(c->place, profile, given ? given : zone, NULL,
			NULL, why);
	if (!st)
		buf_printf(&c->out, "made a hub in %s: profile %s, zone %s\n",
			c->place, profile, given ? given : zone);
	if (!st && !chosen)
		say_other_profiles(c);
	free(zone);
	return st;
}

static void
say_profile(const struct catalog *c, struct buf *out)
{
	struct table t = {.columns = 2, .lead = 1};

	put_shown(out, c->profile, 0);
	buf_puts(out, ": ");
	put_shown(out, c->title, 0);
	buf_printf(out, ", %zu kinds\n", c->kind_count);
	table_cell(&t, "LIMIT");
	table_cell(&t, "VALUE");
	for (size_t i = 0; i < c->limit_count; i++) {
		table_cell(&t, c->limits[i].name);
		table_cell(&t, c->limits[i].value);
	}
	table_print(&t, out);
	table_release(&t);
}

static enum status
show_profile(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	(void)w;
	(void)why;
	say_profile(hub_catalog(h), &c->out);
	return ST_OK;
}

enum status
hub_command_profile_show(void *context, struct words *w, struct why *why)
{
	return hub_context_do(context, w, 0, "profile show", show_profile, why);
}

static enum status
set_profile(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	enum status st = hub_set_profile(h, w->items[0], why);

	if (st)
		return st;
	buf_puts(&c->out, "profile ");
	put_shown(&c->out, hub_catalog(h)->profile, 0);
	buf_puts(&c->out, " set: replicas take it with their next sync; the "
			  "time zone stays\n");
	return ST_OK;
}

enum status
hub_command_profile_set(void *context, struct words *w, struct why *why)
{
	return hub_context_do(
		context, w, 1, "profile set NAME|FILE", set_profile, why);
}

enum status
hub_command_profile_check(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	struct catalog *catalog = NULL;
	enum status st = words_count(w, 1, 1, "profile check NAME|FILE", why);

	if (!st)
		st = read_profile(w->items[0], &catalog, why);
	if (!st)
		say_profile(catalog, &c->out);
	catalog_free(catalog);
	return st;
}

static enum status
import_text(struct hub_context *c, const struct buf *text, const char *file,
	const struct beat_import *how, struct why *why)
{
	struct import_counts counts;
	struct why inner = {""};
	struct hub *h = NULL;
	enum status st = hub_context_open(c, &h, why);

	if (st)
		return st;
	hub_set_progress(h, c->progress);
	st = hub_import_beats(
		h, buf_text(text), text->len, how, &counts, &inner);
	if (st)
		why_set(why, st, "%.100s: %s; nothing was imported", file,
			inner.text);
	else
		hub_import_say(&counts, &c->out);
	hub_close(h);
	return st;
}

enum status
hub_command_import(void *context, struct words *w, struct why *why)
{
	struct beat_import how = {NULL, NULL};
	const struct option_word known[] = {{"--code", &how.code, NULL},
		{"--name", &how.name, NULL}, {NULL, NULL, NULL}};
	struct buf text = BUF_INIT_MAX(IMPORT_MAX);
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 1, 1,
			"import beats FILE.geojson --code PROPERTY", why);
	if (!st && !how.code)
		st = why_set(why, ST_USAGE,
			"--code is missing: name the property that holds the "
			"beat's code");
	if (!st)
		st = buf_read_file(&text, w->items[0], IMPORT_MAX, why);
	if (!st)
		st = import_text(context, &text, w->items[0], &how, why);
	buf_release(&text);
	return st;
}

static enum status
verify_audit(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	struct hub_stats stats = {0};
	enum status st = hub_stats(h, &stats, why);

	(void)w;
	if (!st)
		st = hub_verify(h, &c->out, why);
	if (!st)
		buf_printf(&c->out,
			"%" PRId64 " entries: every chain, leaf, place and "
			"verdict is right\n",
			stats.entries);
	return st;
}

enum status
hub_command_audit_verify(void *context, struct words *w, struct why *why)
{
	return hub_context_do(context, w, 0, "audit verify", verify_audit, why);
}

static enum status
back_up(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	struct hub_stats stats = {0};
	enum status st;

	hub_set_progress(h, c->progress);
	st = hub_backup(h, w->items[0], why);
	if (!st)
		st = hub_stats(h, &stats, why);
	if (st)
		return st;
	buf_printf(&c->out, "backup of %" PRId64 " entries written to ",
		stats.durable_seq);
	put_shown(&c->out, w->items[0], 0);
	buf_putc(&c->out, '\n');
	return ST_OK;
}

enum status
hub_command_backup(void *context, struct words *w, struct why *why)
{
	return hub_context_do(context, w, 1, "backup FILE", back_up, why);
}

enum status
hub_command_restore(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	enum status st = words_count(w, 1, 1, "restore FILE", why);

	if (!st)
		st = hub_restore(c->place, w->items[0], NULL, why);
	if (!st)
		buf_puts(&c->out,
			"restored as a new incarnation: serve it at the same "
			"address; each replica sends\nagain what it has that "
			"the backup lacks, with its next sync\n"
			"a replica that was revoked after the backup must be "
			"revoked again:\n  beatbook-hub replica revoke NUMBER\n"
			"the hub's own commands given after it must be given "
			"again (members, units, codes)\n"
			"what only a lost device had shows in a supervisor's "
			"`beatbook log --aside`\n");
	return st;
}
