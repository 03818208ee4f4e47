#include "common/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/nearest.h"
#include "common/number.h"
#include "common/outline.h"
#include "common/utf8.h"
#include "common/when.h"

#define FEW_CHOICES 12 /* as many as a message lists in full */

bool
value_next(const char *list, size_t *at, struct buf *item)
{
	size_t len = strlen(list);
	size_t i = *at;

	buf_clear(item);
	if (i > len || !len)
		return false;
	for (; i < len && list[i] != ','; i++) {
		if (list[i] == '\\' && i + 1 < len)
			i++;
		buf_putc(item, list[i]);
	}
	*at = i + 1;
	return true;
}

void
value_join(struct buf *list, const char *item)
{
	if (list->len)
		buf_putc(list, ',');
	for (; *item; item++) {
		if (*item == ',' || *item == '\\')
			buf_putc(list, '\\');
		buf_putc(list, *item);
	}
}

bool
record_id_ok(const char *id)
{
	size_t n = strspn(id,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-_.");

	return n && n <= ID_MAX && !id[n];
}

bool
record_name_split(
	const char *text, char kind[NAME_MAX_BYTES + 1], const char **id)
{
	size_t len = strcspn(text, "/");

	if (!text[len] || len > NAME_MAX_BYTES)
		return false;
	memcpy(kind, text, len);
	kind[len] = '\0';
	if (!catalog_name_ok(kind) || !record_id_ok(text + len + 1))
		return false;
	*id = text + len + 1;
	return true;
}

/* What reading one value needs; ctx is NULL where no shorthand is taken. */
struct reading {
	const struct field *f;
	const struct value_context *ctx;
	struct buf *out;
	struct why *why;
};

static enum status
wrong(const struct reading *r, const char *typed, const char *problem,
	const char *remedy)
{
	char shown[64];
	int cells;
	size_t fits = utf8_fit(typed, 40, &cells);

	if (fits > sizeof(shown) - 4)
		fits = sizeof(shown) - 4;
	memcpy(shown, typed, fits);
	shown[fits] = '\0';
	utf8_mend_tail(shown);
	return why_set(r->why, ST_DATA, "%s: '%s%s' %s: %s", r->f->label, shown,
		typed[fits] ? "..." : "", problem, remedy);
}

/* The choice a person means: its value or its label, in any case. */
static const struct choice *
choice_meant(const struct field *f, const char *typed)
{
	const struct choice *exact = field_choice(f, typed);

	for (size_t i = 0; !exact && i < f->choice_count; i++)
		if (strcasecmp(f->choices[i].value, typed) == 0 ||
			strcasecmp(f->choices[i].label, typed) == 0)
			exact = &f->choices[i];
	return exact;
}

static enum status
wrong_choice(const struct reading *r, const char *typed)
{
	struct buf remedy = BUF_INIT_MAX(WHY_MAX);
	struct nearest near = {.typed = typed};
	bool few = r->f->choice_count <= FEW_CHOICES;
	size_t n = few ? r->f->choice_count : FEW_CHOICES / 2;
	enum status st;

	for (size_t i = 0; !few && i < r->f->choice_count; i++)
		nearest_offer(&near, r->f->choices[i].value);
	if (near.best)
		buf_printf(&remedy, "did you mean %s? ", near.best);
	buf_puts(&remedy, "give ");
	for (size_t i = 0; i < n; i++)
		buf_printf(
			&remedy, "%s%s", i ? ", " : "", r->f->choices[i].value);
	if (!few)
		buf_printf(&remedy, " ... (`beatbook kinds %s` lists all %zu)",
			r->f->kind, r->f->choice_count);
	st = wrong(r, typed, "is not one of its values", buf_text(&remedy));
	buf_release(&remedy);
	return st;
}

static enum status
read_enum(const struct reading *r, const char *typed)
{
	const struct choice *c = choice_meant(r->f, typed);

	if (!c)
		return wrong_choice(r, typed);
	buf_puts(r->out, c->value);
	return ST_OK;
}

static enum status
read_date(const struct reading *r, const char *typed)
{
	char day[WHEN_MAX];

	if (!when_parse_day(typed, r->ctx ? r->ctx->now_ms : 0, day))
		return wrong(
			r, typed, "is not a day", "+3d, fri or 2026-11-22");
	buf_puts(r->out, day);
	return ST_OK;
}

static enum status
read_datetime(const struct reading *r, const char *typed)
{
	char instant[WHEN_MAX];
	int64_t ms;

	if (!when_parse_local(typed, r->ctx ? r->ctx->now_ms : 0, &ms))
		return wrong(r, typed, "is no day and time",
			"now, +3d 14:00 or 2026-11-22 10:30");
	when_instant_text(ms, instant);
	buf_puts(r->out, instant);
	return ST_OK;
}

static enum status
read_int(const struct reading *r, const char *typed)
{
	size_t digits = strspn(typed + (typed[0] == '-'), "0123456789");
	char *end;
	long long n;

	errno = 0;
	n = strtoll(typed, &end, 10);
	if (!digits || *end)
		return wrong(r, typed, "is not a whole number",
			"give digits only, such as 12");
	if (errno == ERANGE)
		return wrong(r, typed, "is too large",
			"give a number of at most 18 digits");
	buf_printf(r->out, "%lld", n);
	return ST_OK;
}

static enum status
read_real(const struct reading *r, const char *typed)
{
	char text[NUMBER_MAX];
	double n;

	if (!number_parse(typed, &n))
		return wrong(r, typed, "is not a number that can be kept",
			"give one such as 12.5");
	number_text(n, text);
	buf_puts(r->out, text);
	return ST_OK;
}

static bool
word_in(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

static enum status
read_bool(const struct reading *r, const char *typed)
{
	static const char *const yes[] = {"true", "yes", "y", "on", "1", NULL};
	static const char *const no[] = {"false", "no", "n", "off", "0", NULL};

	if (word_in(typed, yes))
		buf_puts(r->out, "true");
	else if (word_in(typed, no))
		buf_puts(r->out, "false");
	else
		return wrong(r, typed, "is neither yes nor no",
			"give yes or no, or leave it empty");
	return ST_OK;
}

static enum status
wrong_kind(const struct reading *r, const char *typed)
{
	char *remedy = mem_printf("give the id of a %s", r->f->ref_kind);
	enum status st = wrong(r, typed, "is of another kind", remedy);

	free(remedy);
	return st;
}

/* The id of a record of the field's kind; `me` and KIND/ID are understood. */
static enum status
ref_id(const struct reading *r, const char *typed, const char **id)
{
	const char *want = r->f->ref_kind;
	char kind[NAME_MAX_BYTES + 1];

	*id = typed;
	if (r->ctx && r->ctx->me && strcmp(typed, "me") == 0 &&
		strcmp(want, "member") == 0)
		*id = r->ctx->me;
	else if (record_name_split(typed, kind, id) && strcmp(kind, want) != 0)
		return wrong_kind(r, typed);
	if (!record_id_ok(*id))
		return wrong(r, typed, "is not a record's id",
			"give one such as 2f-1a, or an official code");
	return ST_OK;
}

static enum status
read_ref(const struct reading *r, const char *typed)
{
	char kind[NAME_MAX_BYTES + 1];
	const char *id;
	enum status st = ST_OK;

	if (r->f->ref_kind[0]) {
		st = ref_id(r, typed, &id);
		if (!st)
			buf_puts(r->out, id);
		return st;
	}
	if (!record_name_split(typed, kind, &id))
		return wrong(r, typed, "does not name a record",
			"give KIND/ID, such as meeting/2f-1a");
	buf_puts(r->out, typed);
	return ST_OK;
}

static bool
list_has(const char *list, const char *item)
{
	struct buf have = BUF_INIT;
	size_t at = 0;
	bool found = false;

	while (!found && value_next(list, &at, &have))
		found = strcmp(buf_text(&have), item) == 0;
	buf_release(&have);
	return found;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
trim(struct buf *b)
{
	size_t n = b->len, lead = 0;

	while (n && is_blank(b->data[n - 1]))
		n--;
	buf_cut(b, n);
	while (lead < n && is_blank(b->data[lead]))
		lead++;
	buf_drop(b, lead);
}

/* JSON may come in many lines. */
static void
join_lines(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (is_blank(b->data[i]))
			b->data[i] = ' ';
}

static enum status
read_item(const struct reading *r, const char *typed)
{
	if (r->f->type == TYPE_REFS)
		return read_ref(r, typed);
	if (r->f->choice_count)
		return read_enum(r, typed);
	buf_puts(r->out, typed);
	return ST_OK;
}

/* Each item once, in the order they came. */
static enum status
read_items(const struct reading *r, const char *typed)
{
	struct buf item = BUF_INIT, value = BUF_INIT;
	struct reading one = *r;
	enum status st = ST_OK;
	size_t at = 0;

	one.out = &value;
	while (!st && value_next(typed, &at, &item)) {
		buf_clear(&value);
		trim(&item);
		if (!item.len)
			continue;
		st = read_item(&one, buf_text(&item));
		if (!st && !list_has(buf_text(r->out), buf_text(&value)))
			value_join(r->out, buf_text(&value));
	}
	buf_release(&item);
	buf_release(&value);
	return st;
}

static enum status
read_geo(const struct reading *r, const char *typed)
{
	if (outline_point(typed, r->out))
		return ST_OK;
	return wrong(r, typed, "is not a position",
		"give latitude,longitude in degrees, such as "
		"37.8044,-122.2712");
}

static enum status
read_area(const struct reading *r, const char *typed)
{
	const char *problem = outline_area(typed, r->out);

	if (!problem)
		return ST_OK;
	return wrong(r, typed, problem,
		"give the coordinates of a GeoJSON Polygon or MultiPolygon");
}

static enum status
canonical(const struct reading *r, const char *typed)
{
	switch (r->f->type) {
	case TYPE_ENUM:
		return read_enum(r, typed);
	case TYPE_SET:
	case TYPE_REFS:
		return read_items(r, typed);
	case TYPE_DATE:
		return read_date(r, typed);
	case TYPE_DATETIME:
		return read_datetime(r, typed);
	case TYPE_INT:
		return read_int(r, typed);
	case TYPE_REAL:
		return read_real(r, typed);
	case TYPE_BOOL:
		return read_bool(r, typed);
	case TYPE_REF:
		return read_ref(r, typed);
	case TYPE_GEO:
		return read_geo(r, typed);
	case TYPE_AREA:
		return read_area(r, typed);
	default:
		buf_puts(r->out, typed);
		return ST_OK;
	}
}

static enum status
check_clean(
	const struct field *f, const char *text, size_t len, struct why *why)
{
	size_t at, line = 1;
	uint32_t code;

	if (utf8_clean(text, len, f->type == TYPE_LONG, &at))
		return ST_OK;
	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	if (!utf8_decode(text + at, len - at, &code))
		return why_set(why, ST_DATA,
			"%s: the byte 0x%02x at line %zu, byte %zu is not "
			"UTF-8: remove it or save the text as UTF-8",
			f->label, (unsigned char)text[at], line, at + 1);
	if (code == '\n')
		return why_set(why, ST_DATA,
			"%s: a line break at byte %zu: give it in one line",
			f->label, at + 1);
	return why_set(why, ST_DATA,
		code < 0x80 ? "%s: the control character ^%c at line %zu, "
			      "byte %zu: remove it"
			    : "%s: the control character 0x%02x at line %zu, "
			      "byte %zu: remove it",
		f->label, code < 0x80 ? code ^ 0x40 : code, line, at + 1);
}

static enum status
check_size(const struct field *f, size_t len, size_t max, struct why *why)
{
	if (len <= max)
		return ST_OK;
	return why_set(why, ST_DATA,
		"%s: %zu bytes are over its limit of %zu: shorten it by %zu",
		f->label, len, max, len - max);
}

/* What may be typed is larger than what is kept where digits are dropped. */
static size_t
typed_max(const struct field *f)
{
	return f->type == TYPE_AREA ? f->max * 16 : f->max;
}

static enum status
read_checked(const struct reading *r, const char *typed)
{
	const struct field *f = r->f;
	size_t len = strlen(typed);
	enum status st = check_size(f, len, typed_max(f), r->why);

	if (!st)
		st = check_clean(f, typed, len, r->why);
	if (!st && len)
		st = canonical(r, typed);
	return st ? st : check_size(f, r->out->len, f->max, r->why);
}

enum status
value_read(const struct field *f, const char *typed,
	const struct value_context *ctx, char **out, struct why *why)
{
	struct buf given = BUF_INIT, value = BUF_INIT;
	struct reading r = {f, ctx, &value, why};
	enum status st;

	buf_puts(&given, typed);
	if (f->type == TYPE_AREA)
		join_lines(&given);
	if (f->type != TYPE_LONG)
		trim(&given);
	st = read_checked(&r, buf_text(&given));
	*out = st ? NULL : buf_take(&value);
	buf_release(&given);
	buf_release(&value);
	return st;
}

enum status
value_check(const struct field *f, const char *text, struct why *why)
{
	struct buf value = BUF_INIT;
	struct reading r = {f, NULL, &value, why};
	enum status st = read_checked(&r, text);

	if (!st && f->type != TYPE_LONG && f->type != TYPE_TEXT &&
		strcmp(buf_text(&value), text) != 0)
		st = wrong(&r, text, "is not written in its one form",
			f->type == TYPE_AREA ? "round to six decimals"
					     : buf_text(&value));
	buf_release(&value);
	return st;
}

static const char *
label_of(const struct field *f, const char *value)
{
	const struct choice *c = field_choice(f, value);

	return c ? c->label : value;
}

static void
print_items(const struct field *f, const char *text, struct buf *out)
{
	struct buf item = BUF_INIT;
	size_t at = 0;
	bool first = true;

	while (value_next(text, &at, &item)) {
		buf_puts(out, first ? "" : ", ");
		buf_puts(out, label_of(f, buf_text(&item)));
		first = false;
	}
	buf_release(&item);
}

static void
print_instant(const char *text, struct buf *out)
{
	char local[WHEN_MAX];
	int64_t ms;

	if (when_parse_instant(text, &ms)) {
		when_local_text(ms, local);
		text = local;
	}
	buf_puts(out, text);
}

void
value_print(const struct field *f, const char *text, struct buf *out)
{
	switch (f->type) {
	case TYPE_ENUM:
		buf_puts(out, label_of(f, text));
		break;
	case TYPE_SET:
	case TYPE_REFS:
		print_items(f, text, out);
		break;
	case TYPE_DATETIME:
		print_instant(text, out);
		break;
	case TYPE_BOOL:
		if (strcmp(text, "true") == 0)
			text = "yes";
		else if (strcmp(text, "false") == 0)
			text = "no";
		buf_puts(out, text);
		break;
	case TYPE_AREA:
		outline_summary(text, out);
		break;
	default:
		buf_puts(out, text);
	}
}

static char *
put_base36(char *at, uint64_t v)
{
	char digits[16];
	size_t n = 0;

	do {
		digits[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[v % 36];
		v /= 36;
	} while (v);
	while (n)
		*at++ = digits[--n];
	return at;
}

void
record_id_text(uint32_t replica, int64_t n, char out[ID_MAX + 1])
{
	char *at = put_base36(out, replica);

	*at++ = '-';
	*put_base36(at, (uint64_t)n) = '\0';
}
