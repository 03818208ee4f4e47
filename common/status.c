#include "common/status.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/utf8.h"

enum status
why_set(struct why *why, enum status st, const char *fmt, ...)
{
	va_list ap;

	if (!why)
		return st;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	utf8_mend_tail(why->text);
	return st;
}
