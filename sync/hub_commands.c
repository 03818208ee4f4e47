#include "sync/hub_commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct command commands[] = {
	{"init", "[--profile NAME|FILE] [--timezone TZ]",
		"Make a new hub in an empty folder",
		"  --profile NAME|FILE  the department: oakland (default),\n"
		"                       sanjose, lasd, chicago, texas, or a file\n"
		"                       of your own\n"
		"  --timezone TZ        such as America/Los_Angeles; the\n"
		"                       profile's own if left out\n",
		hub_command_init},
	{"serve", "[--listen ADDR:PORT] [--tls-cert FILE --tls-key FILE] "
		"[--tls-ca FILE] [--plain-on-any-address] [--rate N]",
		"Answer replicas until SIGTERM or SIGINT",
		"  --listen ADDR:PORT  numbers; default 127.0.0.1:8440; port 0\n"
		"                      is any free one; [::1]:8440 for IPv6\n"
		"  --tls-cert FILE     certificate chain, PEM\n"
		"  --tls-key FILE      its key, PEM\n"
		"  --tls-ca FILE       the authority that signed it, PEM: whoever\n"
		"                      enrolls takes no other's from then on\n"
		"  --plain-on-any-address\n"
		"                      allow other than loopback without TLS,\n"
		"                      for a hub behind a proxy that does TLS\n"
		"  --rate N            requests of one replica in a minute, and\n"
		"                      five minutes' worth at once; 120\n"
		"\n"
		"The first line on standard output is: listening on ADDR:PORT\n"
		"A second one on the same folder ends and says which process\n"
		"serves it; all other commands work meanwhile.\n",
		hub_command_serve},
	{"unit add",
		"CODE --name N [--kind K] [--parent CODE] [--commander BADGE] "
		"[--beats A,B]",
		"Add a unit, and put beats into it",
		"  --kind K           such as area, district, division; unit\n"
		"                     if left out\n"
		"  --parent CODE      the unit it is part of\n"
		"  --commander BADGE  the member who commands it\n"
		"  --beats A,B        codes; they keep their other units\n",
		hub_command_unit_add},
	{"unit set",
		"CODE [--name N] [--kind K] [--parent CODE] "
		"[--commander BADGE] [--beats A,B]",
		"Change a unit, or which beats it has",
		"  --parent CODE      the unit it is part of; empty: none\n"
		"  --commander BADGE  the member who commands it; empty: none\n"
		"  --beats A,B        all the beats it has from now on, which\n"
		"                     keep their other units; empty takes all\n"
		"                     out\n"
		"\n"
		"`member set BADGE --unit CODE` puts a member into a unit.\n",
		hub_command_unit_set},
	{"unit list", "", "List the units with their members and beats", "",
		hub_command_unit_list},
	{"beat list", "", "List the beats, their units and who is assigned",
		"", hub_command_beat_list},
	{"member add",
		"BADGE --name N --access A [--role R] [--unit U] [--beats A,B]",
		"Add a member, and assign beats from today",
		"  --access A   officer, coordinator, sergeant, commander,\n"
		"               analyst, records, admin\n"
		"  --role R     such as cro; for a wrong one the nearest is named\n"
		"  --unit U     its code: `unit list` shows them\n"
		"  --beats A,B  codes, as `beat list` shows them; each makes an\n"
		"               assignment record\n"
		"\n"
		"Then `invite BADGE` prints the code for the member's device.\n",
		hub_command_member_add},
	{"member set",
		"BADGE [--name N] [--access A] [--role R] [--unit U] "
		"[--beats A,B] [--active B]",
		"Change a member",
		"  --beats A,B  the beats held from today on: assignments to\n"
		"               others end yesterday; empty ends all\n"
		"  --active B   yes brings back a member who was off\n",
		hub_command_member_set},
	{"member list", "", "List the members", "", hub_command_member_list},
	{"member off", "BADGE", "Switch a member off: no sync from now on",
		"`member set BADGE --active yes` brings the member back.\n",
		hub_command_member_off},
	{"invite", "BADGE", "Print a one-time code for enrolment (72 hours)",
		"The member types it on the device:\n"
		"  beatbook enroll URL --badge BADGE --code CODE\n"
		"A new code ends the one before.\n",
		hub_command_invite},
	{"replica list", "", "List the enrolled replicas", "",
		hub_command_replica_list},
	{"replica revoke", "NUMBER", "Refuse a lost or stolen replica",
		"NUMBER is as `replica list` has it. Copies of its file are\n"
		"refused too. A device that is found again is enrolled onto its\n"
		"file with a new code, and sends what is unsent in it.\n",
		hub_command_revoke},
	{"profile show", "", "Show the department's profile", "",
		hub_command_profile_show},
	{"profile check", "NAME|FILE", "Check a profile before it is used",
		"", hub_command_profile_check},
	{"profile set", "NAME|FILE", "Take another profile, or a changed one",
		"Replicas take it with their next sync. The log keeps the values of\n"
		"fields that it does not have. The time zone stays that of init.\n",
		hub_command_profile_set},
	{"import beats", "FILE.geojson --code PROPERTY [--name PROPERTY]",
		"Import the polygons of a GeoJSON file as beats",
		"  --code PROPERTY  holds the beat's code; -1 or empty means\n"
		"                   outside any beat\n"
		"  --name PROPERTY  holds its name; else the code is its name\n"
		"\n"
		"Importing again changes what differs, and nothing else.\n",
		hub_command_import},
	{"audit verify", "", "Check the whole log against its hashes",
		"What is wrong is listed, a line each, with exit status 1: keep\n"
		"the folder as it is, and restore a good backup into another.\n",
		hub_command_audit_verify},
	{"backup", "FILE", "Write a consistent copy while the hub serves",
		"FILE must not be there yet. Keep it on another machine.\n",
		hub_command_backup},
	{"restore", "FILE", "Make a hub from a backup in an empty folder",
		"Serve it at the address of the old one: each replica sends what\n"
		"the backup lacks. What is to be given again is told.\n",
		hub_command_restore},
	{"stats", "[--json]", "Count entries, records, replicas, conflicts",
		"Also what `serve` did since it started (it says so every 10\n"
		"seconds and at its end): requests, verdicts, outcomes, bytes\n"
		"of bodies, and microseconds from a request's last byte to its\n"
		"answer; and the replicas that have not come for 7 days.\n",
		hub_command_stats},
	{NULL, NULL, NULL, NULL, NULL}};

const struct program hub_program = {
	.name = "beatbook-hub",
	.usage = "[-d DIR] COMMAND",
	.about = "The central store of Beatbook: replicas sync with it, and "
		"it keeps every edit.\n",
	.options =
		"  -d DIR     the hub's folder; default BEATBOOK_HUB, else\n"
		"             $XDG_DATA_HOME/beatbook-hub\n"
		"  --help     this, or after a command its own help\n"
		"  --version\n"
		"\n"
		"Exit status: 0 done; 1 not found, or verify failed; 2 usage;\n"
		"65 bad input; 74 file trouble; 77 not allowed.\n",
	.commands = commands};
/* clang-format on */

enum status
hub_context_open(const struct hub_context *c, struct hub **out, struct why *why)
{
	return hub_open(c->place, NULL, NULL, out, why);
}

enum status
hub_context_do(struct hub_context *c, const struct words *w, size_t count,
	const char *usage, hub_deed *deed, struct why *why)
{
	struct hub *h = NULL;
	enum status st = words_count(w, count, count, usage, why);

	if (!st)
		st = hub_context_open(c, &h, why);
	if (!st)
		st = deed(h, c, w, why);
	hub_close(h);
	return st;
}

enum status
hub_context_flush(struct hub_context *c, struct why *why)
{
	size_t len = c->out.len;
	bool ok = fwrite(buf_text(&c->out), 1, len, stdout) == len &&
		  fflush(stdout) == 0;

	buf_clear(&c->out);
	if (ok)
		return ST_OK;
	return why_set(why, ST_FILE, "standard output cannot be written: %s",
		strerror(errno));
}
