/*
 * keymap.h - which key does what where: the built-in keymap.conf with the
 * user's file laid over it.
 *
 *   bind CONTEXT KEY... ACTION      unbind CONTEXT KEY...      # comment
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "common/buf.h"
#include "common/status.h"
#include "tui/action.h"
#include "tui/key.h"

struct keymap; /* opaque */

/* The built-in keys alone. *out belongs to the caller. */
void keymap_new(struct keymap **out);
void keymap_free(struct keymap *km); /* NULL is fine */

/*
 * Lay a file's text over what is there. A wrong line is left out and adds a
 * line to `complaints`, with `name` and its number; the rest stays in force.
 */
void keymap_add(struct keymap *km, const char *text, size_t len,
	const char *name, bool user, struct buf *complaints);

/* The user's file: `path`, or for NULL the usual place. No file is fine. */
void keymap_add_user(
	struct keymap *km, const char *path, struct buf *complaints);

enum match { MATCH_NONE, MATCH_PREFIX, MATCH_FULL };
enum match keymap_find(const struct keymap *km, enum context c,
	const struct chord *keys, enum action *a);

/* The first key of an action in a context. False: it has none there. */
bool keymap_key(const struct keymap *km, enum context c, enum action a,
	struct chord *keys);

/* All its keys, the user's first: "g t, <F8>". Adds nothing if there are
 * none. */
void keymap_keys(const struct keymap *km, enum context c, enum action a,
	struct buf *out);

/* How many bindings the user's file changed. */
int keymap_user_count(const struct keymap *km);

/* The keymap in force, in the form it is read, and as comments the actions
 * without a key, for `beatbook keys`. */
void keymap_print(const struct keymap *km, struct buf *out);

#endif
