#include "tests/support/devices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/good.h"

#define PIECE ((size_t)100) /* bytes of an answer that arrive at once */
#define REQUESTS_MAX 12	    /* of one sync */

static void
ask(struct device *d, const char *badge, struct enrolled *e)
{
	struct buf code = BUF_INIT, body = BUF_INIT, answer = BUF_INIT;
	int status;

	good(hub_invite(d->t->h, badge, &code, &why));
	enroll_request(badge, buf_text(&code), "mdt", NULL, &body);
	status = hub_call(d->t->h, "POST", "/v1/enroll", NULL, body.data,
		body.len, &answer);
	good(enroll_answer(status, buf_text(&answer), answer.len, e, &why));
	buf_release(&code);
	buf_release(&body);
	buf_release(&answer);
}

void
device_enroll(struct device *d, struct hubs *t, const char *badge)
{
	struct enrolled e;

	memset(d, 0, sizeof(*d));
	d->t = t;
	ask(d, badge, &e);
	d->f.clock = t->clock;
	snprintf(d->f.path, sizeof(d->f.path), "%s/%u.db", t->dir, e.number);
	good(replica_create(d->f.path,
		&(struct identity){
			e.number, badge, e.token, "http://hub", e.hub},
		e.profile, e.zone, &d->f.clock, &d->f.r, &why));
	good(replica_meta_set(d->f.r, META_PROFILE_HASH, e.hash, &why));
	enrolled_release(&e);
}

void
device_release(struct device *d)
{
	fixture_close(&d->f);
	unlink(d->f.path);
	buf_release(&d->request);
	buf_release(&d->answer);
	memset(d, 0, sizeof(*d));
}

static void
serve(struct device *d)
{
	struct hub_sync *s = hub_sync_new(d->t->h);
	bool more = true;

	hub_sync_feed(s, buf_text(&d->request), d->request.len);
	hub_sync_finish(s);
	d->status = hub_sync_status(s);
	while (more)
		hub_sync_answer(s, &d->answer, &more);
	hub_sync_free(s);
}

enum status
device_try(struct device *d, size_t max)
{
	struct engine *e;
	size_t len;
	enum status st;

	buf_clear(&d->request);
	buf_clear(&d->answer);
	good(engine_begin(d->f.r, !d->deflated, &e, &d->request, &why));
	serve(d);
	if (d->listen)
		d->listen(d, d->listener);
	len = max && max < d->answer.len ? max : d->answer.len;
	/* What feed says, end says again, or knows better. */
	st = ST_OK;
	for (size_t at = 0; !st && at < len; at += PIECE)
		st = engine_feed(e, d->status, buf_text(&d->answer) + at,
			len - at < PIECE ? len - at : PIECE, &why);
	st = engine_end(e, &d->counts, &why);
	engine_free(e);
	d->requests++;
	return st;
}

void
device_sync(struct device *d)
{
	d->requests = 0;
	do {
		good(device_try(d, 0));
		if (d->requests > REQUESTS_MAX)
			fail_msg("a sync does not end: %s",
				buf_text(&d->answer));
	} while (d->counts.again);
}

size_t
device_bytes(const struct device *d)
{
	return d->request.len + d->answer.len;
}

bool
device_asked(const struct device *d, const char *text)
{
	return strstr(buf_text(&d->request), text) != NULL;
}

bool
device_heard(const struct device *d, const char *text)
{
	return strstr(buf_text(&d->answer), text) != NULL;
}

void
devices_end(struct hubs *t, ...)
{
	struct device *d;
	va_list sound, gone;

	va_start(sound, t);
	va_copy(gone, sound);
	while ((d = va_arg(sound, struct device *)))
		fixture_sound(&d->f);
	hubs_verify(t);
	while ((d = va_arg(gone, struct device *)))
		device_release(d);
	hubs_remove(t);
	va_end(gone);
	va_end(sound);
}
