/*
 * conf.h - a person's own small files, keymap.conf and theme.conf: lines of
 * words, # begins a comment, what is wrong is named by file and line.
 */
#ifndef TUI_CONF_H
#define TUI_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"

/* One file being read. */
struct conf {
	const char *name;
	int line; /* the one being read, from 1 */
	struct buf *complaints;
};

/* Called with each line that is not empty, without its comment. */
typedef void conf_line(void *arg, const struct conf *c, char *line);
void conf_each(struct conf *c, const char *text, size_t len, conf_line *take,
	void *arg);

/* Cut the next word off a line; "" at its end. */
char *conf_word(char **at);
void conf_trim_end(char *text);
/* NAME:LINE: WHAT 'ABOUT': REMEDY */
void conf_complain(const struct conf *c, const char *what, const char *about,
	const char *remedy);

/* `path`, or for NULL the file of this name in the account's folder of settings
 * (XDG_CONFIG_HOME/beatbook, else ~/.config/beatbook): a new string, NULL where
 * there is no home. */
char *conf_path(const char *path, const char *name);

/*
 * Read `path`, or for NULL the file of this name in its usual place. *used gets
 * the path, as conf_path() does. False: there is no such file, or it cannot be
 * read, which is then a complaint.
 */
bool conf_read(const char *path, const char *name, struct buf *text,
	char **used, struct buf *complaints);

/* What tells that a file is another than it was. Zeroed: there is none. */
struct conf_stamp {
	int64_t size, changed_ns;
	uint64_t inode;
};
void conf_stamp(const char *path, struct conf_stamp *out); /* NULL is fine */
bool conf_stamp_same(const struct conf_stamp *a, const struct conf_stamp *b);

#endif
