/*
 * settings.h - a person's own files, keymap.conf and theme.conf: read at the
 * start, and again at the first key after a pause when one of them changed.
 */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include "tui/conf.h"
#include "tui/keymap.h"
#include "tui/look.h"

struct app;

struct settings {
	char *keymap_file, *theme_file; /* NULL: there is no home for them */
	struct conf_stamp keymap_was, theme_was;
	struct style styles[INK_COUNT]; /* without the theme */
	struct buf complaints;		/* what is wrong in them, a line each */
	int64_t key_at;			/* boot ms of the last key */
};

/* Paths of NULL: the usual places. The theme is laid over `l`. */
void settings_begin(struct settings *s, const char *keymap_file,
	const char *theme_file, struct look *l, struct keymap **km);
void settings_release(struct settings *s);

/* A key came: after a pause, look whether the files changed. */
void settings_at_key(struct app *a);
/* Say the first complaint, and how many there are. */
void settings_say(struct app *a);
/* The complaint from the file's own name on: /a/b/keymap.conf:3: ... */
const char *settings_without_folder(const char *complaint);

#endif
