/*
 * view.h - screens as tables of operations, their stack, and what they share.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdint.h>

#include "common/outbox.h"
#include "common/replica.h"
#include "tui/canvas.h"
#include "tui/keymap.h"
#include "tui/prompt.h"
#include "tui/settings.h"

struct view;

/* A screen. Operations that a screen has no use for are NULL. */
struct view_ops {
	const char *name; /* for the help's title */
	enum context context;
	size_t state_size;
	const enum action *hints; /* for row 24; ends with ACT_NONE */
	/* An action's word there; NULL: left out. None: its short word. */
	const char *(*hint)(struct view *v, enum action a);
	void (*title)(struct view *v, struct buf *left, struct buf *right);
	/* Rows first to first + count - 1. */
	void (*draw)(struct view *v, struct canvas *c, int first, int count);
	/* False: not this screen's; the application tries. */
	bool (*act)(struct view *v, enum action a, const char *arg);
	/* Letters that were typed or pasted, clean UTF-8. */
	void (*type)(struct view *v, const char *text, size_t len);
	/* Why it cannot be done now; NULL: it can. May lie in `why`. */
	const char *(*why_off)(struct view *v, enum action a, struct why *why);
	void (*reload)(struct view *v);	  /* something in the replica changed */
	void (*from_top)(struct view *v); /* one comes anew, not back to it */
	/* Write what was typed as a draft. False: it is said why not. */
	bool (*keep)(struct view *v);
	/* What to ask before it goes; NULL: it may go at once. */
	const char *(*leave)(struct view *v);
	/* The record it is about or has chosen; false: none. */
	bool (*subject)(struct view *v, const char **kind, const char **id);
	/* The one that an action is about, where that is another: the chosen
	 * row's, if it is what the action is for. False: it is the subject. */
	bool (*meant)(struct view *v, enum action a, const char **kind,
		const char **id);
	/* All its rows as CSV; a screen without it is exported as text. */
	enum status (*table)(struct view *v, struct buf *out, struct why *why);
	/* Choose the next row, for screens above it. False: no more. */
	bool (*step)(struct view *v, int by);
	void (*close)(struct view *v);
	/* Gone through, as a form or a choice: no place to come back to. */
	bool passing;
};

struct app;
struct view {
	const struct view_ops *ops;
	struct app *app;
	unsigned nth; /* of all that were pushed, from 1 */
	bool came;    /* while it was seen, what others did: reload */
	char *gone;   /* what was chosen until it went that way, or NULL */
	void *state;
};

/* lock.h: the content is hidden. */
struct lock {
	bool on;
	bool pasting;	  /* a paste goes by, as one key */
	int64_t after_ms; /* without a key; 0 never */
	int64_t key_at;	  /* boot ms */
	int64_t since;	  /* hub time, ms */
};

/* The whole of the screens. */
struct app {
	struct replica *replica;
	struct look look;
	struct keymap *keymap;
	struct settings settings; /* which the keymap and the look are of */
	struct view **views;	  /* the last is on the screen */
	size_t count, cap;
	unsigned pushed;     /* views so far */
	bool drawn;	     /* the top one was, since it is on top */
	struct view **ahead; /* places left by going back, the next one last */
	size_t ahead_count, ahead_cap;
	struct canvas canvas;
	struct prompt prompt;
	struct chord pending; /* keys of a chord not yet complete */
	bool pasting;
	struct buf paste;
	struct buf notice; /* the message row */
	enum ink notice_ink;
	bool notice_unsent; /* it says that something is not sent yet */
	bool notice_synced; /* it says that the hub answered */
	char *asked;	    /* name of what the question is about */
	struct edit_id asked_newest; /* on it, when it was asked */
	int64_t version; /* of the replica, when the views were last read */
	struct outbox_counts counts; /* as of counts_version */
	int64_t counts_version;
	int64_t last_sync;  /* hub time, ms, and our access: */
	enum access access; /* as of known_version */
	int64_t known_version;
	char *own_beat; /* as of beat_version; NULL before the first look */
	int64_t beat_version;
	int64_t typed_at; /* boot ms of the last change to a form; 0 none */
	bool sync_soon;	  /* something was saved */
	unsigned undone;  /* saves so far */
	bool leaving;
	bool restricted; /* nothing of the machine is in reach */
	bool suspend;	 /* was asked for */
	struct lock lock;
	/* What is left when no screen takes an action, and why it is off. */
	bool (*act)(struct app *a, enum action act, const char *arg);
	const char *(*why_off)(
		struct view *v, enum action act, struct why *why);
	void *loop; /* theirs: the struct syncing */
};

void app_release(struct app *a); /* closes all views */

/* A new view on top, its state zeroed. */
struct view *app_push(struct app *a, const struct view_ops *ops);
void app_pop(struct app *a);
/* Asks first where a view wants that; from the first one it goes nowhere. */
void app_back(struct app *a);
void app_forward(struct app *a); /* to the place that was left by it */
void app_home(struct app *a);	 /* back to the first screen, the same way */
struct view *app_top(const struct app *a);
struct view *app_below(const struct app *a); /* under the top; or NULL */

void app_say(struct app *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Put letters into a line; where they do not fit, it is said. */
void app_type(struct app *a, struct text *line, const char *text, size_t len);
/* Say why it went wrong; true when it did. */
bool app_failed(struct app *a, enum status st, const struct why *why);
/* The file may have been given another number than *number, which a screen
 * was opened under, and its record another id: both follow. */
void app_follow(struct app *a, uint32_t *number, const char *kind, char **id);
int64_t app_now(const struct app *a);	 /* best guess of hub time, ms */
int64_t app_boot(const struct app *a);	 /* counts on, never set, ms */
const char *app_me(const struct app *a); /* badge */

/* What is unsent, held, in conflict; counted anew when something changed. */
const struct outbox_counts *app_counts(struct app *a);

/* When the hub answered last, hub time, ms; 0 never. And what we may do. Read
 * anew when something changed. */
int64_t app_last_sync(struct app *a);
enum access app_access(struct app *a);

/* The beat whose book this member holds of right; "" where it is none, or one
 * of several. Borrowed until the next call. */
const char *app_own_beat(struct app *a);

/* A change of our own was saved: a sync follows soon, and `said` is shown
 * until the change was sent. */
void app_saved(struct app *a, const char *said);
/* The hub answered; what is said goes when it is out of reach again. */
void app_synced(struct app *a, const char *said);
/* A sync went well: what was said about unsent changes may be over. */
void app_sent(struct app *a);
/* Read again what is on the screens, if the replica changed; by others. */
bool app_refresh(struct app *a);
/* The same where we changed it ourselves: what goes by that is no surprise. */
bool app_changed(struct app *a);
/* A view's rows were made anew; what was chosen goes on, or is gone and was
 * the record `gone`. Where others did that, the next action that would write
 * is not one on the row that is chosen instead: that is said. */
void view_followed(struct view *v, const char *gone);
/* Every view its draft. False: one could not be kept, and it is said why; the
 * next pause tries again. */
bool app_keep(struct app *a);
/* The same before what was typed leaves the screen: then it stays there. */
bool app_may_leave(struct app *a);

void app_act(struct app *a, enum action act, const char *arg);
/* The record that an action on a screen is about; false: none. */
bool view_meant(
	struct view *v, enum action a, const char **kind, const char **id);
/* Why an action is off on a screen; NULL: usable. */
const char *view_why_off(struct view *v, enum action act, struct why *why);
enum context app_context(const struct app *a);

#endif
