#include "tests/support/reader.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
take_text(struct reader *r)
{
	struct buf all = BUF_INIT;

	buf_puts(&all, buf_text(&r->p.out));
	buf_puts(&all, buf_text(&r->p.ask));
	buf_clear(&r->p.out);
	free(r->text);
	r->text = buf_take(&all);
	if (!r->text)
		r->text = mem_text("");
	for (const char *c = r->text; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n')
			fail_msg("a control character is read:\n%s", r->text);
}

void
reader_open_with(
	struct reader *r, struct fixture *f, const struct screens_options *o)
{
	struct screens_options options = *o;

	if (!options.keymap_file)
		options.keymap_file = "/dev/null";
	if (!options.theme_file)
		options.theme_file = "/dev/null";
	unsetenv("SSH_CONNECTION");
	unsetenv("SSH_TTY");
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_CTYPE, "");
	memset(r, 0, sizeof(*r));
	r->f = f;
	plain_begin(&r->p, f->r, &options, READER_PAGE);
	take_text(r);
}

void
reader_open(struct reader *r, struct fixture *f, const char *kind,
	const char *id, const char *query)
{
	reader_open_with(r, f,
		&(struct screens_options){
			.kind = kind, .id = id, .query = query});
}

void
reader_close(struct reader *r)
{
	plain_end(&r->p);
	free(r->text);
	r->text = NULL;
}

void
reader_make(struct reader *r, struct fixture *f, void **state)
{
	memset(r, 0, sizeof(*r));
	fixture_make(f);
	r->f = f;
	*state = r;
}

int
reader_tear_down(void **state)
{
	struct reader *r = *state;

	if (r->text)
		reader_close(r);
	fixture_sound(r->f);
	fixture_remove(r->f);
	return 0;
}

void
reader_say(struct reader *r, const char *line)
{
	plain_take(&r->p, line);
	take_text(r);
}

void
reader_hears(struct reader *r, const char *text)
{
	if (!strstr(r->text, text))
		fail_msg("'%s' is not read:\n%s", text, r->text);
}

void
reader_misses(struct reader *r, const char *text)
{
	if (strstr(r->text, text))
		fail_msg("'%s' is read:\n%s", text, r->text);
}

void
reader_hears_only(struct reader *r, const char *text)
{
	if (strcmp(r->text, text) != 0)
		fail_msg("not '%s' is read, but:\n%s", text, r->text);
}

const char *
reader_number(struct reader *r, const char *text)
{
	static char number[16];
	const char *at = strstr(r->text, text);

	while (at && at > r->text && at[-1] != '\n')
		at--;
	if (!at || at[0] < '1' || at[0] > '9')
		fail_msg("no numbered line has '%s':\n%s", text, r->text);
	snprintf(number, sizeof(number), "%d", atoi(at));
	return number;
}
