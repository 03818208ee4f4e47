#include "tui/conf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)64 << 10)
#define LINE_MAX_BYTES 1024

void
conf_complain(const struct conf *c, const char *what, const char *about,
	const char *remedy)
{
	buf_printf(c->complaints, "%s:%d: %s '%s': %s\n", c->name, c->line,
		what, about, remedy);
}

char *
conf_word(char **at)
{
	char *word = *at + strspn(*at, " \t\r");
	size_t len = strcspn(word, " \t\r");

	*at = word + len;
	if (**at)
		*(*at)++ = '\0';
	return word;
}

void
conf_trim_end(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(" \t\r", text[len - 1]))
		text[--len] = '\0';
}

static void
take_line(struct conf *c, char *line, conf_line *take, void *arg)
{
	line[strcspn(line, "#")] = '\0';
	conf_trim_end(line);
	if (line[strspn(line, " \t\r")])
		take(arg, c, line);
}

void
conf_each(struct conf *c, const char *text, size_t len, conf_line *take,
	void *arg)
{
	struct buf line = BUF_INIT_MAX(LINE_MAX_BYTES);
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t n = end ? (size_t)(end - text) - at : len - at;

		c->line++;
		buf_clear(&line);
		buf_add(&line, text + at, n);
		if (buf_full(&line) || memchr(text + at, '\0', n))
			conf_complain(
				c, "not a line of settings", "", "mend it");
		else if (line.len)
			take_line(c, line.data, take, arg);
		at += n + 1;
	}
	buf_release(&line);
}

char *
conf_path(const char *path, const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (path)
		return mem_text(path);
	if (config && config[0] == '/')
		return mem_printf("%s/beatbook/%s", config, name);
	if (home && home[0] == '/')
		return mem_printf("%s/.config/beatbook/%s", home, name);
	return NULL;
}

/* A pipe would keep everybody waiting; /dev/null is a fine empty file. */
static bool
is_readable(const char *path, struct buf *complaints)
{
	struct stat st;

	if (stat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))
		return true;
	buf_printf(
		complaints, "%s is no ordinary file: check the name\n", path);
	return false;
}

bool
conf_read(const char *path, const char *name, struct buf *text, char **used,
	struct buf *complaints)
{
	struct why why;
	enum status st;

	*used = conf_path(path, name);
	if (!*used || !is_readable(*used, complaints))
		return false;
	st = buf_read_file(text, *used, FILE_MAX, &why);
	if (st && (st != ST_NOT_FOUND || path))
		buf_printf(complaints, "%s\n", why.text);
	return !st;
}

void
conf_stamp(const char *path, struct conf_stamp *out)
{
	struct stat st;

	memset(out, 0, sizeof(*out));
	if (!path || stat(path, &st) != 0)
		return;
	out->size = st.st_size;
	out->inode = st.st_ino;
	out->changed_ns =
		st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
}

bool
conf_stamp_same(const struct conf_stamp *a, const struct conf_stamp *b)
{
	return a->size == b->size && a->inode == b->inode &&
	       a->changed_ns == b->changed_ns;
}
