#include "common/utf8.h"

#include <string.h>
#include <wchar.h>

#include "common/buf.h"

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

int
utf8_cells(uint32_t code)
{
	int w;

	if (is_control(code))
		return 2;
	w = wcwidth((wchar_t)code);
	if (w >= 0)
		return w;
	return 1;
}

int
utf8_width(const char *s)
{
	int used;

	utf8_fit(s, 1 << 28, &used);
	return used;
}

size_t
utf8_fit(const char *s, int cells, int *used)
{
	size_t len = strlen(s);
	size_t i = 0;

	*used = 0;
	while (i < len) {
		uint32_t code = 0xfffd;
		size_t n = utf8_decode(s + i, len - i, &code);
		int w = utf8_cells(code);

		if (*used + w > cells)
			break;
		*used += w;
		i += n ? n : 1;
	}
	return i;
}

/* Does a mark that belongs to the character before it stand at pos? */
static bool
is_mark(const char *s, size_t len, size_t pos)
{
	uint32_t code;

	return utf8_decode(s + pos, len - pos, &code) && !is_control(code) &&
	       utf8_cells(code) == 0;
}

size_t
utf8_next(const char *s, size_t len, size_t pos)
{
	uint32_t code;
	size_t n;

	if (pos >= len)
		return pos;
	n = utf8_decode(s + pos, len - pos, &code);
	pos += n ? n : 1;
	while (pos < len && is_mark(s, len, pos)) {
		n = utf8_decode(s + pos, len - pos, &code);
		pos += n;
	}
	return pos;
}

size_t
utf8_prev(const char *s, size_t pos)
{
	size_t end = pos;

	while (pos > 0) {
		size_t at = pos - 1;

		while (at > 0 && pos - at < 4 &&
			((unsigned char)s[at] & 0xc0) == 0x80)
			at--;
		pos = at;
		if (!is_mark(s, end, pos))
			break;
	}
	return pos;
}

size_t
utf8_wrap(const char *s, size_t len, int cells, size_t *skip)
{
	size_t i = 0, space = 0;
	int used = 0;
	bool seen_space = false;

	*skip = 0;
	while (i < len) {
		uint32_t code = 0xfffd;
		size_t n = utf8_decode(s + i, len - i, &code);
		int w = utf8_cells(code);

		if (!n)
			n = 1;
		if (code == '\n') {
			*skip = 1;
			return i;
		}
		if (used + w > cells && i > 0)
			break;
		if (code == ' ') {
			space = i;
			seen_space = true;
		}
		used += w;
		i += n;
	}
	if (i == len)
		return len;
	if (s[i] == ' ') {
		space = i;
		seen_space = true;
	}
	while (space > 0 && s[space - 1] == ' ')
		space--;
	if (!seen_space || !space)
		return i;
	while (space + *skip < len && s[space + *skip] == ' ')
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
