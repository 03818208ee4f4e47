/* What was written and what met: log, conflicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/conflicts.h"
#include "common/history.h"
#include "common/json.h"
#include "common/table.h"
#include "tui/commands.h"

/* Log. */

static void
put_changes(const struct entry *e, struct buf *out)
{
	for (size_t i = 0; i < e->edit.count; i++) {
		const struct change *c = &e->edit.changes[i];
		bool won = verdict_won(&e->verdict, c->field);

		buf_printf(out, "%s%s%s=%s", i ? "; " : "",
			won ? "" : "(lost) ", c->field, c->value);
	}
}

static void
say_entry(const struct entry *e, struct table *t)
{
	char id[EDIT_ID_TEXT], when[WHEN_MAX];
	struct buf text = BUF_INIT;
	char *name = mem_printf("%s/%s", e->edit.kind ? e->edit.kind : "",
		e->edit.record ? e->edit.record : "");

	edit_id_text(e->edit.id, id);
	when_local_text(e->at, when);
	table_cell(t, id);
	table_cell(t, when);
	table_cell(t, e->by && e->by[0] ? e->by : "hub");
	table_cell(t, name);
	if (e->verdict.refused)
		buf_printf(&text, "[refused: %s] ", e->verdict.refused);
	else if (e->verdict.held)
		buf_printf(&text, "[held: %s] ", e->verdict.held);
	else if (!e->seq)
		buf_puts(&text, "[unsent] ");
	put_changes(e, &text);
	table_cell(t, buf_text(&text));
	buf_release(&text);
	free(name);
}

static void
say_log(const struct past *past, struct buf *out)
{
	static const char *const heads[] = {
		"edit", "at", "by", "record", "set"};
	struct table t = {.columns = sizeof(heads) / sizeof(*heads)};

	for (size_t i = 0; i < t.columns; i++)
		table_cell(&t, heads[i]);
	for (size_t i = 0; i < past->count; i++)
		say_entry(&past->items[i], &t);
	table_print(&t, out);
	table_release(&t);
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
	bool json = false;
	const struct option_word known[] = {
		{"--json", NULL, &json}, {NULL, NULL, NULL}};
	enum status st = options_take(w, known, false, why);

	if (!st)
		st = words_count(w, 0, 1, "log [KIND/ID]", why);
	if (!st)
		st = session_open(s, why);
	if (!st && w->count)
		st = session_name(s, w->items[0], &kind, &id, why);
	if (!st)
		st = history_read(s->replica, kind ? kind->name : NULL, id, 0,
			0, &past, why);
	if (!st)
		st = check_past(s, w->count ? w->items[0] : NULL, &past, why);
	if (!st && json)
		st = json_log(s, &past, why);
	else if (!st)
		say_log(&past, &s->out);
	past_release(&past);
	return st;
}

/* Conflicts. */

static void
put_member(struct buf *out, const char *name, const char *text)
{
	json_put_name(out, name);
	json_put_text(out, text ? text : "");
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
		buf_printf(&line, "  %-5s %s %s  %s", which, when,
			side->by ? side->by : "", side->value);
	else
		buf_printf(&line, "  %-5s not sent to this replica", which);
	put_shown(out, buf_text(&line), TABLE_WIDTH);
	buf_putc(out, '\n');
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
	conflicts_release(&all);
	return st;
}
