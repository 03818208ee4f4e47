#include "sync/hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/value.h"
#include "sync/hub_core.h"

enum status
hub_meta_int(struct hub *h, const char *key, int64_t *out, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = LOG(h->log, meta, key, &text, why);

	*out = 0;
	if (!st)
		*out = strtoll(buf_text(&text), NULL, 10);
	buf_release(&text);
	return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status
hub_meta_set_int(struct hub *h, const char *key, int64_t value, struct why *why)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	return LOG(h->log, meta_set, key, text, why);
}

static enum status
load_catalog(struct hub *h, const char *hash, struct why *why)
{
	struct buf text = BUF_INIT;
	struct catalog *fresh = NULL;
	enum status st = LOG(h->log, meta, HUB_META_PROFILE, &text, why);

	if (!st)
		st = catalog_read(text.len ? buf_text(&text) : NULL, text.len,
			"the department's profile", &fresh, why);
	if (!st) {
		catalog_free(h->catalog);
		free(h->profile_hash);
		h->catalog = fresh;
		h->profile_hash = mem_text(hash);
	}
	buf_release(&text);
	return st;
}

enum status
hub_refresh(struct hub *h, struct why *why)
{
	struct buf hash = BUF_INIT;
	enum status st = LOG(h->log, meta, HUB_META_PROFILE_HASH, &hash, why);

	if (!st && (!h->catalog || strcmp(h->profile_hash, buf_text(&hash))))
		st = load_catalog(h, buf_text(&hash), why);
	buf_release(&hash);
	return st;
}

static enum status
load_identity(struct hub *h, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = LOG(h->log, meta, HUB_META_INCARNATION, &text, why);

	snprintf(h->incarnation, sizeof(h->incarnation), "%s", buf_text(&text));
	if (!st && !text.len)
		st = why_set(why, ST_FILE,
			"restoring this hub broke off: restore again into an "
			"empty folder");
	buf_clear(&text);
	if (!st)
		st = LOG(h->log, meta, HUB_META_SECRET, &text, why);
	if (!st && !base64_decode(buf_text(&text), h->secret, SECRET_SIZE))
		st = why_set(why, ST_FILE,
			"the hub's log has no secret: it is damaged, restore a "
			"backup");
	buf_clear(&text);
	if (!st)
		st = LOG(h->log, meta, HUB_META_ZONE, &text, why);
	if (!st)
		st = when_set_zone(buf_text(&text), why);
	buf_release(&text);
	return st;
}

enum status
hub_open(const char *place, const struct clock *clock,
	const struct random_source *random, struct hub **out, struct why *why)
{
	struct hub *h = mem_alloc(sizeof(*h));
	enum status st = hub_log_open(place, &h->log, why);

	h->clock = clock;
	h->random = random;
	h->wrong_codes = rate_new();
	h->holders = holders_new();
	h->macs = mem_alloc(MACS_KEPT * sizeof(*h->macs));
	if (!st)
		st = LOG(h->log, begin_read, why);
	if (!st)
		st = load_identity(h, why);
	if (!st)
		st = hub_refresh(h, why);
	if (h->log)
		h->log->ops->rollback(h->log);
	if (st) {
		hub_close(h);
		h = NULL;
	}
	*out = h;
	return st;
}

void
hub_close(struct hub *h)
{
	if (!h)
		return;
	hub_log_close(h->log);
	free(h->authority);
	rate_free(h->wrong_codes);
	holders_free(h->holders);
	catalog_free(h->catalog);
	free(h->profile_hash);
	free(h->macs);
	free(h);
}

void
hub_set_authority(struct hub *h, const char *pem)
{
	free(h->authority);
	h->authority = mem_text(pem);
}

void
hub_patience(struct hub *h, int ms)
{
	h->log->ops->patience(h->log, ms);
}

void
hub_read_together(struct hub *h, bool on)
{
	h->log->ops->together(h->log, on);
}

const struct catalog *
hub_catalog(const struct hub *h)
{
	return h->catalog;
}

enum status
hub_time(struct hub *h, int64_t *ms, struct why *why)
{
	struct clock_reading now;
	int64_t seq, came;
	enum status st = LOG(h->log, head, &seq, &came, why);

	clock_read(h->clock, &now);
	*ms = now.wall_ms > came ? now.wall_ms : came;
	return st;
}

/* The right MAC for a number and badge. Those lately asked for are kept. */
static const uint8_t *
token_mac(const struct hub *h, uint32_t number, const char *badge)
{
	struct known_mac *known = &h->macs[number % MACS_KEPT];
	struct digest d;
	char *text;

	if (known->number == number && strcmp(known->badge, badge) == 0)
		return known->mac;
	text = mem_printf("%u.%s", number, badge);
	digest_hmac(h->secret, SECRET_SIZE, text, strlen(text), &d);
	free(text);
	known->number = number;
	snprintf(known->badge, sizeof(known->badge), "%s", badge);
	memcpy(known->mac, d.bytes, MAC_SIZE);
	return known->mac;
}

void
hub_token(const struct hub *h, uint32_t number, const char *badge,
	struct buf *out)
{
	char text[BASE64_SIZE(MAC_SIZE)];

	base64_encode(token_mac(h, number, badge), MAC_SIZE, text);
	buf_printf(out, "%u.%s.%s", number, badge, text);
}

bool
hub_token_ok(const struct hub *h, const char *token, uint32_t *number,
	char *badge, size_t badge_size)
{
	uint8_t given[MAC_SIZE];
	const char *mac;

	if (!token || !token_split(token, number, badge, badge_size, &mac) ||
		*number == 0 || !base64_decode(mac, given, MAC_SIZE))
		return false;
	return digest_same(given, token_mac(h, *number, badge), MAC_SIZE);
}

/* The replica's row, or what its token says of it. */
static enum status
read_replica(struct hub *h, uint32_t number, const char *badge,
	struct log_replica *out, struct why *why)
{
	enum status st = LOG(h->log, replica, number, out, why);

	if (st != ST_NOT_FOUND)
		return st;
	memset(out, 0, sizeof(*out));
	out->number = number;
	out->badge = mem_text(badge);
	out->device = mem_text("");
	return ST_OK;
}

enum status
hub_who(struct hub *h, const char *token, int64_t now,
	struct log_replica *replica, struct holder *holder, struct why *why)
{
	char badge[ID_MAX + 1];
	uint32_t number;
	enum status st;

	memset(replica, 0, sizeof(*replica));
	memset(holder, 0, sizeof(*holder));
	if (!hub_token_ok(h, token, &number, badge, sizeof(badge)))
		return why_set(why, ST_REFUSED,
			"this replica is not known here: enroll it again");
	st = read_replica(h, number, badge, replica, why);
	/* A backup that was restored twice gave the number twice. */
	if (!st && strcmp(replica->badge, badge) != 0)
		return why_set(why, ST_REFUSED,
			"replica %u is another member's here: enroll it again",
			number);
	if (!st && replica->revoked)
		return why_set(why, ST_REFUSED,
			"replica %u was revoked: ask an administrator", number);
	if (!st)
		st = holders_read(h->holders, h->log, badge, now, holder, why);
	if (!st && holder->access == ACCESS_NONE)
		st = why_set(why, ST_REFUSED,
			"member %s is off or unknown: ask an administrator",
			badge);
	return st;
}

bool
hub_may_read(const struct hub *h, const char *kind, enum access a)
{
	const struct kind *k = catalog_kind(h->catalog, kind);

	/* What only a newer profile knows is in its author's book alone. */
	return !k || rights_may_read(k, a);
}

void
hub_error(struct buf *out, const char *text)
{
	buf_puts(out, "{\"error\":");
	json_put_text(out, text);
	buf_puts(out, "}\n");
}
