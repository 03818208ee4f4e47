#include "common/edit.h"

#include <stdlib.h>
#include <string.h>

#include "common/catalog.h"
#include "common/netstring.h"
#include "common/utf8.h"

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
		edit_id_put_member(b, "o", e->changes[0].over);
		return;
	}
	json_put_name(b, "o");
	buf_putc(b, '{');
	for (size_t i = 0; i < e->count; i++)
		if (!edit_id_none(e->changes[i].over))
			edit_id_put_member(
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
				edit_id_put(b, e->settles[j].loser);
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
			json_put_member(
				b, e->changes[i].field, e->changes[i].value);
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
		edit_id_put_member(b, "y", e->saw_void);
	if (e->reason)
		json_put_member(b, "d", e->reason);
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
		if (!edit_id_get(o, &id))
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
			if (!edit_id_get(item, &id))
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
	if (!st && saw && !edit_id_get(saw, &e->saw_void))
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

enum status
edit_stored(const char *text, cJSON **out, struct why *why)
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
	enum status st = edit_stored(text, &tree, why);

	if (!st)
		st = edit_get_body(tree, e, why);
	cJSON_Delete(tree);
	return st;
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
	netstring_digest(&b, out);
	buf_release(&name);
}

void
edit_chain(const struct digest *before, const struct digest *edit,
	struct digest *out)
{
	const struct digest_part parts[] = {
		{before->bytes, DIGEST_SIZE}, {edit->bytes, DIGEST_SIZE}};

	digest_parts(parts, 2, out);
}
