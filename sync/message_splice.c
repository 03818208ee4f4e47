/* Values that travel as splices. PROTOCOL.md, "Splices". */
#include "sync/message_splice.h"

#include <stdlib.h>
#include <string.h>

#include "sync/splice.h"

#define CHECK_TEXT BASE64_SIZE(SPLICE_CHECK_SIZE)

bool
splice_base_in(
	const struct edit *e, const struct splice_base *at, struct buf *out)
{
	const struct change *c = edit_find(e, at->field);

	if (!c || !edit_id_same(e->id, at->edit) ||
		strcmp(e->kind, at->kind) != 0 ||
		strcmp(e->record, at->id) != 0)
		return false;
	buf_puts(out, c->value);
	return true;
}

/* Only a value that stood alone and stands now is one to lean on. */
static bool
may_splice(const struct coder *c, const struct change *change,
	const struct verdict *v)
{
	if (!c->base || c->absolute || edit_id_none(change->over) ||
		strlen(change->value) < SPLICE_GAIN)
		return false;
	for (size_t i = 0; v && i < v->standing_count; i++)
		if (strcmp(v->standing[i].field, change->field) == 0)
			return false;
	return !v || verdict_won(v, change->field);
}

static void
put_splice(const struct splice *s, struct buf *out)
{
	char check[CHECK_TEXT];

	base64_encode(s->check, SPLICE_CHECK_SIZE, check);
	buf_printf(out, "[%zu,%zu,", s->head, s->tail);
	json_put_text(out, s->middle);
	buf_printf(out, ",\"%s\"]", check);
}

static void
put_value(struct coder *c, const struct edit *e, const struct change *change,
	const struct verdict *v, struct buf *out)
{
	const struct splice_base at = {
		e->kind, e->record, change->field, change->over};
	struct buf base = BUF_INIT;
	struct splice s = {0};

	json_put_name(out, change->field);
	if (may_splice(c, change, v) &&
		!c->base(c->base_arg, &at, &base, NULL) &&
		splice_cut(buf_text(&base), change->value, &s)) {
		put_splice(&s, out);
		c->spliced++;
	} else {
		json_put_text(out, change->value);
	}
	splice_release(&s);
	buf_release(&base);
}

void
put_body(struct coder *c, const struct edit *e, const struct verdict *v,
	struct buf *out)
{
	if (e->count) {
		json_put_name(out, "f");
		buf_putc(out, '{');
		for (size_t i = 0; i < e->count; i++)
			put_value(c, e, &e->changes[i], v, out);
		buf_putc(out, '}');
	}
	edit_put_rest(e, out);
}

/* Four items of their types. What is no splice is left to be refused. */
static bool
get_splice(const cJSON *node, struct splice *s)
{
	const cJSON *head = cJSON_GetArrayItem(node, 0);
	const cJSON *tail = cJSON_GetArrayItem(node, 1);
	const cJSON *middle = cJSON_GetArrayItem(node, 2);
	const cJSON *check = cJSON_GetArrayItem(node, 3);
	int64_t h, t;

	if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 4 ||
		!json_is_int(head, &h) || !json_is_int(tail, &t) || h < 0 ||
		t < 0 || h > (int64_t)FRAME_MAX || t > (int64_t)FRAME_MAX ||
		!cJSON_IsString(middle) || !cJSON_IsString(check) ||
		!base64_decode(check->valuestring, s->check, SPLICE_CHECK_SIZE))
		return false;
	s->head = (size_t)h;
	s->tail = (size_t)t;
	s->middle = mem_text(middle->valuestring);
	return true;
}

static bool
get_over(const cJSON *object, const char *field, struct edit_id *over)
{
	const cJSON *o = json_get(object, "o");
	const char *text =
		cJSON_IsString(o) ? o->valuestring : json_text(o, field);

	return text && edit_id_parse(text, over);
}

static enum status
unjoined(const char *field, struct why *why)
{
	return why_set(why, ST_NOT_FOUND,
		"the splice of '%.40s' does not fit what is held here", field);
}

/* The array becomes the text that it stands for. */
static void
become_text(cJSON *node, const char *text)
{
	cJSON *fresh = cJSON_CreateString(text);

	if (!fresh)
		abort(); /* out of memory */
	cJSON_Delete(node->child);
	node->child = NULL;
	node->type = cJSON_String;
	node->valuestring = fresh->valuestring;
	fresh->valuestring = NULL;
	cJSON_Delete(fresh);
}

static enum status
join(struct coder *c, const struct splice_base *at, cJSON *node,
	const struct splice *s, size_t *room, struct why *why)
{
	struct buf base = BUF_INIT_MAX(FRAME_MAX);
	struct buf whole = BUF_INIT_MAX(FRAME_MAX);
	size_t max = *room < c->join_left ? *room : c->join_left;
	enum status st = c->base(c->base_arg, at, &base, why);

	if (!st && (buf_full(&base) ||
			   !splice_join(buf_text(&base), s, max, &whole)))
		st = unjoined(at->field, why);
	if (!st) {
		*room -= whole.len;
		c->join_left -= whole.len;

		become_text(node, buf_text(&whole));
	}
	buf_release(&whole);
	buf_release(&base);
	return st;
}

enum status
join_body(struct coder *c, const cJSON *object, const char *kind,
	const char *id, struct why *why)
{
	struct splice_base at = {kind, id, NULL, EDIT_ID_NONE};
	const cJSON *fields = json_get(object, "f");
	size_t room = EDIT_LINE_MAX;
	enum status st = ST_OK;

	for (cJSON *f = cJSON_IsObject(fields) ? fields->child : NULL; !st && f;
		f = f->next) {
		struct splice s = {0};

		if (!get_splice(f, &s))
			continue;
		at.field = f->string;
		st = c->base && get_over(object, f->string, &at.edit)
			     ? join(c, &at, f, &s, &room, why)
			     : unjoined(f->string, why);
		splice_release(&s);
	}
	return st;
}
