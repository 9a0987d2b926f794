#ifndef FAKE_BOARD_H
#define FAKE_BOARD_H

#include "ah_board.h"

/* A board in virtual time. */
typedef struct {
    uint64_t now_us;
    int32_t drive;
    int32_t measured; /* -1: what was set */
    uint32_t drive_off_at_ms;
    bool keeps; /* whether the epoch outlives a reboot */
    bool has_kept;
    ah_kept kept;
    bool crashed;
} fake_board;

extern fake_board board;

#endif
