#include "common/csv.h"

#include <string.h>

static void
put(struct buf *out, const char *before, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		buf_printf(out, "%s%s", before, text);
		return;
	}
	buf_printf(out, "\"%s", before);
	for (; *text; text++) {
		if (*text == '"')
			buf_putc(out, '"');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

void
csv_put(struct buf *out, const char *text)
{
	put(out, "", text);
}

void
csv_put_safe(struct buf *out, const char *text)
{
	put(out, text[0] && strchr("=+-@\t\r", text[0]) ? "'" : "", text);
}
