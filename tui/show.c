#include "tui/show.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/record.h"
#include "common/utf8.h"
#include "common/value.h"

#define DAY_MS ((int64_t)86400000)
#define PLAIN_GAP 2    /* cells between what is no table */
#define ASKED_CELLS 30 /* of a record's title in a question */

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void
show_one_line(const char *text, struct buf *out)
{
	for (size_t n; *text; text += n) {
		n = strspn(text, "\n\t");
		if (n)
			buf_putc(out, ' ');
		else
			buf_add(out, text, n = strcspn(text, "\n\t"));
	}
}

bool
record_is_void(const struct record *rec)
{
	return rec->void_value.text && rec->void_value.text[0];
}

void
show_clipped(const char *text, int cells, const struct look *l, struct buf *out)
{
	int used;

	if (l->plain || utf8_width(text) <= cells) {
		buf_puts(out, text);
		return;
	}
	buf_add(out, text, utf8_fit(text, cells - 1, &used));
	buf_puts(out, look_ellipsis(l));
}

void
show_padded(const char *text, int cells, const struct look *l, struct buf *out)
{
	struct buf clipped = BUF_INIT;
	int width, blanks;

	show_clipped(text, cells, l, &clipped);
	width = utf8_width(buf_text(&clipped));
	blanks = width < cells ? cells - width : l->plain;
	if (l->plain && blanks > PLAIN_GAP)
		blanks = PLAIN_GAP;
	buf_printf(out, "%s%*s", buf_text(&clipped), blanks, "");
	buf_release(&clipped);
}

void
show_column(const char *text, int cells, const struct look *l, struct buf *out)
{
	int width = utf8_width(text) + 1;

	show_padded(text, width > cells ? width : cells, l, out);
}

/* A title that is a member or a choice is shown as any such value; a choice
 * names nothing alone, so the person it is about comes before it. */
void
show_title(struct replica *r, const char *kind, const char *id, struct buf *out)
{
	const struct kind *k = catalog_kind(replica_catalog(r), kind);
	const struct field *f = k ? kind_field(k, k->title) : NULL;
	char *title = record_title_of(r, kind, id);

	if (f && f->type == TYPE_ENUM && show_person(r, k, id, out))
		buf_puts(out, ": ");
	if (f && f->type != TYPE_TEXT && f->type != TYPE_LONG &&
		strcmp(title, id) != 0)
		show_value(r, f, title, out);
	else
		show_one_line(title, out);
	free(title);
}

size_t
show_asked(struct replica *r, const struct look *l, const char *verb,
	const struct record *rec, struct buf *out)
{
	struct buf title = BUF_INIT;
	size_t from;

	show_title(r, rec->kind->name, rec->id, &title);
	buf_printf(out, "%s %s ", verb, rec->id);
	from = out->len;
	show_clipped(buf_text(&title), ASKED_CELLS, l, out);
	buf_release(&title);
	return out->len - from;
}

void
show_member(struct replica *r, const char *badge, struct buf *out)
{
	if (badge[0])
		show_title(r, "member", badge, out);
	else
		buf_puts(out, "the hub");
}

bool
show_is_here(struct replica *r, const char *kind, const char *id)
{
	bool here = true;
	struct why why;

	return catalog_kind(replica_catalog(r), kind) &&
	       (record_exists(r, kind, id, &here, &why) || here);
}

const char *
show_absent(struct replica *r, const char *kind, const char *id)
{
	const struct kind *k = catalog_kind(replica_catalog(r), kind);

	/* What has an official code is the department's, and no secret. */
	if (!k || k->code[0] || show_is_here(r, kind, id))
		return "";
	return " (another beat's, or restricted)";
}

static void
show_ref(struct replica *r, const struct field *f, const char *text,
	struct buf *out)
{
	char kind[NAME_MAX_BYTES + 1] = "";
	const char *id = text, *absent;

	if (f->ref_kind[0])
		snprintf(kind, sizeof(kind), "%s", f->ref_kind);
	else if (!record_name_split(text, kind, &id))
		kind[0] = '\0';
	absent = kind[0] ? show_absent(r, kind, id) : "";
	if (kind[0] && !absent[0])
		show_title(r, kind, id, out);
	else
		show_one_line(text, out);
	buf_puts(out, absent);
}

void
show_value(struct replica *r, const struct field *f, const char *text,
	struct buf *out)
{
	struct buf item = BUF_INIT;
	size_t at = 0;
	bool more = false;

	if (f->type == TYPE_REF && text[0]) {
		show_ref(r, f, text, out);
	} else if (f->type == TYPE_REFS) {
		while (value_next(text, &at, &item)) {
			buf_puts(out, more ? ", " : "");
			show_ref(r, f, buf_text(&item), out);
			more = true;
		}
	} else if (f->type == TYPE_AREA) {
		buf_puts(out, text[0] ? "drawn" : "");
	} else {
		value_print(f, text, &item);
		show_one_line(buf_text(&item), out);
	}
	buf_release(&item);
}

bool
show_person(struct replica *r, const struct kind *k, const char *id,
	struct buf *out)
{
	struct record *rec;
	struct why why;
	bool found = false;

	if (record_load(r, k->name, id, &rec, &why))
		return false;
	for (size_t i = 0; i < k->field_count && !found; i++) {
		const struct field *f = &k->fields[i];

		found = f->type == TYPE_REF && rec->values[i].text[0] &&
			(strcmp(f->ref_kind, "member") == 0 ||
				strcmp(f->ref_kind, "contact") == 0);
		if (found)
			show_value(r, f, rec->values[i].text, out);
	}
	record_free(rec);
	return found;
}

/* How much a record hangs on what a field of it names; 0: not. */
enum { HANGS_NOT, HANGS_LOOSELY, HANGS, HANGS_FAST };

static int
hangs_by(const struct catalog *c, const struct kind *k, const struct field *f)
{
	const struct kind *on = catalog_kind(c, f->ref_kind);

	if (f->type != TYPE_REF || strcmp(f->name, k->title) == 0 ||
		strcmp(f->ref_kind, "member") == 0)
		return HANGS_NOT;
	if (!f->ref_kind[0])
		return HANGS_FAST;
	if (!on || on->code[0])
		return HANGS_LOOSELY;
	return f->required ? HANGS_FAST : HANGS;
}

/* From how much on it is said: a name of its own says which one it is, but for
 * what is nothing without another. */
static int
said_from(const struct kind *k)
{
	const struct field *title = kind_field(k, k->title);

	if (!title || title->type == TYPE_ENUM)
		return HANGS_FAST + 1; /* it goes with a person */
	return title->type == TYPE_TEXT ? HANGS_FAST : HANGS_LOOSELY;
}

void
show_parent(struct replica *r, const struct record *rec, struct buf *out)
{
	const struct kind *k = rec->kind;
	int most = said_from(k) - 1;
	size_t at = k->field_count;

	for (size_t i = 0; i < k->field_count; i++) {
		int by = hangs_by(replica_catalog(r), k, &k->fields[i]);

		if (rec->values[i].text[0] && by > most) {
			most = by;
			at = i;
		}
	}
	if (at < k->field_count)
		show_value(r, &k->fields[at], rec->values[at].text, out);
}

/* "14 Jul", with the year where it is another than this one. */
static void
short_day(const char *day, const char *today, char out[WHEN_MAX])
{
	long month = strlen(day) < 10 ? 0 : strtol(day + 5, NULL, 10);

	if (month < 1 || month > 12)
		snprintf(out, WHEN_MAX, "%.10s", day);
	else if (strncmp(day, today, 4) == 0)
		snprintf(out, WHEN_MAX, "%.2s %s", day + 8, months[month - 1]);
	else
		snprintf(out, WHEN_MAX, "%.2s %s %.4s", day + 8,
			months[month - 1], day);
}

void
show_whole(struct replica *r, const struct kind *k, const char *field,
	const char *text, struct buf *out)
{
	const struct field *f = k ? kind_field(k, field) : NULL;

	if (f && f->type != TYPE_LONG)
		show_value(r, f, text, out);
	else
		buf_puts(out, text);
}

void
show_due(const char *day, int64_t now, char out[WHEN_MAX])
{
	char today[WHEN_MAX];
	long days;

	when_day_text(now, today);
	if (!when_days_between(today, day, &days))
		snprintf(out, WHEN_MAX, "%.10s", day);
	else if (days < 0)
		snprintf(out, WHEN_MAX, "OVER %ldd", -days);
	else if (days == 0)
		snprintf(out, WHEN_MAX, "today");
	else if (days == 1)
		snprintf(out, WHEN_MAX, "tomorrow");
	else
		short_day(day, today, out);
}

static void
show_distance(long days, struct buf *out)
{
	if (days == 0)
		buf_puts(out, "today");
	else if (days == 1 || days == -1)
		buf_puts(out, days > 0 ? "tomorrow" : "yesterday");
	else if (days > 0)
		buf_printf(out, "in %ld days", days);
	else
		buf_printf(out, "%ld days ago", -days);
}

void
show_day(const char *day, int64_t now, bool in_short, struct buf *out)
{
	static const char *const names[] = {
		"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	char today[WHEN_MAX];
	long since, days,
		month = strlen(day) < 10 ? 0 : strtol(day + 5, NULL, 10);

	when_day_text(now, today);
	if (!when_days_between("1970-01-01", day, &since) ||
		!when_days_between(today, day, &days) || month < 1 ||
		month > 12)
		return;
	buf_puts(out, names[(since % 7 + 7) % 7]);
	if (!in_short)
		buf_printf(
			out, " %.2s %s %.4s", day + 8, months[month - 1], day);
	buf_puts(out, ", ");
	show_distance(days, out);
}

void
show_date(int64_t at, int64_t now, char out[WHEN_MAX])
{
	char day[WHEN_MAX], today[WHEN_MAX];

	when_day_text(at, day);
	when_day_text(now, today);
	short_day(day, today, out);
}

void
show_time(int64_t at, int64_t now, char out[WHEN_MAX])
{
	char local[WHEN_MAX], today[WHEN_MAX];

	if (at <= 0) {
		snprintf(out, WHEN_MAX, "-");
		return;
	}
	when_local_text(at, local);
	when_day_text(now, today);
	short_day(local, today, out);
	if (strncmp(local, today, 4) == 0)
		snprintf(out + strlen(out), WHEN_MAX - strlen(out), " %.5s",
			local + 11);
}

void
show_age(int64_t ms, char out[WHEN_MAX])
{
	int64_t minutes;

	ms = ms > 0 ? ms : 0;
	minutes = ms / 60000;

	if (minutes < 100)
		snprintf(out, WHEN_MAX, "%dm", (int)minutes);
	else if (minutes < 2880)
		snprintf(out, WHEN_MAX, "%dh", (int)(minutes / 60));
	else
		snprintf(out, WHEN_MAX, "%dd", (int)(ms / DAY_MS));
}

/* "(OAK-82)" or "(CPD-46, CPD-70)": its bytes, or 0 where none begins. */
static size_t
policy_ids(const char *text)
{
	size_t len = strcspn(text, ")");
	bool letter = false, digit = false;

	if (text[0] != '(' || text[len] != ')')
		return 0;
	for (size_t i = 1; i < len; i++) {
		letter |= isupper((unsigned char)text[i]) != 0;
		digit |= isdigit((unsigned char)text[i]) != 0;
		if (!isupper((unsigned char)text[i]) &&
			!isdigit((unsigned char)text[i]) &&
			!strchr("-, ", text[i]))
			return 0;
	}
	return letter && digit ? len + 1 : 0;
}

void
show_help(const struct field *f, struct buf *out)
{
	const char *at = f->help;

	while (*at) {
		size_t blank = at[0] == ' ', ids = policy_ids(at + blank);

		if (ids)
			at += blank + ids;
		else
			buf_putc(out, *at++);
	}
}

const char *
show_label(const struct kind *k, const char *field)
{
	const struct field *f = k ? kind_field(k, field) : NULL;

	if (f)
		return f->label;
	return strcmp(field, FIELD_VOID) == 0 ? "Void" : field;
}

size_t
show_telling(const struct kind *k, const struct edit *e)
{
	size_t best = 0;
	int most = 0;

	for (size_t i = 0; k && i < e->count; i++) {
		const struct field *f = kind_field(k, e->changes[i].field);
		int tells = !f || !e->changes[i].value[0]    ? 0
			    : strcmp(f->name, k->title) == 0 ? 3
			    : f->type == TYPE_LONG	     ? 2
			    : f->type == TYPE_TEXT	     ? 1
							     : 0;

		if (tells > most) {
			most = tells;
			best = i;
		}
	}
	return best;
}

void
show_unmade(struct replica *r, const struct edit *e, struct buf *out)
{
	const struct kind *k = catalog_kind(replica_catalog(r), e->kind);
	size_t which = show_telling(k, e);
	const struct change *c = which < e->count ? &e->changes[which] : NULL;
	const struct field *f = c && k ? kind_field(k, c->field) : NULL;

	buf_printf(out, "%s: ", k ? k->one : e->kind);
	if (f)
		show_value(r, f, c->value, out);
	else if (c)
		show_one_line(c->value, out);
}

void
show_changes(struct replica *r, const struct edit *e, struct buf *out)
{
	const struct kind *k = catalog_kind(replica_catalog(r), e->kind);

	for (size_t i = 0; i < e->count; i++) {
		const struct change *c = &e->changes[i];
		const struct field *f = k ? kind_field(k, c->field) : NULL;

		if (i)
			buf_puts(out, "; ");
		if (strcmp(c->field, FIELD_VOID) == 0 && !c->value[0]) {
			buf_puts(out, "brought back");
			continue;
		}
		buf_printf(out, "%s ", show_label(k, c->field));
		if (!c->value[0])
			buf_puts(out, "emptied");
		else if (f)
			show_value(r, f, c->value, out);
		else
			show_one_line(c->value, out);
	}
	if (!e->count && e->settle_count)
		buf_printf(out, "settled a conflict on %s",
			show_label(k, e->settles[0].field));
}
