#include "sync/hub_exchange.h"

#include <string.h>
#include <time.h>

#include "common/json.h"
#include "sync/message.h"

#define PIECE_SIZE ((size_t)64 << 10) /* of an answer, drawn at a time */
#define BODY_STEP ((size_t)64 << 10)  /* of a body: it moves the deadline */

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Answers. */

/* What is in `answer` is the whole of it, or its beginning. */
static enum exchange_step
answered(struct exchange *x, int status)
{
	x->status = status;
	x->answered_us = now_us();
	return EXCHANGE_ANSWERED;
}

static enum exchange_step
refuse(struct exchange *x, int status, const char *what)
{
	buf_clear(&x->answer);
	buf_puts(&x->answer, "{\"error\":");
	json_put_text(&x->answer, what);
	buf_puts(&x->answer, "}\n");
	return answered(x, status);
}

/* It may be asked again in `ms`. */
static enum exchange_step
refuse_for(struct exchange *x, int status, int64_t ms, const char *what)
{
	x->retry_after = (int)((ms + 999) / 1000);
	return refuse(x, status, what);
}

/* Who may ask. */

#define REPLICA_TEXT "this replica asks too often: wait, all edits are kept"
#define STRANGER_TEXT                                                   \
	"too many requests without a token of this hub come from your " \
	"address: wait"

static const char *
address_of(const struct exchange *x)
{
	return x->on ? x->on->address : "";
}

static int64_t
take_stranger(struct exchange *x, enum door_limit limit)
{
	return door_stranger(x->host->door, limit, address_of(x), peers_now());
}

static int64_t
stranger_waits(struct exchange *x)
{
	return door_stranger_waits(x->host->door,
		x->kind == TRAFFIC_ENROLL ? DOOR_ENROLMENTS : DOOR_STRANGERS,
		address_of(x), peers_now());
}

/* Once its token is known; what it has brought is not taken then. */
static void
limit_sync(struct exchange *x)
{
	struct sync_tally tally;
	int64_t wait;

	hub_sync_tally(x->sync, &tally);
	if (x->counted || !tally.replica)
		return;
	x->counted = true;
	wait = door_replica(x->host->door, tally.replica, peers_now());
	peer_deadline(x->on, x->host->deadline_ms);
	if (!wait)
		return;
	x->retry_after = (int)((wait + 999) / 1000);
	hub_sync_give_up(x->sync, 429, REPLICA_TEXT);
}

/* One that showed a token of ours counts for its replica, one that was not
 * answered well for its address: ms that a token of nobody's has to wait. */
static int64_t
count_call(struct exchange *x, int status)
{
	const char *token = x->head.token, *mac;
	char badge[64 + 1];
	uint32_t number;
	int64_t wait = 0;

	if (x->kind == TRAFFIC_ENROLL) {
		if (status != 200)
			take_stranger(x, DOOR_ENROLMENTS);
	} else if (status == 200 && token &&
		   token_split(token, &number, badge, sizeof(badge), &mac)) {
		door_replica(x->host->door, number, peers_now());
	} else if (status != 200 || !token) {
		wait = take_stranger(x, DOOR_STRANGERS);
	}
	return status == 401 ? wait : 0;
}

/* What can be refused by the headers alone, before any of the rest is read. */
static enum exchange_step
judge_head(struct exchange *x)
{
	bool is_sync = x->kind == TRAFFIC_POLL;
	/* Whose token it is tells the hub; an enrolment has none to show. */
	bool shows_none = x->kind == TRAFFIC_ENROLL || !x->head.token;
	int64_t wait;

	if (x->host->stopping)
		return refuse_for(x, 503, 5000,
			"the hub is being stopped: try again soon");
	if (x->head.size > EXCHANGE_HEADERS_MAX)
		return refuse(x, 431,
			"the headers are larger than 8 KiB: send fewer");
	if (x->head.length >
		(is_sync ? REQUEST_MAX : (size_t)EXCHANGE_CALL_MAX))
		return refuse(x, 413,
			"the request is too large: send less in one request");
	if (!is_sync && shows_none && (wait = stranger_waits(x)))
		return refuse_for(x, 429, wait, STRANGER_TEXT);
	return EXCHANGE_GOES_ON;
}

enum exchange_step
exchange_begin(struct exchange *x, struct exchange_host *host,
	struct one_peer *on, void *carrier, const struct exchange_head *head)
{
	enum exchange_step step;

	memset(x, 0, sizeof(*x));
	x->host = host;
	x->on = on;
	x->carrier = carrier;
	x->head = *head;
	x->body.max = EXCHANGE_CALL_MAX;
	x->kind = traffic_kind_of(head->method, head->target);
	step = judge_head(x);
	if (step == EXCHANGE_GOES_ON && x->kind == TRAFFIC_POLL)
		x->sync = hub_sync_new(host->hub);
	return step;
}

/* Its body. */

static void
wait_for_log(struct exchange *x)
{
	group_add(x->host->group, x->carrier, x->sync);
	x->waiting = true;
}

void
exchange_take(struct exchange *x, const char *bytes, size_t len)
{
	/* Whoever is known may take long, if it goes on. */
	if (x->counted && x->taken / BODY_STEP != (x->taken + len) / BODY_STEP)
		peer_deadline(x->on, x->host->deadline_ms);
	x->taken += len;
	if (!x->sync)
		buf_add(&x->body, bytes, len);
	else if (x->taken <= REQUEST_MAX)
		hub_sync_take(x->sync, bytes, len);
	if (x->sync)
		limit_sync(x);
	if (x->sync && hub_sync_waits(x->sync))
		wait_for_log(x);
}

/* Draw pieces until there are `want` bytes or the answer is over. */
static void
draw(struct exchange *x, size_t want)
{
	while (x->more && x->answer.len < want)
		hub_sync_answer(x->sync, &x->answer, &x->more);
	peer_deadline(x->on, x->host->deadline_ms);
}

size_t
exchange_draw(struct exchange *x, char *out, size_t room)
{
	size_t n;

	if (!x->answer.len)
		draw(x, 1);
	n = x->answer.len < room ? x->answer.len : room;
	if (n)
		memcpy(out, x->answer.data, n);
	buf_drop(&x->answer, n);
	x->given += n;
	return n;
}

static enum exchange_step
answer_sync(struct exchange *x)
{
	struct sync_tally tally;
	int64_t wait = 0;
	int status = hub_sync_status(x->sync);

	if (x->taken > REQUEST_MAX)
		return refuse(x, 413,
			"the request is larger than 64 MiB: send less in one "
			"request");
	hub_sync_tally(x->sync, &tally);
	if (!tally.replica)
		wait = take_stranger(x, DOOR_STRANGERS);
	if (wait)
		return refuse_for(x, 429, wait, STRANGER_TEXT);
	x->more = true;
	draw(x, PIECE_SIZE);
	return answered(x, status);
}

/* Has it waited for the log as long as it may? */
static bool
gave_up(struct exchange *x)
{
	int64_t now = peers_now();

	if (!x->busy_since)
		x->busy_since = now;
	return now - x->busy_since >= GROUP_BUSY_S * 1000;
}

static enum exchange_step
answer_call(struct exchange *x)
{
	int64_t wait;
	int status;

	if (x->taken > EXCHANGE_CALL_MAX)
		return refuse(
			x, 413, "the request is larger than 64 KiB: send less");
	status = hub_call_from(x->host->hub, address_of(x), x->head.method,
		x->head.target, x->head.token, buf_text(&x->body), x->body.len,
		&x->answer);
	if (status == 503 && !gave_up(x)) {
		buf_clear(&x->answer);
		wait_for_log(x);
		return EXCHANGE_WAITS;
	}
	wait = count_call(x, status);
	if (wait)
		return refuse_for(x, 429, wait, STRANGER_TEXT);
	if (status == 503)
		x->retry_after = 1;
	return answered(x, status);
}

/* True: what it brought waits for the commit. */
static bool
end_body(struct exchange *x)
{
	if (!x->ended_us)
		x->ended_us = now_us();
	if (!x->sync || x->over)
		return false;
	x->over = true;
	hub_sync_over(x->sync);
	if (hub_sync_waits(x->sync))
		wait_for_log(x);
	return x->waiting;
}

enum exchange_step
exchange_over(struct exchange *x)
{
	if (end_body(x))
		return EXCHANGE_WAITS;
	return x->sync ? answer_sync(x) : answer_call(x);
}

/* Its end. */

static void
count(struct exchange *x)
{
	struct sync_tally tally = {0};

	if (x->sync) {
		hub_sync_tally(x->sync, &tally);
		x->kind = tally.edits ? TRAFFIC_PUSH : TRAFFIC_POLL;
	}
	traffic_add(&x->host->traffic, x->kind, x->status, (int64_t)x->taken,
		(int64_t)x->given,
		x->ended_us ? x->answered_us - x->ended_us : 0);
	if (!x->host->note_at)
		x->host->note_at = peers_now() + EXCHANGE_NOTE_MS;
}

/* What a request brought counts although its connection is gone. */
static void
leave_sync(struct exchange *x)
{
	if (x->sync && !x->over && !x->waiting) {
		hub_sync_over(x->sync);
		if (hub_sync_waits(x->sync))
			wait_for_log(x);
	}
	if (x->waiting) {
		group_leave(x->host->group, x->carrier);
		return;
	}
	if (x->sync)
		traffic_decided(&x->host->traffic, x->sync);
	hub_sync_free(x->sync);
}

void
exchange_end(struct exchange *x)
{
	count(x);
	leave_sync(x);
	buf_release(&x->body);
	buf_release(&x->answer);
	memset(x, 0, sizeof(*x));
}
