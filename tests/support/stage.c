#include "tests/support/stage.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/utf8.h"

void
stage_paint(struct stage *st)
{
	long before = ftell(st->out);

	screens_paint(&st->s);
	fflush(st->out);
	fseek(st->out, 0, SEEK_END);
	st->sent = ftell(st->out) - before;
}

void
stage_open(struct stage *st, struct fixture *f, const char *kind,
	const char *id, const char *query)
{
	const struct screens_options o = {.kind = kind,
		.id = id,
		.query = query,
		.keymap_file = "/dev/null"};
	FILE *in = fopen("/dev/null", "r");
	struct why why;

	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LINES", "24", 1);
	setenv("COLUMNS", "80", 1);
	memset(st, 0, sizeof(*st));
	st->f = f;
	st->out = tmpfile();
	assert_non_null(in);
	assert_non_null(st->out);
	if (screens_begin(&st->s, f->r, &o, in, st->out, "vt220", &why))
		fail_msg("%s", why.text);
	stage_paint(st);
}

void
stage_close(struct stage *st)
{
	screens_end(&st->s);
	fclose(st->out);
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
			app_key(&st->s.app, k);
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
		app_key(&st->s.app, code);
		text += n;
		len -= n;
	}
	stage_paint(st);
}

const char *
stage_row(struct stage *st, int row)
{
	int at_row, at_col, end;

	stage_cursor(&at_row, &at_col);
	mvinnstr(row - 1, 0, st->text, (int)sizeof(st->text) - 1);
	move(at_row, at_col);
	end = (int)strlen(st->text);
	while (end > 0 && st->text[end - 1] == ' ')
		st->text[--end] = '\0';
	return st->text;
}

const char *
stage_all(struct stage *st)
{
	struct buf all = BUF_INIT;

	for (int row = 1; row <= LINES; row++)
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
stage_size(struct stage *st, int rows, int cols)
{
	resizeterm(rows, cols);
	app_keep(&st->s.app);
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
