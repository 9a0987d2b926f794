#ifndef AH_CRC32C_H
#define AH_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Seed of RFC 3720: HELLO and other frames that need no agreement, and the checksums of outputs and weights. */
#define AH_CRC_STANDARD_SEED 0xffffffffu

/* Continues a CRC-32C (Castagnoli, reflected) over count bytes; begin with a seed, end with the complement. */
uint32_t ah_crc32c_update(uint32_t crc, const uint8_t *bytes, size_t count);

/* CRC-32C of count bytes; of the ASCII digits 1 to 9 with the standard seed it is 0xe3069283. */
uint32_t ah_crc32c(uint32_t seed, const uint8_t *bytes, size_t count);

#endif
