#include "process_clock.h"

uint64_t ah_process_clock_read(ah_process_clock *clock, uint64_t machine_us)
{
    if (clock->started && machine_us > clock->machine_us) {
        uint64_t gap = machine_us - clock->machine_us;
        clock->device_us += gap > AH_LONGEST_GAP_US ? AH_LONGEST_GAP_US : gap;
    }
    if (!clock->started || machine_us > clock->machine_us) {
        clock->machine_us = machine_us;
    }
    clock->started = 1;
    return clock->device_us;
}

int ah_process_clock_tick(ah_process_clock *clock)
{
    if (clock->ticked_ms == (uint32_t)(clock->device_us / 1000u)) {
        return 0;
    }
    clock->ticked_ms++;
    return 1;
}
