#include "sync/engine.h"

#include <stdlib.h>
#include <string.h>

#include "sync/message_members.h"
#include "sync/refusal.h"

#define PROFILE_MAX FRAME_MAX

void
enroll_request(const char *badge, const char *code, const char *device,
	const char *old_token, struct buf *out)
{
	buf_putc(out, '{');
	put_text(out, "badge", badge);
	put_text(out, "code", code);
	put_text(out, "device", device);
	if (old_token && *old_token)
		put_text(out, "token", old_token);
	buf_puts(out, "}\n");
}

void
enrolled_release(struct enrolled *e)
{
	free(e->token);
	free(e->hub);
	free(e->zone);
	free(e->profile);
	free(e->hash);
	free(e->authority);
	memset(e, 0, sizeof(*e));
}

static char *
text_or_empty(struct members *m, const char *name, size_t max)
{
	const char *text = member_text(m, name, max);

	return mem_text(text ? text : "");
}

/* The token must be of the number that came with it. */
static void
get_enrolled(struct members *m, struct enrolled *out)
{
	char badge[64 + 1];
	const char *mac;
	uint32_t number = 0;

	out->number = (uint32_t)member_need_int(m, "replica", 1, UINT32_MAX);
	out->token = mem_text(member_need_text(m, "token", TOKEN_MAX));
	out->hub = mem_text(member_need_text(m, "hub", 64));
	out->zone = text_or_empty(m, "zone", 64);
	out->profile = text_or_empty(m, "profile", PROFILE_MAX);
	out->hash = text_or_empty(m, "hash", 128);
	out->authority = text_or_empty(m, "ca", AUTHORITY_MAX);
	if (!token_split(out->token, &number, badge, sizeof(badge), &mac) ||
		number != out->number)
		member_bad(m, "token");
}

enum status
enroll_answer(int http_status, const char *body, size_t len,
	struct enrolled *out, struct why *why)
{
	struct members m = {NULL, NULL};
	cJSON *object;

	memset(out, 0, sizeof(*out));
	if (http_status != 200)
		return refusal_read(http_status, body, len, why);
	if (message_parse(body, len, &object, NULL))
		return refusal_not_ours(why);
	m.object = object;
	get_enrolled(&m, out);
	cJSON_Delete(object);
	if (!m.bad)
		return ST_OK;
	enrolled_release(out);
	return refusal_not_ours(why);
}
