/* Noise, and good frames with senseless content, into decoder and link. FUZZ sets how many inputs (1,000,000; full 10,000,000). */
#include "ah_link.h"
#include "check.h"

static void fuzz(unsigned long long *random)
{
    unsigned long inputs = test_amount("FUZZ", 1000000);
    static ah_link link;
    static const uint8_t schema[32] = AH_SCHEMA_HASH;
    ah_link_options options = { 0 };
    unsigned long good = 0;
    options.version_highest = 1;
    options.version_lowest = 1;
    options.max_payload = AH_MAX_PAYLOAD;
    options.window = AH_MAX_WINDOW;
    memcpy(options.schema, schema, sizeof options.schema);
    ah_link_init(&link, &options);
    for (unsigned long n = 0; n < inputs; n++) {
        uint8_t bytes[AH_FRAME_WIRE_MAX + 64];
        uint8_t wire[AH_FRAME_WIRE_MAX];
        size_t count = 1 + test_random(random) % (n % 64 == 0 ? sizeof bytes : 48);
        for (size_t i = 0; i < count; i++) {
            unsigned long long r = test_random(random);
            bytes[i] = (uint8_t)(r >> 8 & 7 ? r : 0);
        }
        if (n % 8 == 0) {
            /* Good frames with senseless content: beyond the CRC everything must hold too. */
            ah_frame_header header = { 0 };
            static const uint8_t kinds[] = {
                AH_FRAME_KIND_HELLO, AH_FRAME_KIND_DATA, AH_FRAME_KIND_ACK, AH_FRAME_KIND_SAFE, AH_FRAME_KIND_LINK_UNKNOWN, AH_FRAME_KIND_HELLO_ANSWER, 0, 255,
            };
            header.kind = kinds[test_random(random) % 8];
            header.channel = (uint8_t)(test_random(random) % 7);
            header.length = header.kind == AH_FRAME_KIND_HELLO && n % 16 == 0 ? AH_HELLO_SIZE : (uint16_t)(count > 40 ? 40 : count);
            header.sequence = (uint16_t)(test_random(random) % 12);
            header.acknowledge = (uint16_t)(test_random(random) % 12);
            header.received = (uint8_t)test_random(random);
            header.link = n % 3 == 0 ? link.id : link.pending_id;
            count = count < header.length ? header.length : count;
            if (header.kind == AH_FRAME_KIND_HELLO && header.length == AH_HELLO_SIZE && n % 32 == 0) {
                ah_hello hello = { 1, 1, 0, AH_MAX_PAYLOAD, AH_MAX_WINDOW, 0, (uint32_t)(n / 100000), (uint32_t)(n / 5000), { 0 } };
                memcpy(hello.schema, schema, sizeof hello.schema);
                ah_put_hello(bytes, &hello);
            }
            count = ah_frame_encode(&header, bytes, wire);
            ah_link_receive(&link, wire, count, n * 100);
            good++;
        } else {
            ah_link_receive(&link, bytes, count, n * 100);
        }
        if (n % 16 == 0) {
            (void)ah_link_transmit(&link, wire, n * 100);
            for (uint8_t c = 0; c < AH_CHANNELS; c++) {
                if (ah_link_peek(&link, c) != NULL) {
                    ah_link_pop(&link, c);
                }
            }
        }
    }
    printf("fuzzed inputs: %lu, of them %lu good frames with senseless content; %u frames taken, links %u\n", inputs, good,
            link.counters.frames_in, link.counters.links);
    CHECK(link.counters.links > inputs / 10000);
}

int main(void)
{
    unsigned long long random = 43;
    fuzz(&random);
    return 0;
}
