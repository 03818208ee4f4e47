#include "tests/support/stage.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/draft.h"
#include "common/utf8.h"
#include "tests/support/good.h"
#include "tui/form.h"
#include "tui/keystroke.h"

/* What the terminal shows is what was drawn, row by row. */
static void
compare_terminal(struct stage *st)
{
	const struct canvas *c = &st->s.app.canvas;
	char seen[4096];
	int row, col;

	stage_cursor(&row, &col);
	assert_int_equal(row, c->cursor_row);
	assert_int_equal(col, c->cursor_col);
	for (int i = 0; i < c->rows; i++) {
		size_t end;

		mvinnstr(i, 0, seen, (int)sizeof(seen) - 1);
		end = strlen(seen);
		while (end && seen[end - 1] == ' ')
			seen[--end] = '\0';
		assert_string_equal(stage_row(st, i + 1), seen);
	}
	move(row, col);
}

void
stage_paint(struct stage *st)
{
	long before = ftell(st->out);

	screens_paint(&st->s);
	fflush(st->out);
	fseek(st->out, 0, SEEK_END);
	st->sent = ftell(st->out) - before;
	compare_terminal(st);
}

void
stage_refresh(struct stage *st)
{
	app_refresh(&st->s.app);
	stage_paint(st);
}

void
stage_take(
	struct stage *st, struct fixture *f, struct entry e, const char *book)
{
	fixture_take(f, &e, book);
	if (st->out)
		stage_refresh(st);
}

/* Nothing of where the tests run may show. */
static void
set_environment(int rows, int cols)
{
	static const char *const strange[] = {
		"NO_COLOR", "SSH_CONNECTION", "SSH_TTY"};
	char number[16];

	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		unsetenv(strange[i]);
	setenv("LC_ALL", "C.UTF-8", 1);
	snprintf(number, sizeof(number), "%d", rows);
	setenv("LINES", number, 1);
	snprintf(number, sizeof(number), "%d", cols);
	setenv("COLUMNS", number, 1);
}

void
stage_open_on(struct stage *st, struct fixture *f,
	const struct screens_options *o, const char *type, int rows, int cols)
{
	struct screens_options options = *o;
	FILE *in = fopen("/dev/null", "r");

	set_environment(rows, cols);
	if (!options.keymap_file)
		options.keymap_file = "/dev/null";
	if (!options.theme_file)
		options.theme_file = "/dev/null";
	memset(st, 0, sizeof(*st));
	st->f = f;
	st->out = tmpfile();
	assert_non_null(in);
	assert_non_null(st->out);
	good(screens_begin(&st->s, f->r, &options, in, st->out, type, &why));
	stage_paint(st);
}

void
stage_open(struct stage *st, struct fixture *f, const char *kind,
	const char *id, const char *query)
{
	stage_open_on(st, f,
		&(struct screens_options){.kind = kind,
			.id = id,
			.query = query,
			.look = {.select = "mark"}},
		"vt220", 24, 80);
}

void
stage_close(struct stage *st)
{
	screens_end(&st->s);
	fclose(st->out);
	st->out = NULL;
}

void
stage_make(struct stage *st, struct fixture *f, void **state)
{
	memset(st, 0, sizeof(*st));
	fixture_make(f);
	st->f = f;
	*state = st;
}

int
stage_tear_down(void **state)
{
	struct stage *st = *state;

	if (st->out)
		stage_close(st);
	fixture_sound(st->f);
	fixture_remove(st->f);
	return 0;
}

void
stage_press(struct stage *st, const char *keys)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		key k;

		if (len && !key_parse(keys, len, &k))
			fail_msg("no key '%s'", keys);
		if (len)
			screens_key(&st->s, k);
		keys += len;
		keys += strspn(keys, " ");
	}
	stage_paint(st);
}

void
stage_type(struct stage *st, const char *text)
{
	size_t len = strlen(text);
	uint32_t code;

	while (len) {
		size_t n = utf8_decode(text, len, &code);

		assert_true(n > 0);
		screens_key(&st->s, code);
		text += n;
		len -= n;
	}
	stage_paint(st);
}

void
stage_paste(struct stage *st, const char *text)
{
	app_key(&st->s.app, NAMED_PASTE_BEGIN);
	for (; *text; text++)
		app_key(&st->s.app, *text == '\n' ? NAMED_ENTER
						  : (key)(unsigned char)*text);
	app_key(&st->s.app, NAMED_PASTE_END);
	stage_paint(st);
}

const char *
stage_row(struct stage *st, int row)
{
	struct buf text = BUF_INIT;

	canvas_row_text(&st->s.app.canvas, row - 1, &text);
	snprintf(st->text, sizeof(st->text), "%s", buf_text(&text));
	buf_release(&text);
	return st->text;
}

const char *
stage_all(struct stage *st)
{
	struct buf all = BUF_INIT;

	for (int row = 1; row <= st->s.app.canvas.rows; row++)
		buf_printf(&all, "%s\n", stage_row(st, row));
	snprintf(st->text, sizeof(st->text), "%s", buf_text(&all));
	buf_release(&all);
	return st->text;
}

void
stage_shows(struct stage *st, const char *text)
{
	if (!strstr(stage_all(st), text))
		fail_msg("'%s' is not on the screen:\n%s", text, st->text);
}

void
stage_row_shows(struct stage *st, int row, const char *text)
{
	if (!strstr(stage_row(st, row), text))
		fail_msg("'%s' is not in row %d of\n%s", text, row,
			stage_all(st));
}

void
stage_lacks(struct stage *st, const char *text)
{
	if (strstr(stage_all(st), text))
		fail_msg("'%s' is on the screen:\n%s", text, st->text);
}

void
stage_cursor(int *row, int *col)
{
	getyx(stdscr, *row, *col);
}

void
stage_resume_drafts(struct stage *st)
{
	struct names all = {0};

	good(draft_list(st->s.app.replica, &all, &why));
	for (size_t i = 0; i < all.count; i++) {
		form_resume(&st->s.app, all.items[i]);
		stage_paint(st);
		stage_shows(st, "Your draft of");
		app_pop(&st->s.app);
	}
	names_release(&all);
}

void
stage_size(struct stage *st, int rows, int cols)
{
	resizeterm(rows, cols);
	app_keep(&st->s.app);
	stage_paint(st);
}

void
stage_size_between(struct stage *st, int rows, int cols)
{
	int was_rows = LINES, was_cols = COLS;

	resizeterm(rows, cols);
	resizeterm(was_rows, was_cols);
	canvas_forget(&st->s.app.canvas);
	stage_paint(st);
}

int
stage_was_sent(struct stage *st, const char *bytes)
{
	struct buf all = BUF_INIT;
	char chunk[4096];
	size_t got;
	bool found;

	rewind(st->out);
	while ((got = fread(chunk, 1, sizeof(chunk), st->out)) > 0)
		buf_add(&all, chunk, got);
	found = strstr(buf_text(&all), bytes) != NULL;
	buf_release(&all);
	fseek(st->out, 0, SEEK_END);
	return found;
}
