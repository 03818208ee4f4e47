#include "common/nearest.h"

#include <stdio.h>
#include <string.h>

#define LENGTH_MAX 48 /* longer words are not compared */

/* As much as shows that it is too long, if it is. */
static void
in_small_letters(const char *text, char out[LENGTH_MAX + 2])
{
	snprintf(out, LENGTH_MAX + 2, "%s", text);
	for (; *out; out++)
		if (*out >= 'A' && *out <= 'Z')
			*out += 'a' - 'A';
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap with their neighbour. */
static unsigned
distance(const char *a, size_t m, const char *b, size_t n)
{
	unsigned rows[3][LENGTH_MAX + 1];
	unsigned *older = rows[0], *old = rows[1], *row = rows[2], *spare;

	for (size_t j = 0; j <= n; j++)
		old[j] = (unsigned)j;
	for (size_t i = 1; i <= m; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			row[j] = least(old[j] + 1, row[j - 1] + 1);
			row[j] = least(
				row[j], old[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[j] = least(row[j], older[j - 2] + 1);
		}
		spare = older;
		older = old;
		old = row;
		row = spare;
	}
	return old[n];
}

static void
offer(struct nearest *n, const char *typed, const char *word, const char *name)
{
	size_t m = strlen(typed), k = strlen(word);
	unsigned d;

	if (!m || m > LENGTH_MAX || k > LENGTH_MAX)
		return;
	d = distance(typed, m, word, k);
	/* the start of a longer name is near too: proj, assess */
	if (m >= 3 && k > m && strncmp(typed, word, m) == 0)
		d = 1;
	if (d > 1 + m / 4 || d >= m || (n->best && d >= n->distance))
		return;
	n->best = name;
	n->distance = d;
}

void
nearest_offer(struct nearest *n, const char *name)
{
	offer(n, n->typed, name, name);
}

void
nearest_offer_label(struct nearest *n, const char *label, const char *name)
{
	char typed[LENGTH_MAX + 2], word[LENGTH_MAX + 2];

	in_small_letters(n->typed, typed);
	in_small_letters(label, word);
	offer(n, typed, word, name);
}

const char *
nearest_hint(const struct nearest *n, char out[NEAREST_HINT_MAX])
{
	out[0] = '\0';
	if (n->best)
		snprintf(out, NEAREST_HINT_MAX, "; did you mean %s?", n->best);
	return out;
}
