#include "common/undone.h"

#include <stdlib.h>

#include "common/json.h"

#define META_UNDONE_COUNT "undone_count"
/* The newest of them, oldest first:
 * [{"u":count,"e":edit,"o":{FIELD:over},"y":void seen}] */
#define META_UNDONE "undone"

enum status
undone_count(struct replica *r, int64_t *count, struct why *why)
{
	return replica_meta_int(r, META_UNDONE_COUNT, 0, count, why);
}

static enum status
read_list(struct replica *r, cJSON **out, struct why *why)
{
	struct buf text = BUF_INIT;
	enum status st = replica_meta(r, META_UNDONE, &text, why);

	*out = NULL;
	if (!st && text.len)
		st = json_parse(buf_text(&text), text.len, false, out, why);
	if (!st && !*out)
		*out = cJSON_CreateArray();
	buf_release(&text);
	return st;
}

static void
put_id(cJSON *object, const char *name, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	if (!edit_id_none(id))
		cJSON_AddStringToObject(object, name, text);
}

static struct edit_id
get_id(const cJSON *object, const char *name)
{
	const char *text = json_text(object, name);
	struct edit_id id;

	return text && edit_id_parse(text, &id) ? id : EDIT_ID_NONE;
}

static cJSON *
describe(const struct edit *e, int64_t count)
{
	cJSON *item = cJSON_CreateObject(), *over;

	cJSON_AddNumberToObject(item, "u", (double)count);
	put_id(item, "e", e->id);
	put_id(item, "y", e->saw_void);
	over = cJSON_AddObjectToObject(item, "o");
	for (size_t i = 0; i < e->count; i++)
		put_id(over, e->changes[i].field, e->changes[i].over);
	return item;
}

enum status
undone_note(struct replica *r, const struct edit *e, struct why *why)
{
	int64_t count = 0;
	cJSON *list;
	char *text;
	enum status st = undone_count(r, &count, why);

	if (st)
		return st;
	st = read_list(r, &list, why);
	if (st)
		return st;
	cJSON_AddItemToArray(list, describe(e, ++count));
	while (cJSON_GetArraySize(list) > UNDONE_MAX)
		cJSON_DeleteItemFromArray(list, 0);
	text = cJSON_PrintUnformatted(list);
	cJSON_Delete(list);
	st = replica_meta_set(r, META_UNDONE, text, why);
	cJSON_free(text);
	return st ? st : replica_meta_set_int(r, META_UNDONE_COUNT, count, why);
}

static void
step(const cJSON *item, struct edit *e)
{
	struct edit_id id = get_id(item, "e");
	const cJSON *over = json_get(item, "o");

	for (size_t i = 0; i < e->count; i++) {
		struct change *c = &e->changes[i];

		if (edit_id_same(c->over, id))
			c->over = get_id(over, c->field);
	}
	if (edit_id_same(e->saw_void, id))
		e->saw_void = get_id(item, "y");
}

/* Which own ones were undone is not known any more. */
static void
forget_own(struct replica *r, int64_t confirmed, struct edit *e)
{
	uint32_t own = replica_identity(r)->number;

	for (size_t i = 0; i < e->count; i++) {
		struct change *c = &e->changes[i];

		if (c->over.replica == own && c->over.n > confirmed)
			c->over = EDIT_ID_NONE;
	}
	if (e->saw_void.replica == own && e->saw_void.n > confirmed)
		e->saw_void = EDIT_ID_NONE;
}

enum status
undone_follow(struct replica *r, int64_t since, struct edit *e, struct why *why)
{
	int64_t count = 0, confirmed = 0;
	const cJSON *item;
	cJSON *list;
	enum status st = undone_count(r, &count, why);

	if (!st)
		st = replica_meta_int(r, META_CONFIRMED, 0, &confirmed, why);
	if (st || count <= since)
		return st;
	if (count - since > UNDONE_MAX) {
		forget_own(r, confirmed, e);
		return ST_OK;
	}
	st = read_list(r, &list, why);
	if (st)
		return st;
	cJSON_ArrayForEach (item, list)
		if (json_int(item, "u", 0) > since)
			step(item, e);
	cJSON_Delete(list);
	return ST_OK;
}
