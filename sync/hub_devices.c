/* Who may enroll and which replicas there are, by beatbook-hub's commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/hub_people.h"

static enum status
invite(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	enum status st = must_be_there(h, "member", w->items[0], why);

	if (!st)
		st = hub_invite(h, w->items[0], &c->out, why);
	if (!st)
		buf_putc(&c->out, '\n');
	return st;
}

enum status
hub_command_invite(void *context, struct words *w, struct why *why)
{
	return hub_context_do(context, w, 1, "invite BADGE", invite, why);
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

static enum status
list_replicas(struct hub *h, struct table *t, struct why *why)
{
	struct hub_replicas l = {NULL, 0, 0};
	enum status st = hub_replica_list(h, &l, why);

	for (size_t i = 0; !st && i < l.count; i++)
		list_replica(&l.items[i], t);
	hub_replicas_release(&l);
	return st;
}

enum status
hub_command_replica_list(void *context, struct words *w, struct why *why)
{
	static const char *const heads[] = {"NUMBER", "BADGE", "DEVICE",
		"STATE", "ENROLLED", "LAST SYNC", "EDITS", NULL};
	static const struct list_shape shape = {
		"replica list", heads, 2, list_replicas};

	return print_list(context, w, &shape, why);
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

static enum status
revoke(struct hub *h, struct hub_context *c, const struct words *w,
	struct why *why)
{
	struct hub_revoked revoked;
	char *end = NULL;
	unsigned long number = strtoul(w->items[0], &end, 10);
	enum status st;

	if (*end || !number || number > UINT32_MAX)
		return why_set(why, ST_USAGE,
			"'%.40s' is no replica's number: see beatbook-hub "
			"replica list",
			w->items[0]);
	st = hub_revoke(h, (uint32_t)number, &revoked, why);
	if (!st)
		say_revoked(number, &revoked, &c->out);
	return st;
}

enum status
hub_command_revoke(void *context, struct words *w, struct why *why)
{
	return hub_context_do(
		context, w, 1, "replica revoke NUMBER", revoke, why);
}
