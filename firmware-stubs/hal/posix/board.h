#ifndef AH_POSIX_BOARD_H
#define AH_POSIX_BOARD_H

#include <stdbool.h>

/* Where the highest fencing epoch outlives the process; NULL: nowhere. */
void ah_posix_keep_in(const char *path);

/* Takes the next millisecond that is due; its time is ah_board_milliseconds(). */
bool ah_posix_tick(void);

/* The next start is one after a processor exception. */
void ah_posix_crash(void);

/* Turns a broken sensor of the drive on or off: it shows one and a half times the nominal drive, whatever is set. */
void ah_posix_turn_sensor(void);

#endif
