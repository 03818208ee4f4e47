#include "tui/plain.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/utf8.h"
#include "tui/desk.h"
#include "tui/plain_state.h"
#include "tui/stop.h"

#define LINE_MAX_BYTES ((size_t)64 << 10)
#define SYNC_FDS 8
#define PAGE_PIPED 50 /* lines */
#define PAGE_LEAST 10
#define PAGE_KEPT 4 /* rows of the terminal for what is asked */
#define COLS_LEAST 20

/* Where lines come from and go to. */
struct line_end {
	struct plain p;
	int stop;	 /* signals: stop.h */
	bool typed;	 /* the input is a terminal */
	bool shown;	 /* the output is one: lines are wrapped */
	bool over;	 /* no more will come */
	bool too_long;	 /* the line at hand, so far */
	struct buf in;	 /* came, and was not taken yet */
	struct buf text; /* to be written */
};

static void
size_of_terminal(int *rows, int *cols)
{
	struct winsize size;

	*rows = *cols = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		*rows = size.ws_row;
		*cols = size.ws_col;
	}
}

/* Output. */

static void
put_wrapped(struct buf *out, const char *line, size_t len, int cols)
{
	size_t at = 0, skip = 0;

	while (cols && at < len) {
		size_t n = utf8_wrap(line + at, len - at, cols, &skip);

		buf_add(out, line + at, n);
		at += n + skip;
		if (at < len)
			buf_putc(out, '\n');
	}
	buf_add(out, line + at, len - at);
}

/* Lines for a terminal are broken between words; others are left whole. */
static void
put_lines(struct line_end *e, const char *text)
{
	int rows, cols = 0;

	if (e->shown)
		size_of_terminal(&rows, &cols);
	cols = cols > COLS_LEAST ? cols - 1 : cols ? COLS_LEAST : 0;
	while (*text) {
		size_t len = strcspn(text, "\n");

		put_wrapped(&e->text, text, len, cols);
		if (text[len])
			buf_putc(&e->text, '\n');
		text += len + (text[len] == '\n');
	}
}

/* What others wrote may hold what a terminal obeys. */
static void
put_text(struct line_end *e, const char *text)
{
	struct buf shown = BUF_INIT;

	canvas_put_lines(&e->p.app.look, text, &shown);
	put_lines(e, buf_text(&shown));
	buf_release(&shown);
}

/* What was said, then the question; on a terminal the answer stands behind
 * it. */
static enum status
print(struct line_end *e, struct why *why)
{
	struct plain *p = &e->p;
	bool asks = !p->app.leaving && !e->over;

	put_text(e, buf_text(&p->out));
	if (asks && p->ask.len)
		put_text(e, buf_text(&p->ask));
	if (asks && e->typed)
		buf_puts(&e->text, p->ask.len ? " " : "> ");
	else if (asks && p->ask.len)
		buf_putc(&e->text, '\n');
	buf_clear(&p->out);
	fwrite(buf_text(&e->text), 1, e->text.len, stdout);
	buf_clear(&e->text);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return ST_OK;
	p->app.leaving = true;
	return why_set(why, ST_FILE, "%s%s",
		errno == EPIPE ? "" : "standard output cannot be written: ",
		errno == EPIPE ? "" : strerror(errno));
}

/* Input. */

static void
take_line(struct line_end *e, const char *line, size_t len)
{
	struct plain *p = &e->p;

	if (e->too_long)
		plain_refuse(p, "A line holds 64 KiB at most: write it in "
				"parts");
	else if (strlen(line) != len)
		plain_refuse(p, "That line holds a NUL character: write text");
	else
		plain_take(p, line);
	e->too_long = false;
}

/* Take the next whole line of what came. False: there is none yet. */
static bool
next_line(struct line_end *e)
{
	const char *text = buf_text(&e->in);
	const char *end = memchr(text, '\n', e->in.len);
	size_t len = end ? (size_t)(end - text) : e->in.len;
	char *line;

	if (len > LINE_MAX_BYTES) {
		e->too_long = true;
		buf_drop(&e->in, len);
		len = 0;
	}
	if (!end && !(e->over && (len || e->too_long)))
		return false;
	line = mem_alloc(len + 1);
	memcpy(line, buf_text(&e->in), len);
	buf_drop(&e->in, len + (end != NULL));
	take_line(e, line, len);
	free(line);
	return true;
}

/* A script's next line waits until the sync it asked for has ended. */
static bool
waits_for_sync(const struct line_end *e)
{
	return !e->typed && e->p.sync.asked && syncing_busy(&e->p.sync);
}

static void
read_bytes(struct line_end *e)
{
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n > 0)
		buf_add(&e->in, bytes, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		e->over = true;
}

/* Ctrl-C gives up what is asked; whatever else tells to end is obeyed. */
static void
take_signal(struct line_end *e)
{
	int number = stop_signal(e->stop);

	if (number == SIGINT && e->typed)
		plain_cancel(&e->p);
	else if (number)
		e->p.app.leaving = true;
}

/* Wait for a line, a signal, the hub or a time, and take in what came. True:
 * there is something to be printed. */
static bool
wait_for_news(struct line_end *e)
{
	struct plain *p = &e->p;
	struct pollfd fds[SYNC_FDS + 2] = {{.fd = e->stop, .events = POLLIN},
		{.fd = waits_for_sync(e) ? -1 : STDIN_FILENO,
			.events = POLLIN}};
	int wait = desk_due(&p->app, &p->sync), theirs = -1, count = 0;

	if (syncing_busy(&p->sync))
		count = client_poll_set(
			p->sync.client, fds + 2, SYNC_FDS, &theirs);
	poll(fds, (nfds_t)count + 2, desk_shorter(wait, theirs));
	if (fds[0].revents) {
		take_signal(e);
		return true;
	}
	if (fds[1].revents)
		read_bytes(e);
	desk_pause(&p->app);
	if (!plain_sync(p))
		return false;
	if (e->typed) /* the question stands on the line */
		buf_splice(&p->out, 0, 0, "\n", 1);
	return true;
}

static void
suspend(struct line_end *e)
{
	struct app *a = &e->p.app;

	if (a->suspend && !a->restricted && e->typed) {
		app_keep(a);
		raise(SIGTSTP);
	}
	a->suspend = false;
}

static enum status
serve(struct line_end *e, struct why *why)
{
	struct plain *p = &e->p;
	enum status st = print(e, why);

	while (!st && !p->app.leaving) {
		if (!waits_for_sync(e) && next_line(e)) {
			st = print(e, why);
			suspend(e);
		} else if (e->over && !waits_for_sync(e)) {
			break;
		} else if (wait_for_news(e)) {
			st = print(e, why);
		}
	}
	return st;
}

static size_t
lines_of_page(const struct line_end *e)
{
	int rows = 0, cols;

	if (!e->shown)
		return PAGE_PIPED;
	size_of_terminal(&rows, &cols);
	rows -= PAGE_KEPT;
	return (size_t)(rows < PAGE_LEAST ? PAGE_LEAST : rows);
}

enum status
plain_run(struct replica *r, const struct screens_options *o, struct why *why)
{
	struct line_end e = {.stop = stop_signals(),
		.typed = isatty(STDIN_FILENO) == 1,
		.shown = isatty(STDOUT_FILENO) == 1};
	enum status st, kept;
	struct why late;

	if (e.stop < 0)
		return why_set(why, ST_FILE,
			"signals cannot be waited for: look at the limit of "
			"open files");
	if (o->restricted)
		signal(SIGTSTP, SIG_IGN);
	plain_begin(&e.p, r, o, lines_of_page(&e));
	st = serve(&e, why);
	kept = desk_keep(&e.p.app, st ? &late : why);
	plain_end(&e.p);
	close(e.stop);
	buf_release(&e.in);
	buf_release(&e.text);
	return st ? st : kept;
}
