#include "ah_cobs.h"

size_t ah_cobs_encode(const uint8_t *from, size_t count, uint8_t *to)
{
    size_t code_at = 0;
    size_t out = 1;
    uint8_t code = 1;
    for (size_t i = 0; i < count; i++) {
        if (from[i] != 0) {
            to[out++] = from[i];
            code++;
        }
        if (from[i] == 0) {
            to[code_at] = code;
            code_at = out++;
            code = 1;
        } else if (code == 0xff && i + 1 < count) {
            /* A full run needs no code behind it when it ends the data. */
            to[code_at] = code;
            code_at = out++;
            code = 1;
        }
    }
    to[code_at] = code;
    return out;
}

bool ah_cobs_decode(const uint8_t *from, size_t count, uint8_t *to, size_t *written)
{
    size_t out = 0;
    size_t in = 0;
    if (count == 0) {
        return false;
    }
    while (in < count) {
        uint8_t code = from[in++];
        if (code == 0 || (size_t)(code - 1) > count - in) {
            return false;
        }
        for (uint8_t i = 1; i < code; i++) {
            if (from[in] == 0) {
                return false;
            }
            to[out++] = from[in++];
        }
        if (code != 0xff && in < count) {
            to[out++] = 0;
        }
    }
    *written = out;
    return true;
}
