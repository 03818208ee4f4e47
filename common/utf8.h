/* utf8.h - text as people see it: validity, width in cells, clipping. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode one code point at s[0..len). Returns the bytes it takes, or 0 where
 * there is none: the end, an overlong or broken sequence, a surrogate, above
 * U+10FFFF.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *code);
size_t utf8_encode(uint32_t code, char out[4]); /* bytes written, 1 to 4 */

bool utf8_valid(const char *s, size_t len);

/*
 * Valid UTF-8 without NUL and without control characters (C0, DEL, C1);
 * newline and tab pass where `many_lines`. *at gets the first bad byte.
 */
bool utf8_clean(const char *s, size_t len, bool many_lines, size_t *at);

/*
 * The same text made clean: bad bytes become U+FFFD, control characters a
 * space (CRLF and CR a newline where `many_lines`). Returns a new string;
 * *changed counts what was replaced.
 */
char *utf8_cleaned(const char *s, size_t len, bool many_lines, size_t *changed);

/*
 * Cells on a terminal: 0 for combining, 2 for wide; a control counts 2, ^X.
 * In a text, a tab reaches to the next eighth cell from where it begins.
 */
int utf8_cells(uint32_t code);
int utf8_tab(int used); /* cells of a tab with `used` before it */
int utf8_width(const char *s);
int utf8_width_of(const char *s, size_t len);

/*
 * Joiners, variation selectors, skin tones, marks of direction: text that is
 * kept but not sent to a terminal, since terminals differ in how wide they
 * make what it stands with. No cells.
 */
bool utf8_silent(uint32_t code);
/* Is it a character of this machine's Unicode, so that its width is known? */
bool utf8_known(uint32_t code);

/* Bytes of the longest prefix of s, of whole characters, that fits in `cells`;
 * *used gets cells. */
size_t utf8_fit(const char *s, int cells, int *used);
size_t utf8_fit_of(const char *s, size_t len, int cells, int *used);

/*
 * The next and the previous place where a cursor may stand: a character is a
 * code point with the marks that follow it, the two letters of a flag, or
 * pictures that joiners make one. At the ends they return pos itself.
 */
size_t utf8_next(const char *s, size_t len, size_t pos);
size_t utf8_prev(const char *s, size_t pos);
/* Where the character begins that the byte at pos belongs to. */
size_t utf8_start(const char *s, size_t len, size_t pos);

/* Bytes of the first line of s when wrapped to `cells`; *skip gets what the
 * break swallows (a newline, or the blanks at a soft break). */
size_t utf8_wrap(const char *s, size_t len, int cells, size_t *skip);

/* Drop a sequence that clipping broke off at the end of s. */
void utf8_mend_tail(char *s);

#endif
