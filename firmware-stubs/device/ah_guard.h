#ifndef AH_GUARD_H
#define AH_GUARD_H

#include "ah_schema.h"
#include "ah_board.h"

/*
 * Safety of the device, independent of link and commands: state, watchdog, drive limits and ramp, latched faults, fencing.
 * ah_guard_tick belongs into a timer interrupt of 1 kHz where there is one; it shares only single words with the rest.
 */
typedef struct {
    volatile uint8_t state;     /* AH_STATE_* */
    volatile uint8_t fault;     /* AH_FAULT_*, latched */
    volatile uint32_t fed_ms;
    volatile uint32_t fault_at_ms;
    volatile uint32_t watchdog_trips;
    volatile int32_t drive;     /* set now, millionths */
    volatile int32_t target;    /* set point */
    uint32_t watchdog_ms;       /* AH_WATCHDOG_MS, unless the board says otherwise after ah_guard_init */
    bool epoch_established;     /* told by a host since boot */
    int64_t epoch;              /* highest seen, kept over a reboot where the board can */
    uint32_t fenced;
    ah_kept kept;
} ah_guard;

void ah_guard_init(ah_guard *guard);
void ah_guard_tick(ah_guard *guard, uint32_t now_ms);

/* AH_STATUS_OK, fenced or epoch_unknown for a command that needs the epoch in force. Feeds the watchdog when it is. */
uint16_t ah_guard_check_epoch(ah_guard *guard, int64_t epoch, uint32_t now_ms);

/* Tells the journal's epoch; a newer one makes an armed device safe: it has a new owner. */
uint16_t ah_guard_establish(ah_guard *guard, int64_t epoch);

/* Arms, and raises the epoch if this one is newer. */
uint16_t ah_guard_arm(ah_guard *guard, int64_t epoch, uint32_t now_ms);

/* Drive off; a latched fault stays. */
void ah_guard_safe(ah_guard *guard);

/* Forgets a latched fault; AH_STATUS_FAULTED while its cause lasts. */
uint16_t ah_guard_clear(ah_guard *guard);
void ah_guard_latch(ah_guard *guard, uint8_t fault, uint32_t now_ms);

/* False outside the limits. */
bool ah_guard_set_target(ah_guard *guard, int32_t millionths);

/* Whether the drive has reached its set point. */
bool ah_guard_settled(const ah_guard *guard);

#endif
