/* The clock of a device that is a process: stopped for any time at any moment, its timers stay one time that never goes back. */
#include "ah_schema.h"
#include "check.h"
#include "process_clock.h"

static void one_time(unsigned long long seed)
{
    enum { READINGS = 200000 };
    ah_process_clock clock = { 0 };
    uint64_t machine = 1000000000u + test_random(&seed) % 1000000u;
    uint64_t running = 0;
    uint64_t before = 0;
    uint32_t expected_tick = 0;
    CHECK_EQUAL(0, ah_process_clock_read(&clock, machine));
    for (unsigned i = 0; i < READINGS; i++) {
        /* Mostly microseconds apart, sometimes preempted, sometimes stopped for seconds; a clock may also show the same twice. */
        uint64_t kind = test_random(&seed) % 100;
        uint64_t gap = test_random(&seed) % (kind < 90 ? 50u : kind < 97 ? 15000u : kind < 99 ? 60000u : 5000000u);
        uint64_t now;
        machine += gap;
        running += gap > AH_LONGEST_GAP_US ? AH_LONGEST_GAP_US : gap;
        now = ah_process_clock_read(&clock, machine);
        CHECK(now >= before && now - before <= AH_LONGEST_GAP_US);
        CHECK_EQUAL(running, now);
        before = now;
        if (test_random(&seed) % 3 == 0) {
            /* Late, but every tick once and in order, up to the time that the other timer shows. */
            while (ah_process_clock_tick(&clock)) {
                CHECK_EQUAL(++expected_tick, clock.ticked_ms);
            }
            CHECK_EQUAL(now / 1000u, clock.ticked_ms);
        }
    }
}

/* A watchdog that counts ticks from a tick trips no earlier and no later by the microseconds than by the milliseconds. */
static void watchdog_by_both(unsigned long long seed)
{
    enum { CUTS = 2000 };
    ah_process_clock clock = { 0 };
    uint64_t machine = 5;
    for (unsigned cut = 0; cut < CUTS; cut++) {
        uint64_t fed_us;
        uint64_t tripped_us;
        uint32_t fed_ms;
        machine += test_random(&seed) % 3000000u;
        fed_us = ah_process_clock_read(&clock, machine);
        while (ah_process_clock_tick(&clock)) {
        }
        fed_ms = clock.ticked_ms;
        do {
            machine += test_random(&seed) % (test_random(&seed) % 10 == 0 ? 900000u : 12000u);
            tripped_us = ah_process_clock_read(&clock, machine);
            while (clock.ticked_ms - fed_ms < AH_WATCHDOG_MS && ah_process_clock_tick(&clock)) {
            }
        } while (clock.ticked_ms - fed_ms < AH_WATCHDOG_MS);
        CHECK(tripped_us - fed_us + 1000u > AH_WATCHDOG_MS * 1000u);
        CHECK(tripped_us - fed_us <= AH_WATCHDOG_MS * 1000u + AH_LONGEST_GAP_US);
    }
}

int main(void)
{
    for (unsigned long long seed = 1; seed <= 20; seed++) {
        one_time(seed);
        watchdog_by_both(seed);
    }
    printf("process clock: 4,000,000 readings, 40,000 cuts over pauses of up to 5 s\n");
    return 0;
}
