#include "tui/settings.h"

#include <stdlib.h>
#include <string.h>

#include "tui/theme.h"
#include "tui/view.h"

#define PAUSE_MS 1000 /* shorter, nobody was in an editor meanwhile */

const char *
settings_without_folder(const char *complaint)
{
	size_t len = strcspn(complaint, ":\n");

	while (len && complaint[len - 1] != '/')
		len--;
	return complaint[0] == '/' ? complaint + len : complaint;
}

void
settings_say(struct app *a)
{
	const char *text =
		settings_without_folder(buf_text(&a->settings.complaints));
	int first = (int)strcspn(text, "\n"), lines = 0;

	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	if (lines == 1)
		app_say(a, "%.*s", first, text);
	else if (lines)
		app_say(a, "%.*s (%d in all: F1 lists them)", first, text,
			lines);
}

/* All of both files anew; there need be none. */
static void
read_files(struct settings *s, struct look *l, struct keymap **km)
{
	conf_stamp(s->keymap_file, &s->keymap_was);
	conf_stamp(s->theme_file, &s->theme_was);
	buf_clear(&s->complaints);
	memcpy(l->styles, s->styles, sizeof(s->styles));
	if (s->theme_was.inode)
		theme_add_user(l, s->theme_file, &s->complaints);
	keymap_free(*km);
	keymap_new(km);
	if (s->keymap_was.inode)
		keymap_add_user(*km, s->keymap_file, &s->complaints);
}

void
settings_begin(struct settings *s, const char *keymap_file,
	const char *theme_file, struct look *l, struct keymap **km)
{
	s->keymap_file = conf_path(keymap_file, "keymap.conf");
	s->theme_file = conf_path(theme_file, "theme.conf");
	memcpy(s->styles, l->styles, sizeof(s->styles));
	read_files(s, l, km);
}

void
settings_release(struct settings *s)
{
	free(s->keymap_file);
	free(s->theme_file);
	buf_release(&s->complaints);
}

static bool
is_changed(const char *path, const struct conf_stamp *was)
{
	struct conf_stamp now;

	conf_stamp(path, &now);
	return !conf_stamp_same(&now, was);
}

void
settings_at_key(struct app *a)
{
	struct settings *s = &a->settings;
	int64_t now = app_boot(a), since = now - s->key_at;
	bool keys;

	s->key_at = now;
	if (since < PAUSE_MS)
		return;
	keys = is_changed(s->keymap_file, &s->keymap_was);
	if (!keys && !is_changed(s->theme_file, &s->theme_was))
		return;
	read_files(s, &a->look, &a->keymap);
	a->pending.count = 0;
	if (s->complaints.len)
		settings_say(a);
	else
		app_say(a, "%s was read again",
			keys ? "keymap.conf" : "theme.conf");
}
