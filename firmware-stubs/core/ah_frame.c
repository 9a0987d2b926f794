#include "ah_frame.h"

#include "ah_crc32c.h"

uint32_t ah_frame_seed(uint8_t kind)
{
    return kind >= AH_FRAME_KIND_HELLO ? AH_CRC_STANDARD_SEED : AH_SCHEMA_SEED;
}

size_t ah_frame_encode(const ah_frame_header *header, const uint8_t *payload, uint8_t wire[AH_FRAME_WIRE_MAX])
{
    uint8_t plain[AH_FRAME_PLAIN_MAX];
    size_t count = AH_FRAME_HEADER_SIZE;
    ah_put_frame_header(plain, header);
    if (header->length > 0) {
        memcpy(plain + count, payload, header->length);
        count += header->length;
    }
    ah_put_u32(plain + count, ah_crc32c(ah_frame_seed(header->kind), plain, count));
    count += AH_CRC_SIZE;
    wire[0] = 0;
    count = 1 + ah_cobs_encode(plain, count, wire + 1);
    wire[count++] = 0;
    return count;
}

ah_frame_result ah_frame_decode(uint8_t *stuffed, size_t count, ah_frame_header *header, const uint8_t **payload)
{
    size_t plain;
    if (count > AH_COBS_BOUND(AH_FRAME_PLAIN_MAX)) {
        return AH_FRAME_LENGTH;
    }
    if (!ah_cobs_decode(stuffed, count, stuffed, &plain)) {
        return AH_FRAME_COBS;
    }
    if (plain < AH_FRAME_HEADER_SIZE + AH_CRC_SIZE || plain > AH_FRAME_PLAIN_MAX) {
        return AH_FRAME_LENGTH;
    }
    ah_get_frame_header(stuffed, header);
    plain -= AH_CRC_SIZE;
    if (ah_crc32c(ah_frame_seed(header->kind), stuffed, plain) != ah_get_u32(stuffed + plain)) {
        return AH_FRAME_CRC;
    }
    if (header->length != plain - AH_FRAME_HEADER_SIZE) {
        return AH_FRAME_LENGTH;
    }
    *payload = stuffed + AH_FRAME_HEADER_SIZE;
    return AH_FRAME_GOOD;
}

void ah_deframer_reset(ah_deframer *deframer)
{
    deframer->count = 0;
    deframer->too_long = false;
    deframer->handed_out = false;
}

bool ah_deframer_take(ah_deframer *deframer, uint8_t byte)
{
    if (deframer->handed_out) {
        ah_deframer_reset(deframer);
    }
    if (byte == 0) {
        if (deframer->too_long) {
            deframer->count = 0;
            deframer->handed_out = true;
            return true;
        }
        deframer->handed_out = deframer->count > 0;
        return deframer->handed_out;
    }
    if (deframer->count == sizeof deframer->bytes) {
        deframer->too_long = true;
    } else {
        deframer->bytes[deframer->count++] = byte;
    }
    return false;
}
