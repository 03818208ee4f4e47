/* embedded.h - files built into the programs, by their path in the source. */
#ifndef COMMON_EMBEDDED_H
#define COMMON_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *path; /* common/catalog.json; NULL ends the list */
	const char *text; /* followed by a NUL that is not counted in len */
	size_t len;
};

extern const struct embedded embedded_files[];

#endif
