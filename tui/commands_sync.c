/* The replica and its hub: enroll, sync, books, status, verify. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/durable.h"
#include "common/inbox.h"
#include "common/json.h"
#include "common/lent.h"
#include "common/outbox.h"
#include "common/progress.h"
#include "common/record.h"
#include "common/table.h"
#include "common/verify.h"
#include "sync/client.h"
#include "sync/refused.h"
#include "tui/commands.h"
#include "tui/sync_watch.h"

#define CODE_MAX 256	      /* bytes of standard input */
#define OFFSET_SHOWN_MS 10000 /* DESIGN.md section 4 */

/* Sync. */

static void
say_offset(int64_t ms, struct buf *out)
{
	if (ms > OFFSET_SHOWN_MS || ms < -OFFSET_SHOWN_MS)
		buf_printf(out,
			"this device's clock is %" PRId64 " s %s; times are "
			"kept by the hub's\n",
			(ms < 0 ? -ms : ms) / 1000, ms > 0 ? "slow" : "fast");
}

static void
say_counts(struct session *s, const struct sync_counts *n,
	const struct outbox_counts *o, bool json)
{
	if (json) {
		buf_putc(&s->out, '{');
		put_json_counts(n, o, &s->out);
		buf_puts(&s->out, "}\n");
		return;
	}
	put_counts(n, &s->out);
	buf_putc(&s->out, '\n');
	put_turns(s->replica, n, &s->out);
	buf_printf(&s->out, "unsent %" PRId64 ", conflicts %" PRId64 "\n",
		o->unsent, o->conflicts);
	say_offset(n->offset_ms, &s->out);
}

static void
put_error(const char *text)
{
	fputs(text, stderr);
}

static enum status
sync_once(struct session *s, struct sync_counts *counts, struct why *why)
{
	struct progress_line line = {
		.what = "changes and records so far:", .put = put_error};
	const struct progress progress = {progress_line_tell, &line};
	struct client *c;
	enum status st = client_new(s->replica, &c, why);

	if (st)
		return st;
	if (isatty(STDERR_FILENO))
		client_set_progress(c, &progress);
	st = client_sync(c, counts, why);
	client_free(c);
	progress_line_end(&line);
	return st;
}

enum status
command_sync(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct sync_counts counts = {0};
	struct outbox_counts left = {0};
	bool json = false, watch = false;
	const struct option_word known[] = {{"--json", NULL, &json},
		{"--watch", NULL, &watch}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "sync [--watch] [--json]", why);
	if (!st)
		st = session_open(s, why);
	if (!st && watch)
		return sync_watch(s, json, why);
	if (!st)
		st = sync_once(s, &counts, why);
	if (!st)
		st = outbox_count(s->replica, &left, why);
	if (!st)
		say_counts(s, &counts, &left, json);
	return st;
}

/* Enrolment. */

static enum status
read_code(const char *given, struct buf *code, struct why *why)
{
	enum status st;

	if (strcmp(given, "-") != 0) {
		buf_puts(code, given);
		return ST_OK;
	}
	st = buf_read_file(code, "-", CODE_MAX, why);
	if (!st)
		buf_cut(code, strcspn(buf_text(code), " \t\r\n"));
	return st;
}

/* Make the folders above the file, for this account alone. */
static enum status
make_folders(const char *path, struct why *why)
{
	if (durable_folders(path))
		return ST_OK;
	return why_set(why, ST_FILE,
		"the folders of %.200s cannot be made (%s): give another place "
		"with -r FILE",
		path, strerror(errno));
}

static void
machine_name(char *out, size_t size)
{
	if (gethostname(out, size) != 0 || !out[0])
		snprintf(out, size, "unnamed");
	out[size - 1] = '\0';
}

/* Fill it; that the device is enrolled stays true if this fails. */
static enum status
fill(struct session *s, int64_t renamed, struct why *why)
{
	struct sync_counts counts = {0};
	struct why inner = {""};
	enum status st = sync_once(s, &counts, &inner);

	buf_printf(&s->out, "enrolled as replica %u\n",
		(unsigned)replica_identity(s->replica)->number);
	if (renamed)
		buf_printf(&s->out,
			"%" PRId64 " record%s made here and never sent %s "
			"now\n",
			renamed, renamed == 1 ? "" : "s",
			renamed == 1 ? "has another id" : "have other ids");
	if (!st && counts.confirmed)
		buf_printf(&s->out, "%" PRId64 " unsent edit%s sent\n",
			counts.confirmed,
			counts.confirmed == 1 ? " was" : "s were");
	if (st)
		return why_set(why, st,
			"enrolled, but not filled (%s): run beatbook sync",
			inner.text);
	buf_printf(&s->out, "%" PRId64 " records came\n", counts.records);
	say_offset(counts.offset_ms, &s->out);
	return ST_OK;
}

static const char enroll_usage[] = "enroll URL --badge B --code C";

enum status
command_enroll(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	const char *badge = NULL, *given = NULL, *device = NULL, *ca = NULL;
	const struct option_word known[] = {{"--badge", &badge, NULL},
		{"--code", &given, NULL}, {"--device", &device, NULL},
		{"--ca", &ca, NULL}, {NULL, NULL, NULL}};
	struct buf code = BUF_INIT_MAX(CODE_MAX);
	char machine[128];
	int64_t renamed = 0;
	enum status st = options_take(w, known, false, why);

	machine_name(machine, sizeof(machine));
	if (!st)
		st = words_count(w, 1, 1, enroll_usage, why);
	if (!st && (!badge || !given))
		st = why_set(why, ST_USAGE, "%s is missing: write %s",
			badge ? "--code" : "--badge", enroll_usage);
	if (!st)
		st = read_code(given, &code, why);
	if (!st)
		st = make_folders(s->path, why);
	if (!st)
		st = client_enroll(s->path, w->items[0], badge, buf_text(&code),
			device ? device : machine, ca, &renamed, &s->replica,
			why);
	if (!st)
		st = fill(s, renamed, why);
	buf_release(&code);
	return st;
}

/* Books and status. */

static enum status
say_books(struct session *s, struct why *why)
{
	struct held_books books = {NULL, 0, 0};
	struct names lent = {0};
	enum status st = inbox_books(s->replica, &books, why);

	if (!st)
		st = lent_books(s->replica, &lent, why);
	for (size_t i = 0; i < books.count; i++)
		buf_printf(&s->out, "%s%s%s\n", books.items[i].book,
			names_have(&lent, books.items[i].book)
				? "  (lent, to read)"
				: "",
			books.items[i].joined ? "" : "  (filling)");
	names_release(&lent);
	held_books_release(&books);
	return st;
}

/* Is the book held; is it lent? */
static enum status
book_state(struct session *s, const char *book, bool *held, bool *lent,
	struct why *why)
{
	struct held_books books = {NULL, 0, 0};
	struct names names = {0};
	enum status st = inbox_books(s->replica, &books, why);

	if (!st)
		st = lent_books(s->replica, &names, why);
	*held = false;
	for (size_t i = 0; i < books.count; i++)
		*held = *held || strcmp(books.items[i].book, book) == 0;
	*lent = names_have(&names, book);
	names_release(&names);
	held_books_release(&books);
	return st;
}

/* Why the hub did not lend it. */
static enum status
not_lent(struct session *s, const char *book, struct why *why)
{
	const char *allowed =
		catalog_limit(replica_catalog(s->replica), LIMIT_LEND_BEATS);
	const char *id = strchr(book, ':');
	struct record *rec = NULL;

	if (!allowed || strcmp(allowed, "true") != 0)
		return why_set(why, ST_NOT_ALLOWED,
			"the department's profile does not lend books: ask an "
			"administrator for an assignment");
	if (strncmp(book, "beat:", 5) != 0)
		return why_set(why, ST_NOT_ALLOWED,
			"%s is not lent: only beats are, such as +beat:14Y",
			book);
	if (record_load(s->replica, "beat", id + 1, &rec, why))
		return record_absent(s->replica,
			catalog_kind(replica_catalog(s->replica), "beat"),
			id + 1, why);
	record_free(rec);
	return why_set(why, ST_NOT_ALLOWED,
		"the hub does not lend %s to you: ask an administrator", book);
}

static enum status
ask_book(struct session *s, const char *book, struct why *why)
{
	struct sync_counts counts = {0};
	bool held = false, lent = false;
	struct why undone;
	enum status st = book_state(s, book, &held, &lent, why);

	if (!st && held && !lent)
		return why_set(why, ST_DATA,
			"%s is yours already: there is nothing to ask for",
			book);
	if (!st)
		st = lent_ask(s->replica, book, true, why);
	if (!st)
		st = sync_once(s, &counts, why);
	if (!st)
		st = book_state(s, book, &held, &lent, why);
	if (!st && !held)
		st = not_lent(s, book, why);
	if (st && lent_ask(s->replica, book, false, &undone))
		*why = undone;
	return st;
}

static enum status
return_book(struct session *s, const char *book, struct why *why)
{
	struct sync_counts counts = {0};
	struct names asked = {0};
	enum status st = lent_asked(s->replica, &asked, why);

	if (!st && !names_have(&asked, book))
		st = why_set(why, ST_NOT_FOUND,
			"%s was not asked for: `beatbook books` lists what is "
			"held",
			book);
	names_release(&asked);
	if (!st)
		st = lent_ask(s->replica, book, false, why);
	return st ? st : sync_once(s, &counts, why);
}

/* A beat's code may be typed in any case. */
static enum status
book_meant(
	struct session *s, const char *typed, struct buf *out, struct why *why)
{
	size_t len = strlen("beat:");

	if (strncmp(typed, "beat:", len) != 0) {
		buf_puts(out, typed);
		return ST_OK;
	}
	buf_add(out, typed, len);
	return record_id_meant(s->replica, "beat", typed + len, out, why);
}

enum status
command_books(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	const char *word = w->count ? w->items[0] : "";
	struct buf book = BUF_INIT;
	enum status st = words_count(w, 0, 1, "books [+BOOK | -BOOK]", why);

	if (!st && word[0] &&
		((word[0] != '+' && word[0] != '-') || !book_name_ok(word + 1)))
		st = why_set(why, ST_USAGE,
			"'%.60s' is no book to ask for or give back: write "
			"such as +beat:14Y or -beat:14Y",
			word);
	if (!st)
		st = session_open(s, why);
	if (!st && word[0])
		st = book_meant(s, word + 1, &book, why);
	if (!st && word[0] == '+')
		st = ask_book(s, buf_text(&book), why);
	else if (!st && word[0] == '-')
		st = return_book(s, buf_text(&book), why);
	buf_release(&book);
	return st ? st : say_books(s, why);
}

struct state {
	struct outbox_counts counts;
	struct held_books books;
	struct buf refused; /* what the hub says, while it refuses */
	int64_t last_sync, offset, refused_since;
};

static enum status
read_state(struct replica *r, struct state *state, struct why *why)
{
	enum status st = outbox_count(r, &state->counts, why);

	if (!st)
		st = inbox_books(r, &state->books, why);
	if (!st)
		st = replica_meta_int(
			r, META_LAST_SYNC, 0, &state->last_sync, why);
	if (!st)
		st = replica_meta_int(r, META_OFFSET, 0, &state->offset, why);
	if (!st)
		st = refused_read(
			r, &state->refused, &state->refused_since, why);
	return st;
}

static void
json_refused(struct buf *out, const struct state *state)
{
	char when[WHEN_MAX];

	json_put_name(out, "hub_refuses");
	if (!state->refused.len) {
		buf_puts(out, "null");
		return;
	}
	when_instant_text(state->refused_since, when);
	buf_putc(out, '{');
	json_put_member(out, "since", when);
	json_put_member(out, "said", state->refused.data);
	buf_putc(out, '}');
}

static void
say_refused(struct buf *out, const struct state *state)
{
	struct buf text = BUF_INIT;
	char when[WHEN_MAX];

	if (!state->refused.len)
		return;
	when_local_text(state->refused_since, when);
	buf_printf(&text,
		"%s; it says so since %s; `beatbook enroll` with a new code "
		"goes on with this file",
		state->refused.data, when);
	buf_puts(out, "hub        ");
	put_wrapped(out, buf_text(&text), 11);
	buf_release(&text);
}

static void
json_state(struct session *s, const struct state *state)
{
	const struct identity *who = replica_identity(s->replica);
	struct buf *out = &s->out;
	char when[WHEN_MAX];

	buf_putc(out, '{');
	put_json_number(out, "unsent", state->counts.unsent);
	put_json_number(out, "held", state->counts.held);
	put_json_number(out, "refused", state->counts.refused);
	put_json_number(out, "conflicts", state->counts.conflicts);
	json_put_name(out, "books");
	buf_putc(out, '[');
	for (size_t i = 0; i < state->books.count; i++) {
		json_put_comma(out);
		json_put_text(out, state->books.items[i].book);
	}
	buf_putc(out, ']');
	json_put_name(out, "last_sync");
	when_instant_text(state->last_sync, when);
	if (state->last_sync)
		json_put_text(out, when);
	else
		buf_puts(out, "null");
	put_json_seconds(out, "clock_offset_s", state->offset);
	put_json_number(out, "replica", who->number);
	json_put_member(out, "member", who->badge);
	json_refused(out, state);
	buf_puts(out, "}\n");
}

static void
say_state(struct session *s, const struct state *state)
{
	const struct identity *who = replica_identity(s->replica);
	struct buf *out = &s->out, books = BUF_INIT;
	char when[WHEN_MAX];

	when_local_text(state->last_sync, when);
	for (size_t i = 0; i < state->books.count; i++)
		buf_printf(&books, "%s%s", i ? ", " : "",
			state->books.items[i].book);
	buf_puts(out, "member     ");
	put_shown(out, who->badge, 0);
	buf_printf(out, ", replica %u\n", (unsigned)who->number);
	buf_printf(out, "unsent     %" PRId64 "\n", state->counts.unsent);
	buf_printf(out, "held       %" PRId64 "\n", state->counts.held);
	buf_printf(out, "refused    %" PRId64 "\n", state->counts.refused);
	buf_printf(out, "conflicts  %" PRId64 "\n", state->counts.conflicts);
	buf_puts(out, "books      ");
	put_wrapped(out, buf_text(&books), 11);
	buf_printf(out, "last sync  %s\n", state->last_sync ? when : "never");
	say_refused(out, state);
	say_offset(state->offset, out);
	buf_release(&books);
}

enum status
command_status(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct state state = {0};
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "status [--json]", why);
	if (!st)
		st = session_open(s, why);
	if (!st)
		st = read_state(s->replica, &state, why);
	if (!st)
		(json ? json_state : say_state)(s, &state);
	held_books_release(&state.books);
	buf_release(&state.refused);
	return st;
}

/* What cannot be opened or read to its end: how far is it good? */
static enum status
look_into(struct session *s, enum status st, struct why *why)
{
	struct why found = {""};
	enum status inspected;

	buf_clear(&s->out);
	inspected = replica_inspect(s->path, &s->out, &found);
	if (!inspected)
		return st;
	*why = found;
	return inspected;
}

enum status
command_verify(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	enum status st = words_count(w, 0, 0, "verify", why);

	if (st)
		return st;
	st = session_open(s, why);
	if (!st)
		st = replica_verify(s->replica, &s->out, why);
	if (st == ST_FILE && access(s->path, F_OK) == 0)
		st = look_into(s, st, why);
	if (!st)
		buf_puts(&s->out, "all invariants hold\n");
	return st;
}
