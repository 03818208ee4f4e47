#include "common/progress.h"

#include "common/buf.h"
#include "common/when.h"

#define EVERY_MS 200

void
progress_tell(const struct progress *p, int64_t done, int64_t all)
{
	if (p)
		p->tell(p->arg, done, all);
}

static void
put_blanks(struct progress_line *l, struct buf *out)
{
	if (l->width)
		buf_printf(out, "\r%*s\r", l->width, "");
	l->width = 0;
}

void
progress_line_end(struct progress_line *l)
{
	struct buf out = BUF_INIT;

	put_blanks(l, &out);
	l->put(buf_text(&out));
	buf_release(&out);
}

void
progress_line_tell(void *line, int64_t done, int64_t all)
{
	struct progress_line *l = line;
	struct clock_reading now;
	struct buf out = BUF_INIT;
	size_t from;

	clock_read(NULL, &now);
	if (l->told_at && now.boot_ms - l->told_at < EVERY_MS)
		return;
	l->told_at = now.boot_ms;
	put_blanks(l, &out);
	from = out.len;
	buf_printf(&out, "%s ", l->what);
	if (all > 0)
		buf_printf(&out, "%d %%, %lld of %lld",
			(int)((double)done * 100 / (double)all),
			(long long)done, (long long)all);
	else
		buf_printf(&out, "%lld", (long long)done);
	l->width = (int)(out.len - from);
	l->put(buf_text(&out));
	buf_release(&out);
}
