#ifndef AH_FRAME_H
#define AH_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ah_cobs.h"
#include "ah_schema.h"

/* Frame without stuffing: header, payload, CRC. */
#define AH_FRAME_PLAIN_MAX (AH_FRAME_HEADER_SIZE + AH_MAX_PAYLOAD + AH_CRC_SIZE)

/* Frame between and with its two zero bytes. */
#define AH_FRAME_WIRE_MAX (AH_COBS_BOUND(AH_FRAME_PLAIN_MAX) + 2u)

typedef enum { AH_FRAME_GOOD, AH_FRAME_COBS, AH_FRAME_LENGTH, AH_FRAME_CRC } ah_frame_result;

/* Seed of the CRC of frames of this kind. */
uint32_t ah_frame_seed(uint8_t kind);

/* Writes 00, stuffed frame, 00; header->length says how long the payload is, at most AH_MAX_PAYLOAD. Returns the bytes written. */
size_t ah_frame_encode(const ah_frame_header *header, const uint8_t *payload, uint8_t wire[AH_FRAME_WIRE_MAX]);

/* Decodes what lay between two zero bytes, in place. On AH_FRAME_GOOD the payload points into `stuffed`. */
ah_frame_result ah_frame_decode(uint8_t *stuffed, size_t count, ah_frame_header *header, const uint8_t **payload);

/* Collects the bytes between zeros. */
typedef struct {
    uint8_t bytes[AH_FRAME_WIRE_MAX];
    size_t count;
    bool too_long;   /* more bytes than any frame has: skipped up to the next zero */
    bool handed_out; /* the next byte begins a new candidate */
} ah_deframer;

void ah_deframer_reset(ah_deframer *deframer);

/*
 * Takes one byte. True when it ended a frame candidate, which then lies in bytes[0 .. count - 1] until the next call; a too long one has
 * count 0.
 */
bool ah_deframer_take(ah_deframer *deframer, uint8_t byte);

#endif
