#ifndef AH_PHYSICS_H
#define AH_PHYSICS_H

#include <stdbool.h>
#include <stdint.h>

#include "ah_schema.h"

/* The hidden truth of a stub: what calibration is to find. Set at build, by program arguments, or by set_truth under a lease. */
typedef struct {
    uint8_t architecture; /* AH_ARCHITECTURE_* */
    double value[9];      /* by AH_TRUTH_* */
} ah_truth;

/*
 * Noise of one column as its receiver sees it, referred to the dot product: variance of one read = constant + per_square sum u^2 +
 * per_magnitude sum |u|, fresh at every read, and slow sum u^2, drawn once for the K reads of a vector.
 */
typedef struct {
    float constant;
    float per_square;
    float per_magnitude;
    float slow;
} ah_column_noise;

/* What an architecture brings: converters, declared terms, and its physics in its own units. */
typedef struct {
    bool signed_inputs;
    bool rewritable;
    uint8_t noise_terms; /* bit 0 thermal, 1 weight, 2 shot balanced, 3 shot direct */
    uint8_t dac_bits;
    uint8_t adc_bits; /* 1 to 16 */
    double adc_full_scale;
    uint32_t max_accumulate;
    uint32_t max_average;
    void (*defaults)(ah_truth *truth);
    /* rms error of a written weight, weight units. */
    double (*programming_error)(const ah_truth *truth);
    /* Noise of a column that drives `rows` rows with sum of squared weights `squared`; drive is relative to nominal, in (0, 1]. */
    void (*noise)(const ah_truth *truth, int rows, double squared, double drive, ah_column_noise *noise);
} ah_architecture;

extern const ah_architecture ah_crossbar;
extern const ah_architecture ah_homodyne;
extern const ah_architecture ah_weightbank;

const ah_architecture *ah_architecture_of(uint8_t architecture);

/* False outside what physics allows; low and high say what that is. */
bool ah_truth_allows(uint16_t parameter, double value, double *low, double *high);

#endif
