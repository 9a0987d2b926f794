#ifndef AH_PROCESS_CLOCK_H
#define AH_PROCESS_CLOCK_H

#include <stdint.h>

/* Longest time that may pass between two readings; more means that the process was stopped. */
#define AH_LONGEST_GAP_US 20000u

/*
 * The one clock of a device that is a process. A process can be stopped for longer than any watchdog while what its host said waits in the pty; of such a
 * pause only the longest gap is time of the device, as a stopped emulator's is none. Microseconds and milliseconds are the same time, from 0 at the first
 * reading: the milliseconds follow tick by tick, each once, so that a timer that makes up for lost ticks sees every one of them.
 */
typedef struct {
    uint64_t machine_us; /* the machine's clock at the last reading */
    uint64_t device_us;
    uint32_t ticked_ms;
    int started;
} ah_process_clock;

/* Microseconds of the device when the machine's clock shows `machine_us`. Never goes back. */
uint64_t ah_process_clock_read(ah_process_clock *clock, uint64_t machine_us);

/* Takes the next tick that is due at the last reading: 1, and `ticked_ms` is its time; 0 when there is none. */
int ah_process_clock_tick(ah_process_clock *clock);

#endif
