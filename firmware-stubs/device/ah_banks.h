#ifndef AH_BANKS_H
#define AH_BANKS_H

#include "ah_program.h"

typedef struct {
    int32_t block;
    uint8_t mode;
    uint16_t count; /* 1, or one per column */
    uint16_t repeats[AH_COLUMNS];
} ah_bank_entry;

typedef struct {
    uint32_t entries;
    uint8_t hash[32];
    ah_bank_entry entry[AH_BLOCKS];
} ah_bank;

/* Settings in force, those before the last commit, and those being staged. */
typedef struct {
    ah_bank bank[3];
    uint8_t active;
    uint8_t previous;
    uint8_t staged;
    bool has_previous;
    bool has_staged;
    bool staging;
    uint32_t expected;    /* entries of the bank being staged */
    uint16_t next_repeat; /* of its last entry; 0 between entries */
} ah_banks;

/* Empty banks: every block runs with K = 1. */
void ah_banks_clear(ah_banks *banks);

uint16_t ah_banks_begin(ah_banks *banks, uint32_t blocks, ah_refusal *refusal);
uint16_t ah_banks_add(
    ah_banks *banks, const ah_program *program, const ah_architecture *architecture, const uint8_t *body, uint16_t length, ah_refusal *refusal);
uint16_t ah_banks_end(ah_banks *banks, const uint8_t hash[32], ah_refusal *refusal);
uint16_t ah_banks_commit(ah_banks *banks, const uint8_t hash[32], ah_refusal *refusal);
uint16_t ah_banks_roll_back(ah_banks *banks, ah_refusal *refusal);

/* AH_BANK_ACTIVE or AH_BANK_STAGED; null when nothing is staged. */
const ah_bank *ah_banks_read(const ah_banks *banks, uint8_t which);

/* Settings of a block in force; null for K = 1. */
const ah_bank_entry *ah_banks_of(const ah_banks *banks, int32_t block);

#endif
