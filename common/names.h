/* names.h - a growing list of names, in the order they came. */
#ifndef COMMON_NAMES_H
#define COMMON_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **items;
	size_t count, cap;
};

void names_release(struct names *n);
bool names_add(struct names *n, const char *name);  /* false: was there */
void names_push(struct names *n, const char *name); /* without looking */
bool names_have(const struct names *n, const char *name);
void names_sort(struct names *n);
bool names_same(const struct names *a, const struct names *b); /* as sets */

#endif
