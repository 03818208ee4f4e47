/* beatbook-hub stats: what is in the log, what the server did, who is silent. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/table.h"
#include "sync/hub_commands.h"

#define SILENT_MS ((int64_t)7 * 24 * 3600 * 1000)

static const struct {
	const char *name, *label;
	size_t offset;
} figures[] = {
#define FIGURE(field, label)                                     \
	{                                                        \
#field, label, offsetof(struct hub_stats, field) \
	}
	FIGURE(entries, "log entries"),
	FIGURE(records, "records"),
	FIGURE(members, "members"),
	FIGURE(replicas, "replicas"),
	FIGURE(revoked, "  of them revoked"),
	FIGURE(conflicts, "open conflicts"),
	FIGURE(held, "held edits"),
	FIGURE(refused, "refused edits"),
	FIGURE(durable_seq, "durable up to entry"),
	FIGURE(bytes, "bytes on disk"),
#undef FIGURE
};
#define FIGURES (sizeof(figures) / sizeof(*figures))

static void
say_stats(const struct hub_stats *s, bool json, struct buf *out)
{
	if (json)
		buf_putc(out, '{');
	for (size_t i = 0; i < FIGURES; i++) {
		const char *base = (const char *)s;
		int64_t n;

		memcpy(&n, base + figures[i].offset, sizeof(n));
		if (json)
			json_put_name(out, figures[i].name);
		else
			buf_printf(out, "%-20s ", figures[i].label);
		buf_printf(out, "%" PRId64 "%s", n, json ? "" : "\n");
	}
}

/* What `serve` noted of itself last: flat, so a line each. */
static enum status
say_traffic(struct hub *h, bool json, struct buf *out, struct why *why)
{
	struct buf text = BUF_INIT;
	cJSON *object = NULL, *m;
	enum status st = hub_traffic(h, &text, why);

	if (!st && text.len)
		st = json_parse(text.data, text.len, false, &object, why);
	if (!st && object && json) {
		buf_puts(out, ",\"serving\":");
		buf_puts(out, buf_text(&text));
	} else if (!st && object) {
		buf_puts(out, "serving\n");
		cJSON_ArrayForEach (m, object) {
			buf_printf(out, "  %-18s ", m->string);
			if (cJSON_IsString(m))
				buf_puts(out, m->valuestring);
			else
				buf_printf(out, "%.0f", m->valuedouble);
			buf_putc(out, '\n');
		}
	}
	cJSON_Delete(object);
	buf_release(&text);
	return st;
}

static bool
is_silent(const struct hub_replica *r, int64_t now)
{
	int64_t last = r->last_sync_ms ? r->last_sync_ms : r->enrolled_ms;

	return !r->revoked && now - last > SILENT_MS;
}

/* null: one enrolled after the backup that the hub was restored from. */
static void
json_put_known(struct buf *out, const char *name, const char *text)
{
	if (text[0]) {
		json_put_member(out, name, text);
		return;
	}
	json_put_name(out, name);
	buf_puts(out, "null");
}

static enum status
say_one_silent(struct hub *h, const struct hub_replica *r, bool json,
	struct buf *out, struct why *why)
{
	struct buf name = BUF_INIT;
	char when[WHEN_MAX];
	enum status st = hub_value(h, "member", r->badge, "name", &name, why);

	if (json) {
		json_put_comma(out);
		buf_printf(out, "{\"replica\":%u", r->number);
		json_put_member(out, "member", r->badge);
		json_put_known(out, "name", buf_text(&name));
		json_put_known(out, "device", r->device);
		json_put_name(out, "last_sync");
		when_instant_text(r->last_sync_ms, when);
		if (r->last_sync_ms)
			json_put_text(out, when);
		else
			buf_puts(out, "null");
		buf_putc(out, '}');
	} else {
		last_sync_text(r, when);
		buf_printf(out, "  %u ", r->number);
		put_shown(out, r->badge, 0);
		buf_putc(out, ' ');
		put_shown(out, name.len ? name.data : "(name unknown)", 0);
		buf_printf(out, ", last sync %s\n", when);
	}
	buf_release(&name);
	return st;
}

/* Replicas that have not come for a week. */
static enum status
say_silent(struct hub *h, bool json, struct buf *out, struct why *why)
{
	struct hub_replicas all = {0};
	struct clock_reading now;
	size_t count = 0;
	enum status st = hub_replica_list(h, &all, why);

	clock_read(NULL, &now);
	for (size_t i = 0; i < all.count; i++)
		count += is_silent(&all.items[i], now.wall_ms);
	if (json)
		buf_puts(out, ",\"silent\":[");
	else
		buf_printf(out, "%-20s %zu\n", "silent for 7 days", count);
	for (size_t i = 0; !st && i < all.count; i++)
		if (is_silent(&all.items[i], now.wall_ms))
			st = say_one_silent(h, &all.items[i], json, out, why);
	if (json)
		buf_putc(out, ']');
	hub_replicas_release(&all);
	return st;
}

enum status
hub_command_stats(void *context, struct words *w, struct why *why)
{
	struct hub_context *c = context;
	struct hub_stats stats = {0};
	struct hub *h = NULL;
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "stats [--json]", why);
	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = hub_stats(h, &stats, why);
	if (!st)
		say_stats(&stats, json, &c->out);
	if (!st)
		st = say_traffic(h, json, &c->out, why);
	if (!st)
		st = say_silent(h, json, &c->out, why);
	if (!st && json)
		buf_puts(&c->out, "}\n");
	hub_close(h);
	return st;
}
