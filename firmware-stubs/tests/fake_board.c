#include "fake_board.h"

#include <math.h>

fake_board board = { 1000000, 0, -1, 0, true, false, { 0, 0 }, false };

uint64_t ah_board_microseconds(void)
{
    return board.now_us;
}

uint32_t ah_board_milliseconds(void)
{
    return (uint32_t)(board.now_us / 1000);
}

void ah_board_set_drive(int32_t millionths)
{
    if (board.drive != 0 && millionths == 0) {
        board.drive_off_at_ms = ah_board_milliseconds();
    }
    board.drive = millionths;
}

int32_t ah_board_measure_drive(void)
{
    return board.measured >= 0 ? board.measured : board.drive;
}

float ah_board_temperature(void)
{
    return NAN;
}

bool ah_board_load(ah_kept *kept)
{
    if (board.keeps && board.has_kept) {
        *kept = board.kept;
        return true;
    }
    return false;
}

void ah_board_store(const ah_kept *kept)
{
    board.kept = *kept;
    board.has_kept = true;
}

uint32_t ah_board_entropy(void)
{
    return 7;
}

bool ah_board_crashed(void)
{
    return board.crashed;
}
