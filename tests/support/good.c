#include "tests/support/good.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct why why;

void
good(enum status st)
{
	if (st)
		fail_msg("status %d: %s", (int)st, why.text);
}
