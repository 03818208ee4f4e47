#include "tui/look.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

static bool
is_set(const char *name)
{
	const char *v = getenv(name);

	return v && v[0];
}

void
look_choose(struct look *l, bool mono, bool ascii, bool contrast)
{
	const char *term = getenv("TERM");
	bool old = term && strncmp(term, "vt", 2) == 0;

	l->utf8 = !ascii && !old && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	l->glyphs = l->utf8 && !is_set("SSH_CONNECTION") && !is_set("SSH_TTY");
	l->contrast = contrast;
	l->colour = !mono && !contrast && !is_set("NO_COLOR");
}

const char *
look_ellipsis(const struct look *l)
{
	return l->glyphs ? "\xe2\x80\xa6" : "~";
}
