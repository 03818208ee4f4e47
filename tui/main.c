#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tui/commands.h"

#define LOCK_MINUTES 10
#define LOCK_MINUTES_MAX 1440

static enum status
run_command(struct session *s, struct words *words, struct why *why)
{
	const struct command *command;
	enum status st;

	if (!words->count)
		return command_open(s, words, why);
	st = command_find(&beatbook_program, words, &command, why);
	return st ? st : command->run(s, words, why);
}

static enum status
check_select(const char *word, struct why *why)
{
	enum selection which;

	if (!word || select_from_name(word, &which))
		return ST_OK;
	return why_set(why, ST_USAGE,
		"--select %.40s is unknown: mark, id or row", word);
}

/* --lock MIN: where nobody else may see it, ten minutes unless said. */
static enum status
read_lock(const char *given, struct session *s, struct why *why)
{
	char *end;
	long minutes;

	s->lock_minutes = s->restricted ? LOCK_MINUTES : 0;
	if (!given)
		return ST_OK;
	minutes = strtol(given, &end, 10);
	if (end == given || *end || minutes < 0 || minutes > LOCK_MINUTES_MAX)
		return why_set(why, ST_USAGE,
			"--lock %.40s is no number of minutes: 0 (never) to %d",
			given, LOCK_MINUTES_MAX);
	s->lock_minutes = (int)minutes;
	return ST_OK;
}

static enum status
run(struct session *s, struct words *words, struct why *why)
{
	bool help = false, version = false;
	const char *given = NULL, *lock = NULL;
	const struct option_word known[] = {{"-r", &given, NULL},
		{"--mono", NULL, &s->look.mono},
		{"--ascii", NULL, &s->look.ascii},
		{"--contrast", NULL, &s->look.contrast},
		{"--big", NULL, &s->look.big},
		{"--plain", NULL, &s->look.plain},
		{"--select", &s->look.select, NULL},
		{"--restricted", NULL, &s->restricted}, {"--lock", &lock, NULL},
		{"--help", NULL, &help}, {"--version", NULL, &version},
		{NULL, NULL, NULL}};
	enum status st = options_take(words, known, true, why);

	s->path =
		options_path(given, "BEATBOOK_REPLICA", "beatbook/replica.db");
	if (!st)
		st = check_select(s->look.select, why);
	if (!st)
		st = read_lock(lock, s, why);
	if (st)
		return st;
	if (version || words_ask(words, "--version")) {
		buf_puts(&s->out, "beatbook " BEATBOOK_VERSION "\n");
		return ST_OK;
	}
	if (help || words_ask(words, "--help")) {
		command_help(&beatbook_program, words, &s->out);
		return ST_OK;
	}
	return run_command(s, words, why);
}

int
main(int argc, char **argv)
{
	struct words words = {argv + 1, argc > 0 ? (size_t)argc - 1 : 0};
	struct session s = {0};
	struct why why = {""}, late = {""};
	enum status st, printed;

	/* a login shell's name begins with - : there is no other shell then */
	s.restricted = look_over_ssh() || (argc > 0 && argv[0][0] == '-');
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk */
	st = run(&s, &words, &why);
	printed = session_flush(&s, st ? &late : &why);
	command_complain("beatbook", st ? st : printed, &why);
	session_release(&s);
	return (int)(st ? st : printed);
}
