#include "ah_guard.h"

#include "ah_config.h"

void ah_guard_init(ah_guard *guard)
{
    memset(guard, 0, sizeof *guard);
    guard->watchdog_ms = AH_WATCHDOG;
    guard->kept.epoch = INT64_MIN;
    (void)ah_board_load(&guard->kept);
    guard->kept.boots++;
    ah_board_store(&guard->kept);
    guard->epoch = guard->kept.epoch;
    guard->target = AH_DRIVE_NOMINAL;
    ah_board_set_drive(0);
    if (ah_board_crashed()) {
        ah_guard_latch(guard, AH_FAULT_PROCESSOR, 0);
    }
}

static void off(ah_guard *guard, uint8_t state)
{
    guard->state = state;
    guard->drive = 0;
    ah_board_set_drive(0);
}

void ah_guard_latch(ah_guard *guard, uint8_t fault, uint32_t now_ms)
{
    off(guard, AH_STATE_FAULTED);
    guard->fault = fault;
    guard->fault_at_ms = now_ms;
}

void ah_guard_tick(ah_guard *guard, uint32_t now_ms)
{
    int32_t measured;
    if (guard->state == AH_STATE_ARMED) {
        /* Signed: a timer that makes up missed ticks may be behind the moment of the last command. */
        if ((int32_t)(now_ms - guard->fed_ms) >= (int32_t)guard->watchdog_ms) {
            guard->watchdog_trips++;
            ah_guard_latch(guard, AH_FAULT_WATCHDOG, now_ms);
            return;
        }
        if (guard->drive != guard->target) {
            int32_t apart = guard->target - guard->drive;
            apart = apart > AH_DRIVE_SLEW_PER_MS ? AH_DRIVE_SLEW_PER_MS : apart < -AH_DRIVE_SLEW_PER_MS ? -AH_DRIVE_SLEW_PER_MS : apart;
            guard->drive += apart;
            ah_board_set_drive(guard->drive);
        }
    }
    measured = ah_board_measure_drive();
    if (guard->state != AH_STATE_FAULTED
        && (measured > AH_DRIVE_HIGHEST + AH_DRIVE_TOLERANCE || (guard->state == AH_STATE_SAFE && measured > AH_DRIVE_TOLERANCE))) {
        ah_guard_latch(guard, AH_FAULT_DRIVE_LIMIT, now_ms);
    }
}

uint16_t ah_guard_check_epoch(ah_guard *guard, int64_t epoch, uint32_t now_ms)
{
    if (epoch < guard->epoch) {
        guard->fenced++;
        return AH_STATUS_FENCED;
    }
    if (!guard->epoch_established || epoch > guard->epoch) {
        return AH_STATUS_EPOCH_UNKNOWN;
    }
    guard->fed_ms = now_ms;
    return AH_STATUS_OK;
}

static void raise_epoch(ah_guard *guard, int64_t epoch)
{
    if (epoch > guard->epoch) {
        guard->epoch = epoch;
        guard->kept.epoch = epoch;
        ah_board_store(&guard->kept);
    }
}

uint16_t ah_guard_establish(ah_guard *guard, int64_t epoch)
{
    if (epoch < guard->epoch) {
        guard->fenced++;
        return AH_STATUS_FENCED;
    }
    if (epoch > guard->epoch && guard->state == AH_STATE_ARMED) {
        ah_guard_safe(guard);
    }
    raise_epoch(guard, epoch);
    guard->epoch_established = true;
    return AH_STATUS_OK;
}

uint16_t ah_guard_arm(ah_guard *guard, int64_t epoch, uint32_t now_ms)
{
    if (epoch < guard->epoch) {
        guard->fenced++;
        return AH_STATUS_FENCED;
    }
    if (!guard->epoch_established) {
        return AH_STATUS_EPOCH_UNKNOWN;
    }
    if (guard->state == AH_STATE_FAULTED) {
        return AH_STATUS_FAULTED;
    }
    raise_epoch(guard, epoch);
    guard->fed_ms = now_ms;
    guard->state = AH_STATE_ARMED;
    return AH_STATUS_OK;
}

void ah_guard_safe(ah_guard *guard)
{
    off(guard, guard->state == AH_STATE_FAULTED ? AH_STATE_FAULTED : AH_STATE_SAFE);
}

uint16_t ah_guard_clear(ah_guard *guard)
{
    if (guard->state != AH_STATE_FAULTED) {
        return AH_STATUS_OK;
    }
    if (ah_board_measure_drive() > AH_DRIVE_TOLERANCE) {
        return AH_STATUS_FAULTED; /* a drive that is off and measured all the same */
    }
    guard->fault = AH_FAULT_NONE;
    guard->state = AH_STATE_SAFE;
    return AH_STATUS_OK;
}

bool ah_guard_set_target(ah_guard *guard, int32_t millionths)
{
    if (millionths < AH_DRIVE_LOWEST || millionths > AH_DRIVE_HIGHEST) {
        return false;
    }
    guard->target = millionths;
    return true;
}

bool ah_guard_settled(const ah_guard *guard)
{
    return guard->drive == guard->target;
}
