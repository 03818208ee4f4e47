/* Making, inviting, revoking, counting, backing up and restoring a hub. */
#include "sync/hub_core.h"

#include <stdlib.h>
#include <string.h>

#define CODE_HOURS 72
#define CODE_CHARACTERS 12 /* of 5 bits each */
#define RESTORE_SKIPS 1000 /* replica numbers given since the backup */
#define HASH_BYTES 8	   /* of a profile, told in every hello */

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* 8 characters that no two hubs share. */
static void
make_incarnation(const struct random_source *random, char out[9])
{
	uint8_t bytes[6];

	random_fill(random, bytes, sizeof(bytes));
	base64_encode(bytes, sizeof(bytes), out);
}

static void
profile_hash(const struct buf *text, char out[HASH_BYTES * 2 + 1])
{
	struct digest_part part = {buf_text(text), text->len};
	struct digest d;

	digest_parts(&part, 1, &d);
	for (size_t i = 0; i < HASH_BYTES; i++) {
		out[i * 2] = "0123456789abcdef"[d.bytes[i] >> 4];
		out[i * 2 + 1] = "0123456789abcdef"[d.bytes[i] & 15];
	}
	out[HASH_BYTES * 2] = '\0';
}

static enum status
put_profile(struct hub_log *log, const struct buf *text, struct why *why)
{
	char hash[HASH_BYTES * 2 + 1];
	enum status st =
		LOG(log, meta_set, HUB_META_PROFILE, buf_text(text), why);

	profile_hash(text, hash);
	if (!st)
		st = LOG(log, meta_set, HUB_META_PROFILE_HASH, hash, why);
	return st;
}

/* Checked before anything is written. */
static enum status
read_profile(const char *profile, struct buf *text, struct why *why)
{
	struct catalog *c = NULL;
	enum status st = catalog_profile_text(profile, text, why);

	if (!st)
		st = catalog_read(buf_text(text), text->len, profile, &c, why);
	catalog_free(c);
	return st;
}

static enum status
put_identity(struct hub_log *log, const char *zone,
	const struct random_source *random, struct why *why)
{
	char incarnation[9], text[BASE64_SIZE(SECRET_SIZE)];
	uint8_t secret[SECRET_SIZE];
	enum status st;

	make_incarnation(random, incarnation);
	random_fill(random, secret, sizeof(secret));
	base64_encode(secret, sizeof(secret), text);
	st = LOG(log, meta_set, HUB_META_INCARNATION, incarnation, why);
	if (!st)
		st = LOG(log, meta_set, HUB_META_SECRET, text, why);
	if (!st)
		st = LOG(log, meta_set, HUB_META_ZONE, zone, why);
	if (!st)
		st = LOG(log, meta_set, HUB_META_NEXT_REPLICA, "1", why);
	return st;
}

static enum status
fill_log(struct hub_log *log, const struct buf *profile, const char *zone,
	const struct clock *clock, const struct random_source *random,
	struct why *why)
{
	struct log_replica own = {0};
	struct clock_reading now;
	enum status st = LOG(log, begin_write, why);

	clock_read(clock, &now);
	own.badge = mem_text("");
	own.device = mem_text("hub");
	own.enrolled = now.wall_ms;
	if (!st)
		st = put_identity(log, zone, random, why);
	if (!st)
		st = put_profile(log, profile, why);
	if (!st)
		st = LOG(log, replica_put, &own, why);
	if (!st)
		st = LOG(log, commit, why);
	log->ops->rollback(log);
	log_replica_release(&own);
	return st;
}

enum status
hub_init(const char *place, const char *profile, const char *zone,
	const struct clock *clock, const struct random_source *random,
	struct why *why)
{
	struct buf text = BUF_INIT;
	struct hub_log *log = NULL;
	enum status st = when_set_zone(zone, why);

	if (!st)
		st = read_profile(profile, &text, why);
	if (!st)
		st = hub_log_make(place, &log, why);
	if (!st)
		st = fill_log(log, &text, zone, clock, random, why);
	if (!st)
		st = hub_log_settle(log, place, why);
	else
		hub_log_close(log);
	buf_release(&text);
	return st;
}

enum status
hub_set_profile(struct hub *h, const char *profile, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = read_profile(profile, &text, why);

	if (!st)
		st = LOG(h->log, begin_write, why);
	if (!st)
		st = put_profile(h->log, &text, why);
	if (!st)
		st = hub_refresh(h, why);
	if (!st)
		st = LOG(h->log, commit, why);
	h->log->ops->rollback(h->log);
	buf_release(&text);
	return st;
}

static char
code_digit(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	return c == 'I' || c == 'L' ? '1' : c;
}

void
hub_code_hash(const char *code, struct digest *out)
{
	struct buf plain = BUF_INIT;
	struct digest_part part;

	for (; *code; code++)
		if (*code != '-' && *code != ' ')
			buf_putc(&plain, code_digit(*code));
	part.bytes = buf_text(&plain);
	part.len = plain.len;
	digest_parts(&part, 1, out);
	buf_release(&plain);
}

/* 12 random characters in threes of four: XXXX-XXXX-XXXX. */
static void
make_code(const struct random_source *random, struct buf *out)
{
	uint8_t bytes[CODE_CHARACTERS];

	random_fill(random, bytes, sizeof(bytes));
	for (size_t i = 0; i < CODE_CHARACTERS; i++) {
		if (i && i % 4 == 0)
			buf_putc(out, '-');
		buf_putc(out, crockford[bytes[i] & 31]);
	}
}

static enum status
put_invite(struct hub *h, const char *badge, const struct buf *code,
	struct why *why)
{
	struct log_invite i = {0};
	struct holder who = {0};
	int64_t now = 0;
	enum status st = hub_time(h, &now, why);

	if (!st)
		st = holder_read(h->log, badge, now, &who, why);
	if (!st && who.access == ACCESS_NONE)
		st = why_set(why, ST_NOT_FOUND,
			"member %.64s is not there or off: `beatbook-hub "
			"member "
			"set %.64s --active yes` brings back who is off",
			badge, badge);
	hub_code_hash(buf_text(code), &i.code);
	i.expires = now + (int64_t)CODE_HOURS * 3600 * 1000;
	if (!st)
		st = LOG(h->log, invite_put, badge, &i, why);
	holder_release(&who);
	return st;
}

enum status
hub_invite(struct hub *h, const char *badge, struct buf *code, struct why *why)
{
	struct buf fresh = BUF_INIT;
	enum status st = LOG(h->log, begin_write, why);

	make_code(h->random, &fresh);
	if (!st)
		st = put_invite(h, badge, &fresh, why);
	if (!st)
		st = LOG(h->log, commit, why);
	h->log->ops->rollback(h->log);
	if (!st)
		buf_puts(code, buf_text(&fresh));
	buf_release(&fresh);
	return st;
}

void
hub_replicas_release(struct hub_replicas *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->items[i].badge);
		free(l->items[i].device);
	}
	free(l->items);
	memset(l, 0, sizeof(*l));
}

enum status
hub_replica_list(struct hub *h, struct hub_replicas *out, struct why *why)
{
	struct log_replicas all = {0};
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = LOG(h->log, replicas, &all, why);
	h->log->ops->rollback(h->log);
	for (size_t i = 0; i < all.count; i++) {
		const struct log_replica *r = &all.items[i];

		if (r->number == 0)
			continue;
		MEM_ROOM(out->items, out->count, out->cap);
		out->items[out->count++] = (struct hub_replica){r->number,
			mem_text(r->badge), mem_text(r->device), r->enrolled,
			r->synced, r->n, r->revoked};
	}
	log_replicas_release(&all);
	return st;
}

/* A number that the log has no row of may be one given after the backup that
 * this hub was restored from: it can be revoked all the same. */
static enum status
mark_revoked(struct hub *h, uint32_t number, struct hub_revoked *out,
	struct why *why)
{
	struct log_replica r = {0};
	int64_t next;
	enum status st = hub_meta_int(h, HUB_META_NEXT_REPLICA, &next, why);

	if (!st)
		st = LOG(h->log, replica, number, &r, why);
	if (st == ST_NOT_FOUND && number && number < next) {
		r.number = number;
		r.badge = mem_text("");
		r.device = mem_text("");
		out->unknown = true;
		st = ST_OK;
	}
	if (st == ST_NOT_FOUND || (!st && number == 0))
		st = why_set(why, ST_NOT_FOUND,
			"there is no replica %u: `beatbook-hub replica list` "
			"shows them",
			number);
	out->already = r.revoked;
	r.revoked = true;
	if (!st)
		st = LOG(h->log, replica_put, &r, why);
	log_replica_release(&r);
	return st;
}

/* Was its file copied from that of `origin`, or from a copy of it? */
static enum status
comes_from(struct hub *h, uint32_t number, uint32_t origin, bool *yes,
	struct why *why)
{
	struct log_copy c = {.origin = number};
	enum status st = ST_OK;

	*yes = false;
	while (!st && !*yes) {
		st = LOG(h->log, copy_of, c.origin, &c, why);
		*yes = !st && c.origin == origin;
	}
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Who has the file has what was copied from it: another number does not help
 * a thief. */
static enum status
revoke_copies(struct hub *h, uint32_t origin, size_t *copies, struct why *why)
{
	struct log_replicas all = {0};
	struct hub_revoked one;
	enum status st = LOG(h->log, replicas, &all, why);

	for (size_t i = 0; !st && i < all.count; i++) {
		bool yes = false;

		if (!all.items[i].revoked)
			st = comes_from(
				h, all.items[i].number, origin, &yes, why);
		if (!st && yes)
			st = mark_revoked(h, all.items[i].number, &one, why);
		*copies += yes;
	}
	log_replicas_release(&all);
	return st;
}

enum status
hub_revoke(struct hub *h, uint32_t number, struct hub_revoked *out,
	struct why *why)
{
	enum status st = LOG(h->log, begin_write, why);

	memset(out, 0, sizeof(*out));
	if (!st)
		st = mark_revoked(h, number, out, why);
	if (!st)
		st = revoke_copies(h, number, &out->copies, why);
	if (!st)
		st = LOG(h->log, commit, why);
	h->log->ops->rollback(h->log);
	return st;
}

enum status
hub_stats(struct hub *h, struct hub_stats *out, struct why *why)
{
	struct log_stats s = {0};
	struct names members = {0};
	enum status st = LOG(h->log, begin_read, why);

	memset(out, 0, sizeof(*out));
	if (!st)
		st = LOG(h->log, stats, &s, why);
	if (!st)
		st = LOG(h->log, ids, "member", &members, why);
	if (!st)
		st = hub_meta_int(h, HUB_META_DURABLE, &out->durable_seq, why);
	h->log->ops->rollback(h->log);
	out->entries = s.entries;
	out->records = s.records;
	out->replicas = s.replicas;
	out->revoked = s.revoked;
	out->members = (int64_t)members.count;
	out->held = s.held;
	out->refused = s.refused;
	out->conflicts = s.conflicts;
	out->bytes = s.bytes;
	names_release(&members);
	return st;
}

static enum status
raise_durable(struct hub *h, int64_t seq, struct why *why)
{
	int64_t durable;
	enum status st = LOG(h->log, begin_write, why);

	if (!st)
		st = hub_meta_int(h, HUB_META_DURABLE, &durable, why);
	if (!st && seq > durable)
		st = hub_meta_set_int(h, HUB_META_DURABLE, seq, why);
	if (!st)
		st = LOG(h->log, commit, why);
	h->log->ops->rollback(h->log);
	return st;
}

void
hub_set_progress(struct hub *h, const struct progress *p)
{
	h->log->progress = p;
}

const struct progress *
hub_progress(const struct hub *h)
{
	return h->log->progress;
}

enum status
hub_backup(struct hub *h, const char *file, struct why *why)
{
	int64_t seq = 0;
	enum status st = LOG(h->log, backup, file, &seq, why);

	return st ? st : raise_durable(h, seq, why);
}

/* What was written since the first restore may be over what was lost, also in
 * a backup made between two of them. */
static enum status
note_restored(struct hub *h, struct why *why)
{
	int64_t head, came;
	struct buf first = BUF_INIT;
	enum status st = LOG(h->log, meta, LOG_META_RESTORED, &first, why);

	buf_release(&first);
	if (st != ST_NOT_FOUND)
		return st;
	st = LOG(h->log, head, &head, &came, why);
	if (!st)
		st = hub_meta_set_int(h, LOG_META_RESTORED, head, why);
	return st;
}

static enum status
begin_anew(struct hub *h, const struct random_source *random, struct why *why)
{
	char incarnation[9];
	int64_t next;
	enum status st = LOG(h->log, begin_write, why);

	make_incarnation(random, incarnation);
	if (!st)
		st = LOG(h->log, meta_set, HUB_META_INCARNATION, incarnation,
			why);
	if (!st)
		st = hub_meta_int(h, HUB_META_NEXT_REPLICA, &next, why);
	if (!st)
		st = hub_meta_set_int(
			h, HUB_META_NEXT_REPLICA, next + RESTORE_SKIPS, why);
	if (!st)
		st = note_restored(h, why);
	if (!st) /* this one has not served yet */
		st = LOG(h->log, meta_set, HUB_META_TRAFFIC, "", why);
	if (!st)
		st = LOG(h->log, commit, why);
	h->log->ops->rollback(h->log);
	return st;
}

enum status
hub_restore(const char *place, const char *file,
	const struct random_source *random, struct why *why)
{
	struct hub h = {0};
	enum status st = hub_log_restore(place, file, &h.log, why);

	if (!st)
		st = begin_anew(&h, random, why);
	hub_log_close(h.log);
	return st;
}

bool
hub_note_traffic(struct hub *h, const char *json)
{
	struct hub_log *log = h->log;
	enum status st = LOG(log, begin_write, NULL);
	bool busy = st && log->ops->busy(log);

	if (!st)
		st = LOG(log, meta_set, HUB_META_TRAFFIC, json, NULL);
	if (!st)
		st = LOG(log, commit, NULL);
	log->ops->rollback(log);
	return !busy;
}

enum status
hub_traffic(struct hub *h, struct buf *json, struct why *why)
{
	enum status st = LOG(h->log, begin_read, why);

	if (!st)
		st = LOG(h->log, meta, HUB_META_TRAFFIC, json, why);
	h->log->ops->rollback(h->log);
	return st == ST_NOT_FOUND ? ST_OK : st;
}
