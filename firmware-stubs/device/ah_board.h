#ifndef AH_BOARD_H
#define AH_BOARD_H

#include <stdbool.h>
#include <stdint.h>

/* What the device code needs from its board; everything that a port to other hardware has to write, beside its UART loop. */

/* What outlives a reboot, where the board can keep it. */
typedef struct {
    uint32_t boots;
    int64_t epoch; /* highest fencing epoch seen; INT64_MIN for none */
} ah_kept;

uint64_t ah_board_microseconds(void);
uint32_t ah_board_milliseconds(void);

/* Sets the drive, millionths of nominal; 0 is off and must act at once. Called from the timer interrupt too. */
void ah_board_set_drive(int32_t millionths);

/* Drive as measured; a board without a sensor returns what was set. */
int32_t ah_board_measure_drive(void);

/* Degrees Celsius; NaN without a sensor. */
float ah_board_temperature(void);

/* False when nothing was kept: the defaults stay. */
bool ah_board_load(ah_kept *kept);
void ah_board_store(const ah_kept *kept);

/* Whatever differs between two boots; the boot id also mixes in kept.boots and the first host's session. */
uint32_t ah_board_entropy(void);

/* Whether the last reboot came from a processor exception. */
bool ah_board_crashed(void);

#endif
