#include "sync/hub_holders.h"

#include <stdlib.h>
#include <string.h>

#include "common/when.h"

#define SLOTS 2048
#define LOOK_BACK 256 /* entries that are looked at before all is forgotten */

struct holders {
	int64_t seq; /* the log was looked at up to here */
	char day[WHEN_MAX];
	struct holder slots[SLOTS]; /* badge NULL: none */
};

struct holders *
holders_new(void)
{
	return mem_alloc(sizeof(struct holders));
}

static void
forget(struct holders *m)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (m->slots[i].badge)
			holder_release(&m->slots[i]);
}

void
holders_free(struct holders *m)
{
	if (!m)
		return;
	forget(m);
	free(m);
}

static void
copy(const struct holder *from, struct holder *to)
{
	memset(to, 0, sizeof(*to));
	to->access = from->access;
	to->badge = mem_text(from->badge);
	to->unit = mem_text(from->unit);
	for (size_t i = 0; i < from->books.count; i++)
		names_add(&to->books, from->books.items[i]);
}

/* hub_holder.c reads these. */
static bool
matters(const char *kind)
{
	return strcmp(kind, "member") == 0 || strcmp(kind, "beat") == 0 ||
	       strcmp(kind, "assignment") == 0 || strcmp(kind, "org_unit") == 0;
}

/* Has anything come since that changes what somebody holds? */
static enum status
catch_up(struct holders *m, struct hub_log *log, struct why *why)
{
	struct log_briefs new = {0};
	int64_t head, came;
	bool stale = false;
	enum status st = LOG(log, head, &head, &came, why);

	if (!st && head == m->seq)
		return ST_OK;
	if (!st && head > m->seq && head - m->seq <= LOOK_BACK)
		st = LOG(log, tail, m->seq, head, LOOK_BACK, &new, why);
	else
		stale = true;
	for (size_t i = 0; i < new.count; i++)
		stale = stale || !new.items[i].kind ||
			matters(new.items[i].kind);
	log_briefs_release(&new);
	if (st || stale)
		forget(m);
	if (!st)
		m->seq = head;
	return st;
}

static struct holder *
slot_of(struct holders *m, const char *badge)
{
	size_t hash = 5381;

	for (const char *p = badge; *p; p++)
		hash = hash * 33 + (unsigned char)*p;
	return &m->slots[hash % SLOTS];
}

enum status
holders_read(struct holders *m, struct hub_log *log, const char *badge,
	int64_t now, struct holder *out, struct why *why)
{
	struct holder *slot = slot_of(m, badge);
	char day[WHEN_MAX];
	enum status st = catch_up(m, log, why);

	memset(out, 0, sizeof(*out));
	when_day_text(now, day);
	if (strcmp(day, m->day) != 0)
		forget(m);
	memcpy(m->day, day, sizeof(day));
	if (st)
		return st;
	if (slot->badge && strcmp(slot->badge, badge) == 0) {
		copy(slot, out);
		return ST_OK;
	}
	st = holder_read(log, badge, now, out, why);
	if (st)
		return st;
	if (slot->badge)
		holder_release(slot);
	copy(out, slot);
	return ST_OK;
}
