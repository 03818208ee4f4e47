/* number.h - real numbers as text, the same in every locale. */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include <stdbool.h>

#define NUMBER_MAX 40 /* room for any text written here, with its NUL */

/* Digits with an optional sign, point and exponent, and nothing else. False:
 * no such text, or beyond what a double holds. */
bool number_parse(const char *s, double *out);

/* The shortest text that reads back as the same number. */
void number_text(double n, char out[NUMBER_MAX]);

/* At most `places` decimals, rounded, without trailing zeros or "-0". */
void number_rounded(double n, int places, char out[NUMBER_MAX]);

#endif
