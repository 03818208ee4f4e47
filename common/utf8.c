#include "common/utf8.h"

#include <string.h>
#include <wchar.h>

#include "common/buf.h"

#define ZERO_WIDTH_JOINER 0x200d
#define TAB_CELLS 8

size_t
utf8_decode(const char *s, size_t len, uint32_t *code)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c, least;
	size_t need;

	if (!len)
		return 0;
	c = p[0];
	if (c < 0x80) {
		*code = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf) {
		need = 2;
		c &= 0x1f;
		least = 0x80;
	} else if ((c & 0xf0) == 0xe0) {
		need = 3;
		c &= 0x0f;
		least = 0x800;
	} else if (c >= 0xf0 && c <= 0xf4) {
		need = 4;
		c &= 0x07;
		least = 0x10000;
	} else {
		return 0;
	}
	if (len < need)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = (c << 6) | (p[i] & 0x3fu);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return need;
}

size_t
utf8_encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | (code >> 6));
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | (code >> 12));
		out[1] = (char)(0x80 | ((code >> 6) & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (code >> 18));
	out[1] = (char)(0x80 | ((code >> 12) & 0x3f));
	out[2] = (char)(0x80 | ((code >> 6) & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool
utf8_valid(const char *s, size_t len)
{
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &code);
		if (!n)
			return false;
	}
	return true;
}

bool
utf8_clean(const char *s, size_t len, bool many_lines, size_t *at)
{
	uint32_t code;
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &code);
		if (n &&
			(!is_control(code) ||
				(many_lines && (code == '\n' || code == '\t'))))
			continue;
		*at = i;
		return false;
	}
	return true;
}

char *
utf8_cleaned(const char *s, size_t len, bool many_lines, size_t *changed)
{
	struct buf out = BUF_INIT;
	uint32_t code;
	size_t n;

	*changed = 0;
	for (size_t i = 0; i < len; i += n) {
		n = utf8_decode(s + i, len - i, &code);
		if (!n) {
			n = 1;
			buf_puts(&out, "\xef\xbf\xbd");
			++*changed;
		} else if (!is_control(code) ||
			   (many_lines && (code == '\n' || code == '\t'))) {
			buf_add(&out, s + i, n);
		} else if (code == '\r' && i + 1 < len && s[i + 1] == '\n') {
			++*changed;
		} else {
			buf_putc(&out, many_lines && code == '\r' ? '\n' : ' ');
			++*changed;
		}
	}
	return buf_take(&out);
}

/* Pictures that a joiner makes one of. */
static bool
is_picture(uint32_t code)
{
	return (code >= 0x2190 && code <= 0x2bff) ||
	       (code >= 0x1f000 && code <= 0x1faff);
}

static bool
is_skin_tone(uint32_t code)
{
	return code >= 0x1f3fb && code <= 0x1f3ff;
}

/* Two of them are a flag. */
static bool
is_flag_letter(uint32_t code)
{
	return code >= 0x1f1e6 && code <= 0x1f1ff;
}

bool
utf8_silent(uint32_t code)
{
	return is_skin_tone(code) || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) ||
	       (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff ||
	       (code >= 0xe0000 && code <= 0xe0fff);
}

int
utf8_cells(uint32_t code)
{
	int w;

	if (code >= 0x20 && code < 0x7f)
		return 1;
	if (is_control(code))
		return 2;
	if (utf8_silent(code))
		return 0;
	w = wcwidth((wchar_t)code);
	if (w >= 0)
		return w;
	return 1;
}

bool
utf8_known(uint32_t code)
{
	return wcwidth((wchar_t)code) >= 0;
}

/* The code point at pos, or what stands for a byte that is none. */
static size_t
code_at(const char *s, size_t len, size_t pos, uint32_t *code)
{
	size_t n = utf8_decode(s + pos, len - pos, code);

	if (n)
		return n;
	*code = 0xfffd;
	return 1;
}

/* Where the code point before pos begins; pos is above 0. */
static size_t
code_before(const char *s, size_t pos, uint32_t *code)
{
	size_t at = pos - 1, n;

	while (at > 0 && pos - at < 4 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	n = code_at(s, pos, at, code);
	if (at + n == pos)
		return at;
	*code = 0xfffd; /* a byte that belongs to nothing */
	return pos - 1;
}

/* Is `code` one character with what ends in `before`? For letters of flags
 * that depends on how many came. */
static bool
joins(uint32_t before, uint32_t code, bool odd_letters)
{
	if (is_control(code) || is_control(before))
		return false;
	if (is_flag_letter(before) && is_flag_letter(code))
		return odd_letters;
	return utf8_cells(code) == 0 ||
	       (before == ZERO_WIDTH_JOINER && is_picture(code));
}

/* Bytes of the character at pos; *cells gets how wide it is. */
static size_t
character(const char *s, size_t len, size_t pos, int *cells)
{
	uint32_t before, code;
	size_t n = code_at(s, len, pos, &before);
	size_t more;
	bool odd = true;

	*cells = utf8_cells(before);
	if (before < 0x80 && (pos + n == len || (s[pos + n] & 0x80) == 0))
		return n;
	while (pos + n < len) {
		more = code_at(s, len, pos + n, &code);
		if (!joins(before, code, odd))
			break;
		odd = !(is_flag_letter(before) && is_flag_letter(code));
		before = code;
		*cells += utf8_cells(code);
		n += more;
	}
	return n;
}

/* The same where `used` cells stand before it: a tab reaches to the next
 * tab stop. */
static size_t
character_after(const char *s, size_t len, size_t pos, int used, int *cells)
{
	size_t n = character(s, len, pos, cells);

	if (s[pos] == '\t')
		*cells = utf8_tab(used);
	return n;
}

int
utf8_tab(int used)
{
	return TAB_CELLS - used % TAB_CELLS;
}

int
utf8_width(const char *s)
{
	return utf8_width_of(s, strlen(s));
}

int
utf8_width_of(const char *s, size_t len)
{
	size_t at = 0;
	int used = 0, w;

	while (at < len) {
		at += character_after(s, len, at, used, &w);
		used += w;
	}
	return used;
}

size_t
utf8_fit(const char *s, int cells, int *used)
{
	return utf8_fit_of(s, strlen(s), cells, used);
}

size_t
utf8_fit_of(const char *s, size_t len, int cells, int *used)
{
	size_t i = 0;

	*used = 0;
	while (i < len) {
		int w;
		size_t n = character_after(s, len, i, *used, &w);

		if (*used + w > cells)
			break;
		*used += w;
		i += n;
	}
	return i;
}

size_t
utf8_next(const char *s, size_t len, size_t pos)
{
	int cells;

	return pos < len ? pos + character(s, len, pos, &cells) : pos;
}

/* Does an odd number of letters of flags end at pos? */
static bool
odd_letters_end(const char *s, size_t pos)
{
	uint32_t code;
	bool odd = false;

	while (pos > 0) {
		pos = code_before(s, pos, &code);
		if (!is_flag_letter(code))
			break;
		odd = !odd;
	}
	return odd;
}

size_t
utf8_prev(const char *s, size_t pos)
{
	uint32_t code, before;
	size_t at, from;

	if (!pos)
		return 0;
	at = code_before(s, pos, &code);
	while (at > 0) {
		bool odd;

		from = code_before(s, at, &before);
		odd = is_flag_letter(code) && is_flag_letter(before) &&
		      odd_letters_end(s, at);
		if (!joins(before, code, odd))
			break;
		at = from;
		code = before;
	}
	return at;
}

size_t
utf8_start(const char *s, size_t len, size_t pos)
{
	uint32_t code;

	if (pos >= len)
		return len;
	while (pos > 0 && ((unsigned char)s[pos] & 0xc0) == 0x80)
		pos--;
	return utf8_prev(s, pos + code_at(s, len, pos, &code));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* How far the first line reaches before it is full, ends or breaks; *space
 * gets the last blank in it, or len where there is none. */
static size_t
full_line(const char *s, size_t len, int cells, size_t *space)
{
	size_t i = 0;
	int used = 0;

	*space = len;
	while (i < len && s[i] != '\n') {
		int w;
		size_t n = character_after(s, len, i, used, &w);

		if (used + w > cells && i > 0)
			break;
		if (is_blank(s[i]))
			*space = i;
		used += w;
		i += n;
	}
	return i;
}

size_t
utf8_wrap(const char *s, size_t len, int cells, size_t *skip)
{
	size_t space, i = full_line(s, len, cells, &space);

	*skip = 0;
	if (i == len)
		return len;
	if (s[i] == '\n') {
		*skip = 1;
		return i;
	}
	if (is_blank(s[i]))
		space = i;
	if (space == len)
		return i;
	while (space > 0 && is_blank(s[space - 1]))
		space--;
	if (!space)
		return i;
	while (space + *skip < len && is_blank(s[space + *skip]))
		++*skip;
	return space;
}

void
utf8_mend_tail(char *s)
{
	size_t len = strlen(s);
	size_t start = len;
	uint32_t code;

	while (start > 0 && len - start < 4) {
		start--;
		if (((unsigned char)s[start] & 0xc0) != 0x80)
			break;
	}
	if (start < len && !utf8_decode(s + start, len - start, &code))
		s[start] = '\0';
}
