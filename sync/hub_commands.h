/*
 * hub_commands.h - what beatbook-hub's words do. All but serve work on the
 * log directly, beside a hub that serves.
 */
#ifndef SYNC_HUB_COMMANDS_H
#define SYNC_HUB_COMMANDS_H

#include "common/command.h"
#include "sync/hub.h"

/* What a command works with. */
struct hub_context {
	char *place;			 /* the hub's folder */
	struct buf out;			 /* for standard output */
	const struct progress *progress; /* NULL: nobody watches */
};

extern const struct program hub_program;

/* Open the hub of the context; the caller closes it. */
MUST_CHECK enum status hub_context_open(
	const struct hub_context *c, struct hub **out, struct why *why);
/* What a command does with its hub, which is open, and its words. */
typedef enum status hub_deed(struct hub *h, struct hub_context *c,
	const struct words *w, struct why *why);
/* All of a command of exactly so many words: ST_USAGE, with `usage`, where
 * there are others; else the hub is opened, `deed` done, and the hub closed. */
MUST_CHECK enum status hub_context_do(struct hub_context *c,
	const struct words *w, size_t count, const char *usage, hub_deed *deed,
	struct why *why);
/* Print and empty `out`. ST_FILE: standard output cannot be written. */
MUST_CHECK enum status hub_context_flush(
	struct hub_context *c, struct why *why);

/* When a replica came last, for people. */
void last_sync_text(const struct hub_replica *r, char out[WHEN_MAX]);

/* The commands, each with a struct hub_context * as its context. */
enum status hub_command_init(void *c, struct words *w, struct why *why);
enum status hub_command_serve(void *c, struct words *w, struct why *why);
enum status hub_command_unit_add(void *c, struct words *w, struct why *why);
enum status hub_command_unit_set(void *c, struct words *w, struct why *why);
enum status hub_command_unit_list(void *c, struct words *w, struct why *why);
enum status hub_command_beat_list(void *c, struct words *w, struct why *why);
enum status hub_command_member_add(void *c, struct words *w, struct why *why);
enum status hub_command_member_set(void *c, struct words *w, struct why *why);
enum status hub_command_member_list(void *c, struct words *w, struct why *why);
enum status hub_command_member_off(void *c, struct words *w, struct why *why);
enum status hub_command_invite(void *c, struct words *w, struct why *why);
enum status hub_command_replica_list(void *c, struct words *w, struct why *why);
enum status hub_command_revoke(void *c, struct words *w, struct why *why);
enum status hub_command_profile_show(void *c, struct words *w, struct why *why);
enum status hub_command_profile_set(void *c, struct words *w, struct why *why);
enum status hub_command_profile_check(
	void *c, struct words *w, struct why *why);
enum status hub_command_import(void *c, struct words *w, struct why *why);
enum status hub_command_audit_verify(void *c, struct words *w, struct why *why);
enum status hub_command_backup(void *c, struct words *w, struct why *why);
enum status hub_command_restore(void *c, struct words *w, struct why *why);
enum status hub_command_stats(void *c, struct words *w, struct why *why);

#endif
