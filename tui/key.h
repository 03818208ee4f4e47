/* key.h - keys and their names, both ways: a, <F1>, <C-x>, <Esc>, g s. */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A key is a code point, a control code, or one of these. Tab, Enter, Esc
 * and Backspace are these, never their control codes.
 */
#define KEY_NAMED 0x200000u
enum named_key {
	NAMED_UP = KEY_NAMED,
	NAMED_DOWN,
	NAMED_LEFT,
	NAMED_RIGHT,
	NAMED_HOME,
	NAMED_END,
	NAMED_PAGE_UP,
	NAMED_PAGE_DOWN,
	NAMED_INSERT,
	NAMED_DELETE,
	NAMED_BACKSPACE,
	NAMED_TAB,
	NAMED_BACK_TAB,
	NAMED_ENTER,
	NAMED_ESC,
	NAMED_CTRL_LEFT, /* Ctrl with an arrow and so on, where it is sent */
	NAMED_CTRL_RIGHT,
	NAMED_CTRL_HOME,
	NAMED_CTRL_END,
	NAMED_CTRL_DELETE,
	NAMED_F0, /* F1 is NAMED_F0 + 1, up to 12 */
	NAMED_F12 = NAMED_F0 + 12,
	NAMED_PASTE_BEGIN, /* no names: never bound */
	NAMED_PASTE_END
};
typedef uint32_t key; /* 0: no key */
#define KEY_CTRL(c) ((key)((c)&0x1f))
#define KEY_NAME_MAX 16

bool key_printable(key k);
bool key_parse(const char *name, size_t len, key *k);
void key_text(key k, char out[KEY_NAME_MAX]);

/* Up to three keys one after another. */
#define CHORD_MAX 3
#define CHORD_NAME_MAX (CHORD_MAX * KEY_NAME_MAX)
struct chord {
	key keys[CHORD_MAX];
	int count;
};
bool chord_parse(const char *names, struct chord *c); /* blanks between */
void chord_name(const struct chord *c, char out[CHORD_NAME_MAX]);
bool chord_same(const struct chord *a, const struct chord *b);
/* Does `whole` begin with all keys of `head`, and go on? */
bool chord_begins(const struct chord *whole, const struct chord *head);

#endif
