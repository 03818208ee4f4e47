#include "sync/import_choice.h"

#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/utf8.h"

#define PROPERTIES_MAX 200
#define FEATURES_MAX 100 /* looked at */
#define CODE_CELLS 16	 /* a code is no wider */
#define SHOWN_BYTES 400	 /* of the names */

void
import_choice_release(struct import_choice *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].name);
		names_release(&c->items[i].values);
	}
	free(c->items);
	*c = (struct import_choice){0};
}

bool
import_property_text(const cJSON *node, struct buf *out)
{
	if (!node || cJSON_IsNull(node))
		return true;
	if (cJSON_IsString(node))
		buf_puts(out, node->valuestring);
	else if (cJSON_IsNumber(node))
		buf_printf(out, "%.15g", node->valuedouble);
	else
		return false;
	return true;
}

static void
add_names(struct import_choice *c, const cJSON *properties)
{
	const cJSON *p;

	cJSON_ArrayForEach (p, properties) {
		if (c->count == PROPERTIES_MAX)
			return;
		MEM_ROOM(c->items, c->count, c->cap);
		c->items[c->count++] = (struct import_property){
			mem_text(p->string), {NULL, 0, 0}, true};
	}
}

static void
look_at(struct import_property *p, const cJSON *node)
{
	struct buf text = BUF_INIT;

	p->code_like = p->code_like && import_property_text(node, &text) &&
		       text.len && utf8_width(buf_text(&text)) <= CODE_CELLS &&
		       names_add(&p->values, buf_text(&text));
	buf_release(&text);
}

void
import_choice_note(struct import_choice *c, const cJSON *properties)
{
	if (!properties || c->features == FEATURES_MAX)
		return;
	if (!c->features++)
		add_names(c, properties);
	for (size_t i = 0; i < c->count; i++)
		look_at(&c->items[i], json_get(properties, c->items[i].name));
}

void
import_choice_put(const struct import_choice *c, struct buf *out)
{
	size_t from = out->len, left = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < c->count; i++) {
			const struct import_property *p = &c->items[i];

			if (p->code_like != (pass == 0))
				continue;
			if (left || out->len - from + strlen(p->name) >
					    SHOWN_BYTES) {
				left++;
				continue;
			}
			buf_printf(out, "%s%s", out->len > from ? ", " : "",
				p->name);
		}
	}
	if (left)
		buf_printf(out, " and %zu more", left);
}
