/*
 * Bytes as a history: edits by three replicas of four records, over whatever
 * each happened to see, voids and settlings among them, pushed in any order.
 * Whatever it is, the hub's invariants hold, no edit is lost or doubled, and
 * all of it pushed again changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/message.h"
#include "tests/fuzz/station.h"

#define REPLICAS 3
#define EDITS_MAX 24 /* of each */
#define RECORDS 4

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct pen {
	uint32_t number;
	char *token;
	struct dated_edit edits[EDITS_MAX];
	uint32_t count, sent; /* written; known to the hub */
};

struct history {
	const uint8_t *bytes;
	size_t len, at;
	struct crew *crew;
	struct pen writers[REPLICAS];
};

static uint8_t
next(struct history *h)
{
	return h->at < h->len ? h->bytes[h->at++] : 0;
}

static void
enroll(struct history *h, struct pen *w, const char *badge)
{
	struct enrolled e;

	crew_ask_enrolment(h->crew, badge, &e);
	w->number = e.number;
	w->token = mem_text(e.token);
	enrolled_release(&e);
}

/* Any edit that there is by now, or may be. */
static struct edit_id
any_edit(struct history *h)
{
	uint8_t which = next(h);
	struct pen *w = &h->writers[which % REPLICAS];
	uint32_t n = which / REPLICAS % (EDITS_MAX + 2);

	return (struct edit_id){n ? w->number : 0, n};
}

static void
add_fields(struct history *h, struct edit *e)
{
	static const char *const names[] = {"title", "goal", "stage",
		"beat_ids", "problem", FIELD_VOID, "novel"};
	static const char *const values[] = {
		"a", "b", "", "35X", "12Y", "35X,12Y", "analysis"};
	int count = 1 + next(h) % 3;

	while (count--) {
		const char *name = names[next(h) % 7];
		const char *value = values[next(h) % 7];
		struct edit_id over = any_edit(h);

		if (!edit_find(e, name))
			edit_change(e, name, value, over);
	}
}

static void
write_one(struct history *h, struct pen *w)
{
	struct dated_edit *d = &w->edits[w->count];
	uint8_t how = next(h);
	struct edit_id loser;

	if (w->count == EDITS_MAX)
		return;
	w->count++;
	memset(d, 0, sizeof(*d));
	d->edit.id = (struct edit_id){w->number, w->count};
	d->edit.kind = mem_text(how & 1 ? "project_update" : "project");
	d->edit.record = mem_printf("x-%d", how >> 1 & (RECORDS - 1));
	if (how & 1)
		edit_change(&d->edit, "project_id", "x-0", EDIT_ID_NONE);
	add_fields(h, &d->edit);
	loser = any_edit(h);
	if (how & 16 && loser.n)
		edit_settle(&d->edit, "goal", loser);
	if (how & 32)
		d->edit.saw_void = any_edit(h);
	d->age_ms = next(h) * 1000;
	d->unsure = how & 64;
}

/* All edits that the hub does not have, or all there are. */
static void
push(struct pen *w, uint32_t from)
{
	struct hello hello = {.token = w->token, .n = from};
	struct buf request = BUF_INIT, answer = BUF_INIT;
	struct digest chain = {0}, hash;
	struct coder c = {0};
	int status;

	for (uint32_t i = 0; i < from; i++) {
		edit_digest(&w->edits[i].edit, &hash);
		edit_chain(&chain, &hash, &chain);
	}
	memcpy(hello.chain, chain.bytes, MARK_SIZE);
	hello.profile_hash = mem_text("");
	message_put_hello(&hello, &request);
	coder_start_up(&c, &hello, w->number);
	for (uint32_t i = from; i < w->count; i++)
		message_put_edit(&c, &w->edits[i], &request);
	status = station_ask(
		(const uint8_t *)request.data, request.len, 500, &answer);
	if (status != 200)
		fprintf(stderr, "%s%d %s", buf_text(&request), status,
			buf_text(&answer));
	NEED(status == 200);
	w->sent = w->count;
	coder_release(&c);
	free(hello.profile_hash);
	buf_release(&request);
	buf_release(&answer);
}

static void
happen(struct history *h)
{
	while (h->at < h->len) {
		uint8_t what = next(h);
		struct pen *w = &h->writers[what % REPLICAS];

		if (what & 0x80)
			push(w, w->sent);
		else
			write_one(h, w);
		hubs_pass(&h->crew->hub, what % 7 * 1000);
	}
	for (size_t i = 0; i < REPLICAS; i++)
		push(&h->writers[i], h->writers[i].sent);
}

static void
check(struct history *h)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	int64_t in_log = 0, written = 0;

	station_verify();
	station_hub_text(&before);
	for (size_t i = 0; i < REPLICAS; i++) {
		struct pen *w = &h->writers[i];

		push(w, 0);
		written += w->count;
		in_log += crew_count(CREW_PLACE "/hub.db",
			"SELECT count(*) FROM entry WHERE replica=?1"
			" AND n BETWEEN 1 AND ?2",
			w->number, w->count);
	}
	station_hub_text(&after);
	NEED(in_log == written);
	NEED(strcmp(buf_text(&before), buf_text(&after)) == 0);
	buf_release(&before);
	buf_release(&after);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const badges[REPLICAS] = {"4471", "4480", "900"};
	struct history h = {bytes, len, 0, station_at(0), {{0}}};

	for (size_t i = 0; i < REPLICAS; i++)
		enroll(&h, &h.writers[i], badges[i]);
	happen(&h);
	check(&h);
	for (size_t i = 0; i < REPLICAS; i++) {
		for (uint32_t n = 0; n < h.writers[i].count; n++)
			edit_release(&h.writers[i].edits[n].edit);
		free(h.writers[i].token);
	}
	return 0;
}
