/* news_view.h - all that others changed and that was not looked at since. */
#ifndef TUI_NEWS_VIEW_H
#define TUI_NEWS_VIEW_H

#include "common/news.h"
#include "tui/view.h"

void news_open(struct app *a);

/* Who changed it and what, in TODAY_WHAT_CELLS: "Chen: Stage"; added to `out`.
 * True: they replaced what one had set oneself, "Chen replaced your Goal", in
 * as many cells as that takes. */
bool news_put_what(struct app *a, const struct news *n, struct buf *out);

/* The person looked at the record. */
void news_looked(struct app *a, const char *kind, const char *id);
/* Are all of them seen? Asked before it is noted. */
void news_ask_seen(struct app *a);
#define NEWS_NONE "nothing was changed by others" /* why that is off */

#endif
