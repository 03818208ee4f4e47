#include "common/edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/catalog.h"
#include "common/utf8.h"
#include "common/value.h"

bool
edit_id_none(struct edit_id id)
{
	return id.n == 0;
}

bool
edit_id_same(struct edit_id a, struct edit_id b)
{
	return a.replica == b.replica && a.n == b.n;
}

void
edit_id_text(struct edit_id id, char out[EDIT_ID_TEXT])
{
	out[0] = '\0';
	if (!edit_id_none(id))
		snprintf(out, EDIT_ID_TEXT, "%u.%u", id.replica, id.n);
}

static bool
parse_number(const char **s, uint32_t *out)
{
	const char *p = *s;
	uint64_t v = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (uint64_t)(*p - '0');
		if (v > UINT32_MAX)
			return false;
	}
	*out = (uint32_t)v;
	*s = p;
	return true;
}

bool
edit_id_parse(const char *text, struct edit_id *id)
{
	return parse_number(&text, &id->replica) && *text++ == '.' &&
	       parse_number(&text, &id->n) && !*text && id->n > 0;
}

void
edit_release(struct edit *e)
{
	free(e->kind);
	free(e->record);
	for (size_t i = 0; i < e->count; i++) {
		free(e->changes[i].field);
		free(e->changes[i].value);
	}
	free(e->changes);
	for (size_t i = 0; i < e->settle_count; i++)
		free(e->settles[i].field);
	free(e->settles);
	free(e->reason);
	memset(e, 0, sizeof(*e));
}

void
edit_change(struct edit *e, const char *field, const char *value,
	struct edit_id over)
{
	struct change *c;

	MEM_ROOM(e->changes, e->count, e->cap);
	c = &e->changes[e->count++];
	c->field = mem_text(field);
	c->value = mem_text(value);
	c->over = over;
}

void
edit_settle(struct edit *e, const char *field, struct edit_id loser)
{
	struct settled *s;

	MEM_ROOM(e->settles, e->settle_count, e->settle_cap);
	s = &e->settles[e->settle_count++];
	s->field = mem_text(field);
	s->loser = loser;
}

bool
edit_settles(const struct edit *e, struct edit_id id)
{
	for (size_t i = 0; i < e->settle_count; i++)
		if (edit_id_same(e->settles[i].loser, id))
			return true;
	return false;
}

const struct change *
edit_find(const struct edit *e, const char *field)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcmp(e->changes[i].field, field) == 0)
			return &e->changes[i];
	return NULL;
}

static void
put_id(struct buf *b, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	json_put_comma(b);
	json_put_text(b, text);
}

static void
put_id_member(struct buf *b, const char *name, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	json_put_name(b, name);
	json_put_text(b, text);
}

static void
put_text_member(struct buf *b, const char *name, const char *text)
{
	if (!text)
		return;
	json_put_name(b, name);
	json_put_text(b, text);
}

static void
put_overs(const struct edit *e, struct buf *b)
{
	bool any = false, same = true;

	for (size_t i = 0; i < e->count; i++) {
		any = any || !edit_id_none(e->changes[i].over);
		same = same &&
		       edit_id_same(e->changes[i].over, e->changes[0].over);
	}
	if (!any)
		return;
	if (same) {
		put_id_member(b, "o", e->changes[0].over);
		return;
	}
	json_put_name(b, "o");
	buf_putc(b, '{');
	for (size_t i = 0; i < e->count; i++)
		if (!edit_id_none(e->changes[i].over))
			put_id_member(
				b, e->changes[i].field, e->changes[i].over);
	buf_putc(b, '}');
}

/* Did an earlier one settle the same field? Then it is written there. */
static bool
settled_before(const struct edit *e, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(e->settles[j].field, e->settles[i].field) == 0)
			return true;
	return false;
}

static void
put_settles(const struct edit *e, struct buf *b)
{
	if (!e->settle_count)
		return;
	json_put_name(b, "z");
	buf_putc(b, '{');
	for (size_t i = 0; i < e->settle_count; i++) {
		const char *field = e->settles[i].field;

		if (settled_before(e, i))
			continue;
		json_put_name(b, field);
		buf_putc(b, '[');
		for (size_t j = i; j < e->settle_count; j++)
			if (strcmp(e->settles[j].field, field) == 0)
				put_id(b, e->settles[j].loser);
		buf_putc(b, ']');
	}
	buf_putc(b, '}');
}

void
edit_put_body(const struct edit *e, struct buf *b)
{
	if (e->count) {
		json_put_name(b, "f");
		buf_putc(b, '{');
		for (size_t i = 0; i < e->count; i++) {
			json_put_name(b, e->changes[i].field);
			json_put_text(b, e->changes[i].value);
		}
		buf_putc(b, '}');
	}
	edit_put_rest(e, b);
}

void
edit_put_rest(const struct edit *e, struct buf *b)
{
	put_overs(e, b);
	put_settles(e, b);
	if (!edit_id_none(e->saw_void))
		put_id_member(b, "y", e->saw_void);
	put_text_member(b, "d", e->reason);
}

static bool
get_id(const cJSON *node, struct edit_id *id)
{
	return cJSON_IsString(node) && edit_id_parse(node->valuestring, id);
}

/* Two names for one field would let one verdict stand for two values. */
static enum status
get_changes(const cJSON *fields, struct edit *e, struct why *why)
{
	const cJSON *f;

	if (!fields)
		return ST_OK;
	if (!cJSON_IsObject(fields))
		return why_set(why, ST_DATA, "'f' is not an object");
	cJSON_ArrayForEach (f, fields) {
		if (!cJSON_IsString(f) || !catalog_name_ok(f->string))
			return why_set(why, ST_DATA,
				"field '%.40s' is not a name with a text",
				f->string);
		edit_change(e, f->string, f->valuestring, EDIT_ID_NONE);
	}
	return ST_OK;
}

static enum status
get_overs(const cJSON *overs, struct edit *e, struct why *why)
{
	struct edit_id id;
	const cJSON *o;

	if (!overs)
		return ST_OK;
	if (cJSON_IsString(overs) && edit_id_parse(overs->valuestring, &id)) {
		for (size_t i = 0; i < e->count; i++)
			e->changes[i].over = id;
		return ST_OK;
	}
	if (!cJSON_IsObject(overs))
		return why_set(why, ST_DATA, "'o' is not what was seen");
	cJSON_ArrayForEach (o, overs) {
		if (!get_id(o, &id))
			return why_set(why, ST_DATA,
				"'o' of '%.40s' is not an edit", o->string);
		for (size_t i = 0; i < e->count; i++)
			if (strcmp(e->changes[i].field, o->string) == 0)
				e->changes[i].over = id;
	}
	return ST_OK;
}

static enum status
get_settles(const cJSON *settles, struct edit *e, struct why *why)
{
	const cJSON *field, *item;
	struct edit_id id;

	if (settles && !cJSON_IsObject(settles))
		return why_set(why, ST_DATA, "'z' is not an object");
	cJSON_ArrayForEach (field, settles) {
		if (!cJSON_IsArray(field) || !catalog_name_ok(field->string))
			return why_set(why, ST_DATA,
				"'z' of '%.40s' is not a list of edits",
				field->string);
		cJSON_ArrayForEach (item, field) {
			if (!get_id(item, &id))
				return why_set(why, ST_DATA,
					"'z' of '%.40s' holds no edit",
					field->string);
			edit_settle(e, field->string, id);
		}
	}
	return ST_OK;
}

/* It is shown in one line. */
static enum status
get_reason(const cJSON *node, struct edit *e, struct why *why)
{
	const char *text = cJSON_GetStringValue(node);
	size_t at;

	if (!node)
		return ST_OK;
	if (!text || !text[0] || strlen(text) > EDIT_REASON_MAX ||
		!utf8_clean(text, strlen(text), false, &at))
		return why_set(why, ST_DATA, "'d' is not a reason");
	e->reason = mem_text(text);
	return ST_OK;
}

enum status
edit_get_body(const cJSON *object, struct edit *e, struct why *why)
{
	const cJSON *saw = json_get(object, "y");
	enum status st = get_changes(json_get(object, "f"), e, why);

	if (!st)
		st = get_overs(json_get(object, "o"), e, why);
	if (!st)
		st = get_settles(json_get(object, "z"), e, why);
	if (!st && saw && !get_id(saw, &e->saw_void))
		st = why_set(why, ST_DATA, "'y' is not an edit");
	if (!st)
		st = get_reason(json_get(object, "d"), e, why);
	return st;
}

void
edit_body_text(const struct edit *e, struct buf *b)
{
	buf_putc(b, '{');
	edit_put_body(e, b);
	buf_putc(b, '}');
}

static enum status
parse_stored(const char *text, cJSON **out, struct why *why)
{
	if (!json_parse(text, strlen(text), false, out, NULL))
		return ST_OK;
	return why_set(why, ST_FILE,
		"an entry of the log cannot be read, the file is damaged: run "
		"`beatbook verify`");
}

enum status
edit_body_parse(const char *text, struct edit *e, struct why *why)
{
	cJSON *tree;
	enum status st = parse_stored(text, &tree, why);

	if (!st)
		st = edit_get_body(tree, e, why);
	cJSON_Delete(tree);
	return st;
}

static void
netstring(struct buf *b, const void *bytes, size_t len)
{
	buf_printf(b, "%zu:", len);
	buf_add(b, bytes, len);
}

static void
netstring_text(struct buf *b, const char *s)
{
	netstring(b, s, strlen(s));
}

static void
netstring_int(struct buf *b, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)v);
	netstring_text(b, text);
}

static void
netstring_id(struct buf *b, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	netstring_text(b, text);
}

static int
by_field(const void *a, const void *b)
{
	const struct change *const *x = a, *const *y = b;

	return strcmp((*x)->field, (*y)->field);
}

static void
netstring_changes(struct buf *b, const struct edit *e)
{
	const struct change **order =
		mem_grow(NULL, e->count + 1, sizeof(*order));

	for (size_t i = 0; i < e->count; i++)
		order[i] = &e->changes[i];
	qsort(order, e->count, sizeof(*order), by_field);
	netstring_int(b, (int64_t)e->count);
	for (size_t i = 0; i < e->count; i++) {
		netstring_text(b, order[i]->field);
		netstring_text(b, order[i]->value);
		netstring_id(b, order[i]->over);
	}
	free(order);
}

void
edit_digest(const struct edit *e, struct digest *out)
{
	struct buf b = BUF_INIT, name = BUF_INIT;
	struct digest_part part;

	netstring_id(&b, e->id);
	buf_printf(&name, "%s/%s", e->kind, e->record);
	netstring_text(&b, buf_text(&name));
	netstring_changes(&b, e);
	netstring_int(&b, (int64_t)e->settle_count);
	for (size_t i = 0; i < e->settle_count; i++) {
		netstring_text(&b, e->settles[i].field);
		netstring_id(&b, e->settles[i].loser);
	}
	netstring_id(&b, e->saw_void);
	netstring_int(&b, e->seen);
	netstring_int(&b, e->written.wall_ms);
	netstring_int(&b, e->written.boot_ms);
	netstring_text(&b, e->written.boot_id);
	if (e->reason)
		netstring_text(&b, e->reason);
	part.bytes = b.data;
	part.len = b.len;
	digest_parts(&part, 1, out);
	buf_release(&name);
	buf_release(&b);
}

void
edit_chain(const struct digest *before, const struct digest *edit,
	struct digest *out)
{
	const struct digest_part parts[] = {
		{before->bytes, DIGEST_SIZE}, {edit->bytes, DIGEST_SIZE}};

	digest_parts(parts, 2, out);
}

static void
standings_release(struct standing *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(list[i].field);
		free(list[i].losers);
	}
	free(list);
}

void
verdict_release(struct verdict *v)
{
	free(v->held);
	free(v->refused);
	for (size_t i = 0; i < v->lost_count; i++)
		free(v->lost[i].field);
	free(v->lost);
	standings_release(v->standing, v->standing_count);
	standings_release(v->beyond, v->beyond_count);
	free(v->decides);
	memset(v, 0, sizeof(*v));
}

void
verdict_lose(struct verdict *v, const char *field, struct edit_id against)
{
	struct lost *l;

	MEM_ROOM(v->lost, v->lost_count, v->lost_cap);
	l = &v->lost[v->lost_count++];
	l->field = mem_text(field);
	l->against = against;
}

struct standing *
verdict_stand(struct verdict *v, const char *field)
{
	struct standing *s;

	MEM_ROOM(v->standing, v->standing_count, v->standing_cap);
	s = &v->standing[v->standing_count++];
	memset(s, 0, sizeof(*s));
	s->field = mem_text(field);
	return s;
}

struct standing *
verdict_stand_beyond(struct verdict *v, const char *record)
{
	struct standing *s;

	MEM_ROOM(v->beyond, v->beyond_count, v->beyond_cap);
	s = &v->beyond[v->beyond_count++];
	memset(s, 0, sizeof(*s));
	s->field = mem_text(record);
	return s;
}

void
standing_add(struct standing *s, struct edit_id loser)
{
	MEM_ROOM(s->losers, s->count, s->cap);
	s->losers[s->count++] = loser;
}

void
verdict_decide(struct verdict *v, struct edit_id held)
{
	MEM_ROOM(v->decides, v->decide_count, v->decide_cap);
	v->decides[v->decide_count++] = held;
}

bool
verdict_won(const struct verdict *v, const char *field)
{
	if (v->held || v->refused)
		return false;
	for (size_t i = 0; i < v->lost_count; i++)
		if (strcmp(v->lost[i].field, field) == 0)
			return false;
	return true;
}

static void
put_standings(struct buf *b, const char *name, const struct standing *list,
	size_t count)
{
	if (!count)
		return;
	json_put_name(b, name);
	buf_putc(b, '{');
	for (size_t i = 0; i < count; i++) {
		json_put_name(b, list[i].field);
		buf_putc(b, '[');
		for (size_t j = 0; j < list[i].count; j++)
			put_id(b, list[i].losers[j]);
		buf_putc(b, ']');
	}
	buf_putc(b, '}');
}

void
verdict_put(const struct verdict *v, struct buf *b)
{
	if (v->lost_count) {
		json_put_name(b, "l");
		buf_putc(b, '{');
		for (size_t i = 0; i < v->lost_count; i++)
			put_id_member(b, v->lost[i].field, v->lost[i].against);
		buf_putc(b, '}');
	}
	put_standings(b, "x", v->standing, v->standing_count);
	put_text_member(b, "h", v->held);
	put_text_member(b, "j", v->refused);
	if (v->decide_count) {
		json_put_name(b, "v");
		buf_putc(b, '[');
		for (size_t i = 0; i < v->decide_count; i++)
			put_id(b, v->decides[i]);
		buf_putc(b, ']');
	}
	put_standings(b, "p", v->beyond, v->beyond_count);
}

static enum status
get_lost(const cJSON *lost, struct verdict *v, struct why *why)
{
	struct edit_id id;
	const cJSON *l;

	cJSON_ArrayForEach (l, lost) {
		if (!cJSON_IsObject(lost) || !get_id(l, &id))
			return why_set(why, ST_DATA, "'l' holds no edit");
		verdict_lose(v, l->string, id);
	}
	return ST_OK;
}

/* Lists of edits, each under its name, which is good. */
static enum status
get_standing(
	const cJSON *standing, struct verdict *v, bool beyond, struct why *why)
{
	char kind[NAME_MAX_BYTES + 1];
	const cJSON *field, *item;
	struct edit_id edit;
	const char *id;

	cJSON_ArrayForEach (field, standing) {
		struct standing *s;
		bool good = cJSON_IsObject(standing) && cJSON_IsArray(field);

		if (good && beyond)
			good = record_name_split(field->string, kind, &id) &&
			       catalog_name_ok(kind) && record_id_ok(id);
		else if (good)
			good = catalog_name_ok(field->string);
		if (!good)
			return why_set(why, ST_DATA,
				"'%s' is not a list of edits",
				beyond ? "p" : "x");
		s = beyond ? verdict_stand_beyond(v, field->string)
			   : verdict_stand(v, field->string);
		cJSON_ArrayForEach (item, field) {
			if (!get_id(item, &edit))
				return why_set(why, ST_DATA,
					"'%s' holds no edit",
					beyond ? "p" : "x");
			standing_add(s, edit);
		}
	}
	return ST_OK;
}

static enum status
get_decides(const cJSON *list, struct verdict *v, struct why *why)
{
	struct edit_id id;
	const cJSON *item;

	cJSON_ArrayForEach (item, list) {
		if (!cJSON_IsArray(list) || !get_id(item, &id))
			return why_set(
				why, ST_DATA, "'v' is not a list of edits");
		verdict_decide(v, id);
	}
	return ST_OK;
}

enum status
verdict_get(const cJSON *object, struct verdict *v, struct why *why)
{
	enum status st = get_lost(json_get(object, "l"), v, why);

	if (!st)
		st = get_standing(json_get(object, "x"), v, false, why);
	if (!st)
		st = get_standing(json_get(object, "p"), v, true, why);
	if (!st)
		st = get_decides(json_get(object, "v"), v, why);
	v->held = mem_text(json_text(object, "h"));
	v->refused = mem_text(json_text(object, "j"));
	return st;
}

void
verdict_text(const struct verdict *v, struct buf *b)
{
	buf_putc(b, '{');
	verdict_put(v, b);
	buf_putc(b, '}');
}

enum status
verdict_parse(const char *text, struct verdict *v, struct why *why)
{
	cJSON *tree;
	enum status st = parse_stored(text, &tree, why);

	if (!st)
		st = verdict_get(tree, v, why);
	cJSON_Delete(tree);
	return st;
}

void
entry_release(struct entry *e)
{
	edit_release(&e->edit);
	verdict_release(&e->verdict);
	free(e->by);
	memset(e, 0, sizeof(*e));
}

void
entry_leaf(const struct entry *e, const uint8_t nonce[NONCE_SIZE],
	struct digest *out)
{
	struct buf b = BUF_INIT, verdict = BUF_INIT;
	struct digest_part part;
	struct digest edit;

	edit_digest(&e->edit, &edit);
	verdict_put(&e->verdict, &verdict);
	buf_putc(&b, '\0');
	buf_add(&b, nonce, NONCE_SIZE);
	netstring_int(&b, e->seq);
	netstring_int(&b, e->at);
	netstring_text(&b, e->unsure ? "u" : "");
	netstring_text(&b, e->by);
	netstring(&b, edit.bytes, DIGEST_SIZE);
	netstring_text(&b, buf_text(&verdict));
	part.bytes = b.data;
	part.len = b.len;
	digest_parts(&part, 1, out);
	buf_release(&verdict);
	buf_release(&b);
}
