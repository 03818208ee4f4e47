/* good.h - an outcome that a test insists on. */
#ifndef TESTS_GOOD_H
#define TESTS_GOOD_H

#include "common/status.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

extern struct why why;	   /* what the test's last call said */
void good(enum status st); /* else fails the test with `why` */

#endif
