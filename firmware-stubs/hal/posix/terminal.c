/* Terminals: a pty of its own, or one that is given. */
#define _XOPEN_SOURCE 700

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int other_end = -1;

void ah_terminal_fail(const char *what)
{
    fprintf(stderr, "analoghil-fw-posix: %s: %s\n", what, strerror(errno));
    exit(71);
}

static void make_raw(int fd)
{
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0) {
        ah_terminal_fail("no terminal");
    }
    settings.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON | IXOFF | INLCR | IGNCR | PARMRK);
    settings.c_oflag &= ~(tcflag_t)OPOST;
    settings.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    settings.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    settings.c_cflag |= CS8 | CREAD | CLOCAL;
    settings.c_cc[VMIN] = 0;
    settings.c_cc[VTIME] = 0;
    if (tcsetattr(fd, TCSANOW, &settings) != 0) {
        ah_terminal_fail("cannot make the terminal raw");
    }
}

static void make_non_blocking(int fd)
{
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        ah_terminal_fail("cannot make the line non-blocking");
    }
}

/* The other end is held open too, so that hosts may come and go. */
int ah_terminal_open_pty(const char *link_path)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    const char *path;
    if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 || (path = ptsname(fd)) == NULL) {
        ah_terminal_fail("cannot open a pty");
    }
    other_end = open(path, O_RDWR | O_NOCTTY);
    if (other_end < 0) {
        ah_terminal_fail(path);
    }
    make_raw(other_end);
    if (link_path != NULL) {
        unlink(link_path);
        if (symlink(path, link_path) != 0) {
            ah_terminal_fail(link_path);
        }
    }
    printf("%s\n", path);
    fflush(stdout);
    make_non_blocking(fd);
    return fd;
}

int ah_terminal_replug(int fd, const char *link_path)
{
    close(other_end);
    close(fd);
    return ah_terminal_open_pty(link_path);
}

int ah_terminal_open(const char *path)
{
    int fd = open(path, O_RDWR | O_NOCTTY);
    if (fd < 0) {
        ah_terminal_fail(path);
    }
    make_raw(fd);
    make_non_blocking(fd);
    return fd;
}
