/*
 * json.h - JSON from outside, checked before it is parsed, and JSON written.
 *
 * cJSON 1.7.15 lets a NUL escape cut a string, takes invalid UTF-8 and keeps
 * duplicate names, so a scan refuses those first. Depth is bounded by 24.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/status.h"

/*
 * Parse one document; *out belongs to the caller (cJSON_Delete). ST_DATA:
 * `why` says what is wrong and at which line. With `comments`, // to the end
 * of the line is allowed. Numbers of 2^53 and more are refused.
 */
MUST_CHECK enum status json_parse(const char *text, size_t len, bool comments,
	cJSON **out, struct why *why);

/* Members, by exact name. Absent or of another type: NULL, `otherwise`. */
const cJSON *json_get(const cJSON *object, const char *name);
const char *json_text(const cJSON *object, const char *name);
int64_t json_int(const cJSON *object, const char *name, int64_t otherwise);
bool json_true(const cJSON *object, const char *name);
/* An integer value of this very node; false when it is not one. */
bool json_is_int(const cJSON *node, int64_t *value);

/* Write a string with its quotes, escaped as little as JSON allows. */
void json_put_text(struct buf *b, const char *s);
/* Write `"name":`, with a comma before it unless it opens an object. */
void json_put_name(struct buf *b, const char *name);
/* The same with a string. */
void json_put_member(struct buf *b, const char *name, const char *text);
/* Write a comma unless an array or object was just opened. */
void json_put_comma(struct buf *b);

#endif
