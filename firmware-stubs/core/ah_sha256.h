#ifndef AH_SHA256_H
#define AH_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4). */
typedef struct {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
} ah_sha256;

void ah_sha256_begin(ah_sha256 *sha);
void ah_sha256_add(ah_sha256 *sha, const uint8_t *bytes, size_t count);
void ah_sha256_end(ah_sha256 *sha, uint8_t hash[32]);

#endif
