#include "tui/commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/nearest.h"
#include "common/record.h"
#include "common/value.h"

#define SPILL_BYTES ((size_t)256 << 10)
#define FILE_VALUE_MAX ((size_t)1 << 20) /* of FIELD=@FILE */

/* clang-format off */
static const struct command commands[] = {
	{"open", "[KIND/ID | KIND [QUERY...]]",
		"Open the screens, at that record or list", "",
		command_open},
	{"enroll", "URL --badge B --code C [--device NAME] [--ca FILE]",
		"Make this account's replica and fill it",
		"  --badge B      your badge number\n"
		"  --code C       the one-time code you were given; - reads it\n"
		"                 from standard input\n"
		"  --device NAME  how the hub's list calls this machine; its\n"
		"                 host name if left out\n"
		"  --ca FILE      the authority that signed the hub's\n"
		"                 certificate; from then on no other's is taken\n"
		"\n"
		"Your own file that is there already, such as one that was\n"
		"revoked, goes on: what is unsent in it is sent.\n",
		command_enroll},
	{"sync", "[--watch] [--json]",
		"Send what is unsent and fetch what is new",
		"  --watch  go on: at once, 5 seconds after a save, every five\n"
		"           minutes, and after a failure as soon as it makes\n"
		"           sense; a line for each, until interrupted\n",
		command_sync},
	{"books", "[+BOOK | -BOOK]",
		"List the books held, ask for one more, give one back",
		"  +BOOK  ask for a beat's book, such as +beat:14Y: to read, where\n"
		"         the department's profile lends them\n"
		"  -BOOK  give it back\n",
		command_books},
	{"status", "[--json]",
		"Count what is unsent, held, refused, in conflict",
		"Also the books, the last sync, and what the hub said where it\n"
		"refuses this replica since. Nothing is asked of the hub.\n",
		command_status},
	{"list", "KIND [QUERY...] [--sort FIELD] [--limit N] [--json|--csv]",
		"List records of a kind",
		"  QUERY         words, field:value, field:<value, -field:value,\n"
		"                field: (empty), \"a phrase\"\n"
		"  --sort FIELD  -FIELD reverses\n"
		"  --limit N     at most N records\n"
		"  --json        an array of records\n"
		"  --csv         RFC 4180, all fields\n",
		command_list},
	{"show", "KIND/ID [--json]", "Show a record and what belongs to it",
		"", command_show},
	{"add", "KIND FIELD=VALUE...",
		"Make a record; prints its KIND/ID",
		"  FIELD=@FILE  reads the value from a file, FIELD=@- from\n"
		"               standard input\n"
		"\n"
		"beatbook kinds KIND lists the fields.\n",
		command_add},
	{"set", "KIND/ID FIELD=VALUE...", "Change a record, in one edit",
		"  FIELD=       empties the field\n"
		"  FIELD=@FILE  reads the value from a file, FIELD=@- from\n"
		"               standard input\n",
		command_set},
	{"void", "KIND/ID REASON", "Hide a record; the log keeps it", "",
		command_void},
	{"unvoid", "KIND/ID", "Bring a void record back", "", command_unvoid},
	{"log", "[KIND/ID] [--limit N] [--json] | --aside [--json]",
		"Show the edits, newest first",
		"Each edit with who wrote it, what it set and what the hub\n"
		"decided, as far as this replica was sent it: won, lost to the\n"
		"edit whose value stands, held, refused, unsent. With KIND/ID\n"
		"each value, the edit it was written over, and what it settles.\n"
		"\n"
		"  --limit N  at most N edits\n"
		"  --aside    what others wrote and a restored hub has lost,\n"
		"             until they send it again\n",
		command_log},
	{"conflicts", "[--json]",
		"List fields that two people set unseen by each other", "",
		command_conflicts},
	{"resolve", "KIND/ID FIELD keep | take | =VALUE",
		"Settle a conflict",
		"  keep    the value that won stays\n"
		"  take    the value that lost comes back\n"
		"  =VALUE  a third value\n",
		command_resolve},
	{"held", "[--decided] [--json]",
		"List held edits: not applied for want of rights",
		"Your own, and, for sergeants and above, those they may decide\n"
		"about with accept and decline.\n"
		"\n"
		"  --decided  those that were accepted or declined, by whom\n",
		command_held},
	{"accept", "EDIT", "Accept a held edit: its values are set",
		"EDIT is as `beatbook held` names it, such as 47.12.\n",
		command_accept},
	{"decline", "EDIT [REASON]", "Decline a held edit; the log keeps it",
		"EDIT is as `beatbook held` names it, such as 47.12. Its author\n"
		"is told by whom it was declined, and the reason.\n",
		command_decline},
	{"find", "WORDS... [--json]", "Search all records for words", "",
		command_find_words},
	{"kinds", "[KIND] [--json]", "List the kinds, or a kind's fields",
		"Fields that the department's profile has off are left out.\n",
		command_kinds},
	{"verify", "", "Check this replica's invariants",
		"A damaged file is looked into as far as it can be read, and is\n"
		"left as it is.\n",
		command_verify},
	{"keys", "", "Print the keymap in force", "", command_keys},
	{NULL, NULL, NULL, NULL, NULL}};

const struct program beatbook_program = {
	.name = "beatbook",
	.usage = "[-r FILE] [--mono] [--ascii] [--contrast] [--big] "
		 "[--plain] "
		 "[--select mark|id|row] [--restricted] [--lock MIN] [COMMAND]",
	.about = "The community-policing officer's beat book. Without a command"
		" it opens the\nscreens.\n",
	.options =
		"  -r FILE     the replica; default BEATBOOK_REPLICA, else\n"
		"              $XDG_DATA_HOME/beatbook/replica.db\n"
		"  --mono      screens without colour (also NO_COLOR)\n"
		"  --ascii     screens of plain letters\n"
		"  --contrast  screens of bold and reverse alone\n"
		"  --big       rows apart, chosen by digits; larger hints\n"
		"  --plain     numbered lines and questions, for screen readers\n"
		"              and scripts (also TERM=dumb)\n"
		"  --select S  the chosen row by its mark alone (over SSH), its\n"
		"              id or the whole row: mark, id, row\n"
		"  --restricted  screens from which no shell is in reach (over\n"
		"              SSH and as a login shell)\n"
		"  --lock MIN  hide the screen after so long without a key, 0\n"
		"              never; default 10 restricted, else 0\n"
		"  --help      this, or after a command its own help\n"
		"  --version\n"
		"\n"
		"Exit status: 0 done; 1 not found, or verify failed; 2 usage;\n"
		"65 bad input; 69 the hub refuses; 74 file trouble; 75 hub not\n"
		"reached, all edits kept; 77 not allowed.\n",
	.commands = commands};
/* clang-format on */

void
session_release(struct session *s)
{
	replica_close(s->replica);
	buf_release(&s->out);
	buf_release(&s->id);
	free(s->path);
	*s = (struct session){0};
}

enum status
session_open(struct session *s, struct why *why)
{
	return s->replica ? ST_OK
			  : replica_open(s->path, NULL, &s->replica, why);
}

enum status
session_flush(struct session *s, struct why *why)
{
	size_t len = s->out.len;
	bool whole = !buf_full(&s->out);
	bool ok = fwrite(buf_text(&s->out), 1, len, stdout) == len &&
		  fflush(stdout) == 0;

	buf_clear(&s->out);
	if (ok && whole)
		return ST_OK;
	if (whole && errno == EPIPE) /* the reader has seen enough */
		return why_set(why, ST_FILE, "%s", "");
	return why_set(why, ST_FILE, "standard output cannot be written: %s",
		whole ? strerror(errno) : "it is too much at once");
}

enum status
session_spill(struct session *s, struct why *why)
{
	return s->out.len < SPILL_BYTES ? ST_OK : session_flush(s, why);
}

enum status
session_kind(const struct session *s, const char *name, const struct kind **out,
	struct why *why)
{
	const struct catalog *c = replica_catalog(s->replica);
	struct nearest near = {.typed = name};
	char hint[NEAREST_HINT_MAX];

	*out = catalog_kind(c, name);
	if (*out)
		return ST_OK;
	catalog_offer_kinds(c, &near);
	nearest_hint(&near, hint);
	return why_set(why, ST_USAGE, "there is no kind '%.60s': %s", name,
		hint[0] ? hint + 2 : "see beatbook kinds");
}

enum status
kind_find_field(const struct kind *k, const char *name,
	const struct field **out, struct why *why)
{
	struct nearest near = {.typed = name};
	char hint[NEAREST_HINT_MAX];

	*out = kind_field(k, name);
	if (*out)
		return ST_OK;
	for (size_t i = 0; i < k->field_count; i++)
		nearest_offer(&near, k->fields[i].name);
	nearest_hint(&near, hint);
	if (hint[0])
		return why_set(why, ST_DATA, "%s has no field '%.60s': %s",
			k->name, name, hint + 2);
	return why_set(why, ST_DATA,
		"%s has no field '%.60s': see beatbook kinds %s", k->name, name,
		k->name);
}

enum status
session_name(struct session *s, const char *name, const struct kind **kind,
	const char **id, struct why *why)
{
	char word[NAME_MAX_BYTES + 1];
	enum status st;

	if (!record_name_split(name, word, id))
		return why_set(why, ST_USAGE,
			"'%.80s' is no record: write KIND/ID, such as "
			"project/2f-1a",
			name);
	st = session_kind(s, word, kind, why);
	buf_clear(&s->id);
	if (!st)
		st = record_id_meant(s->replica, word, *id, &s->id, why);
	*id = buf_text(&s->id);
	return st;
}

enum status
session_record(struct session *s, const char *name, struct record **out,
	struct why *why)
{
	const struct kind *kind;
	const char *id;
	enum status st = session_open(s, why);

	*out = NULL;
	if (!st)
		st = session_name(s, name, &kind, &id, why);
	if (!st)
		st = record_load(s->replica, kind->name, id, out, why);
	if (st == ST_NOT_FOUND && kind->code[0])
		st = record_absent(s->replica, kind, id, why);
	return st;
}

/* A file's text, without the line end that editors and echo put last. */
static enum status
read_file_value(const char *file, struct buf *out, struct why *why)
{
	enum status st = buf_read_file(out, file, FILE_VALUE_MAX, why);

	if (st == ST_NOT_FOUND)
		st = ST_DATA;
	if (!st && strlen(buf_text(out)) != out->len)
		st = why_set(why, ST_DATA,
			"%.200s holds a NUL character: give text in UTF-8",
			strcmp(file, "-") == 0 ? "standard input" : file);
	if (!st && out->len && out->data[out->len - 1] == '\n')
		buf_cut(out, out->len - 1);
	if (!st && out->len && out->data[out->len - 1] == '\r')
		buf_cut(out, out->len - 1);
	return st;
}

enum status
session_value(struct session *s, const struct field *f, const char *typed,
	char **out, struct why *why)
{
	struct value_context ctx = {.me = replica_identity(s->replica)->badge,
		.now_ms = replica_hub_now(s->replica)};
	struct buf text = BUF_INIT_MAX(FILE_VALUE_MAX);
	enum status st = ST_OK;

	*out = NULL;
	if (typed[0] == '@')
		st = read_file_value(typed + 1, &text, why);
	else
		buf_puts(&text, typed);
	if (!st)
		st = value_read(f, buf_text(&text), &ctx, out, why);
	if (!st)
		st = record_refs_meant(s->replica, f, out, why);
	buf_release(&text);
	return st;
}

enum status
count_read(const char *typed, int64_t *limit, struct why *why)
{
	char *end;

	*limit = 0;
	if (!typed)
		return ST_OK;
	errno = 0;
	*limit = strtoll(typed, &end, 10);
	if (!errno && *typed && !*end && *limit > 0)
		return ST_OK;
	return why_set(why, ST_USAGE,
		"--limit %.40s is no count: give a number from 1", typed);
}
