#include "sync/stuck.h"

#include <stdio.h>
#include <string.h>

#include "common/outbox.h"
#include "common/value.h"

#define META_STUCK_AT "stuck_at" /* own n confirmed when requests broke off, */
#define META_STUCK_TIMES "stuck_times" /* and how often since */

struct due {
	struct edit_id id;
	char record[NAME_MAX_BYTES + ID_MAX + 2];
	size_t bytes;
};

/* Only the first is due: the visit ends. */
static enum status
weigh(void *arg, const struct outbox_edit *o, struct why *why)
{
	struct due *due = arg;

	(void)why;
	due->id = o->edit.id;
	snprintf(due->record, sizeof(due->record), "%s/%s", o->edit.kind,
		o->edit.record);
	for (size_t i = 0; i < o->edit.count; i++)
		due->bytes += strlen(o->edit.changes[i].value);
	return ST_LATER;
}

static enum status
count_break(struct replica *r, int64_t *times, struct why *why)
{
	int64_t confirmed = 0, at = -1;
	enum status st =
		replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);

	if (!st)
		st = replica_meta_int(r, META_STUCK_AT, -1, &at, why);
	if (!st && at == confirmed)
		st = replica_meta_int(r, META_STUCK_TIMES, 0, times, why);
	++*times;
	if (!st)
		st = replica_meta_set_int(r, META_STUCK_AT, confirmed, why);
	return st ? st : replica_meta_set_int(r, META_STUCK_TIMES, *times, why);
}

static enum status
find_due(struct replica *r, struct due *due, struct why *why)
{
	int64_t confirmed = 0;
	enum status st =
		replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);

	if (!st)
		st = outbox_each(r, (uint32_t)confirmed, weigh, due, why);
	return due->bytes ? ST_OK : st;
}

void
stuck_note(struct replica *r, struct why *why)
{
	struct due due = {0};
	struct why own, said = *why;
	int64_t times = 0;
	enum status st = sql_begin(replica_sql(r), &own);

	if (!st)
		st = count_break(r, &times, &own);
	if (!st)
		st = find_due(r, &due, &own);
	if (!st)
		st = sql_commit(replica_sql(r), &own);
	sql_rollback(replica_sql(r));
	if (st || times < STUCK_AFTER || due.bytes < STUCK_BYTES)
		return;
	(void)why_set(why, ST_LATER,
		"%.250s; edit %u.%u of %.60s, a text of %zu bytes, has to go "
		"in one connection, and %lld broke before it was through: sync "
		"once where the link holds longer; what you wrote after it "
		"waits for it",
		said.text, due.id.replica, due.id.n, due.record, due.bytes,
		(long long)times);
}
