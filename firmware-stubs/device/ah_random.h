#ifndef AH_RANDOM_H
#define AH_RANDOM_H

#include <stdint.h>

/* xoshiro128++ (Blackman and Vigna 2021): 32-bit words only, period 2^128 - 1. */
typedef struct {
    uint32_t word[4];
} ah_random;

/* Streams of one seed with different numbers have nothing in common. */
void ah_random_seed(ah_random *random, uint64_t seed, uint32_t stream);
uint32_t ah_random_next(ah_random *random);

/* Uniform in (0, 1). */
float ah_random_uniform(ah_random *random);

/* Standard normal; ziggurat of 128 layers (Marsaglia and Tsang 2000) on 24 bits. Call ah_random_prepare once first. */
float ah_random_normal(ah_random *random);
void ah_random_prepare(void);

#endif
