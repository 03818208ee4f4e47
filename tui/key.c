#include "tui/key.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/utf8.h"

static const struct {
	const char *name;
	key k;
} names[] = {
	{"Up", NAMED_UP},
	{"Down", NAMED_DOWN},
	{"Left", NAMED_LEFT},
	{"Right", NAMED_RIGHT},
	{"Home", NAMED_HOME},
	{"End", NAMED_END},
	{"PgUp", NAMED_PAGE_UP},
	{"PgDn", NAMED_PAGE_DOWN},
	{"Ins", NAMED_INSERT},
	{"Del", NAMED_DELETE},
	{"BS", NAMED_BACKSPACE},
	{"Tab", NAMED_TAB},
	{"S-Tab", NAMED_BACK_TAB},
	{"C-Left", NAMED_CTRL_LEFT},
	{"C-Right", NAMED_CTRL_RIGHT},
	{"C-Home", NAMED_CTRL_HOME},
	{"C-End", NAMED_CTRL_END},
	{"C-Del", NAMED_CTRL_DELETE},
	{"Enter", NAMED_ENTER},
	{"Esc", NAMED_ESC},
	{"Space", ' '},
	{"lt", '<'},
	{"Hash", '#'},
};
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

bool
key_printable(key k)
{
	return k >= 0x20 && k < KEY_NAMED && k != 0x7f &&
	       !(k >= 0x80 && k < 0xa0);
}

/* The text between < and >. */
static bool
parse_word(const char *word, key *k)
{
	int n;
	char rest;

	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (strcasecmp(names[i].name, word) == 0) {
			*k = names[i].k;
			return true;
		}
	}
	if ((word[0] == 'F' || word[0] == 'f') &&
		sscanf(word + 1, "%2d%c", &n, &rest) == 1 && n >= 1 &&
		n <= 12) {
		*k = NAMED_F0 + (key)n;
		return true;
	}
	if (strlen(word) == 3 && strncasecmp(word, "C-", 2) == 0 &&
		strchr("abcdefghijklmnopqrstuvwxyz", word[2] | 0x20)) {
		*k = KEY_CTRL(word[2]);
		return true;
	}
	return false;
}

bool
key_parse(const char *name, size_t len, key *k)
{
	char word[KEY_NAME_MAX];
	uint32_t code;

	if (len >= 3 && name[0] == '<' && name[len - 1] == '>') {
		if (len - 2 >= sizeof(word))
			return false;
		memcpy(word, name + 1, len - 2);
		word[len - 2] = '\0';
		/* what terminals send for these is the key itself */
		return parse_word(word, k) && *k != KEY_CTRL('i') &&
		       *k != KEY_CTRL('m') && *k != KEY_CTRL('j') &&
		       *k != KEY_CTRL('h');
	}
	if (!len || utf8_decode(name, len, &code) != len)
		return false;
	*k = code;
	return key_printable(code);
}

void
key_text(key k, char out[KEY_NAME_MAX])
{
	size_t n;

	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (names[i].k == k) {
			snprintf(out, KEY_NAME_MAX, "<%s>", names[i].name);
			return;
		}
	}
	if (k > NAMED_F0 && k <= NAMED_F12) {
		snprintf(out, KEY_NAME_MAX, "<F%u>", k - NAMED_F0);
	} else if (k < 0x20) {
		snprintf(out, KEY_NAME_MAX, "<C-%c>", (char)(k + 0x60));
	} else if (key_printable(k)) {
		n = utf8_encode(k, out);
		out[n] = '\0';
	} else {
		snprintf(out, KEY_NAME_MAX, "<?>");
	}
}

bool
chord_parse(const char *text, struct chord *c)
{
	memset(c, 0, sizeof(*c));
	while (*text) {
		size_t len = strcspn(text, " \t");

		if (len) {
			if (c->count == CHORD_MAX ||
				!key_parse(text, len, &c->keys[c->count]))
				return false;
			c->count++;
		}
		text += len;
		text += strspn(text, " \t");
	}
	return c->count > 0;
}

void
chord_name(const struct chord *c, char out[CHORD_NAME_MAX])
{
	char one[KEY_NAME_MAX];
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < c->count; i++) {
		key_text(c->keys[i], one);
		len += (size_t)snprintf(out + len, CHORD_NAME_MAX - len, "%s%s",
			i ? " " : "", one);
	}
}

bool
chord_same(const struct chord *a, const struct chord *b)
{
	return a->count == b->count &&
	       !memcmp(a->keys, b->keys, (size_t)a->count * sizeof(a->keys[0]));
}

bool
chord_begins(const struct chord *whole, const struct chord *head)
{
	return whole->count > head->count &&
	       !memcmp(whole->keys, head->keys,
		       (size_t)head->count * sizeof(head->keys[0]));
}
