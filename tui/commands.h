/*
 * commands.h - the actions of the screens as words, for scripts and for links
 * too poor for screens. DESIGN.md section 10 is their contract.
 */
#ifndef TUI_COMMANDS_H
#define TUI_COMMANDS_H

#include "common/command.h"
#include "common/record.h"
#include "tui/look.h"

/* What a command works with. */
struct session {
	char *path; /* the replica's file */
	struct wishes look;
	bool restricted; /* the screens' own options */
	int lock_minutes;
	struct replica *replica; /* NULL until session_open */
	struct buf out;		 /* for standard output */
	struct buf id;		 /* session_name's */
};
void session_release(struct session *s);

extern const struct program beatbook_program;

/* Open the replica, once. ST_FILE: there is none, or it is damaged. */
MUST_CHECK enum status session_open(struct session *s, struct why *why);
/* Print and empty `out`. ST_FILE: standard output cannot be written. */
MUST_CHECK enum status session_flush(struct session *s, struct why *why);
/* The same, once much has gathered. */
MUST_CHECK enum status session_spill(struct session *s, struct why *why);

/* ST_USAGE: no such kind, with the nearest. The replica must be open. */
MUST_CHECK enum status session_kind(const struct session *s, const char *name,
	const struct kind **out, struct why *why);
/* ST_DATA: no such field, with the nearest. */
MUST_CHECK enum status kind_find_field(const struct kind *k, const char *name,
	const struct field **out, struct why *why);
/* KIND/ID apart, the id as it is kept: borrowed until the next call. ST_USAGE:
 * not of this form, or no such kind. */
MUST_CHECK enum status session_name(struct session *s, const char *name,
	const struct kind **kind, const char **id, struct why *why);
/* That record. ST_NOT_FOUND: not held. The caller frees it. */
MUST_CHECK enum status session_record(struct session *s, const char *name,
	struct record **out, struct why *why);

/* What was typed for a field, or @FILE, @-, as canonical text: a new string. */
MUST_CHECK enum status session_value(struct session *s, const struct field *f,
	const char *typed, char **out, struct why *why);

/* --limit's count; NULL: 0, all. ST_USAGE: not a count from 1. */
MUST_CHECK enum status count_read(
	const char *typed, int64_t *limit, struct why *why);

/* The commands, each with a struct session * as its context. */
enum status command_open(void *s, struct words *w, struct why *why);
enum status command_enroll(void *s, struct words *w, struct why *why);
enum status command_sync(void *s, struct words *w, struct why *why);
enum status command_books(void *s, struct words *w, struct why *why);
enum status command_status(void *s, struct words *w, struct why *why);
enum status command_list(void *s, struct words *w, struct why *why);
enum status command_show(void *s, struct words *w, struct why *why);
enum status command_add(void *s, struct words *w, struct why *why);
enum status command_set(void *s, struct words *w, struct why *why);
enum status command_void(void *s, struct words *w, struct why *why);
enum status command_unvoid(void *s, struct words *w, struct why *why);
enum status command_log(void *s, struct words *w, struct why *why);
enum status command_conflicts(void *s, struct words *w, struct why *why);
enum status command_resolve(void *s, struct words *w, struct why *why);
enum status command_held(void *s, struct words *w, struct why *why);
enum status command_accept(void *s, struct words *w, struct why *why);
enum status command_decline(void *s, struct words *w, struct why *why);
enum status command_find_words(void *s, struct words *w, struct why *why);
enum status command_kinds(void *s, struct words *w, struct why *why);
enum status command_verify(void *s, struct words *w, struct why *why);
enum status command_keys(void *s, struct words *w, struct why *why);

#endif
