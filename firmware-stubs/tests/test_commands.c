/* Commands of the device behind the link: programs, settings in two banks, executions with operands, boots, and what measures the line. */
#include <math.h>

#include "bench.h"

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

int main(void)
{
    programs();
    settings();
    boots();
    operands();
    measuring_the_line();
    return 0;
}
