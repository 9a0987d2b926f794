#ifndef AH_POSIX_TERMINAL_H
#define AH_POSIX_TERMINAL_H

/* Opens a pty, prints where its other end is, and makes a symbolic link to it unless that is NULL. Ends the program where it cannot. */
int ah_terminal_open_pty(const char *link_path);

/* Pulls the cable of the pty and plugs it in again: the host hangs up, the device goes on behind a new one, which is returned. */
int ah_terminal_replug(int fd, const char *link_path);

/* Opens a terminal that is there, raw. */
int ah_terminal_open(const char *path);

/* Ends the program with what failed and why. */
void ah_terminal_fail(const char *what);

#endif
