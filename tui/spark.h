/*
 * spark.h - small pictures of numbers: bars, and lines of columns. The numbers
 * stand beside them; a picture alone says nothing that is needed, and where the
 * look is plain there are none.
 */
#ifndef TUI_SPARK_H
#define TUI_SPARK_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "tui/look.h"

/* One cell for each count, in their order, the largest the highest; a dot
 * where there is nothing. Adds to `out`. */
void spark_line(const int64_t *counts, size_t count, const struct look *l,
	struct buf *out);

/* A bar of `cells` at most, as long as `value` is of `max`; at least a sliver
 * where there is anything. Adds to `out`. */
void spark_bar(int64_t value, int64_t max, int cells, const struct look *l,
	struct buf *out);

#endif
