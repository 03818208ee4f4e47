#include "tui/look.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

static const char *const ink_names[] = {
#define X(id, name) name,
	INKS(X)
#undef X
};

enum ink
ink_from_name(const char *name)
{
	int i = 0;

	while (i < INK_COUNT && strcmp(ink_names[i], name) != 0)
		i++;
	return (enum ink)i;
}

bool
select_from_name(const char *name, enum selection *out)
{
	static const char *const names[] = {"mark", "id", "row"};

	for (int i = SELECT_MARK; i <= SELECT_ROW; i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum selection)i;
			return true;
		}
	}
	return false;
}

static bool
is_set(const char *name)
{
	const char *v = getenv(name);

	return v && v[0];
}

bool
look_over_ssh(void)
{
	return is_set("SSH_CONNECTION") || is_set("SSH_TTY");
}

/* What is meant is always said by a word or a mark too. */
static void
choose_styles(struct look *l)
{
	for (int i = 0; i < INK_COUNT; i++)
		l->styles[i] = (struct style){.colour = -1};
	l->styles[INK_TITLE].bold = true;
	l->styles[INK_ALERT].bold = true;
	l->styles[INK_CHOSEN].reverse = true;
	if (l->contrast) {
		l->styles[INK_TITLE].reverse = true;
		l->styles[INK_HEAD].bold = true;
		l->styles[INK_STATUS].reverse = true;
		l->styles[INK_CHOSEN].bold = true;
	} else {
		l->styles[INK_ALERT].colour = 1;
		l->styles[INK_HEAD].colour = 6;
	}
}

void
look_choose(struct look *l, const struct wishes *w, const char *type)
{
	const char *term = type ? type : getenv("TERM");
	bool old = term && strncmp(term, "vt", 2) == 0;

	memset(l, 0, sizeof(*l));
	l->utf8 =
		!w->ascii && !old && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	l->plain = w->plain;
	l->glyphs = l->utf8 && !l->plain && !look_over_ssh();
	l->contrast = w->contrast;
	l->colour =
		!w->mono && !w->contrast && !w->plain && !is_set("NO_COLOR");
	l->big = w->big && !w->plain;
	/* a highlighted row is ten times the bytes of a mark */
	l->selection = look_over_ssh() ? SELECT_MARK : SELECT_ROW;
	if (w->select)
		select_from_name(w->select, &l->selection);
	choose_styles(l);
}

const char *
look_ellipsis(const struct look *l)
{
	return l->glyphs ? "\xe2\x80\xa6" : "~";
}
