#ifndef AH_COBS_H
#define AH_COBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most bytes that count bytes become. */
#define AH_COBS_BOUND(count) ((count) + ((count) + 253u) / 254u + ((count) == 0 ? 1u : 0u))

/*
 * Consistent overhead byte stuffing (Cheshire and Baker, IEEE/ACM Trans. Netw. 7(2), 1999): no byte of the result is 0.
 * `to` holds AH_COBS_BOUND(count) bytes and does not overlap `from`. Returns the bytes written.
 */
size_t ah_cobs_encode(const uint8_t *from, size_t count, uint8_t *to);

/*
 * The inverse; `to` may be `from`, and holds count bytes. False when the bytes are no encoding: a zero among them, or a code that
 * points behind the end.
 */
bool ah_cobs_decode(const uint8_t *from, size_t count, uint8_t *to, size_t *written);

#endif
