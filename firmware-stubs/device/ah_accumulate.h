#ifndef AH_ACCUMULATE_H
#define AH_ACCUMULATE_H

#include <stdint.h>

/*
 * K converted reads of one output. Codes are integers of at most 16 bits, so sum and sum of squares are exact in 64 bits (K < 2^31 gives
 * |sum| < 2^46, squares < 2^61) and K x squares - sum^2 is exact up to K = 65,536 (below 2^62): nothing cancels, nothing overflows, and
 * a running mean (Welford) with its division per read is not needed.
 */
typedef struct {
    int64_t sum;
    uint64_t squares;
    uint32_t count;
} ah_accumulator;

void ah_accumulator_clear(ah_accumulator *accumulator);
void ah_accumulator_add(ah_accumulator *accumulator, int32_t code);

/* Mean code. */
double ah_accumulator_mean(const ah_accumulator *accumulator);

/* Variance of the mean, codes squared, estimated from the scatter of its own reads (divisor K - 1); NaN for fewer than two reads. */
double ah_accumulator_variance_of_mean(const ah_accumulator *accumulator);

#endif
