/* today_news.h - what others did meanwhile, for the first screen. */
#ifndef TUI_TODAY_NEWS_H
#define TUI_TODAY_NEWS_H

#include "tui/view.h"

/* Records that others changed and that were not looked at since; nothing where
 * there are none. */
void today_changed(struct view *v);
/* One's own edits that a supervisor declined, with the reason. */
void today_sent_back(struct view *v);

#endif
