#include "ah_banks.h"

#include "ah_refuse.h"
#include "ah_sha256.h"

static void add_word(ah_sha256 *sha, int32_t value)
{
    uint8_t bytes[4];
    ah_put_i32(bytes, value);
    ah_sha256_add(sha, bytes, sizeof bytes);
}

static void hash_bank(ah_bank *bank)
{
    ah_sha256 sha;
    ah_sha256_begin(&sha);
    for (uint32_t i = 0; i < bank->entries; i++) {
        const ah_bank_entry *entry = &bank->entry[i];
        add_word(&sha, entry->block);
        add_word(&sha, entry->mode);
        add_word(&sha, entry->count);
        for (uint16_t k = 0; k < entry->count; k++) {
            add_word(&sha, entry->repeats[k]);
        }
    }
    ah_sha256_end(&sha, bank->hash);
}

void ah_banks_clear(ah_banks *banks)
{
    banks->active = 0;
    banks->previous = 1;
    banks->staged = 2;
    banks->has_previous = false;
    banks->has_staged = false;
    banks->staging = false;
    banks->bank[0].entries = 0;
    hash_bank(&banks->bank[0]);
}

uint16_t ah_banks_begin(ah_banks *banks, uint32_t blocks, ah_refusal *refusal)
{
    if (blocks > AH_BLOCKS) {
        return ah_refuse(refusal, AH_STATUS_FULL, blocks, AH_BLOCKS, 0);
    }
    banks->has_staged = false;
    banks->staging = true;
    banks->expected = blocks;
    banks->next_repeat = 0;
    banks->bank[banks->staged].entries = 0;
    return AH_STATUS_OK;
}

static uint16_t open_entry(
    ah_banks *banks, const ah_program *program, const ah_architecture *architecture, const ah_stage_repeats *given, ah_refusal *refusal)
{
    ah_bank *bank = &banks->bank[banks->staged];
    const ah_block *block = ah_program_find(program, given->block);
    uint32_t most = given->mode == AH_MODE_ACCUMULATE_THEN_READ ? architecture->max_accumulate
        : given->mode == AH_MODE_READ_AND_AVERAGE ? architecture->max_average : 0;
    if (block == NULL) {
        return ah_refuse(refusal, AH_STATUS_NOT_PROGRAMMED, given->block, 0, bank->entries);
    }
    if (most == 0) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given->mode, AH_MODE_READ_AND_AVERAGE, bank->entries);
    }
    if (bank->entries >= banks->expected
        || (bank->entries > 0 && given->block <= bank->entry[bank->entries - 1].block)) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, given->block, banks->expected, bank->entries);
    }
    if (given->count != 1 && given->count != block->columns) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given->count, block->columns, bank->entries);
    }
    bank->entry[bank->entries].block = given->block;
    bank->entry[bank->entries].mode = given->mode;
    bank->entry[bank->entries].count = given->count;
    return AH_STATUS_OK;
}

uint16_t ah_banks_add(
    ah_banks *banks, const ah_program *program, const ah_architecture *architecture, const uint8_t *body, uint16_t length, ah_refusal *refusal)
{
    ah_bank *bank = &banks->bank[banks->staged];
    ah_stage_repeats given;
    ah_bank_entry *entry;
    uint32_t most;
    ah_get_stage_repeats(body, &given);
    if (!banks->staging || given.first != banks->next_repeat) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, given.first, banks->next_repeat, 0);
    }
    if (given.entries < 1 || length != AH_STAGE_REPEATS_SIZE + 2u * given.entries) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, length, AH_STAGE_REPEATS_SIZE + 2u * given.entries, 0);
    }
    if (given.first == 0) {
        uint16_t status = open_entry(banks, program, architecture, &given, refusal);
        if (status != AH_STATUS_OK) {
            return status;
        }
    }
    entry = &bank->entry[bank->entries];
    most = entry->mode == AH_MODE_ACCUMULATE_THEN_READ ? architecture->max_accumulate : architecture->max_average;
    if (given.block != entry->block || given.mode != entry->mode || given.count != entry->count || given.entries > entry->count - given.first) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, given.block, entry->block, given.first);
    }
    for (uint16_t i = 0; i < given.entries; i++) {
        uint16_t repeats = ah_get_u16(body + AH_STAGE_REPEATS_SIZE + 2 * i);
        if (repeats < 1 || repeats > most) {
            return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, repeats, most, given.first + i);
        }
        entry->repeats[given.first + i] = repeats;
    }
    banks->next_repeat = (uint16_t)(given.first + given.entries);
    if (banks->next_repeat == entry->count) {
        banks->next_repeat = 0;
        bank->entries++;
    }
    return AH_STATUS_OK;
}

uint16_t ah_banks_end(ah_banks *banks, const uint8_t hash[32], ah_refusal *refusal)
{
    ah_bank *bank = &banks->bank[banks->staged];
    if (!banks->staging || bank->entries != banks->expected || banks->next_repeat != 0) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, bank->entries, banks->expected, 0);
    }
    banks->staging = false;
    hash_bank(bank);
    if (memcmp(bank->hash, hash, sizeof bank->hash) != 0) {
        return ah_refuse(refusal, AH_STATUS_HASH_MISMATCH, 0, 0, 0);
    }
    banks->has_staged = true;
    return AH_STATUS_OK;
}

uint16_t ah_banks_commit(ah_banks *banks, const uint8_t hash[32], ah_refusal *refusal)
{
    uint8_t free_bank = banks->previous;
    if (!banks->has_staged) {
        return ah_refuse(refusal, AH_STATUS_NOTHING_STAGED, 0, 0, 0);
    }
    if (memcmp(banks->bank[banks->staged].hash, hash, sizeof banks->bank[0].hash) != 0) {
        return ah_refuse(refusal, AH_STATUS_HASH_MISMATCH, 0, 0, 0);
    }
    banks->previous = banks->active;
    banks->active = banks->staged;
    banks->staged = free_bank;
    banks->has_previous = true;
    banks->has_staged = false;
    return AH_STATUS_OK;
}

uint16_t ah_banks_roll_back(ah_banks *banks, ah_refusal *refusal)
{
    if (!banks->has_staged && !banks->has_previous) {
        return ah_refuse(refusal, AH_STATUS_NOTHING_TO_ROLL_BACK, 0, 0, 0);
    }
    banks->has_staged = false;
    banks->staging = false;
    if (banks->has_previous) {
        uint8_t dropped = banks->active;
        banks->active = banks->previous;
        banks->previous = dropped;
        banks->has_previous = false;
    }
    return AH_STATUS_OK;
}

const ah_bank *ah_banks_read(const ah_banks *banks, uint8_t which)
{
    return which == AH_BANK_ACTIVE ? &banks->bank[banks->active] : banks->has_staged ? &banks->bank[banks->staged] : NULL;
}

const ah_bank_entry *ah_banks_of(const ah_banks *banks, int32_t block)
{
    const ah_bank *bank = &banks->bank[banks->active];
    for (uint32_t i = 0; i < bank->entries; i++) {
        if (bank->entry[i].block == block) {
            return &bank->entry[i];
        }
    }
    return NULL;
}
