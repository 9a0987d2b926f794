/* Safety of the device behind the link: life, fencing, watchdog, latched faults, drive limits. */
#include <math.h>

#include "bench.h"

static void life(void)
{
    board.has_kept = false;
    boot(AH_ARCHITECTURE_CROSSBAR);
    CHECK_EQUAL(AH_STATUS_NOT_ARMED, word(AH_OPCODE_PROGRAM_BEGIN, 0));
    CHECK_EQUAL(AH_STATUS_EPOCH_UNKNOWN, order(AH_OPCODE_ARM, 5, NULL, 0));
    arm(5);
    ah_guard_tick(&device.guard, device.guard.fed_ms - 1); /* a tick that was missed and is made up after a command */
    CHECK_EQUAL(AH_STATE_ARMED, device.guard.state);
    CHECK_EQUAL(AH_STATUS_UNKNOWN_OPCODE, order(999, 5, NULL, 0));
    CHECK_EQUAL(AH_STATUS_BAD_LENGTH, order(AH_OPCODE_COMMIT, 5, NULL, 0));
    CHECK_EQUAL(AH_STATUS_EPOCH_UNKNOWN, order(AH_OPCODE_KEEP_ALIVE, 6, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ARM, 6, NULL, 0));
    CHECK_EQUAL(AH_STATUS_FENCED, order(AH_OPCODE_ARM, 5, NULL, 0));
    CHECK_EQUAL(AH_STATE_ARMED, device.guard.state);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ESTABLISH_EPOCH, 9, NULL, 0));
    CHECK_EQUAL(AH_STATE_SAFE, device.guard.state); /* a new owner */
}

static void fencing(void)
{
    static const uint16_t driving[] = {
        AH_OPCODE_KEEP_ALIVE, AH_OPCODE_ESTABLISH_EPOCH, AH_OPCODE_ARM, AH_OPCODE_SET_DRIVE, AH_OPCODE_SET_TRUTH, AH_OPCODE_REBOOT, AH_OPCODE_PROGRAM_BEGIN,
        AH_OPCODE_PROGRAM_OPEN, AH_OPCODE_PROGRAM_END, AH_OPCODE_STAGE_BEGIN, AH_OPCODE_STAGE_END, AH_OPCODE_COMMIT, AH_OPCODE_ROLL_BACK,
        AH_OPCODE_EXECUTE_OPEN, AH_OPCODE_EXECUTE_RUN, AH_OPCODE_EXECUTE_OUTPUTS,
    };
    static const uint16_t size[] = {
        0, 0, 0, AH_SET_DRIVE_SIZE, AH_SET_TRUTH_SIZE, 0, 4, 0, 4, 4, 32, 32, 0, AH_EXECUTE_OPEN_SIZE, 0, AH_EXECUTE_OUTPUTS_SIZE,
    };
    static const uint8_t zeros[64] = { 0 };
    unsigned long long random = 11;
    unsigned refused = 0;
    board.has_kept = false;
    boot(AH_ARCHITECTURE_CROSSBAR);
    arm(1000000);
    for (unsigned i = 0; i < 1000; i++) {
        unsigned which = i % (sizeof driving / sizeof driving[0]);
        int64_t epoch = i % 7 == 0 ? 999999 : i % 7 == 1 ? INT64_MIN : (int64_t)(test_random(&random) % 1000000);
        refused += order(driving[which], epoch, zeros, size[which]) == AH_STATUS_FENCED;
    }
    CHECK_EQUAL(1000, refused);
    CHECK_EQUAL(1000, device.guard.fenced);
    CHECK_EQUAL(AH_STATE_ARMED, device.guard.state);
    tick(AH_WATCHDOG_MS); /* and not one of them fed the watchdog */
    CHECK_EQUAL(AH_STATE_FAULTED, device.guard.state);
    CHECK_EQUAL(AH_STATUS_FENCED, word(AH_OPCODE_PROGRAM_BEGIN, 0)); /* faulted or not: its sender has lost the device */
    CHECK_EQUAL(AH_STATUS_FENCED, order(AH_OPCODE_CLEAR_FAULT, 999999, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_CLEAR_FAULT, 1000000, NULL, 0));
    CHECK_EQUAL(AH_STATE_SAFE, device.guard.state);
    CHECK_EQUAL(AH_STATUS_FENCED, word(AH_OPCODE_PROGRAM_BEGIN, 0));
    arm(1000000);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SAFE, -5, NULL, 0));
    CHECK_EQUAL(AH_STATE_SAFE, device.guard.state);
    printf("fencing: 1000 of 1000 commands of older epochs refused; safe taken from an older one\n");

    boot(AH_ARCHITECTURE_CROSSBAR);
    CHECK_EQUAL(AH_STATUS_EPOCH_UNKNOWN, order(AH_OPCODE_ARM, 1000000, NULL, 0));
    CHECK_EQUAL(AH_STATUS_FENCED, order(AH_OPCODE_ESTABLISH_EPOCH, 999999, NULL, 0)); /* the board kept the highest */
    CHECK_EQUAL(AH_STATUS_FENCED, order(AH_OPCODE_ARM, 999999, NULL, 0));
    CHECK_EQUAL(AH_STATE_SAFE, device.guard.state);
    arm(1000000);
}

static void cuts(void)
{
    unsigned long long random = 13;
    unsigned longest = 0;
    fresh(AH_ARCHITECTURE_CROSSBAR);
    program(32, 32, 1, 0.01f);
    repeat(AH_MODE_READ_AND_AVERAGE, 256);
    for (unsigned i = 0; i < 1000; i++) {
        unsigned alive = (unsigned)(test_random(&random) % 400);
        uint32_t last;
        uint32_t took;
        arm(1);
        if (i % 2 == 0) {
            begin_run(64, 0.25f); /* cut in the middle of an execution, which must not keep the drive on */
        }
        last = device.guard.fed_ms;
        while (alive-- > 0) {
            tick(1);
            if (test_random(&random) % 100 == 0) {
                CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_KEEP_ALIVE, 1, NULL, 0));
                last = ah_board_milliseconds();
            }
            if (device.guard.state != AH_STATE_ARMED) {
                break;
            }
        }
        while (device.guard.state == AH_STATE_ARMED) {
            tick(1);
            if (device.execution.run == AH_RUN_RUNNING && i % 4 == 0) {
                (void)ah_device_poll(&device);
                CHECK(order(AH_OPCODE_EXECUTE_RUN, 1, NULL, 0) != AH_STATUS_OK); /* a waiting command feeds nothing */
            }
            CHECK(ah_board_milliseconds() - last <= AH_WATCHDOG_MS + 10);
        }
        took = board.drive_off_at_ms - last;
        longest = took > longest ? took : longest;
        CHECK_EQUAL(0, board.drive);
        CHECK_EQUAL(AH_FAULT_WATCHDOG, device.guard.fault);
        (void)ah_device_poll(&device);
        CHECK(device.execution.run != AH_RUN_RUNNING);
        CHECK_EQUAL(AH_STATUS_FAULTED, order(AH_OPCODE_ARM, 1, NULL, 0));
        CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_CLEAR_FAULT, 1, NULL, 0));
    }
    printf("cuts: drive off in 1000 of 1000, at the latest %u ms after the last command (allowed %u)\n", longest, AH_WATCHDOG_MS + 10);
}

/* Whatever makes a device safe (who leaves, whose lease ends, who only looks) leaves the fault for who clears it under the epoch in force. */
static void stays_latched(uint8_t fault)
{
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SAFE, 1, NULL, 0));
    device.link.options.on_safe(&device);           /* a safe frame */
    device.server.handler.session_changed(&device); /* another host */
    CHECK_EQUAL(AH_STATE_FAULTED, device.guard.state);
    CHECK_EQUAL(fault, device.guard.fault);
    CHECK_EQUAL(0, board.drive);
    CHECK_EQUAL(AH_STATUS_FAULTED, order(AH_OPCODE_ARM, 1, NULL, 0));
    CHECK_EQUAL(AH_STATUS_FENCED, order(AH_OPCODE_CLEAR_FAULT, 0, NULL, 0));
    CHECK_EQUAL(fault, device.guard.fault);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_CLEAR_FAULT, 1, NULL, 0));
    CHECK_EQUAL(AH_FAULT_NONE, device.guard.fault);
    arm(1);
}

static void drive(void)
{
    uint8_t body[AH_SET_DRIVE_SIZE];
    fresh(AH_ARCHITECTURE_CROSSBAR);
    ah_put_f32(body, 1.5f);
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_SET_DRIVE, 1, body, sizeof body));
    ah_put_f32(body, NAN);
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_SET_DRIVE, 1, body, sizeof body));
    ah_put_f32(body, 0.2f);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SET_DRIVE, 1, body, sizeof body));
    tick(1);
    CHECK_EQUAL(AH_DRIVE_NOMINAL - AH_DRIVE_SLEW_PER_MS, board.drive);
    tick(3);
    CHECK_EQUAL(200000, board.drive);
    board.measured = AH_DRIVE_HIGHEST + AH_DRIVE_TOLERANCE + 1;
    tick(1);
    CHECK_EQUAL(AH_FAULT_DRIVE_LIMIT, device.guard.fault);
    CHECK_EQUAL(0, board.drive);
    CHECK_EQUAL(AH_STATUS_FAULTED, order(AH_OPCODE_CLEAR_FAULT, 1, NULL, 0)); /* its cause lasts */
    board.measured = -1;
    tick(1);
    stays_latched(AH_FAULT_DRIVE_LIMIT); /* although it is over */
    board.crashed = true;
    boot(AH_ARCHITECTURE_CROSSBAR);
    board.crashed = false;
    CHECK_EQUAL(AH_STATUS_EPOCH_UNKNOWN, order(AH_OPCODE_CLEAR_FAULT, 1, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ESTABLISH_EPOCH, 1, NULL, 0));
    stays_latched(AH_FAULT_PROCESSOR);
}

static void safe_in_the_middle(void)
{
    fresh(AH_ARCHITECTURE_CROSSBAR);
    program(64, 64, 1, 0.01f);
    begin_run(64, 0.1f);
    (void)ah_device_poll(&device);
    CHECK_EQUAL(AH_RUN_RUNNING, device.execution.run);
    CHECK_EQUAL(AH_HANDLER_WAIT, order(AH_OPCODE_ROLL_BACK, 1, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SAFE, 0, NULL, 0));
    CHECK_EQUAL(0, board.drive);
    (void)ah_device_poll(&device);
    CHECK_EQUAL(AH_RUN_NONE, device.execution.run);
}

int main(void)
{
    life();
    fencing();
    cuts();
    drive();
    safe_in_the_middle();
    return 0;
}
