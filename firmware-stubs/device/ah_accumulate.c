#include "ah_accumulate.h"

#include <math.h>

void ah_accumulator_clear(ah_accumulator *accumulator)
{
    accumulator->sum = 0;
    accumulator->squares = 0;
    accumulator->count = 0;
}

void ah_accumulator_add(ah_accumulator *accumulator, int32_t code)
{
    accumulator->sum += code;
    accumulator->squares += (uint64_t)((int64_t)code * code);
    accumulator->count++;
}

double ah_accumulator_mean(const ah_accumulator *accumulator)
{
    return accumulator->count == 0 ? 0 : (double)accumulator->sum / accumulator->count;
}

double ah_accumulator_variance_of_mean(const ah_accumulator *accumulator)
{
    uint64_t k = accumulator->count;
    uint64_t size = accumulator->sum < 0 ? (uint64_t)-accumulator->sum : (uint64_t)accumulator->sum;
    if (k < 2) {
        return NAN;
    }
    return (double)(k * accumulator->squares - size * size) / ((double)k * (double)k * (double)(k - 1));
}
