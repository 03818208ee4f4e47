#include "sync/hub_held.h"

#include <string.h>

static bool
settled_before(const struct edit *e, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (edit_id_same(e->settles[j].loser, e->settles[i].loser))
			return true;
	return false;
}

/* The held edit that an edit names in its i-th settling; ST_NOT_FOUND: that
 * is none, or another record's, or was named before. Most are none: those cost
 * no more where very many are named. */
static enum status
named_held(struct hub_log *log, const struct edit *e, size_t i,
	struct log_held *out, struct why *why)
{
	enum status st = LOG(log, held_of, e->settles[i].loser, out, why);

	if (!st && (strcmp(out->kind, e->kind) != 0 ||
			   strcmp(out->id, e->record) != 0 ||
			   settled_before(e, i))) {
		log_held_release(out);
		st = ST_NOT_FOUND;
	}
	return st;
}

/* How was it decided? */
static enum status
was_accepted(struct hub_log *log, const struct log_held *h, struct entry *by,
	bool *accepted, struct why *why)
{
	struct log_row row = {0};
	enum status st = LOG(log, entry_at, h->decided, &row, why);

	*accepted = !st && row.entry.edit.count > 0;
	*by = row.entry;
	memset(&row.entry, 0, sizeof(row.entry));
	log_row_release(&row);
	return st;
}

/* What was declined is not brought back by somebody who had not seen that. */
static enum status
check_decided(struct hub_log *log, const struct entry *e,
	const struct log_held *held, struct why *why)
{
	char id[EDIT_ID_TEXT];
	struct entry by = {0};
	bool accepted;
	enum status st = was_accepted(log, held, &by, &accepted, why);

	edit_id_text(held->edit, id);
	if (!st && e->edit.count && !accepted)
		st = why_set(why, ST_NOT_ALLOWED,
			"edit %s was declined by %s before: accept this one if "
			"it shall be after all",
			id, by.by);
	entry_release(&by);
	return st;
}

static enum status
check_holds(struct hub_log *log, const struct holder *h,
	const struct log_held *held, struct why *why)
{
	char id[EDIT_ID_TEXT];
	struct names would = {0};
	struct log_books in = {0};
	bool holds;
	enum status st = LOG(log, books, held->kind, held->id, &in, why);

	if (!st && !in.count)
		st = LOG(log, held_books, held->edit, &would, why);
	holds = books_meet(&in, &h->books);
	for (size_t i = 0; i < would.count; i++)
		holds = holds || names_have(&h->books, would.items[i]);
	edit_id_text(held->edit, id);
	if (!st && (!holds || !access_supervises(h->access)))
		st = why_set(why, ST_NOT_ALLOWED,
			"about held edit %s decides a sergeant or above who "
			"holds its record: ask one",
			id);
	names_release(&would);
	log_books_release(&in);
	return st;
}

enum status
held_may_decide(struct hub_log *log, const struct entry *e,
	const struct holder *h, struct why *why)
{
	enum status st = ST_OK, late = ST_OK;
	bool open = false;
	struct why said;

	for (size_t i = 0; !st && i < e->edit.settle_count; i++) {
		struct log_held held = {0};

		st = named_held(log, &e->edit, i, &held, why);
		if (st == ST_NOT_FOUND) {
			st = ST_OK;
			continue;
		}
		if (!st)
			st = check_holds(log, h, &held, why);
		open = open || !held.decided;
		if (!st && !late && held.decided)
			late = check_decided(log, e, &held, &said);
		log_held_release(&held);
	}
	/* What accepts the held accepting of another names both. */
	if (st || !late || open)
		return st;
	return why_set(why, late, "%s", said.text);
}

/* What follows on a held making goes where that would be. */
static enum status
books_of_making(struct hub_log *log, const struct catalog *c,
	const struct entry *e, struct names *books, struct why *why)
{
	struct scope_view view = {log, &e->edit, e->by};
	struct book_lookup look = scope_lookup(&view);
	struct log_row first = {0};
	int64_t seq = 0;
	enum status st = LOG(log, held, e->edit.kind, e->edit.record,
		e->edit.id.replica, &seq, why);

	if (st == ST_NOT_FOUND) {
		st = books_of(c, &look, e->edit.kind, e->edit.record, books,
			NULL, why);
		return st == ST_DATA ? ST_OK : st;
	}
	if (!st)
		st = LOG(log, entry_at, seq, &first, why);
	if (!st)
		st = LOG(log, held_books, first.entry.edit.id, books, why);
	log_row_release(&first);
	return st;
}

enum status
held_note(struct hub_log *log, const struct catalog *c, const struct entry *e,
	struct why *why)
{
	struct names books = {0};
	struct log_books in = {0};
	enum status st =
		LOG(log, books, e->edit.kind, e->edit.record, &in, why);

	if (!st && !in.count)
		st = books_of_making(log, c, e, &books, why);
	if (!st)
		st = LOG(log, held_add, e, &books, why);
	names_release(&books);
	log_books_release(&in);
	return st;
}

static void
lose_all(struct entry *e, struct edit_id against)
{
	for (size_t i = 0; i < e->edit.count; i++)
		verdict_lose(&e->verdict, e->edit.changes[i].field, against);
}

enum status
held_settle(struct hub_log *log, struct entry *e, bool *moot, struct why *why)
{
	struct entry before = {0};
	enum status st = ST_OK;
	bool accepted = false;

	for (size_t i = 0; !st && i < e->edit.settle_count; i++) {
		struct log_held held = {0};

		st = named_held(log, &e->edit, i, &held, why);
		if (st == ST_NOT_FOUND) {
			st = ST_OK;
			continue;
		}
		if (!st && held.decided && !before.seq) {
			st = was_accepted(log, &held, &before, &accepted, why);
		} else if (!st && !held.decided) {
			verdict_decide(&e->verdict, held.edit);
			st = LOG(log, held_decide, held.edit, e->seq, why);
		}
		log_held_release(&held);
	}
	*moot = !st && accepted && !e->verdict.decide_count;
	if (*moot)
		lose_all(e, before.edit.id);
	entry_release(&before);
	return st;
}
