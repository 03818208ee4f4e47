#include "common/names.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

void
names_release(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->items[i]);
	free(n->items);
	*n = (struct names){0};
}

bool
names_have(const struct names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->items[i], name) == 0)
			return true;
	return false;
}

bool
names_add(struct names *n, const char *name)
{
	if (names_have(n, name))
		return false;
	names_push(n, name);
	return true;
}

void
names_push(struct names *n, const char *name)
{
	MEM_ROOM(n->items, n->count, n->cap);
	n->items[n->count++] = mem_text(name);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
names_sort(struct names *n)
{
	if (n->count > 1)
		qsort(n->items, n->count, sizeof(*n->items), compare_names);
}

bool
names_same(const struct names *a, const struct names *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!names_have(b, a->items[i]))
			return false;
	return true;
}
