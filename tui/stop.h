/* stop.h - being told to end, for programs that wait in a poll. */
#ifndef TUI_STOP_H
#define TUI_STOP_H

/*
 * Hold SIGINT, SIGTERM and SIGHUP back. Returns a descriptor that polls
 * readable when one of them came, the caller's to close; -1: there is none
 * left.
 */
int stop_signals(void);
/* Which came: its number; 0: none did. Does not wait. */
int stop_signal(int fd);

#endif
