/* The device behind the link: safety, fencing, programs, settings, executions and their statistics. Commands are given to it directly. */
#include <math.h>

#include "ah_crc32c.h"
#include "ah_device.h"
#include "ah_sha256.h"
#include "check.h"
#include "fake_board.h"

static ah_device device;
static uint8_t reply[AH_MAX_PAYLOAD];
static uint16_t reply_length;
static uint32_t next_id = 1;

static void boot(uint8_t architecture)
{
    ah_truth truth = { 0 };
    truth.architecture = architecture;
    truth.value[AH_TRUTH_SEED] = 5;
    truth.value[AH_TRUTH_PHOTONS_PER_MAC] = 1;
    truth.value[AH_TRUTH_CHANNEL_POWER] = 1;
    ah_architecture_of(architecture)->defaults(&truth);
    ah_device_init(&device, &truth, "TEST-1");
}

static uint32_t order(uint16_t opcode, int64_t epoch, const void *body, uint16_t length)
{
    ah_command command = { 0 };
    uint32_t status;
    command.header.id = next_id++;
    command.header.opcode = opcode;
    command.header.epoch = epoch;
    command.body = body;
    command.length = length;
    command.reply = reply;
    command.reply_room = AH_MAX_PAYLOAD - AH_REPLY_HEADER_SIZE;
    status = ah_device_execute(&device, &command);
    reply_length = command.reply_length;
    return status;
}

static uint32_t word(uint16_t opcode, uint32_t value)
{
    uint8_t body[4];
    ah_put_u32(body, value);
    return order(opcode, 1, body, sizeof body);
}

static void tick(unsigned milliseconds)
{
    while (milliseconds-- > 0) {
        board.now_us += 1000;
        ah_guard_tick(&device.guard, ah_board_milliseconds());
    }
}

static void arm(int64_t epoch)
{
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ESTABLISH_EPOCH, epoch, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ARM, epoch, NULL, 0));
    tick(8); /* the ramp */
    CHECK(ah_guard_settled(&device.guard));
}

static void fresh(uint8_t architecture)
{
    board.has_kept = false;
    board.measured = -1;
    board.crashed = false;
    boot(architecture);
    arm(1);
}

static uint16_t block_body(uint8_t *body, int32_t block, uint16_t rows, uint16_t columns, uint16_t copies, const ah_placement *at)
{
    ah_program_block given = { 0 };
    given.block = block;
    given.rows = rows;
    given.columns = columns;
    given.copies = copies;
    ah_put_program_block(body, &given);
    for (uint16_t c = 0; c < copies; c++) {
        ah_put_placement(body + AH_PROGRAM_BLOCK_SIZE + c * AH_PLACEMENT_SIZE, &at[c]);
    }
    return (uint16_t)(AH_PROGRAM_BLOCK_SIZE + copies * AH_PLACEMENT_SIZE);
}

/* Programs one block with equal weights. */
static void program(uint16_t rows, uint16_t columns, uint16_t copies, float weight)
{
    static const ah_placement at[2] = { { 0, 0, 0, 0 }, { 1, 2, 3, 0 } };
    uint8_t body[AH_MAX_PAYLOAD];
    uint32_t crc = AH_CRC_STANDARD_SEED;
    uint32_t all = (uint32_t)rows * columns;
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_PROGRAM_BEGIN, 1));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 0, rows, columns, copies, at)));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_OPEN, 1, NULL, 0));
    for (uint32_t first = 0; first < all; first += 100) {
        ah_program_weights given = { 0, first };
        uint32_t count = all - first < 100 ? all - first : 100;
        ah_put_program_weights(body, &given);
        for (uint32_t i = 0; i < count; i++) {
            ah_put_f32(body + AH_PROGRAM_WEIGHTS_SIZE + 4 * i, weight);
        }
        crc = ah_crc32c_update(crc, body + AH_PROGRAM_WEIGHTS_SIZE, 4 * count);
        CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_WEIGHTS, 1, body, (uint16_t)(AH_PROGRAM_WEIGHTS_SIZE + 4 * count)));
    }
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_PROGRAM_END, ~crc));
}

/* Stages and commits K for block 0. */
static void repeat(uint8_t mode, uint16_t repeats)
{
    uint8_t body[AH_STAGE_REPEATS_SIZE + 2];
    uint8_t hash[32];
    uint8_t canonical[16];
    ah_stage_repeats given = { 0, mode, 0, 1, 0, 1 };
    ah_sha256 sha;
    ah_put_stage_repeats(body, &given);
    ah_put_u16(body + AH_STAGE_REPEATS_SIZE, repeats);
    ah_put_u32(canonical, 0);
    ah_put_u32(canonical + 4, mode);
    ah_put_u32(canonical + 8, 1);
    ah_put_u32(canonical + 12, repeats);
    ah_sha256_begin(&sha);
    ah_sha256_add(&sha, canonical, sizeof canonical);
    ah_sha256_end(&sha, hash);
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_STAGE_BEGIN, 1));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_STAGE_REPEATS, 1, body, sizeof body));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_STAGE_END, 1, hash, sizeof hash));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_COMMIT, 1, hash, sizeof hash));
}

static void begin_run(uint32_t vectors, float u)
{
    uint8_t body[AH_MAX_PAYLOAD];
    ah_execute_open open = { 0, vectors, AH_ENCODING_F32, 1, 0 };
    uint32_t all = vectors * device.program.table[device.program.live][0].rows;
    ah_put_execute_open(body, &open);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_EXECUTE_OPEN, 1, body, AH_EXECUTE_OPEN_SIZE));
    for (uint32_t first = 0; first < all; first += 100) {
        ah_execute_inputs given = { first, all - first < 100 ? all - first : 100 };
        ah_put_execute_inputs(body, &given);
        for (uint32_t i = 0; i < given.count; i++) {
            ah_put_f32(body + AH_EXECUTE_INPUTS_SIZE + 4 * i, u);
        }
        CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_EXECUTE_INPUTS, 1, body, (uint16_t)(AH_EXECUTE_INPUTS_SIZE + 4 * given.count)));
    }
    CHECK_EQUAL(AH_HANDLER_PENDING, order(AH_OPCODE_EXECUTE_RUN, 1, NULL, 0));
}

static void run(uint32_t vectors, float u)
{
    begin_run(vectors, u);
    while (device.execution.run == AH_RUN_RUNNING) {
        CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_KEEP_ALIVE, 1, NULL, 0));
        (void)ah_device_poll(&device);
    }
    CHECK_EQUAL(AH_RUN_DONE, device.execution.run);
}

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

static void programs(void)
{
    uint8_t body[AH_MAX_PAYLOAD];
    ah_placement at[2] = { { 0, 0, 0, 0 }, { 0, 3, 3, 0 } };
    fresh(AH_ARCHITECTURE_CROSSBAR);
    program(6, 4, 1, 0.5f);
    CHECK_EQUAL(AH_STATUS_FULL, word(AH_OPCODE_PROGRAM_BEGIN, AH_BLOCKS + 1));
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_PROGRAM_BEGIN, 2));
    CHECK_EQUAL(AH_STATUS_OVERLAP, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 7, 6, 4, 2, at))); /* its own copies */
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 7, 6, 4, 1, at)));
    CHECK_EQUAL(AH_STATUS_OVERLAP, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 7, 6, 4, 1, at)));
    CHECK_EQUAL(AH_STATUS_OVERLAP, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 8, 6, 4, 1, at + 1)));
    at[0].tile = AH_TILES;
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 8, 6, 4, 1, at)));
    at[0].tile = 0;
    at[0].row = AH_ROWS - 5;
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 8, 6, 4, 1, at)));
    CHECK_EQUAL(AH_STATUS_WRONG_ORDER, order(AH_OPCODE_PROGRAM_OPEN, 1, NULL, 0));
    run(1, 0.25f); /* all this left the old program alone */

    at[0].row = 0;
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_PROGRAM_BEGIN, 1));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_BLOCK, 1, body, block_body(body, 7, 1, 1, 1, at)));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_PROGRAM_OPEN, 1, NULL, 0));
    {
        ah_program_weights given = { 7, 0 };
        ah_put_program_weights(body, &given);
        ah_put_f32(body + AH_PROGRAM_WEIGHTS_SIZE, NAN);
        CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_PROGRAM_WEIGHTS, 1, body, AH_PROGRAM_WEIGHTS_SIZE + 4));
    }
    CHECK_EQUAL(AH_STATUS_WRONG_ORDER, word(AH_OPCODE_PROGRAM_END, 0));
    CHECK(ah_program_find(&device.program, 0) == NULL);
}

static void settings(void)
{
    /* SHA-256 of nothing, and of the words 0, 1, 1, 2 (made with another implementation). */
    static const uint8_t none[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
                                      0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };
    static const uint8_t twice[32] = { 0xf7, 0x5a, 0x60, 0x5a, 0x1f, 0xcb, 0xae, 0xa0, 0x23, 0xeb, 0x61, 0x83, 0x77, 0x54, 0x7d, 0xbf,
                                       0xf0, 0x16, 0x67, 0x0b, 0xd1, 0xb0, 0xae, 0xaf, 0xce, 0x56, 0x23, 0x2d, 0x83, 0x7e, 0x0d, 0x71 };
    uint8_t body[AH_STAGE_REPEATS_SIZE + 8];
    ah_stage_repeats given = { 0, AH_MODE_READ_AND_AVERAGE, 0, 4, 0, 2 };
    ah_read_settings ask = { AH_BANK_ACTIVE, 0, 0, 1, 0 };
    ah_settings_entry entry;
    fresh(AH_ARCHITECTURE_CROSSBAR);
    program(6, 4, 1, 0.5f);
    CHECK(memcmp(ah_device_telemetry(&device).active, none, 32) == 0);
    CHECK_EQUAL(AH_STATUS_NOTHING_STAGED, order(AH_OPCODE_COMMIT, 1, none, 32));
    CHECK_EQUAL(AH_STATUS_NOTHING_TO_ROLL_BACK, order(AH_OPCODE_ROLL_BACK, 1, NULL, 0));
    repeat(AH_MODE_READ_AND_AVERAGE, 2);
    CHECK(memcmp(ah_device_telemetry(&device).active, twice, 32) == 0);

    /* Four repeats, one per column, in two runs; the gap in between is refused. */
    CHECK_EQUAL(AH_STATUS_OK, word(AH_OPCODE_STAGE_BEGIN, 1));
    ah_put_stage_repeats(body, &given);
    ah_put_u16(body + AH_STAGE_REPEATS_SIZE, 1);
    ah_put_u16(body + AH_STAGE_REPEATS_SIZE + 2, 257);
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_STAGE_REPEATS, 1, body, AH_STAGE_REPEATS_SIZE + 4));
    ah_put_u16(body + AH_STAGE_REPEATS_SIZE + 2, 256);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_STAGE_REPEATS, 1, body, AH_STAGE_REPEATS_SIZE + 4));
    CHECK_EQUAL(AH_STATUS_WRONG_ORDER, order(AH_OPCODE_STAGE_END, 1, none, 32));
    given.first = 3;
    ah_put_stage_repeats(body, &given);
    CHECK_EQUAL(AH_STATUS_WRONG_ORDER, order(AH_OPCODE_STAGE_REPEATS, 1, body, AH_STAGE_REPEATS_SIZE + 4));
    given.first = 2;
    ah_put_stage_repeats(body, &given);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_STAGE_REPEATS, 1, body, AH_STAGE_REPEATS_SIZE + 4));
    CHECK_EQUAL(AH_STATUS_HASH_MISMATCH, order(AH_OPCODE_STAGE_END, 1, none, 32));
    CHECK_EQUAL(AH_STATUS_NOTHING_STAGED, order(AH_OPCODE_COMMIT, 1, none, 32));

    repeat(AH_MODE_READ_AND_AVERAGE, 3);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ROLL_BACK, 1, NULL, 0));
    CHECK(memcmp(ah_device_telemetry(&device).active, twice, 32) == 0);
    ask.first = 0;
    ah_put_read_settings(body, &ask);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_READ_SETTINGS, 0, body, AH_READ_SETTINGS_SIZE));
    ah_get_settings_entry(reply, &entry);
    CHECK(entry.blocks == 1 && entry.count == 1 && entry.entries == 1 && ah_get_u16(reply + AH_SETTINGS_ENTRY_SIZE) == 2);
    CHECK_EQUAL(AH_SETTINGS_ENTRY_SIZE + 2, reply_length);
    program(6, 4, 1, 0.5f);
    CHECK(memcmp(ah_device_telemetry(&device).active, none, 32) == 0);
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

/* The same board, host and moment twice: only the count of boots differs. The individual must be the same, no read may be. */
static void boots(void)
{
    static float means[2][64 * 60];
    static float gain[2][64];
    unsigned same = 0;
    uint64_t moment = 0;
    board.has_kept = false;
    for (unsigned b = 0; b < 2; b++) {
        moment = b == 0 ? board.now_us : moment;
        board.now_us = moment;
        boot(AH_ARCHITECTURE_CROSSBAR);
        device.link.options.on_first_hello(device.link.options.context, 77);
        arm(1);
        program(32, 60, 1, 0.1f);
        run(64, 0.5f);
        memcpy(means[b], device.execution.means, sizeof means[b]);
        memcpy(gain[b], device.gain[0], sizeof gain[b]);
    }
    CHECK(memcmp(gain[0], gain[1], sizeof gain[0]) == 0);
    for (unsigned i = 0; i < 64 * 60; i++) {
        same += means[0][i] == means[1][i];
    }
    /* Independent reads fall on the same code of the converter about once in eight; the same noise would make all equal. */
    printf("boots: %u of %u reads have the same code after a reboot of the same individual\n", same, 64 * 60);
    CHECK(same < 64 * 60 / 2);
}

static void give_elements(uint16_t opcode, uint32_t all, float value)
{
    uint8_t body[AH_MAX_PAYLOAD];
    for (uint32_t first = 0; first < all; first += 100) {
        ah_execute_inputs given = { first, all - first < 100 ? all - first : 100 };
        ah_put_execute_inputs(body, &given);
        for (uint32_t i = 0; i < given.count; i++) {
            ah_put_f32(body + AH_EXECUTE_INPUTS_SIZE + 4 * i, value);
        }
        CHECK_EQUAL(AH_STATUS_OK, order(opcode, 1, body, (uint16_t)(AH_EXECUTE_INPUTS_SIZE + 4 * given.count)));
    }
}

static double with_operand(float value)
{
    uint8_t body[AH_EXECUTE_OPEN_SIZE];
    ah_execute_open open = { 0, 64, AH_ENCODING_F32, 2, 0 };
    double mean = 0;
    ah_put_execute_open(body, &open);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_EXECUTE_OPEN, 1, body, AH_EXECUTE_OPEN_SIZE));
    give_elements(AH_OPCODE_EXECUTE_INPUTS, 64 * 32, 0.5f);
    CHECK_EQUAL(AH_STATUS_WRONG_ORDER, order(AH_OPCODE_EXECUTE_RUN, 1, NULL, 0)); /* no operand yet */
    give_elements(AH_OPCODE_EXECUTE_OPERAND, 32 * 16, value);
    CHECK_EQUAL(AH_HANDLER_PENDING, order(AH_OPCODE_EXECUTE_RUN, 1, NULL, 0));
    while (device.execution.run == AH_RUN_RUNNING) {
        (void)ah_device_poll(&device);
    }
    for (unsigned i = 0; i < 64 * 16; i++) {
        mean += device.execution.means[i] / (64 * 16);
    }
    return mean;
}

/* 32 products of a half and +-0.2: 3.2 either way, offsets of 16 columns (0.05 each) taken out by the difference. */
static void operands(void)
{
    uint8_t body[AH_EXECUTE_OPEN_SIZE];
    ah_execute_open open = { 0, 1, AH_ENCODING_F32, 2, 0 };
    double positive;
    double negative;
    fresh(AH_ARCHITECTURE_HOMODYNE);
    program(32, 16, 1, 0.5f);
    positive = with_operand(0.2f);
    negative = with_operand(-0.2f);
    printf("operands: %.3f and %.3f where +-3.2 was multiplied\n", positive, negative);
    CHECK(fabs(positive - negative - 6.4) < 0.3);
    run(1, 0.5f); /* the block's own weights are as they were */
    CHECK(device.execution.means[0] > 6);
    fresh(AH_ARCHITECTURE_CROSSBAR);
    program(32, 16, 1, 0.5f);
    ah_put_execute_open(body, &open);
    CHECK_EQUAL(AH_STATUS_INVALID_VALUE, order(AH_OPCODE_EXECUTE_OPEN, 1, body, AH_EXECUTE_OPEN_SIZE));
}

static void measuring_the_line(void)
{
    static const uint8_t digits[] = { '1', '2', '3', '4', '5', '6', '7', '8', '9' };
    uint8_t body[AH_SOURCE_SIZE];
    ah_source source = { 1, 3, 0 };
    ah_sunk sunk;
    fresh(AH_ARCHITECTURE_CROSSBAR);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SINK, -3, digits, sizeof digits));
    ah_get_sunk(reply, &sunk);
    CHECK(sunk.count == 9 && sunk.checksum == 0xe3069283u);
    ah_put_source(body, &source);
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_SOURCE, -3, body, sizeof body));
    CHECK(reply_length == 3 && reply[0] == (1015568748u >> 24) && reply[1] == (1586005467u >> 24)); /* s after one and two steps */
    source.count = AH_MAX_PAYLOAD;
    ah_put_source(body, &source);
    CHECK_EQUAL(AH_STATUS_BAD_LENGTH, order(AH_OPCODE_SOURCE, -3, body, sizeof body));
}

/* What a column's variance should be, from the architecture's law written down a second time. */
static double law(uint8_t architecture, double rows, double u, double weight)
{
    double x = rows * u * u;
    double nanoamperes = 1.2 * 8 * 1.0; /* broadcast-and-weight: 1.2 A/W, 8 nW */
    switch (architecture) {
    case AH_ARCHITECTURE_HOMODYNE:
        return 0.03 * 0.03 + x * rows * weight * weight / (0.8 * 40 * rows);
    case AH_ARCHITECTURE_BROADCAST_AND_WEIGHT:
        return 0.55 * 0.55 / (nanoamperes * nanoamperes)
            + 2 * 1.602176634e-19 * 50e6 * 2 * 0.05e-9 / (nanoamperes * nanoamperes * 1e-18)
            + 2 * 1.602176634e-19 * 50e6 / (nanoamperes * 1e-9) * rows * fabs(u) + 0.018 * 0.018 * x;
    default:
        return 0.052 * 0.052 + 2 * (0.8 / 25) * (0.8 / 25) * x;
    }
}

/*
 * Variance over 512 x 64 outputs, and the device's own estimate of it. Each side's relative standard error is sqrt(2 / n) or less
 * (n = 32,704 within columns); limits at five of them and the converter's step q^2 / 12: false alarm below 1e-5 in all.
 */
static void statistics(uint8_t architecture, const char *name, uint16_t copies, uint16_t repeats)
{
    static const uint32_t vectors = 512;
    const double rows = 32;
    const double u = 0.5039370078740157; /* 64 of 127 steps */
    double weight = 0.1;
    double sum = 0;
    double estimate = 0;
    double step;
    double driven = u;
    double expected;
    double tolerance = 5 * sqrt(2.0 / (vectors * 64.0 - 64)) + 0.01;
    fresh(architecture);
    step = 2 * device.architecture->adc_full_scale / (1 << device.architecture->adc_bits);
    if (!device.architecture->signed_inputs) {
        driven = rint(u * 255) / 255;
    }
    program((uint16_t)rows, 64 - 4, copies, (float)weight);
    device.truth.value[AH_TRUTH_SLOW_FRACTION] = 0;
    if (repeats > 1) {
        repeat(AH_MODE_READ_AND_AVERAGE, repeats);
    }
    run(vectors, (float)u);
    CHECK_EQUAL(vectors * 60 * repeats * copies, device.execution.result.reads);
    for (unsigned column = 0; column < 60; column++) {
        double mean = 0;
        double squares = 0;
        double gain2 = 0;
        for (unsigned copy = 0; copy < copies; copy++) {
            double gain = device.gain[copy][copy == 0 ? column : column + 3];
            gain2 += gain * gain / copies;
        }
        for (unsigned v = 0; v < vectors; v++) {
            mean += device.execution.means[v * 60 + column] / vectors;
        }
        for (unsigned v = 0; v < vectors; v++) {
            double apart = device.execution.means[v * 60 + column] - mean;
            squares += apart * apart;
            estimate += device.execution.variances[v * 60 + column] / gain2 / (vectors * 60.0);
        }
        sum += squares / (vectors - 1) / gain2 / 60;
    }
    expected = (law(architecture, rows, driven, weight) + step * step / 12) / repeats / copies;
    printf("%-22s K %3u, %u copies: variance %.4g, expected %.4g (ratio %.4f), estimated on the device %.4g\n", name, repeats,
           copies, sum, expected, sum / expected, estimate);
    CHECK(fabs(sum / expected - 1) < tolerance);
    CHECK(repeats == 1 || fabs(estimate / expected - 1) < tolerance);
    CHECK(repeats > 1 || isnan(estimate));
}

static void accumulators(void)
{
    ah_accumulator sum;
    ah_accumulator_clear(&sum);
    CHECK(isnan(ah_accumulator_variance_of_mean(&sum)));
    for (uint32_t k = 0; k < 65536; k++) {
        ah_accumulator_add(&sum, k % 2 == 0 ? -32768 : 32767);
    }
    CHECK(ah_accumulator_mean(&sum) == -0.5);
    /* Scatter 32767.5 about the mean: variance K / (K - 1) x 32767.5^2, of the mean a K-th of it. */
    CHECK(fabs(ah_accumulator_variance_of_mean(&sum) - 32767.5 * 32767.5 / 65535) < 1e-9 * 32767.5);
    ah_accumulator_clear(&sum);
    for (uint32_t k = 0; k < 65536; k++) {
        ah_accumulator_add(&sum, 32767);
    }
    CHECK(ah_accumulator_variance_of_mean(&sum) == 0); /* exact: a floating sum of squares would leave a rest */
}

static void normals(void)
{
    enum { COUNT = 2000000 };
    ah_random random;
    double moment[5] = { 0 };
    unsigned far = 0;
    ah_random_prepare();
    ah_random_seed(&random, 3, 1);
    for (unsigned i = 0; i < COUNT; i++) {
        double z = ah_random_normal(&random);
        double power = 1;
        for (unsigned m = 1; m < 5; m++) {
            power *= z;
            moment[m] += power / COUNT;
        }
        far += fabs(z) > 3.5;
    }
    printf("normals: mean %.5f, variance %.5f, third %.5f, fourth %.5f, beyond 3.5: %u\n", moment[1], moment[2], moment[3], moment[4], far);
    /* Five standard errors each: false alarm 3e-6 together. */
    CHECK(fabs(moment[1]) < 5 / sqrt(COUNT));
    CHECK(fabs(moment[2] - 1) < 5 * sqrt(2.0 / COUNT));
    CHECK(fabs(moment[3]) < 5 * sqrt(15.0 / COUNT));
    CHECK(fabs(moment[4] - 3) < 5 * sqrt(96.0 / COUNT));
    CHECK(fabs(far - COUNT * 4.6525815807e-4) < 5 * sqrt(COUNT * 4.65e-4));
}

int main(void)
{
    life();
    fencing();
    cuts();
    drive();
    programs();
    settings();
    safe_in_the_middle();
    boots();
    operands();
    measuring_the_line();
    accumulators();
    normals();
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 1, 1);
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 1, 16);
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 2, 4);
    statistics(AH_ARCHITECTURE_HOMODYNE, "homodyne", 1, 4);
    statistics(AH_ARCHITECTURE_BROADCAST_AND_WEIGHT, "broadcast-and-weight", 1, 4);
    return 0;
}
