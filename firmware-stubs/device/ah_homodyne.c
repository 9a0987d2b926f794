#include "ah_physics.h"

/* Homodyne multiplier (Hamerly et al. 2019): fields meet on a balanced detector, the difference charge accumulates over the rows. */
#define DETECTION_EFFICIENCY 0.8
#define MILLIVOLTS_PER_UNIT 10.0

static void defaults(ah_truth *truth)
{
    truth->value[AH_TRUTH_GAIN_SPREAD] = 0.02;
    truth->value[AH_TRUTH_OFFSET_SPREAD] = 0.05;
    truth->value[AH_TRUTH_RECEIVER_NOISE] = 0.3;
    truth->value[AH_TRUTH_PHOTONS_PER_MAC] = 40;
}

static double programming_error(const ah_truth *truth)
{
    return truth->value[AH_TRUTH_PROGRAMMING_ERROR];
}

static void noise(const ah_truth *truth, int rows, double squared, double drive, ah_column_noise *column)
{
    double receiver = truth->value[AH_TRUTH_RECEIVER_NOISE] / MILLIVOLTS_PER_UNIT;

    /*
     * Photons follow the drive. All of them, divided equally between signal and local oscillator, give eta P electrons on the two
     * detectors together; the difference fluctuates by sqrt(eta P) electrons, and one unit is eta P / sqrt(X A) of them
     * (X = sum u^2, A = sum g^2). In units squared that is X A / (eta P).
     */
    double electrons = DETECTION_EFFICIENCY * truth->value[AH_TRUTH_PHOTONS_PER_MAC] * drive * rows;
    column->constant = (float)(receiver * receiver);
    column->per_square = squared > 0 ? (float)(squared / electrons) : 0;
    column->per_magnitude = 0;
    column->slow = 0;
}

const ah_architecture ah_homodyne = {
    .signed_inputs = true,
    .rewritable = true,
    .noise_terms = 1 | 2 | 4,
    .dac_bits = 8,
    .adc_bits = 10,
    .adc_full_scale = 16,
    .max_accumulate = 64,
    .max_average = 256,
    .defaults = defaults,
    .programming_error = programming_error,
    .noise = noise,
};
