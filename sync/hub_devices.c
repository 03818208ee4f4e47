/* Who may enroll and which replicas there are, by beatbook-hub's commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/hub_people.h"

enum status
hub_command_invite(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	struct hub *h = NULL;
	enum status st = words_count(w, 1, 1, "invite BADGE", why);

	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = must_be_there(h, "member", w->items[0], why);
	if (!st)
		st = hub_invite(h, w->items[0], &c->out, why);
	if (!st)
		buf_putc(&c->out, '\n');
	hub_close(h);
	return st;
}

#define UNKNOWN "unknown" /* as of one enrolled after a backup */

static const char *
or_unknown(const char *text)
{
	return text[0] ? text : UNKNOWN;
}

void
last_sync_text(const struct hub_replica *r, char out[WHEN_MAX])
{
	when_local_text(r->last_sync_ms, out);
	if (!r->last_sync_ms)
		snprintf(out, WHEN_MAX, "%s",
			r->enrolled_ms ? "never" : UNKNOWN);
}

static void
list_replica(const struct hub_replica *r, struct table *t)
{
	char text[WHEN_MAX];

	snprintf(text, sizeof(text), "%u", (unsigned)r->number);
	table_cell(t, text);
	table_cell(t, or_unknown(r->badge));
	table_cell(t, or_unknown(r->device));
	table_cell(t, r->revoked ? "revoked" : "");
	when_day_text(r->enrolled_ms, text);
	table_cell(t, r->enrolled_ms ? text : UNKNOWN);
	last_sync_text(r, text);
	table_cell(t, text);
	snprintf(text, sizeof(text), "%u", (unsigned)r->n);
	table_cell(t, text);
}

enum status
hub_command_replica_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {"NUMBER", "BADGE", "DEVICE",
		"STATE", "ENROLLED", "LAST SYNC", "EDITS"};
	struct hub_context *c = context;
	struct table t = {.columns = sizeof(heads) / sizeof(*heads), .lead = 2};
	struct hub_replicas l = {NULL, 0, 0};
	struct hub *h = NULL;
	enum status st = words_count(w, 0, 0, "replica list", why);

	table_heads(&t, heads);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = hub_replica_list(h, &l, why);
	for (size_t i = 0; i < l.count; i++)
		list_replica(&l.items[i], &t);
	if (!st)
		table_print(&t, &c->out);
	hub_replicas_release(&l);
	table_release(&t);
	hub_close(h);
	return st;
}

static void
say_revoked(unsigned long number, const struct hub_revoked *r, struct buf *out)
{
	if (r->unknown)
		buf_printf(out,
			"replica %lu is not known here; where it was enrolled "
			"after the backup, it is\nrefused from now on\n",
			number);
	else
		buf_printf(out, "replica %lu %s\n", number,
			r->already ? "was revoked already" : "revoked");
	if (r->copies)
		buf_printf(out, "and %zu copied from its file\n", r->copies);
}

enum status
hub_command_revoke(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	struct hub *h = NULL;
	unsigned long number = 0;
	struct hub_revoked revoked;
	char *end = NULL;
	enum status st = words_count(w, 1, 1, "replica revoke NUMBER", why);

	if (!st)
		number = strtoul(w->items[0], &end, 10);
	if (!st && (*end || !number || number > UINT32_MAX))
		st = why_set(why, ST_USAGE,
			"'%.40s' is no replica's number: see beatbook-hub "
			"replica list",
			w->items[0]);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = hub_revoke(h, (uint32_t)number, &revoked, why);
	if (!st)
		say_revoked(number, &revoked, &c->out);
	hub_close(h);
	return st;
}
