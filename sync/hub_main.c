#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sync/hub_commands.h"

static enum status
run(struct hub_context *c, struct words *words, struct why *why)
{
	const struct command *command;
	bool help = false, version = false;
	const char *given = NULL;
	const struct option_word known[] = {{"-d", &given, NULL},
		{"--help", NULL, &help}, {"--version", NULL, &version},
		{NULL, NULL, NULL}};
	enum status st = options_take(words, known, true, why);

	c->place = options_path(given, "BEATBOOK_HUB", "beatbook-hub");
	if (st)
		return st;
	if (version || words_ask(words, "--version")) {
		buf_puts(&c->out, "beatbook-hub " BEATBOOK_VERSION "\n");
		return ST_OK;
	}
	if (help || words_ask(words, "--help")) {
		command_help(&hub_program, words, &c->out);
		return ST_OK;
	}
	if (!words->count)
		return why_set(why, ST_USAGE,
			"no command was given: see beatbook-hub --help");
	st = command_find(&hub_program, words, &command, why);
	return st ? st : command->run(c, words, why);
}

static void
put_error(const char *text)
{
	fputs(text, stderr);
}

int
main(int argc, char **argv)
{
	struct words words = {argv + 1, argc > 0 ? (size_t)argc - 1 : 0};
	struct progress_line line = {.what = "so far", .put = put_error};
	const struct progress progress = {progress_line_tell, &line};
	struct hub_context c = {.progress = isatty(2) ? &progress : NULL};
	struct why why = {""}, late;
	enum status st, printed;

	setlocale(LC_CTYPE, "");
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk */
	st = run(&c, &words, &why);
	progress_line_end(&line);
	printed = hub_context_flush(&c, st ? &late : &why);
	command_complain("beatbook-hub", st ? st : printed, &why);
	buf_release(&c.out);
	free(c.place);
	return (int)(st ? st : printed);
}
