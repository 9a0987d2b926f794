#include "ah_physics.h"

const ah_architecture *ah_architecture_of(uint8_t architecture)
{
    return architecture == AH_ARCHITECTURE_HOMODYNE ? &ah_homodyne
        : architecture == AH_ARCHITECTURE_BROADCAST_AND_WEIGHT ? &ah_weightbank : &ah_crossbar;
}

bool ah_truth_allows(uint16_t parameter, double value, double *low, double *high)
{
    static const double limits[][2] = {
        [AH_TRUTH_SEED] = { 0, 9007199254740992.0 },
        [AH_TRUTH_GAIN_SPREAD] = { 0, 0.2 },
        [AH_TRUTH_OFFSET_SPREAD] = { 0, 100 },
        [AH_TRUTH_SLOW_FRACTION] = { 0, 1 },
        [AH_TRUTH_PROGRAMMING_ERROR] = { 0, 1 },
        [AH_TRUTH_RECEIVER_NOISE] = { 0, 1e9 },
        [AH_TRUTH_WEIGHT_NOISE] = { 0, 25 },
        [AH_TRUTH_PHOTONS_PER_MAC] = { 1e-3, 1e12 },
        [AH_TRUTH_CHANNEL_POWER] = { 1e-6, 1e9 },
    };
    if (parameter >= sizeof limits / sizeof limits[0]) {
        *low = 0;
        *high = 0;
        return false;
    }
    *low = limits[parameter][0];
    *high = limits[parameter][1];
    return value >= *low && value <= *high;
}
