#include "common/rights.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
	[ACCESS_NONE] = "none",
	[ACCESS_OFFICER] = "officer",
	[ACCESS_COORDINATOR] = "coordinator",
	[ACCESS_SERGEANT] = "sergeant",
	[ACCESS_COMMANDER] = "commander",
	[ACCESS_ANALYST] = "analyst",
	[ACCESS_RECORDS] = "records",
	[ACCESS_ADMIN] = "admin",
};

enum access
access_from_name(const char *name)
{
	for (int a = ACCESS_OFFICER; a <= ACCESS_ADMIN; a++)
		if (strcmp(names[a], name) == 0)
			return (enum access)a;
	return ACCESS_NONE;
}

const char *
access_name(enum access a)
{
	return names[a];
}

bool
access_reads_only(enum access a)
{
	return a == ACCESS_ANALYST || a == ACCESS_RECORDS;
}

bool
access_supervises(enum access a)
{
	return a == ACCESS_SERGEANT || a == ACCESS_COMMANDER ||
	       a == ACCESS_ADMIN;
}

/* Is the level enough for the kind, books apart? */
static bool
level_suffices(const struct kind *k, const struct writer *w)
{
	switch (k->writers) {
	case WRITERS_ADMIN:
		return w->access == ACCESS_ADMIN;
	case WRITERS_COMMANDER:
		return w->access == ACCESS_COMMANDER ||
		       w->access == ACCESS_ADMIN;
	case WRITERS_SELF:
		return w->is_subject || access_supervises(w->access);
	default:
		return true;
	}
}

static const char *
who_may(enum writers w)
{
	switch (w) {
	case WRITERS_ADMIN:
		return "an administrator";
	case WRITERS_COMMANDER:
		return "a commander or an administrator";
	case WRITERS_SELF:
		return "the member it is about, or a sergeant or above";
	default:
		return "somebody who holds its book";
	}
}

enum status
rights_may_write(const struct kind *k, const struct writer *w, struct why *why)
{
	if (w->access == ACCESS_NONE)
		return why_set(why, ST_NOT_ALLOWED,
			"%s has no access to write: ask an administrator",
			w->badge);
	if (access_reads_only(w->access))
		return why_set(why, ST_NOT_ALLOWED,
			"access '%s' reads only: ask %s to write this %s",
			access_name(w->access), who_may(k->writers), k->name);
	if (!level_suffices(k, w))
		return why_set(why, ST_NOT_ALLOWED,
			"access '%s' may not write %s: ask %s",
			access_name(w->access), k->name, who_may(k->writers));
	if (!w->holds_book && !(k->writers == WRITERS_SELF && w->is_subject))
		return why_set(why, ST_NOT_ALLOWED,
			"this %s is in no book that %s holds to write: ask a "
			"member of its beat or unit",
			k->name, w->badge);
	return ST_OK;
}

bool
rights_may_read(const struct kind *k, enum access a)
{
	if (a == ACCESS_NONE)
		return false;
	for (size_t i = 0; i < k->hidden_from_count; i++)
		if (strcmp(k->hidden_from[i], names[a]) == 0)
			return false;
	return true;
}
