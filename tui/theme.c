#include "tui/theme.h"

#include <stdlib.h>
#include <string.h>

#include "tui/conf.h"

struct reading {
	struct look *look;
	bool set[INK_COUNT]; /* by this file */
};

static bool
read_colour(const char *name, int *colour)
{
	static const char *const names[] = {"black", "red", "green", "yellow",
		"blue", "magenta", "cyan", "white", "default"};

	for (int i = 0; i < 9; i++) {
		if (strcmp(names[i], name) == 0) {
			*colour = i < 8 ? i : -1;
			return true;
		}
	}
	return false;
}

static bool
read_attribute(const char *word, struct style *s)
{
	if (strcmp(word, "bold") == 0)
		s->bold = true;
	else if (strcmp(word, "reverse") == 0)
		s->reverse = true;
	else if (strcmp(word, "underline") == 0)
		s->underline = true;
	else
		return false;
	return true;
}

static bool
read_style(const struct conf *c, char *rest, struct style *s)
{
	const char *word = conf_word(&rest);

	if (!read_colour(word, &s->colour)) {
		conf_complain(c, "unknown colour", word,
			"black, red, green, yellow, blue, magenta, cyan, "
			"white or default");
		return false;
	}
	for (word = conf_word(&rest); word[0]; word = conf_word(&rest)) {
		if (!read_attribute(word, s)) {
			conf_complain(c, "unknown attribute", word,
				"bold, reverse or underline");
			return false;
		}
	}
	return true;
}

static void
read_line(void *arg, const struct conf *c, char *line)
{
	struct reading *rd = arg;
	struct style style = {.colour = -1};
	const char *word = conf_word(&line);
	enum ink ink;

	if (strcmp(word, "ink") != 0) {
		conf_complain(c, "unknown word", word, "ink");
		return;
	}
	word = conf_word(&line);
	ink = ink_from_name(word);
	if (ink == INK_COUNT) {
		conf_complain(c, "unknown ink", word,
			"plain, title, head, faint, alert, status, hints or "
			"chosen");
	} else if (rd->set[ink]) {
		conf_complain(c, "a second time in this file", word,
			"the first is kept");
	} else if (read_style(c, line, &style)) {
		rd->set[ink] = true;
		if (!rd->look->contrast)
			rd->look->styles[ink] = style;
	}
}

void
theme_add(struct look *l, const char *text, size_t len, const char *name,
	struct buf *complaints)
{
	struct conf c = {name, 0, complaints};
	struct reading rd = {l, {false}};

	conf_each(&c, text, len, read_line, &rd);
}

void
theme_add_user(struct look *l, const char *path, struct buf *complaints)
{
	struct buf text = BUF_INIT;
	char *name;

	if (conf_read(path, "theme.conf", &text, &name, complaints))
		theme_add(l, buf_text(&text), text.len, name, complaints);
	buf_release(&text);
	free(name);
}
