#include "tui/export.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/durable.h"
#include "common/options.h"
#include "common/when.h"

#define ROWS_MAX 100000 /* lines of a screen that is no list */
#define COLS 79
#define TRIES 100 /* files of one minute */

/* Letters, digits and single dashes: a name made of what records hold. */
static void
put_name(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && isalnum(c))
			buf_putc(out, (char)tolower(c));
		else if (out->len && out->data[out->len - 1] != '-')
			buf_putc(out, '-');
	}
}

/* project-1-3-2026-07-14-1031, or -n after it. */
static void
make_name(struct app *a, const char *what, int n, bool csv, struct buf *out)
{
	char at[WHEN_MAX];

	buf_clear(out);
	put_name(out, what);
	when_local_text(app_now(a), at);
	buf_printf(out, "-%.10s-%.2s%.2s", at, at + 11, at + 14);
	if (n > 1)
		buf_printf(out, "-%d", n);
	buf_puts(out, csv ? ".csv" : ".txt");
}

/* All lines that the view has, as it draws them. */
static void
put_lines(struct view *v, struct buf *out)
{
	struct look look = v->app->look;
	struct canvas c = {0};
	struct buf right = BUF_INIT;
	int blank = 0;

	look.big = look.plain = false;
	look.paper = true;
	canvas_begin(&c, ROWS_MAX, COLS, &look);
	v->ops->draw(v, &c, 0, ROWS_MAX);
	canvas_text(&c, c.marked, 0, 1, INK_PLAIN, " ");
	v->ops->title(v, out, &right);
	buf_printf(out, "%s%s\n", right.len ? "  " : "", buf_text(&right));
	for (int row = 0; row < ROWS_MAX; row++) {
		size_t before;

		if (!c.lines[row].end) {
			blank++;
			continue;
		}
		buf_puts(out, blank ? "\n" : "");
		blank = 0;
		before = out->len;
		canvas_row_text(&c, row, out);
		if (out->len > before)
			buf_putc(out, '\n');
	}
	buf_release(&right);
	canvas_release(&c);
}

/* What the file is named after: the record, the list's kind, the screen. */
static char *
subject_of(struct view *v)
{
	const char *kind, *id;
	bool record = v->ops->context == CTX_RECORD;

	if ((!record && !v->ops->table) || !v->ops->subject ||
		!v->ops->subject(v, &kind, &id))
		return mem_text(v->ops->name);
	return record ? mem_printf("%s-%s", kind, id) : mem_text(kind);
}

/* What is said of a path: ~ stands for this account's own folder. */
static void
put_path(const char *path, struct buf *out)
{
	const char *home = getenv("HOME");
	size_t len = home ? strlen(home) : 0;

	if (len > 1 && strncmp(path, home, len) == 0 && path[len] == '/')
		buf_printf(out, "~%s", path + len);
	else
		buf_puts(out, path);
}

/* A new file, never one that is there. -1, with errno. */
static int
create(struct app *a, const char *what, bool csv, const char *folder,
	struct buf *path)
{
	struct buf name = BUF_INIT;
	int fd = -1;

	errno = EEXIST;
	for (int n = 1; fd < 0 && errno == EEXIST && n <= TRIES; n++) {
		make_name(a, what, n, csv, &name);
		buf_clear(path);
		buf_printf(path, "%s%s", folder, buf_text(&name));
		fd = open(buf_text(path),
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);
	}
	buf_release(&name);
	return fd;
}

static bool
write_all(int fd, const struct buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		ssize_t n = write(fd, text->data + at, text->len - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? (size_t)n : 0;
	}
	return fsync(fd) == 0;
}

static void
save(struct app *a, const char *what, bool csv, const struct buf *text)
{
	char *folder = options_path(NULL, NULL, "beatbook/export/");
	struct buf path = BUF_INIT, said = BUF_INIT;
	bool ok = durable_folders(folder);
	int fd = ok ? create(a, what, csv, folder, &path) : -1;
	int trouble = errno;

	ok = fd >= 0 && write_all(fd, text);
	if (fd >= 0 && !ok) {
		trouble = errno;
		unlink(buf_text(&path));
	}
	if (fd >= 0)
		close(fd);
	put_path(ok ? buf_text(&path) : folder, &said);
	if (ok && a->restricted)
		app_say(a, "Exported to %s, in the export folder",
			buf_text(&path) + strlen(folder));
	else if (a->restricted)
		app_say(a,
			"Nothing exported, the export folder cannot be "
			"written: %s",
			strerror(trouble));
	else if (ok)
		app_say(a, "Exported to %s", buf_text(&said));
	else
		app_say(a, "Nothing exported, %s cannot be written: %s",
			buf_text(&said), strerror(trouble));
	buf_release(&said);
	buf_release(&path);
	free(folder);
}

void
export_screen(struct app *a)
{
	struct view *v = app_top(a);
	struct buf text = BUF_INIT;
	struct why why;
	char *what;

	if (!v->ops->table) {
		put_lines(v, &text);
	} else if (app_failed(a, v->ops->table(v, &text, &why), &why)) {
		buf_release(&text);
		return;
	}
	what = subject_of(v);
	save(a, what, v->ops->table != NULL, &text);
	free(what);
	buf_release(&text);
}
