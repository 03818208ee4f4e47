/* paint.h - a canvas onto the terminal. The only file that adds cells there. */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/canvas.h"

void paint_colours(const struct look *l); /* once, when curses has begun */
/* What is there already costs nothing: only cells that differ are sent, all
 * at once. */
void paint(struct canvas *c);

#endif
