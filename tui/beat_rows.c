#include "tui/beat_rows.h"

#include <stdio.h>
#include <string.h>

#include "common/inbox.h"
#include "tui/beat_section.h"
#include "tui/record_sections.h"

/* Sections that are shown here in a way of their own, in the order of the
 * screen. */
static const struct {
	const char *kind;
	void (*add)(struct view *v);
} own_sections[] = {
	{"place", beat_places},
	{"handover", beat_left},
	{"assignment", beat_officers},
	{"project", beat_projects},
	{"priority", beat_priorities},
	{"action_item", beat_promises},
	{"council", beat_councils},
	{"concern", beat_concerns},
};
#define OWN_SECTIONS (sizeof(own_sections) / sizeof(own_sections[0]))

static bool
is_own(const char *kind)
{
	for (size_t i = 0; i < OWN_SECTIONS; i++)
		if (strcmp(own_sections[i].kind, kind) == 0)
			return true;
	return false;
}

/* All beats are known to everyone; what is on them only to who holds them. */
static void
add_not_held(struct view *v)
{
	struct record_view *rv = v->state;
	struct held_books books = {NULL, 0, 0};
	char book[BOOK_MAX];
	bool held = false;
	struct why why;

	snprintf(book, sizeof(book), "beat:%s", rv->id);
	if (app_failed(
		    v->app, inbox_books(v->app->replica, &books, &why), &why))
		return;
	for (size_t i = 0; i < books.count; i++)
		held |= strcmp(books.items[i].book, book) == 0;
	if (!held)
		rows_add(&rv->page.rows,
			"Its book is not held here: what is on this beat is "
			"not shown.")
			->ink = INK_ALERT;
	held_books_release(&books);
}

void
beat_rows(struct view *v)
{
	struct record_view *rv = v->state;
	const struct kind *beat = rv->rec->kind;

	add_not_held(v);
	for (size_t i = 0; i < OWN_SECTIONS; i++)
		own_sections[i].add(v);
	for (size_t i = 0; i < beat->section_count; i++)
		if (!is_own(beat->sections[i]))
			record_section(v, i, BEAT_ROWS_MAX);
}
