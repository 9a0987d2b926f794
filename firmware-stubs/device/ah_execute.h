#ifndef AH_EXECUTE_H
#define AH_EXECUTE_H

#include "ah_accumulate.h"
#include "ah_banks.h"

typedef enum { AH_RUN_NONE, AH_RUN_OPEN, AH_RUN_RUNNING, AH_RUN_DONE } ah_run;

/* One execution: inputs come in, are driven vector by vector in slices, and wait as outputs. */
typedef struct {
    ah_run run;
    const ah_block *block;
    const ah_bank_entry *settings;
    uint8_t encoding;
    bool wants_variance;
    bool has_operand; /* multiplies in the place of the block's weights */
    uint32_t vectors;
    uint32_t inputs;   /* arrived */
    uint32_t elements; /* of the operand, arrived */
    uint32_t vector; /* next piece of work: vector, copy, column; column -1: the product */
    uint16_t copy;
    int32_t column;
    float squares;    /* sum u^2 of the vector */
    float magnitudes; /* sum |u| */
    ah_execute_result result;
    uint32_t slowest; /* largest K */
    float driven[AH_VECTORS * AH_ROWS];
    float means[AH_VECTORS * AH_COLUMNS];
    float variances[AH_VECTORS * AH_COLUMNS];
    float product[AH_COLUMNS];
    float operand[AH_ROWS * AH_COLUMNS];
    ah_column_noise noise[AH_COPIES][AH_COLUMNS];
} ah_execution;

/* Everything an execution reads beside its inputs. */
typedef struct {
    const ah_architecture *architecture;
    const ah_truth *truth;
    const ah_program *program;
    const ah_banks *banks;
    ah_random *random;
    const float (*gain)[AH_COLUMNS];   /* [tile][column], dimensionless */
    const float (*offset)[AH_COLUMNS]; /* [tile][column], dot-product units */
    double drive;                      /* relative to nominal */
} ah_analog;

uint16_t ah_execution_open(ah_execution *execution, const ah_analog *analog, const ah_execute_open *open, ah_refusal *refusal);
uint16_t ah_execution_take(ah_execution *execution, const ah_analog *analog, const uint8_t *body, uint16_t length, ah_refusal *refusal);
uint16_t ah_execution_take_operand(ah_execution *execution, const ah_analog *analog, const uint8_t *body, uint16_t length, ah_refusal *refusal);
uint16_t ah_execution_run(ah_execution *execution, const ah_analog *analog, ah_refusal *refusal);

/* Works for about AH_SLICE multiply-accumulates or reads; true when the execution is through. */
bool ah_execution_slice(ah_execution *execution, const ah_analog *analog);

/* Declared energy of the whole execution, joules. */
double ah_execution_energy(const ah_execution *execution);

#endif
