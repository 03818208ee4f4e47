#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "common/buf.h"
#include "tui/paint.h"
#include "tui/sending.h"

#define ESCAPE_MS 50	/* how long a lone Esc waits for the rest of a key */
#define PATIENCE_MS 300 /* with a line that takes nothing, at the end */

#define PASTE_ON "\033[?2004h" /* pasted text comes between two marks */
#define PASTE_OFF "\033[?2004l"

enum {
	CODE_PASTE_BEGIN = KEY_MAX + 1,
	CODE_PASTE_END,
	CODE_CTRL_LEFT,
	CODE_CTRL_RIGHT,
	CODE_CTRL_HOME,
	CODE_CTRL_END,
	CODE_CTRL_DELETE
};

/* What terminals send that terminfo need not name. */
static const struct {
	const char *sequence;
	int code;
} sequences[] = {
	{"\033[200~", CODE_PASTE_BEGIN},
	{"\033[201~", CODE_PASTE_END},
	{"\033[1;5D", CODE_CTRL_LEFT},
	{"\033[5D", CODE_CTRL_LEFT},
	{"\033Od", CODE_CTRL_LEFT},
	{"\033[1;5C", CODE_CTRL_RIGHT},
	{"\033[5C", CODE_CTRL_RIGHT},
	{"\033Oc", CODE_CTRL_RIGHT},
	{"\033[1;5H", CODE_CTRL_HOME},
	{"\033[1;5F", CODE_CTRL_END},
	{"\033[3;5~", CODE_CTRL_DELETE},
	/* the keys that PuTTY, rxvt and consoles send under another's name */
	{"\033OP", KEY_F(1)},
	{"\033OQ", KEY_F(2)},
	{"\033OR", KEY_F(3)},
	{"\033OS", KEY_F(4)},
	{"\033[11~", KEY_F(1)},
	{"\033[12~", KEY_F(2)},
	{"\033[13~", KEY_F(3)},
	{"\033[14~", KEY_F(4)},
	{"\033[17~", KEY_F(6)},
	{"\033[18~", KEY_F(7)},
	{"\033[19~", KEY_F(8)},
	{"\033[20~", KEY_F(9)},
	{"\033[[A", KEY_F(1)},
	{"\033[[B", KEY_F(2)},
	{"\033[[C", KEY_F(3)},
	{"\033[[D", KEY_F(4)},
	{"\033[A", KEY_UP},
	{"\033[B", KEY_DOWN},
	{"\033[C", KEY_RIGHT},
	{"\033[D", KEY_LEFT},
	{"\033OA", KEY_UP},
	{"\033OB", KEY_DOWN},
	{"\033OC", KEY_RIGHT},
	{"\033OD", KEY_LEFT},
	{"\033[H", KEY_HOME},
	{"\033[F", KEY_END},
	{"\033OH", KEY_HOME},
	{"\033OF", KEY_END},
	{"\033[1~", KEY_HOME},
	{"\033[4~", KEY_END},
	{"\033[7~", KEY_HOME},
	{"\033[8~", KEY_END},
	{"\033[5~", KEY_PPAGE},
	{"\033[6~", KEY_NPAGE},
	{"\033[Z", KEY_BTAB},
};

/* The pipe that signals write their number to, and the terminal that is taken,
 * for the end of memory: the only globals. */
static int signal_pipe[2] = {-1, -1};
static struct term *taken;

static const int signals[] = {
	SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGCONT, SIGTSTP};
#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

struct term {
	SCREEN *screen;
	WINDOW *keys; /* a pad: reading from it never paints */
	FILE *in, *out;
	FILE *own; /* what curses writes to; `out`, or its own way there */
	struct sending sending;
	bool is_line; /* `out` is a terminal, not a file that stands for one */
	struct termios shell_modes, own_modes; /* of the line */
	struct sigaction before[SIGNAL_COUNT], pipe_before;
};

static void
on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;

	if (write(signal_pipe[1], &byte, 1) < 0) {
		/* full: the ones waiting in it wake the loop as well */
	}
	errno = saved;
}

static void
catch_signals(struct term *t)
{
	struct sigaction a;

	if (pipe(signal_pipe) != 0)
		return;
	for (int i = 0; i < 2; i++) {
		fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
		fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
	}
	memset(&a, 0, sizeof(a));
	a.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &a, &t->pipe_before);
	a.sa_handler = on_signal;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &a, &t->before[i]);
}

static void
release_signals(struct term *t)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &t->before[i], NULL);
	sigaction(SIGPIPE, &t->pipe_before, NULL);
	for (int i = 0; i < 2; i++) {
		close(signal_pipe[i]);
		signal_pipe[i] = -1;
	}
}

static void
say_to_terminal(struct term *t, const char *sequence)
{
	if (t->is_line && t->sending.tray < 0) {
		fputs(sequence, t->own);
		fflush(t->own);
	} else if (t->is_line) {
		sending_add(&t->sending, sequence);
	}
}

/* Has this terminal that sequence? */
static const char *
sequence_of(const char *capability)
{
	const char *s = tigetstr(capability);

	return s && s != (const char *)-1 && s[0] ? s : NULL;
}

/* The shell's screen, its modes and its cursor, as they were. */
static void
give_back(struct term *t)
{
	if (!sequence_of("rmcup")) {
		werase(stdscr); /* nothing of ours stays to be read */
		wrefresh(stdscr);
	}
	say_to_terminal(t, PASTE_OFF);
	endwin();
	sending_finish(&t->sending, PATIENCE_MS);
	if (t->is_line)
		tcsetattr(fileno(t->out), TCSANOW, &t->shell_modes);
}

/* Out of memory: the shell must find its terminal as it was. */
static void
restore_terminal(void)
{
	sending_end(&taken->sending, fileno(taken->own));
	endwin();
}

static void
set_modes(struct term *t)
{
	raw();
	noecho();
	nonl();
	if (!getenv("ESCDELAY"))
		set_escdelay(ESCAPE_MS);
	t->keys = newpad(1, 1);
	keypad(t->keys, TRUE);
	nodelay(t->keys, TRUE);
	leaveok(stdscr, FALSE);
	idlok(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	typeahead(-1); /* a frame is whole; all keys were read before it */
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		define_key(sequences[i].sequence, sequences[i].code);
}

/* Curses writes to a descriptor of its own, which is the line while it sets
 * the modes and the tray from then on. */
static void
open_own(struct term *t)
{
	int fd = -1;

	t->sending.tray = t->sending.line = -1;
	t->own = t->out;
	t->is_line = tcgetattr(fileno(t->out), &t->shell_modes) == 0;
	if (t->is_line)
		fd = fcntl(fileno(t->out), F_DUPFD_CLOEXEC, 3);
	if (fd >= 0)
		t->own = fdopen(fd, "w");
	if (!t->own)
		t->own = t->out;
}

static void
begin_sending(struct term *t)
{
	if (!t->is_line)
		return;
	tcgetattr(fileno(t->out), &t->own_modes);
	if (t->own != t->out)
		sending_begin(&t->sending, fileno(t->own));
	say_to_terminal(t, PASTE_ON);
}

static void
close_own(struct term *t)
{
	if (t->own != t->out)
		fclose(t->own);
	sending_release(&t->sending);
}

static void
give_up(struct term *t)
{
	if (t->screen) {
		endwin();
		delscreen(t->screen);
	}
	close_own(t);
	release_signals(t);
	free(t);
}

enum status
term_start(FILE *in, FILE *out, const char *type, struct look *look,
	struct term **out_term, struct why *why)
{
	struct term *t = mem_alloc(sizeof(*t));

	*out_term = NULL;
	t->in = in;
	t->out = out;
	open_own(t);
	catch_signals(t);
	t->screen = newterm(type, t->own, in);
	/* On TERM=dumb the cursor cannot go to a place. */
	if (!t->screen || !sequence_of("cup")) {
		give_up(t);
		return why_set(why, ST_USAGE,
			"the terminal '%s' cannot show screens: use "
			"`beatbook --plain`, or the commands, beginning with "
			"`beatbook --help`",
			type		 ? type
			: getenv("TERM") ? getenv("TERM")
					 : "");
	}
	set_modes(t);
	begin_sending(t);
	taken = t;
	mem_on_exhausted(restore_terminal);
	paint_colours(look);
	*out_term = t;
	return ST_OK;
}

void
term_end(struct term *t)
{
	if (!t)
		return;
	delwin(t->keys);
	give_back(t);
	mem_on_exhausted(NULL);
	taken = NULL;
	delscreen(t->screen);
	close_own(t);
	release_signals(t);
	free(t);
}

bool
term_ready(struct term *t)
{
	return sending_go(&t->sending);
}

/* Take the size the terminal says it has. */
static void
take_size(struct term *t)
{
	struct winsize size;

	if (ioctl(fileno(t->out), TIOCGWINSZ, &size) == 0 && size.ws_row &&
		size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

void
term_suspend(struct term *t)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, ours;

	give_back(t);
	sigaction(SIGTSTP, &stop, &ours);
	raise(SIGTSTP); /* here it stands until the shell goes on with it */
	sigaction(SIGTSTP, &ours, NULL);
	if (t->is_line)
		tcsetattr(fileno(t->out), TCSANOW, &t->own_modes);
	say_to_terminal(t, PASTE_ON);
	take_size(t);
}

void
term_forget(struct term *t)
{
	const char *erase = sequence_of("E3");

	/* an alternate screen has no such lines, and the others are not ours */
	if (erase && !sequence_of("smcup"))
		say_to_terminal(t, erase);
}

static void
take_signals(struct term *t, struct term_news *news)
{
	unsigned char bytes[64];
	ssize_t got;

	while ((got = read(signal_pipe[0], bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] == SIGWINCH)
				news->resized = true;
			else if (bytes[i] == SIGCONT)
				news->repaint = true;
			else if (bytes[i] == SIGTSTP)
				news->suspend = true;
			else
				news->hangup = true;
		}
	}
	if (news->resized)
		take_size(t);
}

/* A line that polls readable and has nothing to read is gone. */
static void
look_at_line(const struct pollfd *line, struct term_news *news)
{
	int waiting = 0;

	if (line->revents & POLLIN) {
		if (ioctl(line->fd, FIONREAD, &waiting) == 0 && waiting > 0)
			news->keys = true;
		else
			news->hangup = true;
	}
	if (line->revents & (POLLHUP | POLLERR | POLLNVAL))
		news->hangup = true;
}

void
term_wait(struct term *t, struct pollfd *fds, int count, int timeout_ms,
	struct term_news *news)
{
	struct pollfd all[16];
	int max = (int)(sizeof(all) / sizeof(all[0])) - 3;
	/* a descriptor below 0 is left alone */
	int lagging = term_ready(t) ? -1 : t->sending.line;

	memset(news, 0, sizeof(*news));
	if (count > max)
		count = max;
	all[0] = (struct pollfd){fileno(t->in), POLLIN, 0};
	all[1] = (struct pollfd){signal_pipe[0], POLLIN, 0};
	all[2] = (struct pollfd){lagging, POLLOUT, 0};
	for (int i = 0; i < count; i++)
		all[i + 3] = fds[i];
	if (poll(all, (nfds_t)count + 3, timeout_ms) < 0) {
		for (int i = 0; i < count + 3; i++)
			all[i].revents = 0;
	}
	take_signals(t, news);
	look_at_line(&all[0], news);
	for (int i = 0; i < count; i++)
		fds[i].revents = all[i + 3].revents;
}

static key
from_code(wint_t code)
{
	static const struct {
		wint_t code;
		key k;
	} codes[] = {{KEY_UP, NAMED_UP}, {KEY_DOWN, NAMED_DOWN},
		{KEY_LEFT, NAMED_LEFT}, {KEY_RIGHT, NAMED_RIGHT},
		{KEY_HOME, NAMED_HOME}, {KEY_FIND, NAMED_HOME},
		{KEY_END, NAMED_END}, {KEY_SELECT, NAMED_END},
		{KEY_PPAGE, NAMED_PAGE_UP}, {KEY_NPAGE, NAMED_PAGE_DOWN},
		{KEY_IC, NAMED_INSERT}, {KEY_DC, NAMED_DELETE},
		{KEY_BACKSPACE, NAMED_BACKSPACE}, {KEY_BTAB, NAMED_BACK_TAB},
		{KEY_ENTER, NAMED_ENTER}, {CODE_PASTE_BEGIN, NAMED_PASTE_BEGIN},
		{CODE_PASTE_END, NAMED_PASTE_END},
		{CODE_CTRL_LEFT, NAMED_CTRL_LEFT},
		{CODE_CTRL_RIGHT, NAMED_CTRL_RIGHT},
		{CODE_CTRL_HOME, NAMED_CTRL_HOME},
		{CODE_CTRL_END, NAMED_CTRL_END},
		{CODE_CTRL_DELETE, NAMED_CTRL_DELETE}};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return codes[i].k;
	if (code > KEY_F0 && code <= KEY_F(12))
		return NAMED_F0 + (key)(code - KEY_F0);
	return 0;
}

static key
from_character(wint_t c)
{
	switch (c) {
	case '\t':
		return NAMED_TAB;
	case '\r':
	case '\n':
		return NAMED_ENTER;
	case 0x1b:
		return NAMED_ESC;
	case '\b':
	case 0x7f:
		return NAMED_BACKSPACE;
	default:
		return (key)c;
	}
}

void
term_size(const struct term *t, int *rows, int *cols)
{
	(void)t;
	*rows = LINES;
	*cols = COLS;
}

key
term_key(struct term *t)
{
	wint_t c;
	key k;
	int what;

	do {
		what = wget_wch(t->keys, &c);
		if (what == ERR)
			return 0;
		k = what == KEY_CODE_YES ? from_code(c) : from_character(c);
	} while (!k); /* keys we have no name for, and curses' own resize */
	return k;
}
