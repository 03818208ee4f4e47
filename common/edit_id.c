#include "common/edit_id.h"

#include <stdio.h>

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
edit_id_put(struct buf *b, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	json_put_comma(b);
	json_put_text(b, text);
}

void
edit_id_put_member(struct buf *b, const char *name, struct edit_id id)
{
	char text[EDIT_ID_TEXT];

	edit_id_text(id, text);
	json_put_member(b, name, text);
}

bool
edit_id_get(const cJSON *node, struct edit_id *id)
{
	return cJSON_IsString(node) && edit_id_parse(node->valuestring, id);
}
