#include "bench.h"

#include "ah_crc32c.h"
#include "ah_sha256.h"

ah_device device;
uint8_t reply[AH_MAX_PAYLOAD];
uint16_t reply_length;
static uint32_t next_id = 1;

void boot(uint8_t architecture)
{
    ah_truth truth = { 0 };
    truth.architecture = architecture;
    truth.value[AH_TRUTH_SEED] = 5;
    truth.value[AH_TRUTH_PHOTONS_PER_MAC] = 1;
    truth.value[AH_TRUTH_CHANNEL_POWER] = 1;
    ah_architecture_of(architecture)->defaults(&truth);
    ah_device_init(&device, &truth, "TEST-1");
}

uint32_t order(uint16_t opcode, int64_t epoch, const void *body, uint16_t length)
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

uint32_t word(uint16_t opcode, uint32_t value)
{
    uint8_t body[4];
    ah_put_u32(body, value);
    return order(opcode, 1, body, sizeof body);
}

void tick(unsigned milliseconds)
{
    while (milliseconds-- > 0) {
        board.now_us += 1000;
        ah_guard_tick(&device.guard, ah_board_milliseconds());
    }
}

void arm(int64_t epoch)
{
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ESTABLISH_EPOCH, epoch, NULL, 0));
    CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_ARM, epoch, NULL, 0));
    tick(8); /* the ramp */
    CHECK(ah_guard_settled(&device.guard));
}

void fresh(uint8_t architecture)
{
    board.has_kept = false;
    board.measured = -1;
    board.crashed = false;
    boot(architecture);
    arm(1);
}

uint16_t block_body(uint8_t *body, int32_t block, uint16_t rows, uint16_t columns, uint16_t copies, const ah_placement *at)
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

void program(uint16_t rows, uint16_t columns, uint16_t copies, float weight)
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

void repeat(uint8_t mode, uint16_t repeats)
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

void begin_run(uint32_t vectors, float u)
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

void run(uint32_t vectors, float u)
{
    begin_run(vectors, u);
    while (device.execution.run == AH_RUN_RUNNING) {
        CHECK_EQUAL(AH_STATUS_OK, order(AH_OPCODE_KEEP_ALIVE, 1, NULL, 0));
        (void)ah_device_poll(&device);
    }
    CHECK_EQUAL(AH_RUN_DONE, device.execution.run);
}
