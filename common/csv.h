/* csv.h - values between commas, as RFC 4180 has them. */
#ifndef COMMON_CSV_H
#define COMMON_CSV_H

#include "common/buf.h"

/* Add a value, quoted where it must be. */
void csv_put(struct buf *out, const char *text);
/* The same for a file that people open in a spreadsheet: what that would take
 * for a formula gets a ' before it. */
void csv_put_safe(struct buf *out, const char *text);

#endif
