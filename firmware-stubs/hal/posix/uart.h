#ifndef AH_POSIX_UART_H
#define AH_POSIX_UART_H

#include "ah_device.h"

/*
 * A line of a given rate: a byte is on the line for its time and arrives at its end. What waits in the pty is on the line from when it was first seen there,
 * or from when the line was through with what came before: a process that is run too late finds in its FIFO what arrived meanwhile.
 */
typedef struct {
    double microseconds_per_byte; /* 0: as fast as it goes */
    bool receiving;
    double read_at;        /* when the line began with the first byte that waits */
    uint64_t read_free_at; /* when it will be through with so many that they are worth a look */
    uint64_t write_done_at;
    uint8_t bytes[AH_FRAME_WIRE_MAX];
    size_t count;
    size_t written;
} ah_uart;

/* Gives the device what has arrived; false when nothing has. */
bool ah_uart_read(int fd, ah_uart *u, ah_device *device);

/* Puts the device's next frame on the line when that is free; false when nothing was written. */
bool ah_uart_write(int fd, ah_uart *u, ah_device *device);

/* Sleeps until the line has work or the time is up. */
void ah_uart_wait(int fd, const ah_uart *u, uint32_t microseconds);

#endif
