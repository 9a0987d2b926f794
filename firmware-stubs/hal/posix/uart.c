/* A UART on a terminal, with the rate of a real line where one is given. */
#define _XOPEN_SOURCE 700

#include "uart.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#include "terminal.h"

/* What a UART takes in before it tells the processor. */
#define FIFO_BYTES 32

bool ah_uart_read(int fd, ah_uart *u, ah_device *device)
{
    uint8_t bytes[4096];
    uint64_t now = ah_board_microseconds();
    size_t most = sizeof bytes;
    ssize_t got;
    if (u->microseconds_per_byte > 0) {
        int waiting = 0;
        double arrived;
        if (ioctl(fd, FIONREAD, &waiting) != 0 || waiting <= 0) {
            u->receiving = false;
            return false;
        }
        if (!u->receiving) {
            u->receiving = true;
            u->read_at = (double)now;
        }
        arrived = ((double)now - u->read_at) / u->microseconds_per_byte;
        if (arrived < waiting && arrived < FIFO_BYTES) {
            u->read_free_at = (uint64_t)(u->read_at + (waiting < FIFO_BYTES ? waiting : FIFO_BYTES) * u->microseconds_per_byte) + 1u;
            return false;
        }
        most = arrived < sizeof bytes ? (size_t)arrived : sizeof bytes;
    }
    got = read(fd, bytes, most);
    if (got <= 0) {
        if (got < 0 && errno != EAGAIN && errno != EINTR) {
            ah_terminal_fail("the line is gone");
        }
        return false;
    }
    u->read_at += (double)got * u->microseconds_per_byte;
    ah_device_receive(device, bytes, (size_t)got);
    return true;
}

bool ah_uart_write(int fd, ah_uart *u, ah_device *device)
{
    uint64_t now = ah_board_microseconds();
    ssize_t put;
    if (u->count == 0) {
        u->count = ah_device_transmit(device, u->bytes);
        u->written = 0;
        if (u->count == 0) {
            return false;
        }
        u->write_done_at = (now - u->write_done_at > 500 ? now : u->write_done_at) + (uint64_t)((double)u->count * u->microseconds_per_byte);
    }
    if (u->microseconds_per_byte > 0 && now < u->write_done_at) {
        return false;
    }
    put = write(fd, u->bytes + u->written, u->count - u->written);
    if (put < 0 && errno != EAGAIN && errno != EINTR) {
        ah_terminal_fail("the line is gone");
    }
    u->written += put > 0 ? (size_t)put : 0;
    if (u->written == u->count) {
        u->count = 0;
    }
    return put > 0;
}

void ah_uart_wait(int fd, const ah_uart *u, uint32_t microseconds)
{
    struct timeval limit;
    fd_set readable;
    fd_set writable;
    uint64_t now = ah_board_microseconds();
    bool paced_read = u->receiving && u->read_free_at > now;
    bool paced_write = u->count > 0 && u->microseconds_per_byte > 0 && u->write_done_at > now;
    if (paced_read && u->read_free_at - now < microseconds) {
        microseconds = (uint32_t)(u->read_free_at - now);
    }
    if (paced_write && u->write_done_at - now < microseconds) {
        microseconds = (uint32_t)(u->write_done_at - now);
    }
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    if (!paced_read) {
        FD_SET(fd, &readable);
    }
    if (u->count > 0 && !paced_write) {
        FD_SET(fd, &writable);
    }
    limit.tv_sec = microseconds / 1000000;
    limit.tv_usec = microseconds % 1000000;
    (void)select(fd + 1, &readable, &writable, NULL, &limit);
}
