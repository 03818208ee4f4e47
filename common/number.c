#include "common/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod and printf take the point from the locale: put `from` as `to`. */
static void
swap_point(char *s, const char *from, const char *to)
{
	char *at = strstr(s, from);
	size_t rest;

	if (!at || strcmp(from, to) == 0)
		return;
	rest = strlen(at + strlen(from)) + 1;
	memmove(at + strlen(to), at + strlen(from), rest);
	memcpy(at, to, strlen(to));
}

static const char *
locale_point(void)
{
	const char *point = localeconv()->decimal_point;

	return point && point[0] && strlen(point) < 4 ? point : ".";
}

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

static bool
is_number(const char *s)
{
	size_t whole, decimals = 0;

	s += *s == '-' || *s == '+';
	whole = digits(s);
	s += whole;
	if (*s == '.') {
		decimals = digits(s + 1);
		s += 1 + decimals;
	}
	if (!whole && !decimals)
		return false;
	if (*s != 'e' && *s != 'E')
		return !*s;
	s += 1 + (s[1] == '-' || s[1] == '+');
	return digits(s) && !s[digits(s)];
}

bool
number_parse(const char *s, double *out)
{
	char local[256];

	if (!is_number(s) || strlen(s) > sizeof(local) - 4)
		return false;
	memcpy(local, s, strlen(s) + 1);
	swap_point(local, ".", locale_point());
	*out = strtod(local, NULL);
	return isfinite(*out);
}

void
number_text(double n, char out[NUMBER_MAX])
{
	if (n == 0)
		n = 0; /* -0 */
	for (int precise = 15; precise <= 17; precise++) {
		snprintf(out, NUMBER_MAX - 4, "%.*g", precise, n);
		if (strtod(out, NULL) == n)
			break;
	}
	swap_point(out, locale_point(), ".");
}

void
number_rounded(double n, int places, char out[NUMBER_MAX])
{
	size_t len;

	snprintf(out, NUMBER_MAX - 4, "%.*f", places, n);
	swap_point(out, locale_point(), ".");
	len = strlen(out);
	if (strchr(out, '.')) {
		while (out[len - 1] == '0')
			len--;
		if (out[len - 1] == '.')
			len--;
		out[len] = '\0';
	}
	if (strcmp(out, "-0") == 0)
		memcpy(out, "0", 2);
}
