/*
 * theme.h - a person's own colours, from theme.conf.
 *
 *   ink INK COLOUR [bold] [reverse] [underline]      # comment
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "common/buf.h"
#include "tui/look.h"

/*
 * Lay a file's text over the styles of `l`. A wrong line is left out and adds
 * a line to `complaints`, with `name` and its number. Without colour, and in
 * contrast, what it says of them is read and not used.
 */
void theme_add(struct look *l, const char *text, size_t len, const char *name,
	struct buf *complaints);

/* The user's file: `path`, or for NULL the usual place. No file is fine. */
void theme_add_user(struct look *l, const char *path, struct buf *complaints);

#endif
