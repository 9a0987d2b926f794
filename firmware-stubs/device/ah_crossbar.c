#include "ah_physics.h"

/* Differential conductance pairs: weight g is G+ - G- = g x 25 uS, input u is u x 0.2 V; one dot-product unit is the current 5000 nA. */
#define MAX_CONDUCTANCE_US 25.0
#define READ_VOLTS 0.2
#define UNIT_NA (MAX_CONDUCTANCE_US * READ_VOLTS * 1000.0)

static void defaults(ah_truth *truth)
{
    truth->value[AH_TRUTH_GAIN_SPREAD] = 0.02;
    truth->value[AH_TRUTH_OFFSET_SPREAD] = 0.05;
    truth->value[AH_TRUTH_SLOW_FRACTION] = 0.02;
    truth->value[AH_TRUTH_RECEIVER_NOISE] = 260;
    truth->value[AH_TRUTH_WEIGHT_NOISE] = 0.8;
}

static double programming_error(const ah_truth *truth)
{
    return truth->value[AH_TRUTH_PROGRAMMING_ERROR];
}

static void noise(const ah_truth *truth, int rows, double squared, double drive, ah_column_noise *column)
{
    /* The receiver's current noise is what it is; a smaller read voltage makes one unit fewer nanoamperes. */
    double receiver = truth->value[AH_TRUTH_RECEIVER_NOISE] / (UNIT_NA * drive);

    /* Two devices a weight, each with its own fluctuating conductance: their currents scale with the read voltage as the signal does. */
    double device = truth->value[AH_TRUTH_WEIGHT_NOISE] / MAX_CONDUCTANCE_US;
    double slow = truth->value[AH_TRUTH_SLOW_FRACTION];
    (void)rows;
    (void)squared;
    column->constant = (float)(receiver * receiver);
    column->per_square = (float)((1 - slow) * 2 * device * device);
    column->per_magnitude = 0;
    column->slow = (float)(slow * 2 * device * device);
}

const ah_architecture ah_crossbar = {
    .signed_inputs = true,
    .rewritable = false,
    .noise_terms = 1 | 2 | 4,
    .dac_bits = 8,
    .adc_bits = 8,
    .adc_full_scale = 8,
    .max_accumulate = 0,
    .max_average = 256,
    .defaults = defaults,
    .programming_error = programming_error,
    .noise = noise,
};
