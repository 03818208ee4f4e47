#include "sync/refusal.h"

#include "common/json.h"
#include "common/utf8.h"

#include <stdlib.h>
#include <string.h>

enum status
refusal_not_ours(struct why *why)
{
	return why_set(why, ST_LATER,
		"the answer is not from a Beatbook hub (a login page or "
		"proxy?): connect to the network and try again; nothing is "
		"lost");
}

/* The sentence goes to a terminal, so its control characters do not. */
static enum status
say(enum status st, const char *error, struct why *why)
{
	size_t changed;
	char *clean = utf8_cleaned(error, strlen(error), false, &changed);

	why_set(why, st, "%s", clean);
	free(clean);
	return st;
}

enum status
refusal_read(int http_status, const char *body, size_t len, struct why *why)
{
	cJSON *object = NULL;
	const char *error = NULL;
	enum status st;

	if (len <= REFUSAL_MAX && !json_parse(body, len, false, &object, NULL))
		error = json_text(object, "error");
	if (error && http_status == 429)
		st = say(ST_LATER, error, why);
	else if (error && http_status >= 400 && http_status < 500)
		st = say(ST_REFUSED, error, why);
	else if (error && (http_status == 500 || http_status == 503))
		st = say(ST_LATER, error, why);
	else
		st = refusal_not_ours(why);
	cJSON_Delete(object);
	return st;
}
