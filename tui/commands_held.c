/* Held edits: held, accept, decline. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/held.h"
#include "common/history.h"
#include "common/json.h"
#include "common/table.h"
#include "tui/commands.h"

static void
put_member(struct buf *out, const char *name, const char *text)
{
	json_put_member(out, name, text ? text : "");
}

/* The entry as `log --json` has it, with what became of it. */
static void
json_held(const struct held *h, struct buf *out)
{
	char when[WHEN_MAX];

	json_put_comma(out);
	history_json(&h->entry, out);
	buf_cut(out, out->len - 1); /* its closing brace */
	put_member(out, "state",
		h->decided    ? h->accepted ? "accepted" : "declined"
		: h->deciding ? "deciding"
			      : "open");
	if (h->decided) {
		when_instant_text(h->decided_at, when);
		put_member(out, "decided_by", h->decider);
		put_member(out, "decided_at", when);
		if (h->reason[0])
			put_member(out, "reason", h->reason);
	}
	buf_putc(out, '}');
}

static void
put_line(struct buf *out, const char *text)
{
	buf_puts(out, "    ");
	put_wrapped(out, text, 4);
}

static void
say_changes(const struct edit *e, struct buf *out)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < e->count; i++) {
		const struct change *c = &e->changes[i];

		buf_clear(&line);
		buf_printf(&line, "%s: %s", c->field,
			c->value[0] ? c->value : "(emptied)");
		put_line(out, buf_text(&line));
	}
	buf_release(&line);
}

/* "47.12  2026-07-14 10:31  4471  project/2f-1a", why, and what it set. */
static void
say_held(const struct held *h, struct buf *out)
{
	const struct entry *e = &h->entry;
	char id[EDIT_ID_TEXT], when[WHEN_MAX];
	struct buf line = BUF_INIT;

	edit_id_text(e->edit.id, id);
	when_local_text(e->at, when);
	buf_printf(out, "%-7s %s  ", id, when);
	put_shown(out, h->mine ? "yours" : e->by, 16);
	buf_printf(out, "  %s/%s\n", e->edit.kind, e->edit.record);
	buf_printf(&line, "held: %s", e->verdict.held);
	put_line(out, buf_text(&line));
	say_changes(&e->edit, out);
	buf_clear(&line);
	when_local_text(h->decided_at, when);
	if (h->decided)
		buf_printf(&line, "%s by %s, %s%s%s",
			h->accepted ? "accepted" : "declined", h->decider, when,
			h->reason[0] ? ": " : "", h->reason);
	else if (h->deciding)
		buf_puts(&line, "decided by you: not sent yet");
	if (line.len)
		put_line(out, buf_text(&line));
	buf_release(&line);
}

enum status
command_held(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct helds all = {0};
	bool json = false, decided = false;
	const struct option_word known[] = {{"--json", NULL, &json},
		{"--decided", NULL, &decided}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "held [--decided] [--json]", why);
	if (!st)
		st = session_open(s, why);
	if (!st)
		st = held_read(s->replica, decided ? HELD_DECIDED : HELD_OPEN,
			NULL, NULL, 0, &all, why);
	if (!st && json)
		buf_putc(&s->out, '[');
	for (size_t i = 0; !st && i < all.count; i++) {
		if (json && i)
			buf_puts(&s->out, ",\n");
		(json ? json_held : say_held)(&all.items[i], &s->out);
		st = session_spill(s, why);
	}
	if (!st && json)
		buf_puts(&s->out, "]\n");
	else if (!st && !all.count)
		command_note("beatbook", "no held edit %s",
			decided ? "was decided" : "waits for a decision");
	helds_release(&all);
	return st;
}

static enum status
read_edit(const char *word, struct edit_id *id, struct why *why)
{
	if (edit_id_parse(word, id))
		return ST_OK;
	return why_set(why, ST_USAGE,
		"'%.40s' is no edit: write it as `beatbook held` does, such as "
		"47.12",
		word);
}

enum status
command_accept(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct edit_id id = EDIT_ID_NONE;
	enum status st = words_count(w, 1, 1, "accept EDIT", why);

	if (!st)
		st = read_edit(w->items[0], &id, why);
	if (!st)
		st = session_open(s, why);
	return st ? st : held_accept(s->replica, id, why);
}

enum status
command_decline(void *context, struct words *w, struct why *why)
{
	static const struct option_word none[] = {{NULL, NULL, NULL}};
	struct session *s = context;
	struct edit_id id = EDIT_ID_NONE;
	struct buf reason = BUF_INIT;
	enum status st = options_take(w, none, false, why);

	if (!st)
		st = words_count(w, 1, SIZE_MAX, "decline EDIT [REASON]", why);
	if (!st)
		st = read_edit(w->items[0], &id, why);
	if (!st)
		st = session_open(s, why);
	if (!st) {
		words_join(w, 1, &reason);
		st = held_decline(s->replica, id, buf_text(&reason), why);
	}
	buf_release(&reason);
	return st;
}
