/* Any bytes as JSON, profile, query and values. */
#include <stdlib.h>
#include <string.h>

#include "common/catalog.h"
#include "common/json.h"
#include "common/query_terms.h"
#include "common/utf8.h"
#include "common/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
read_values(const char *text)
{
	static struct catalog *all;
	const struct value_context ctx = {"4471", 1784025060000};
	const struct kind *k;

	if (!all && catalog_read(NULL, 0, "none", &all, NULL))
		return;
	k = catalog_kind(all, "meeting");
	for (size_t i = 0; k && i < k->field_count; i++) {
		char *value = NULL;

		/* What was read is canonical: anything else is a bug. */
		if (!value_read(&k->fields[i], text, &ctx, &value, NULL) &&
			value[0] && value_check(&k->fields[i], value, NULL))
			abort();
		free(value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	struct terms terms = {0};
	struct catalog *c = NULL;
	cJSON *tree = NULL;
	size_t changed;
	char *clean;

	if (!text)
		return 0;
	memcpy(text, bytes, len);
	text[len] = '\0';
	if (!json_parse(text, len, true, &tree, NULL))
		cJSON_Delete(tree);
	if (!catalog_read(text, len, "fuzz", &c, NULL))
		catalog_free(c);
	clean = utf8_cleaned(text, len, true, &changed);
	if (!terms_parse(clean, &terms, NULL))
		read_values(clean);
	terms_release(&terms);
	read_values(text);
	free(clean);
	free(text);
	return 0;
}
