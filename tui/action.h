/*
 * action.h - the one list of what a person can do on the screens. The enum,
 * names in keymap.conf, the palette and the help grow from it.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>

/* Where keys apply. Each context falls back to the next wider one. */
#define CONTEXTS(X)                   \
	X(ALL, "all", ALL)            \
	X(LIST, "list", ALL)          \
	X(TODAY, "today", LIST)       \
	X(NEWS, "news", LIST)         \
	X(RECORD, "record", ALL)      \
	X(HISTORY, "history", LIST)   \
	X(SYNC, "sync", LIST)         \
	X(CONFLICT, "conflict", LIST) \
	X(HELD, "held", LIST)         \
	X(TEXT, "text", ALL)          \
	X(SEARCH, "search", TEXT)     \
	X(FORM, "form", TEXT)

enum context {
#define X(id, name, wider) CTX_##id,
	CONTEXTS(X)
#undef X
		CONTEXT_COUNT
};

#define IN(id) (1u << CTX_##id)
#define IN_ROWS                                                     \
	(IN(LIST) | IN(TODAY) | IN(NEWS) | IN(HISTORY) | IN(SYNC) | \
		IN(CONFLICT) | IN(HELD))
#define IN_VIEWS (IN_ROWS | IN(RECORD))
#define IN_TYPING (IN(TEXT) | IN(SEARCH) | IN(FORM))
#define IN_ANY (IN_VIEWS | IN(ALL) | IN_TYPING)

/* X(id, name, contexts, short word for the hints, what it does). In the order
 * that help shows: what one does on a screen, what works anywhere, moves from
 * UP on, typing from LEFT on. */
#define ACTIONS(X)                                                             \
	X(OPEN, "open", IN_ANY, "open",                                        \
		"Open the chosen row, or KIND/ID, or ID")                      \
	X(NEW, "new", IN(LIST) | IN(RECORD) | IN(TODAY), "new here",           \
		"New here, or of a KIND, the commonest first")                 \
	X(NOTE, "note", IN_VIEWS | IN(SEARCH), "note",                         \
		"New note on the chosen record")                               \
	X(EDIT, "edit", IN(LIST) | IN(RECORD) | IN(CONFLICT), "edit",          \
		"Change the record, or write a third value")                   \
	X(FILTER, "filter", IN(LIST), "filter",                                \
		"Only rows that match: words, field:value, -field:value")      \
	X(SHOW_ALL, "show-all", IN(LIST), "all",                               \
		"All rows again: the list without your filter")                \
	X(ORDER, "order", IN(LIST), "order", "Order by the next column")       \
	X(VOIDED, "voided", IN(LIST), "void too",                              \
		"Show void records too, or leave them out again")              \
	X(STAGE_NEXT, "stage-next", IN(RECORD), "stage",                       \
		"Move the record, or the page's, a stage on")                  \
	X(DONE, "mark-done", IN(LIST) | IN(TODAY) | IN(NEWS) | IN(RECORD),     \
		"done", "Set the status to done today, or to answered")        \
	X(HISTORY, "history", IN_VIEWS | IN(SEARCH), "history",                \
		"Who set what and when on the chosen record")                  \
	X(PUT_BACK, "put-back", IN(HISTORY), "put back",                       \
		"Put the chosen older value in force again")                   \
	X(VOID, "void", IN(RECORD), "void",                                    \
		"Hide the record, with a reason; the log keeps it")            \
	X(UNVOID, "unvoid", IN(LIST) | IN(RECORD), "bring back",               \
		"Bring a void record back")                                    \
	X(UNDO, "undo", IN_VIEWS, "undo", "Undo the newest unsent save")       \
	X(SAVE, "save", IN(FORM), "save", "Save the form")                     \
	X(SEARCH_SAVE, "search-save", IN(SEARCH) | IN(LIST), "keep",           \
		"Keep this search or filter by a NAME")                        \
	X(SEEN, "mark-seen", IN(TODAY) | IN(NEWS), "seen",                     \
		"Mark all that others changed as seen")                        \
	X(RESUME, "resume", IN(TODAY), "resume", "Go on with the kept draft")  \
	X(DRAFT_DROP, "draft-drop", IN(TODAY) | IN(FORM), "drop draft",        \
		"Throw the kept draft away")                                   \
	X(DRAFT_ASIDE, "draft-aside", IN(FORM), "another",                     \
		"Put this draft by and begin another record of its kind")      \
	X(MINE, "mine", IN(CONFLICT), "mine",                                  \
		"Settle by your value; if none is, by that in force")          \
	X(THEIRS, "theirs", IN(CONFLICT), "theirs",                            \
		"Settle by the other value; of several, the chosen")           \
	X(ACCEPT, "accept", IN(HELD), "accept",                                \
		"Put the held values in force")                                \
	X(DECLINE, "decline", IN(HELD), "decline",                             \
		"Decline the held edit, with a reason its author sees")        \
	X(CONFLICTS, "conflicts", IN_VIEWS, "conflicts",                       \
		"Fields that people set without seeing each other's value")    \
	X(GO_TODAY, "go-today", IN_ANY, "today", "Open Today")                 \
	X(GO_PROJECTS, "go-projects", IN_ANY, "projects",                      \
		"List the open projects; there, all of them")                  \
	X(GO_BEATS, "go-beats", IN_ANY, "beat",                                \
		"Open your beat, or that of a CODE; there, list the beats")    \
	X(GO_SYNC, "go-sync", IN_ANY, "sync", "Open sync status")              \
	X(GO_HELD, "go-held", IN_ANY, "held",                                  \
		"Edits that were not applied for want of rights")              \
	X(GO_LISTS, "go-lists", IN_ANY, "lists",                               \
		"Choose a list, the commonest kinds first")                    \
	X(LIST, "list", IN_ANY, "list", "List a KIND, with a QUERY")           \
	X(SEARCH, "search", IN_ANY, "search", "Search all records for WORDS")  \
	X(SAVED, "saved", IN_ANY, "saved",                                     \
		"Saved and earlier searches, or that of a NAME")               \
	X(SEARCH_DROP, "search-drop", IN_ANY, "drop",                          \
		"Drop the saved search of a NAME")                             \
	X(SYNC_NOW, "sync-now", IN_ANY, "sync now", "Try the hub now")         \
	X(PALETTE, "palette", IN_ANY, "commands", "Run an action by name")     \
	X(HELP, "help", IN_ANY, "help", "The keys that work here")             \
	X(EXPORT, "export", IN_ANY, "export",                                  \
		"What is shown as a file: a list as CSV, else as text")        \
	X(LOCK, "lock", IN_ANY, "lock",                                        \
		"Hide what is shown until a key is pressed")                   \
	X(SUSPEND, "suspend", IN_ANY, "suspend", "Back to the shell for now")  \
	X(REPAINT, "repaint", IN_ANY, "repaint", "Draw the screen anew")       \
	X(BACK, "back", IN_ANY, "back", "Back to the screen before")           \
	X(FORWARD, "forward", IN_VIEWS | IN(SEARCH), "forward",                \
		"Forward to the screen one came back from")                    \
	X(CANCEL, "cancel", IN_ANY, "cancel",                                  \
		"Leave a question or prefix key")                              \
	X(QUIT, "quit", IN_ANY, "quit", "Leave Beatbook; drafts are kept")     \
	X(UP, "up", IN_ANY, "up", "One row up")                                \
	X(DOWN, "down", IN_ANY, "down", "One row down")                        \
	X(PAGE_UP, "page-up", IN_ANY, "page up", "One page up")                \
	X(PAGE_DOWN, "page-down", IN_ANY, "page down", "One page down")        \
	X(FIRST, "first", IN_VIEWS, "first", "To the first row")               \
	X(LAST, "last", IN_VIEWS, "last", "To the last row")                   \
	X(PANE_NEXT, "next-pane", IN_ANY, "next",                              \
		"Next section or field; while typing, complete it")            \
	X(PANE_PREV, "previous-pane", IN_ANY, "previous",                      \
		"Previous section or field")                                   \
	X(MATCH_NEXT, "next-match", IN(LIST) | IN(RECORD), "next match",       \
		"Next record of the list or search")                           \
	X(MATCH_PREV, "previous-match", IN(LIST) | IN(RECORD), "previous",     \
		"Previous record of the list or search")                       \
	X(LEFT, "left", IN_TYPING, "left", "One character left")               \
	X(RIGHT, "right", IN_TYPING, "right", "One character right")           \
	X(WORD_LEFT, "word-left", IN_TYPING, "word left", "One word left")     \
	X(WORD_RIGHT, "word-right", IN_TYPING, "word right", "One word right") \
	X(LINE_START, "line-start", IN_TYPING, "start",                        \
		"To the line's start, then the text's")                        \
	X(LINE_END, "line-end", IN_TYPING, "end",                              \
		"To the line's end, then the text's")                          \
	X(TEXT_START, "text-start", IN_TYPING, "text start",                   \
		"To the text's start")                                         \
	X(TEXT_END, "text-end", IN_TYPING, "text end", "To the text's end")    \
	X(RUB_LEFT, "rub-left", IN_TYPING, "rub",                              \
		"Delete the character before")                                 \
	X(RUB_RIGHT, "rub-right", IN_TYPING, "rub",                            \
		"Delete the character after")                                  \
	X(RUB_WORD, "rub-word", IN_TYPING, "rub", "Delete the word before")    \
	X(RUB_WORD_RIGHT, "rub-word-right", IN_TYPING, "rub",                  \
		"Delete the word after")                                       \
	X(RUB_LINE, "rub-line", IN_TYPING, "clear",                            \
		"Delete to the line's start")                                  \
	X(RUB_LINE_END, "rub-line-end", IN_TYPING, "clear",                    \
		"Delete to the line's end")                                    \
	X(TEXT_UNDO, "text-undo", IN_TYPING, "undo", "Undo what was typed")    \
	X(TEXT_REDO, "text-redo", IN_TYPING, "redo", "Do again what was undone")

enum action {
	ACT_NONE = -1,
#define X(id, name, contexts, brief, help) ACT_##id,
	ACTIONS(X)
#undef X
		ACTION_COUNT
};

const char *action_name(enum action a);
const char *action_brief(enum action a);
const char *action_help(enum action a);
enum action action_from_name(const char *name); /* ACT_NONE: unknown */
bool action_in(enum action a, enum context c);	/* has it a meaning there? */

const char *context_name(enum context c);
enum context context_from_name(const char *name); /* CONTEXT_COUNT: unknown */
enum context context_wider(enum context c);	  /* CTX_ALL is its own */
bool context_is_text(enum context c);		  /* letters are text there */

#endif
