/* What was written and what met: log, conflicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/aside.h"
#include "common/conflicts.h"
#include "common/held.h"
#include "common/history.h"
#include "common/json.h"
#include "common/table.h"
#include "common/utf8.h"
#include "tui/commands.h"

#define SET_CELLS 10	/* kept for what an edit set */
#define WRITER_CELLS 16 /* of a badge */

/* Log. */

/* What the hub decided about the whole edit. */
static void
put_verdict(const struct entry *e, struct buf *out)
{
	const struct verdict *v = &e->verdict;
	char against[EDIT_ID_TEXT];

	if (e->seq < 0) {
		buf_puts(out, "lost by hub");
	} else if (v->refused) {
		buf_puts(out, "refused");
	} else if (v->held) {
		buf_puts(out, "held");
	} else if (!e->seq) {
		buf_puts(out, "unsent");
	} else if (!v->lost_count) {
		buf_puts(out, "won");
	} else if (v->lost_count < e->edit.count) {
		buf_printf(
			out, "lost %zu of %zu", v->lost_count, e->edit.count);
	} else {
		edit_id_text(v->lost[0].against, against);
		buf_printf(out, "lost to %s", against);
	}
}

/* Why it does not count, where the hub said so. */
static const char *
said_against(const struct entry *e)
{
	return e->verdict.refused ? e->verdict.refused : e->verdict.held;
}

static const char *
writer(const struct entry *e)
{
	return e->by && e->by[0] ? e->by : "hub";
}

/* All of it in one line, for the log of all records. */
static void
put_changes(const struct entry *e, struct buf *out)
{
	if (said_against(e))
		buf_printf(out, "[%s] ", said_against(e));
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];
		bool won = verdict_won(&e->verdict, c->field);

		buf_printf(out, "%s%s%s=%s", i ? "; " : "",
			won ? "" : "(lost) ", c->field, c->value);
	}
}

enum log_column { LOG_EDIT, LOG_AT, LOG_BY, LOG_RECORD, LOG_VERDICT, LOG_SET };

static void
say_entry(const struct entry *e, struct table *t)
{
	char id[EDIT_ID_TEXT], when[WHEN_MAX];
	struct buf verdict = BUF_INIT, set = BUF_INIT;
	char *name = mem_printf("%s/%s", e->edit.kind, e->edit.record);
	int width = utf8_width(name);

	edit_id_text(e->edit.id, id);
	when_local_text(e->at, when);
	put_verdict(e, &verdict);
	put_changes(e, &set);
	table_cell(t, id);
	table_cell(t, when);
	table_cell(t, writer(e));
	table_cell(t, name);
	table_cell(t, buf_text(&verdict));
	table_cell(t, buf_text(&set));
	if (width > t->room[LOG_RECORD]) /* an id cut off is none */
		t->room[LOG_RECORD] = width;
	buf_release(&set);
	buf_release(&verdict);
	free(name);
}

static void
say_log(const struct past *past, struct buf *out)
{
	static const char *const heads[] = {
		"edit", "at", "by", "record", "verdict", "set"};
	struct table t = {
		.columns = sizeof(heads) / sizeof(*heads), .lead = LOG_SET};

	t.room[LOG_SET] = SET_CELLS;
	table_heads(&t, heads);
	for (size_t i = 0; i < past->count; i++)
		say_entry(&past->items[i], &t);
	table_print(&t, out);
	table_release(&t);
}

/* The edit against which a field lost; NULL: it did not. */
static const struct lost *
find_lost(const struct verdict *v, const char *field)
{
	for (size_t i = 0; i < v->lost_count; i++)
		if (strcmp(v->lost[i].field, field) == 0)
			return &v->lost[i];
	return NULL;
}

/* "    stage, over 1.1, lost to 2.1: analysis" */
static void
say_change(const struct entry *e, const struct change *c, struct buf *out)
{
	const struct lost *lost = find_lost(&e->verdict, c->field);
	char over[EDIT_ID_TEXT], against[EDIT_ID_TEXT];
	struct buf line = BUF_INIT;

	edit_id_text(c->over, over);
	buf_puts(&line, c->field);
	if (over[0])
		buf_printf(&line, ", over %s", over);
	if (lost) {
		edit_id_text(lost->against, against);
		buf_printf(&line, ", lost to %s", against);
	}
	buf_printf(&line, ": %s", c->value[0] ? c->value : "(emptied)");
	buf_puts(out, "    ");
	put_wrapped(out, buf_text(&line), 4);
	buf_release(&line);
}

/* One entry of one record: a line, then what it set and settled. */
static void
say_entry_whole(const struct entry *e, struct buf *out)
{
	char id[EDIT_ID_TEXT], when[WHEN_MAX];

	edit_id_text(e->edit.id, id);
	when_local_text(e->at, when);
	buf_printf(out, "%-7s %s  ", id, when);
	put_shown(out, writer(e), WRITER_CELLS);
	buf_puts(out, "  ");
	put_verdict(e, out);
	buf_putc(out, '\n');
	if (said_against(e)) {
		buf_puts(out, "    ");
		put_wrapped(out, said_against(e), 4);
	}
	if (e->edit.reason) {
		buf_puts(out, "    reason: ");
		put_wrapped(out, e->edit.reason, 4);
	}
	for (size_t i = 0; i < e->edit.count; i++)
		say_change(e, &e->edit.changes[i], out);
	for (size_t i = 0; i < e->edit.settle_count; i++) {
		edit_id_text(e->edit.settles[i].loser, id);
		buf_printf(out, "    resolves %s on %s\n", id,
			e->edit.settles[i].field);
	}
}

/* What became of a held edit, as far as this replica was told. */
static void
say_decision(struct replica *r, const struct entry *e, struct buf *out)
{
	struct buf line = BUF_INIT;
	struct held held;
	struct why why;

	if (!e->verdict.held || held_find(r, e->edit.id, &held, &why))
		return;
	if (held.decided) {
		buf_printf(&line, "%s by %s%s%s",
			held.accepted ? "accepted" : "declined", held.decider,
			held.reason[0] ? ": " : "", held.reason);
		buf_puts(out, "    ");
		put_wrapped(out, buf_text(&line), 4);
	}
	held_release(&held);
	buf_release(&line);
}

static void
say_record_log(struct replica *r, const struct past *past, const char *name,
	struct buf *out)
{
	buf_printf(out, "%s\n", name);
	for (size_t i = 0; i < past->count; i++) {
		say_entry_whole(&past->items[i], out);
		say_decision(r, &past->items[i], out);
	}
}

static enum status
json_log(struct session *s, const struct past *past, struct why *why)
{
	enum status st = ST_OK;

	buf_putc(&s->out, '[');
	for (size_t i = 0; !st && i < past->count; i++) {
		if (i)
			buf_puts(&s->out, ",\n");
		history_json(&past->items[i], &s->out);
		st = session_spill(s, why);
	}
	buf_puts(&s->out, "]\n");
	return st;
}

/* A record that was dropped may still have a past; one that never was here
 * has none. */
static enum status
check_past(struct session *s, const char *name, const struct past *past,
	struct why *why)
{
	struct record *rec = NULL;
	enum status st = ST_OK;

	if (name && !past->count)
		st = session_record(s, name, &rec, why);
	record_free(rec);
	return st;
}

enum status
command_log(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct past past = {NULL, 0, 0};
	const struct kind *kind = NULL;
	const char *id = NULL;
	const char *most = NULL;
	int64_t limit = 0;
	bool json = false, aside = false;
	const struct option_word known[] = {{"--limit", &most, NULL},
		{"--aside", NULL, &aside}, {"--json", NULL, &json},
		{NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, aside ? 0 : 1,
			aside ? "log --aside" : "log [KIND/ID]", why);
	if (!st)
		st = count_read(most, &limit, why);
	if (!st)
		st = session_open(s, why);
	if (!st && w->count)
		st = session_name(s, w->items[0], &kind, &id, why);
	if (!st && aside)
		st = aside_read(s->replica, &past, why);
	else if (!st)
		st = history_read(s->replica, kind ? kind->name : NULL, id, 0,
			limit, &past, why);
	if (!st)
		st = check_past(s, w->count ? w->items[0] : NULL, &past, why);
	if (!st && json)
		st = json_log(s, &past, why);
	else if (!st && kind)
		say_record_log(s->replica, &past, w->items[0], &s->out);
	else if (!st)
		say_log(&past, &s->out);
	past_release(&past);
	return st;
}

/* Conflicts. */

static void
put_member(struct buf *out, const char *name, const char *text)
{
	json_put_member(out, name, text ? text : "");
}

static void
json_side(struct buf *out, const char *which, const struct side *side)
{
	char name[16], text[WHEN_MAX], id[EDIT_ID_TEXT];

	snprintf(name, sizeof(name), "%s_edit", which);
	edit_id_text(side->edit, id);
	put_member(out, name, id);
	if (!side->known)
		return;
	put_member(out, which, side->value);
	if (side->deed[0]) {
		snprintf(name, sizeof(name), "%s_deed", which);
		put_member(out, name, side->deed);
	}
	snprintf(name, sizeof(name), "%s_by", which);
	put_member(out, name, side->by);
	snprintf(name, sizeof(name), "%s_at", which);
	when_instant_text(side->at, text);
	put_member(out, name, text);
}

/* One object for each losing value. */
static void
json_conflict(const struct conflict *c, struct buf *out)
{
	for (size_t i = 0; i < c->lost_count; i++) {
		json_put_comma(out);
		buf_printf(out, "{\"record\":\"%s/%s\"", c->kind, c->id);
		put_member(out, "field", c->field);
		json_side(out, "won", &c->won);
		json_side(out, "lost", &c->lost[i]);
		buf_putc(out, '}');
	}
}

static void
say_side(const char *which, const struct side *side, struct buf *out)
{
	char when[WHEN_MAX] = "";
	struct buf line = BUF_INIT;

	when_local_text(side->at, when);
	if (side->known)
		buf_printf(&line, "%s %s  %s", when, side->by ? side->by : "",
			side->deed[0]	 ? side->deed
			: side->value[0] ? side->value
					 : "(empty)");
	else
		buf_puts(&line, "not sent to this replica");
	buf_printf(out, "  %-5s ", which);
	put_wrapped(out, buf_text(&line), 8);
	buf_release(&line);
}

static void
say_conflict(const struct conflict *c, struct buf *out)
{
	buf_printf(out, "%s/%s %s\n", c->kind, c->id, c->field);
	say_side("won", &c->won, out);
	for (size_t i = 0; i < c->lost_count; i++)
		say_side("lost", &c->lost[i], out);
}

enum status
command_conflicts(void *context, struct words *w, struct why *why)
{
	struct session *s = context;
	struct conflicts all = {NULL, 0, 0};
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 0, "conflicts [--json]", why);
	if (!st)
		st = session_open(s, why);
	if (!st)
		st = conflicts_read(s->replica, NULL, NULL, &all, why);
	if (!st && json)
		buf_putc(&s->out, '[');
	for (size_t i = 0; i < all.count; i++)
		(json ? json_conflict : say_conflict)(&all.items[i], &s->out);
	if (!st && json)
		buf_puts(&s->out, "]\n");
	else if (!st && !all.count)
		command_note("beatbook", "there is no open conflict");
	conflicts_release(&all);
	return st;
}
