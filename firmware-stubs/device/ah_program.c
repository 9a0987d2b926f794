#include "ah_program.h"

#include "ah_crc32c.h"
#include "ah_refuse.h"

void ah_program_clear(ah_program *program)
{
    program->count[0] = 0;
    program->count[1] = 0;
    program->upload = AH_UPLOAD_NONE;
}

static ah_block *fresh(ah_program *program)
{
    return program->table[1 - program->live];
}

uint16_t ah_program_start(ah_program *program, uint32_t blocks, ah_refusal *refusal)
{
    if (blocks > AH_BLOCKS) {
        return ah_refuse(refusal, AH_STATUS_FULL, blocks, AH_BLOCKS, 0);
    }
    program->upload = AH_UPLOAD_TABLE;
    program->expected = blocks;
    program->count[1 - program->live] = 0;
    return AH_STATUS_OK;
}

static bool share_cells(const ah_block *a, const ah_placement *at, const ah_block *b, const ah_placement *there)
{
    return at->tile == there->tile && at->row < there->row + b->rows && there->row < at->row + a->rows
        && at->column < there->column + b->columns && there->column < at->column + a->columns;
}

static uint16_t place(ah_program *program, ah_block *block, uint16_t copy, ah_refusal *refusal)
{
    const ah_placement *at = &block->at[copy];
    uint32_t count = program->count[1 - program->live];
    if (at->tile >= AH_TILES) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, at->tile, AH_TILES - 1, copy);
    }
    if (at->row + block->rows > AH_ROWS) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, at->row + block->rows, AH_ROWS, copy);
    }
    if (at->column + block->columns > AH_COLUMNS) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, at->column + block->columns, AH_COLUMNS, copy);
    }
    for (uint32_t i = 0; i <= count; i++) {
        const ah_block *other = &fresh(program)[i];
        uint16_t copies = i == count ? copy : other->copies; /* the last one is this block's own earlier copies */
        for (uint16_t c = 0; c < copies; c++) {
            if (share_cells(block, at, other, &other->at[c])) {
                return ah_refuse(refusal, AH_STATUS_OVERLAP, other->block, 0, copy);
            }
        }
    }
    return AH_STATUS_OK;
}

uint16_t ah_program_add(ah_program *program, const uint8_t *body, uint16_t length, ah_refusal *refusal)
{
    ah_program_block given;
    ah_block *block;
    uint32_t count = program->count[1 - program->live];
    ah_get_program_block(body, &given);
    if (program->upload != AH_UPLOAD_TABLE || count >= program->expected) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, count, program->expected, 0);
    }
    if (given.copies < 1 || given.copies > AH_COPIES) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given.copies, AH_COPIES, 0);
    }
    if (length != AH_PROGRAM_BLOCK_SIZE + given.copies * AH_PLACEMENT_SIZE) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, length, AH_PROGRAM_BLOCK_SIZE + given.copies * AH_PLACEMENT_SIZE, 0);
    }
    if (given.rows < 1 || given.rows > AH_ROWS) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given.rows, AH_ROWS, 0);
    }
    if (given.columns < 1 || given.columns > AH_COLUMNS) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given.columns, AH_COLUMNS, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (fresh(program)[i].block == given.block) {
            return ah_refuse(refusal, AH_STATUS_OVERLAP, given.block, 0, i);
        }
    }
    block = &fresh(program)[count];
    block->block = given.block;
    block->rows = given.rows;
    block->columns = given.columns;
    block->copies = (uint16_t)given.copies;
    for (uint16_t c = 0; c < block->copies; c++) {
        uint16_t status;
        ah_get_placement(body + AH_PROGRAM_BLOCK_SIZE + c * AH_PLACEMENT_SIZE, &block->at[c]);
        status = place(program, block, c, refusal);
        if (status != AH_STATUS_OK) {
            return status;
        }
    }
    program->count[1 - program->live]++;
    return AH_STATUS_OK;
}

uint16_t ah_program_open(ah_program *program, ah_refusal *refusal)
{
    uint32_t count = program->count[1 - program->live];
    if (program->upload != AH_UPLOAD_TABLE || count != program->expected) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, count, program->expected, 0);
    }
    program->upload = AH_UPLOAD_WEIGHTS;
    program->count[program->live] = 0;
    program->block = 0;
    program->weight = 0;
    program->crc = AH_CRC_STANDARD_SEED;
    return AH_STATUS_OK;
}

static void write_cell(ah_program *program, const ah_block *block, float weight, double error, ah_random *random)
{
    uint32_t row = program->weight / block->columns;
    uint32_t column = program->weight % block->columns;
    for (uint16_t c = 0; c < block->copies; c++) {
        const ah_placement *at = &block->at[c];
        program->cells[at->tile][at->row + row][at->column + column] = error > 0 ? weight + (float)error * ah_random_normal(random) : weight;
    }
}

uint16_t ah_program_write(ah_program *program, const uint8_t *body, uint16_t length, double error, ah_random *random, ah_refusal *refusal)
{
    ah_program_weights given;
    const ah_block *block = &fresh(program)[program->block];
    uint32_t count = (length - AH_PROGRAM_WEIGHTS_SIZE) / 4u;
    ah_get_program_weights(body, &given);
    if (program->upload != AH_UPLOAD_WEIGHTS || program->block >= program->expected) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, program->block, program->expected, 0);
    }
    if (given.block != block->block || given.first != program->weight) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, given.first, program->weight, program->block);
    }
    if ((length - AH_PROGRAM_WEIGHTS_SIZE) % 4u != 0 || count > (uint32_t)block->rows * block->columns - program->weight) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, count, (uint32_t)block->rows * block->columns - program->weight, 0);
    }
    program->crc = ah_crc32c_update(program->crc, body + AH_PROGRAM_WEIGHTS_SIZE, 4u * count);
    for (uint32_t i = 0; i < count; i++, program->weight++) {
        float weight = ah_get_f32(body + AH_PROGRAM_WEIGHTS_SIZE + 4 * i);
        if (!(weight >= -1 && weight <= 1)) {
            program->upload = AH_UPLOAD_NONE;
            return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, weight, 1, given.first + i);
        }
        write_cell(program, block, weight, error, random);
    }
    if (program->weight == (uint32_t)block->rows * block->columns) {
        program->block++;
        program->weight = 0;
    }
    return AH_STATUS_OK;
}

uint16_t ah_program_finish(ah_program *program, uint32_t checksum, ah_refusal *refusal)
{
    if (program->upload != AH_UPLOAD_WEIGHTS || program->block != program->expected) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, program->block, program->expected, 0);
    }
    program->upload = AH_UPLOAD_NONE;
    if (checksum != ~program->crc) {
        return ah_refuse(refusal, AH_STATUS_HASH_MISMATCH, checksum, ~program->crc, 0);
    }
    program->live = (uint8_t)(1 - program->live);
    return AH_STATUS_OK;
}

int32_t ah_program_index(const ah_program *program, int32_t block)
{
    for (uint32_t i = 0; i < program->count[program->live]; i++) {
        if (program->table[program->live][i].block == block) {
            return (int32_t)i;
        }
    }
    return -1;
}

const ah_block *ah_program_find(const ah_program *program, int32_t block)
{
    int32_t index = ah_program_index(program, block);
    return index < 0 ? NULL : &program->table[program->live][index];
}
