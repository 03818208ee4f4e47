#include "common/status.h"

#include <stdio.h>

#include "common/utf8.h"

enum status
why_set(struct why *why, enum status st, const char *fmt, ...)
{
	va_list ap;

	if (!why)
		return st;
	va_start(ap, fmt);
	why_put(why, fmt, ap);
	va_end(ap);
	return st;
}

void
why_put(struct why *why, const char *fmt, va_list ap)
{
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	utf8_mend_tail(why->text);
}
