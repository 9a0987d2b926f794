/* Statistics of what the device reads: accumulators, its normal numbers, and the variance of every physics stub against its law. */
#include <math.h>

#include "bench.h"

/* What a column's variance should be, from the architecture's law written down a second time. */
static double law(uint8_t architecture, double rows, double u, double weight)
{
    double x = rows * u * u;
    double nanoamperes = 1.2 * 8 * 1.0; /* broadcast-and-weight: 1.2 A/W, 8 nW */
    switch (architecture) {
    case AH_ARCHITECTURE_HOMODYNE:
        return 0.03 * 0.03 + x * rows * weight * weight / (0.8 * 40 * rows);
    case AH_ARCHITECTURE_BROADCAST_AND_WEIGHT:
        return 0.55 * 0.55 / (nanoamperes * nanoamperes)
            + 2 * 1.602176634e-19 * 50e6 * 2 * 0.05e-9 / (nanoamperes * nanoamperes * 1e-18)
            + 2 * 1.602176634e-19 * 50e6 / (nanoamperes * 1e-9) * rows * fabs(u) + 0.018 * 0.018 * x;
    default:
        return 0.052 * 0.052 + 2 * (0.8 / 25) * (0.8 / 25) * x;
    }
}

/*
 * Variance over 512 x 64 outputs, and the device's own estimate of it. Each side's relative standard error is sqrt(2 / n) or less
 * (n = 32,704 within columns); limits at five of them and the converter's step q^2 / 12: false alarm below 1e-5 in all.
 */
static void statistics(uint8_t architecture, const char *name, uint16_t copies, uint16_t repeats)
{
    static const uint32_t vectors = 512;
    const double rows = 32;
    const double u = 0.5039370078740157; /* 64 of 127 steps */
    double weight = 0.1;
    double sum = 0;
    double estimate = 0;
    double step;
    double driven = u;
    double expected;
    double tolerance = 5 * sqrt(2.0 / (vectors * 64.0 - 64)) + 0.01;
    fresh(architecture);
    step = 2 * device.architecture->adc_full_scale / (1 << device.architecture->adc_bits);
    if (!device.architecture->signed_inputs) {
        driven = rint(u * 255) / 255;
    }
    program((uint16_t)rows, 64 - 4, copies, (float)weight);
    device.truth.value[AH_TRUTH_SLOW_FRACTION] = 0;
    if (repeats > 1) {
        repeat(AH_MODE_READ_AND_AVERAGE, repeats);
    }
    run(vectors, (float)u);
    CHECK_EQUAL(vectors * 60 * repeats * copies, device.execution.result.reads);
    for (unsigned column = 0; column < 60; column++) {
        double mean = 0;
        double squares = 0;
        double gain2 = 0;
        for (unsigned copy = 0; copy < copies; copy++) {
            double gain = device.gain[copy][copy == 0 ? column : column + 3];
            gain2 += gain * gain / copies;
        }
        for (unsigned v = 0; v < vectors; v++) {
            mean += device.execution.means[v * 60 + column] / vectors;
        }
        for (unsigned v = 0; v < vectors; v++) {
            double apart = device.execution.means[v * 60 + column] - mean;
            squares += apart * apart;
            estimate += device.execution.variances[v * 60 + column] / gain2 / (vectors * 60.0);
        }
        sum += squares / (vectors - 1) / gain2 / 60;
    }
    expected = (law(architecture, rows, driven, weight) + step * step / 12) / repeats / copies;
    printf("%-22s K %3u, %u copies: variance %.4g, expected %.4g (ratio %.4f), estimated on the device %.4g\n", name, repeats,
           copies, sum, expected, sum / expected, estimate);
    CHECK(fabs(sum / expected - 1) < tolerance);
    CHECK(repeats == 1 || fabs(estimate / expected - 1) < tolerance);
    CHECK(repeats > 1 || isnan(estimate));
}

static void accumulators(void)
{
    ah_accumulator sum;
    ah_accumulator_clear(&sum);
    CHECK(isnan(ah_accumulator_variance_of_mean(&sum)));
    for (uint32_t k = 0; k < 65536; k++) {
        ah_accumulator_add(&sum, k % 2 == 0 ? -32768 : 32767);
    }
    CHECK(ah_accumulator_mean(&sum) == -0.5);
    /* Scatter 32767.5 about the mean: variance K / (K - 1) x 32767.5^2, of the mean a K-th of it. */
    CHECK(fabs(ah_accumulator_variance_of_mean(&sum) - 32767.5 * 32767.5 / 65535) < 1e-9 * 32767.5);
    ah_accumulator_clear(&sum);
    for (uint32_t k = 0; k < 65536; k++) {
        ah_accumulator_add(&sum, 32767);
    }
    CHECK(ah_accumulator_variance_of_mean(&sum) == 0); /* exact: a floating sum of squares would leave a rest */
}

static void normals(void)
{
    enum { COUNT = 2000000 };
    ah_random random;
    double moment[5] = { 0 };
    unsigned far = 0;
    ah_random_prepare();
    ah_random_seed(&random, 3, 1);
    for (unsigned i = 0; i < COUNT; i++) {
        double z = ah_random_normal(&random);
        double power = 1;
        for (unsigned m = 1; m < 5; m++) {
            power *= z;
            moment[m] += power / COUNT;
        }
        far += fabs(z) > 3.5;
    }
    printf("normals: mean %.5f, variance %.5f, third %.5f, fourth %.5f, beyond 3.5: %u\n", moment[1], moment[2], moment[3], moment[4], far);
    /* Five standard errors each: false alarm 3e-6 together. */
    CHECK(fabs(moment[1]) < 5 / sqrt(COUNT));
    CHECK(fabs(moment[2] - 1) < 5 * sqrt(2.0 / COUNT));
    CHECK(fabs(moment[3]) < 5 * sqrt(15.0 / COUNT));
    CHECK(fabs(moment[4] - 3) < 5 * sqrt(96.0 / COUNT));
    CHECK(fabs(far - COUNT * 4.6525815807e-4) < 5 * sqrt(COUNT * 4.65e-4));
}

int main(void)
{
    accumulators();
    normals();
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 1, 1);
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 1, 16);
    statistics(AH_ARCHITECTURE_CROSSBAR, "crossbar", 2, 4);
    statistics(AH_ARCHITECTURE_HOMODYNE, "homodyne", 1, 4);
    statistics(AH_ARCHITECTURE_BROADCAST_AND_WEIGHT, "broadcast-and-weight", 1, 4);
    return 0;
}
