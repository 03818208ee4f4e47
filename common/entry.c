#include "common/entry.h"

#include <stdlib.h>
#include <string.h>

#include "common/catalog.h"
#include "common/netstring.h"
#include "common/value.h"

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
			edit_id_put(b, list[i].losers[j]);
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
			edit_id_put_member(
				b, v->lost[i].field, v->lost[i].against);
		buf_putc(b, '}');
	}
	put_standings(b, "x", v->standing, v->standing_count);
	if (v->held)
		json_put_member(b, "h", v->held);
	if (v->refused)
		json_put_member(b, "j", v->refused);
	if (v->decide_count) {
		json_put_name(b, "v");
		buf_putc(b, '[');
		for (size_t i = 0; i < v->decide_count; i++)
			edit_id_put(b, v->decides[i]);
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
		if (!cJSON_IsObject(lost) || !edit_id_get(l, &id))
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
			if (!edit_id_get(item, &edit))
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
		if (!cJSON_IsArray(list) || !edit_id_get(item, &id))
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
	enum status st = edit_stored(text, &tree, why);

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
	netstring_digest(&b, out);
	buf_release(&verdict);
}
