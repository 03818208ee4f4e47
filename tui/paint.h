/* paint.h - a canvas onto the terminal. The only file that adds cells there. */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/canvas.h"

/* Once, when curses has begun; a terminal without colours has its look say
 * so. */
void paint_colours(struct look *l);
/* What is there already costs nothing: only cells that differ are sent, all
 * at once. */
void paint(struct canvas *c);

#endif
