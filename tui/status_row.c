#include "tui/status_row.h"

#include <string.h>

#include "common/inbox.h"
#include "common/lent.h"
#include "common/utf8.h"
#include "tui/show.h"

/* In the order of the row. */
enum part {
	PART_STATE,
	PART_COUNTS,
	PART_PULL,
	PART_WHO,
	PART_BEAT,
	PART_MODES,
	PART_COUNT
};

/* What is left out first where the row is short. */
static const enum part least_first[] = {
	PART_PULL, PART_BEAT, PART_WHO, PART_MODES, PART_COUNTS};

static void
plural(struct buf *b, int64_t n, const char *one)
{
	buf_printf(b, "%d %s%s", (int)n, one, n == 1 ? "" : "s");
}

static void
put_counts(struct app *a, struct buf *b)
{
	const struct outbox_counts *n = app_counts(a);

	buf_printf(b, "%d unsent", (int)n->unsent);
	if (n->conflicts) {
		buf_puts(b, ", ");
		plural(b, n->conflicts, "conflict");
	}
	if (n->held)
		buf_printf(b, ", %d held", (int)n->held);
	if (n->refused)
		buf_printf(b, ", %d refused", (int)n->refused);
}

static void
put_pull(struct app *a, struct buf *b)
{
	char when[WHEN_MAX], today[WHEN_MAX];
	int64_t last = app_last_sync(a);

	if (!last) {
		buf_puts(b, "never pulled");
		return;
	}
	when_local_text(last, when);
	when_day_text(app_now(a), today);
	if (strncmp(when, today, 10) == 0)
		buf_printf(b, "last pull %.5s", when + 11);
	else
		buf_printf(b, "last pull %.10s", when);
}

static void
put_who(struct app *a, struct buf *b)
{
	enum access access = app_access(a);

	buf_puts(b, app_me(a));
	if (access != ACCESS_OFFICER)
		buf_printf(b, " %s", access_name(access));
}

static void
put_beat(struct app *a, struct buf *b)
{
	const char *code = app_own_beat(a);
	const struct kind *k =
		catalog_kind(replica_catalog(a->replica), "beat");

	if (code[0])
		buf_printf(b, "%s %s", k ? k->one : "Beat", code);
}

static void
put_mode(struct buf *b, bool on, const char *word)
{
	if (on)
		buf_printf(b, "%s%s", b->len ? " " : "", word);
}

static void
put_modes(struct app *a, struct buf *b)
{
	const struct look *l = &a->look;

	put_mode(b, l->contrast, "CONTRAST");
	put_mode(b, l->plain, "PLAIN");
	put_mode(b, !l->contrast && !l->colour && !l->plain, "MONO");
	put_mode(b, !l->utf8, "ASCII");
	put_mode(b, l->big, "BIG");
	put_mode(b, access_reads_only(app_access(a)), "READ ONLY");
}

static void
fill_parts(struct app *a, const struct syncing *s, struct buf *parts)
{
	syncing_words(s, app_last_sync(a), &parts[PART_STATE]);
	put_counts(a, &parts[PART_COUNTS]);
	put_pull(a, &parts[PART_PULL]);
	put_who(a, &parts[PART_WHO]);
	put_beat(a, &parts[PART_BEAT]);
	put_modes(a, &parts[PART_MODES]);
}

static void
join(const struct buf *parts, struct buf *row)
{
	buf_clear(row);
	for (int i = 0; i < PART_COUNT; i++)
		if (parts[i].len)
			buf_printf(row, "%s%s", row->len ? " | " : "",
				buf_text(&parts[i]));
}

void
status_row_draw(
	struct app *a, const struct syncing *s, struct canvas *c, int row)
{
	struct buf parts[PART_COUNT] = {BUF_INIT};
	struct buf all = BUF_INIT;
	size_t left = 0;

	fill_parts(a, s, parts);
	join(parts, &all);
	while (utf8_width(buf_text(&all)) > c->cols - 1 &&
		left < sizeof(least_first) / sizeof(least_first[0])) {
		buf_clear(&parts[least_first[left++]]);
		join(parts, &all);
	}
	canvas_text(c, row, 1, c->cols - 1, INK_STATUS, buf_text(&all));
	for (int i = 0; i < PART_COUNT; i++)
		buf_release(&parts[i]);
	buf_release(&all);
}
