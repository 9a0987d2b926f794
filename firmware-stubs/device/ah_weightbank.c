#include "ah_physics.h"

/*
 * Broadcast-and-weight: wavelength k carries u_k P0, a ring sends (1 + g) / 2 of it to one photodiode and (1 - g) / 2 to the other. One
 * dot-product unit is the photocurrent R P0.
 */
#define RESPONSIVITY 1.2      /* A/W */
#define BANDWIDTH_HZ 50e6
#define DARK_AMPERES 0.05e-9    /* per photodiode */
#define ELECTRON 1.602176634e-19

static void defaults(ah_truth *truth)
{
    truth->value[AH_TRUTH_GAIN_SPREAD] = 0.02;
    truth->value[AH_TRUTH_OFFSET_SPREAD] = 0.05;
    truth->value[AH_TRUTH_SLOW_FRACTION] = 0;
    truth->value[AH_TRUTH_RECEIVER_NOISE] = 0.55;
    truth->value[AH_TRUTH_WEIGHT_NOISE] = 0.018;
    truth->value[AH_TRUTH_CHANNEL_POWER] = 8;
}

static double programming_error(const ah_truth *truth)
{
    return truth->value[AH_TRUTH_PROGRAMMING_ERROR];
}

static void noise(const ah_truth *truth, int rows, double squared, double drive, ah_column_noise *column)
{
    double unit = RESPONSIVITY * truth->value[AH_TRUTH_CHANNEL_POWER] * 1e-9 * drive;
    double amplifier = truth->value[AH_TRUTH_RECEIVER_NOISE] * 1e-9;
    double shot = 2 * ELECTRON * BANDWIDTH_HZ; /* A^2 for one ampere */
    double jitter = truth->value[AH_TRUTH_WEIGHT_NOISE];
    double slow = truth->value[AH_TRUTH_SLOW_FRACTION];
    (void)rows;
    (void)squared;
    column->constant = (float)((amplifier * amplifier + shot * 2 * DARK_AMPERES) / (unit * unit));
    column->per_magnitude = (float)(shot / unit); /* both diodes together see all the light, whatever the weights */
    column->per_square = (float)((1 - slow) * jitter * jitter);
    column->slow = (float)(slow * jitter * jitter);
}

const ah_architecture ah_weightbank = {
    .signed_inputs = false,
    .rewritable = false,
    .noise_terms = 1 | 2 | 8,
    .dac_bits = 8,
    .adc_bits = 8,
    .adc_full_scale = 8,
    .max_accumulate = 0,
    .max_average = 256,
    .defaults = defaults,
    .programming_error = programming_error,
    .noise = noise,
};
