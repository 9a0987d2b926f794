#ifndef AH_PROGRAM_H
#define AH_PROGRAM_H

#include "ah_config.h"
#include "ah_physics.h"
#include "ah_random.h"

typedef struct {
    int32_t block;
    uint16_t rows;
    uint16_t columns;
    uint16_t copies;
    ah_placement at[AH_COPIES];
} ah_block;

typedef enum { AH_UPLOAD_NONE, AH_UPLOAD_TABLE, AH_UPLOAD_WEIGHTS } ah_upload;

/* Cells, and which blocks lie on them. A new table is checked whole before the old one is given up. */
typedef struct {
    float cells[AH_TILES][AH_ROWS][AH_COLUMNS]; /* as written, with the error of the writing */
    ah_block table[2][AH_BLOCKS];
    uint32_t count[2];
    uint8_t live; /* which table is in force */
    ah_upload upload;
    uint32_t expected; /* blocks of the new table */
    uint32_t block;    /* block of the new table whose weights come next */
    uint32_t weight;   /* its next weight */
    uint32_t crc;
} ah_program;

void ah_program_clear(ah_program *program);

/* Steps of an upload; a status, with the reason in `refusal`. */
uint16_t ah_program_start(ah_program *program, uint32_t blocks, ah_refusal *refusal);
uint16_t ah_program_add(ah_program *program, const uint8_t *body, uint16_t length, ah_refusal *refusal);
uint16_t ah_program_open(ah_program *program, ah_refusal *refusal);
uint16_t ah_program_write(ah_program *program, const uint8_t *body, uint16_t length, double error, ah_random *random, ah_refusal *refusal);
uint16_t ah_program_finish(ah_program *program, uint32_t checksum, ah_refusal *refusal);

const ah_block *ah_program_find(const ah_program *program, int32_t block);

/* Position of a block in the table, -1 for none. */
int32_t ah_program_index(const ah_program *program, int32_t block);

#endif
