/*
 * catalog.h - the one declaration of all kinds and fields.
 *
 * Read once from the built-in catalog.json with a department's profile laid
 * over it; checked; then constant. Everything else (tables, forms, lists,
 * columns, search, JSON, checks, rights) is driven by these structs, so a new
 * kind is a change of the JSON alone.
 */
#ifndef COMMON_CATALOG_H
#define COMMON_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/status.h"

struct arena;
struct nearest;

enum type {
	TYPE_TEXT,     /* one line */
	TYPE_LONG,     /* many lines */
	TYPE_ENUM,     /* one of the values */
	TYPE_SET,      /* several of the values; any texts if there are none */
	TYPE_DATE,     /* day in the department's zone */
	TYPE_DATETIME, /* instant, UTC, milliseconds */
	TYPE_INT,
	TYPE_REAL,
	TYPE_BOOL,
	TYPE_REF,  /* id of one record; KIND/ID where the field has no kind */
	TYPE_REFS, /* ids of several records */
	TYPE_GEO,  /* latitude,longitude */
	TYPE_AREA  /* outline: GeoJSON MultiPolygon coordinates */
};

/* requirements.md, Record kinds, "Marks". */
enum privacy {
	PRIVACY_NONE = 0,
	PRIVACY_PERSONAL = 'P',
	PRIVACY_PLACE = 'G',
	PRIVACY_FREE_TEXT = 'R',
	PRIVACY_NEVER = 'N'
};

/* Who may write a kind (DESIGN.md section 3, "written by"). */
enum writers {
	WRITERS_BOOK,	   /* all but analyst and records, books they hold */
	WRITERS_SELF,	   /* the member it is about; sergeant and above */
	WRITERS_COMMANDER, /* commander and admin */
	WRITERS_ADMIN	   /* admin and the hub's own commands */
};

struct choice {
	const char *value; /* as stored, such as vehicle_burglary */
	const char *label; /* as shown, in the department's words */
};

struct field {
	const char *kind; /* name of the kind it belongs to */
	const char *name;
	const char *label;
	const char *help; /* one line; "" if there is none */
	enum type type;
	enum privacy privacy;
	bool required;
	bool indexed;	      /* its column has an index */
	bool off;	      /* by the profile; ask field_off() */
	const char *preset;   /* default: a value, me, today, now, =FIELD for
				  that field's value; or "" */
	const char *cell;     /* what wins as one: its group, else its name */
	const char *ref_kind; /* TYPE_REF, TYPE_REFS: "" = any (KIND/ID) */
	const struct choice *choices; /* TYPE_ENUM, TYPE_SET */
	size_t choice_count;
	size_t max;   /* bytes of canonical text */
	size_t index; /* its place in the kind's fields */
};

/*
 * One way to tell a record's books: refs to follow, such as beat_ids, or
 * council_id.beat_ids, or author.org_unit_id. The last ref's kind decides: a
 * beat gives beat:CODE, an org_unit unit:CODE, a member member:BADGE; any
 * other record gives that record's own books. "dept" stands alone.
 */
struct book_path {
	const char *steps[4];
	size_t count;
};

struct kind {
	const char *name;
	const char *one;   /* label: Project */
	const char *many;  /* label: Projects */
	const char *title; /* field that titles it */
	const char *code;  /* field whose value is the id (beat.code), or "" */
	enum writers writers;
	struct field *fields;
	size_t field_count;
	struct book_path *books; /* first that applies */
	size_t book_count;
	const char **any_of; /* fields of which at least one must be set */
	size_t any_of_count;
	const char **hidden_from; /* access levels that may not read it */
	size_t hidden_from_count;
	const char **columns; /* list columns by rank; updated_at is allowed */
	size_t column_count;
	const char **sections; /* related kinds shown on its record screen */
	size_t section_count;
	const char
		*sort; /* default order: a field or updated_at, "-" reverses */
	size_t index;  /* its place in the catalogue */
};

struct limit {
	const char *name;
	const char *value;
};

struct catalog {
	const char *profile; /* name of the department's profile: oakland */
	const char *title;   /* the department's name */
	struct kind *kinds;
	size_t kind_count;
	const struct kind **offered; /* all kinds, most written first */
	struct limit *limits;
	size_t limit_count;
	char *hash; /* of both sources, hex: tables follow when it changes */
	struct arena *memory; /* what everything here lives in; private */
};

/* The longest name of a kind or field, bytes. */
#define NAME_MAX_BYTES 40

/*
 * Read the built-in catalogue with a profile's JSON text laid over it (NULL:
 * none). `name` is what messages call the profile's source. *out belongs to
 * the caller. ST_DATA: a mistake, with file and line.
 */
MUST_CHECK enum status catalog_read(const char *profile, size_t len,
	const char *name, struct catalog **out, struct why *why);
void catalog_free(struct catalog *c); /* NULL is fine */

/*
 * A profile's JSON by its built-in name (oakland, sanjose, lasd, chicago,
 * texas) or by file. The text is added to `out`.
 */
MUST_CHECK enum status catalog_profile_text(
	const char *name_or_file, struct buf *out, struct why *why);

/* NULL: the catalogue has none of this name. */
const struct kind *catalog_kind(const struct catalog *c, const char *name);
/* Offer the kinds by name and by label to what was typed for one. */
void catalog_offer_kinds(const struct catalog *c, struct nearest *near);
const struct field *kind_field(const struct kind *k, const char *name);
const struct choice *field_choice(const struct field *f, const char *value);
const char *catalog_limit(const struct catalog *c, const char *name);

/*
 * Is a field out of use: switched off by the profile, or pointing to a kind
 * the catalogue does not have? It is stored and synced as any other; forms
 * and lists leave it out (columns never name one).
 */
bool field_off(const struct catalog *c, const struct field *f);
/* Does a kind travel in members' own books alone? No open kind points to it. */
bool kind_restricted(const struct catalog *c, const struct kind *k);

/* Kind and field names: a letter, then letters, digits, _; not too long. */
bool catalog_name_ok(const char *name);
const char *type_name(enum type t);

#endif
