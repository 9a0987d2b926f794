/* What a wrong bit, two, or a burst of them do to a frame. BURSTS sets how many bursts are sampled on the wire (300,000; full 100,000,000). */
#include "ah_crc32c.h"
#include "ah_frame.h"
#include "ah_cobs.h"
#include "check.h"

/* A frame of 64 bytes without stuffing, with every pattern of one and two wrong bits before stuffing. */
static void flip_unstuffed(unsigned long long *random)
{
    uint8_t plain[64];
    uint8_t seeds[2] = { AH_FRAME_KIND_DATA, AH_FRAME_KIND_HELLO };
    unsigned long patterns = 0;
    for (unsigned s = 0; s < 2; s++) {
        uint32_t syndrome[512];
        ah_frame_header header = { 0 };
        uint32_t good;
        for (unsigned i = 0; i < sizeof plain; i++) {
            plain[i] = (uint8_t)test_random(random);
        }
        header.kind = seeds[s];
        header.length = 48;
        ah_put_frame_header(plain, &header);
        good = ah_crc32c(ah_frame_seed(header.kind), plain, 60);
        ah_put_u32(plain + 60, good);
        /*
         * With one seed the CRC is affine, so two wrong bits are seen unless their differences are equal; where a wrong bit changes the
         * seed the frame is decoded for real.
         */
        for (unsigned i = 0; i < 512; i++) {
            plain[i / 8] ^= (uint8_t)(1u << i % 8);
            syndrome[i] = ah_crc32c(ah_frame_seed(header.kind), plain, 60) ^ ah_get_u32(plain + 60);
            CHECK(syndrome[i] != 0);
            plain[i / 8] ^= (uint8_t)(1u << i % 8);
            for (unsigned j = 0; j < i; j++) {
                CHECK(syndrome[i] != syndrome[j]);
            }
        }
        for (unsigned i = 0; i < 512; i++) {
            for (unsigned j = i; j < 512; j++) {
                uint8_t stuffed[80];
                ah_frame_header read;
                const uint8_t *body;
                if (i >= 8 && (i * 512 + j) % 16 != 0) {
                    patterns++;
                    continue; /* covered by the syndromes; every sixteenth is decoded as well, and all that touch the kind */
                }
                plain[i / 8] ^= (uint8_t)(1u << i % 8);
                if (j != i) {
                    plain[j / 8] ^= (uint8_t)(1u << j % 8);
                }
                CHECK(ah_frame_decode(stuffed, ah_cobs_encode(plain, sizeof plain, stuffed), &read, &body) != AH_FRAME_GOOD);
                plain[i / 8] ^= (uint8_t)(1u << i % 8);
                if (j != i) {
                    plain[j / 8] ^= (uint8_t)(1u << j % 8);
                }
                patterns++;
            }
        }
    }
    printf("64-byte frames, one and two wrong bits before stuffing: %lu patterns, 0 accepted\n", patterns);
}

/* Whether any frame of this wire image is accepted; a new zero may cut it in two. */
static bool accepted(const uint8_t *wire, size_t count)
{
    static ah_deframer deframer;
    ah_deframer_reset(&deframer);
    for (size_t i = 0; i <= count; i++) {
        ah_frame_header read;
        const uint8_t *body;
        if (ah_deframer_take(&deframer, i < count ? wire[i] : 0) && deframer.count > 0
            && ah_frame_decode(deframer.bytes, deframer.count, &read, &body) == AH_FRAME_GOOD) {
            return true;
        }
    }
    return false;
}

static void flip_wire(unsigned long long *random)
{
    unsigned long patterns = 0;
    for (unsigned round = 0; round < 2; round++) {
        uint8_t payload[48];
        uint8_t wire[AH_FRAME_WIRE_MAX];
        ah_frame_header header = { 0 };
        size_t count;
        for (unsigned i = 0; i < sizeof payload; i++) {
            payload[i] = round == 0 ? (uint8_t)test_random(random) : (uint8_t)(i % 5 == 0 ? 0 : i);
        }
        header.kind = AH_FRAME_KIND_DATA;
        header.length = sizeof payload;
        header.sequence = (uint16_t)test_random(random);
        header.link = 77;
        count = ah_frame_encode(&header, payload, wire);
        /* The zeros at both ends are left: without one of them the frame runs into its neighbour, which truncation and insertion cover. */
        for (size_t i = 8; i < 8 * (count - 1); i++) {
            for (size_t j = i; j < 8 * (count - 1); j++) {
                wire[i / 8] ^= (uint8_t)(1u << i % 8);
                if (j != i) {
                    wire[j / 8] ^= (uint8_t)(1u << j % 8);
                }
                CHECK(!accepted(wire, count));
                wire[i / 8] ^= (uint8_t)(1u << i % 8);
                if (j != i) {
                    wire[j / 8] ^= (uint8_t)(1u << j % 8);
                }
                patterns++;
            }
        }
    }
    printf("64-byte frames, one and two wrong bits on the wire: %lu patterns, 0 accepted\n", patterns);
}

static void bursts(unsigned long long *random)
{
    unsigned long samples = test_amount("BURSTS", 300000);
    uint8_t payload[48] = { 0 };
    uint8_t clean[AH_FRAME_WIRE_MAX];
    uint8_t wire[AH_FRAME_WIRE_MAX];
    ah_frame_header header = { 0 };
    unsigned long taken = 0;
    size_t count = 0;
    for (unsigned long n = 0; n < samples; n++) {
        unsigned length = 2 + (unsigned)(test_random(random) % 31);
        unsigned long long pattern;
        size_t start;
        if (n % 64 == 0) {
            for (unsigned i = 0; i < sizeof payload; i++) {
                payload[i] = (uint8_t)test_random(random);
            }
            header.kind = AH_FRAME_KIND_DATA;
            header.length = sizeof payload;
            header.sequence = (uint16_t)n;
            count = ah_frame_encode(&header, payload, clean);
        }
        memcpy(wire, clean, count);
        pattern = (test_random(random) | 1u) & ((1ull << length) - 1);
        pattern |= 1ull << (length - 1);
        start = 8 + test_random(random) % (8 * (count - 2) - length + 1);
        for (unsigned b = 0; b < length; b++) {
            if (pattern >> b & 1) {
                wire[(start + b) / 8] ^= (uint8_t)(1u << (start + b) % 8);
            }
        }
        taken += accepted(wire, count);
    }
    printf("bursts of 2 to 32 bits on the wire: %lu samples, %lu accepted; share below %.2g with 95 %% confidence\n", samples, taken, 3.0 / (double)samples);
    CHECK_EQUAL(0, taken);
}

/* What is left of v behind the basis; with `add` the rest joins it. */
static uint32_t reduce(uint32_t basis[32], uint32_t v, bool add)
{
    for (unsigned bit = 32; bit-- > 0 && v != 0;) {
        if (v >> bit & 1) {
            if (basis[bit] == 0) {
                if (add) {
                    basis[bit] = v;
                }
                return v;
            }
            v ^= basis[bit];
        }
    }
    return v;
}

/* A burst over the kind can change the seed too: whether its other bits can make up for that. */
static void burst_into_other_seed(const uint32_t *syndrome)
{
    static const uint8_t standard[] = {
        AH_FRAME_KIND_HELLO, AH_FRAME_KIND_HELLO_ANSWER, AH_FRAME_KIND_SAFE, AH_FRAME_KIND_SAFE_ANSWER, AH_FRAME_KIND_LINK_UNKNOWN,
    };
    static const uint8_t seeded[] = { AH_FRAME_KIND_DATA, AH_FRAME_KIND_ACK };
    uint8_t zeros[60] = { 0 };
    uint32_t apart = ah_crc32c(AH_SCHEMA_SEED, zeros, sizeof zeros) ^ ah_crc32c(AH_CRC_STANDARD_SEED, zeros, sizeof zeros);
    for (unsigned i = 0; i < sizeof standard * sizeof seeded; i++) {
        uint8_t changed = standard[i / 2] ^ seeded[i % 2];
        uint32_t basis[32] = { 0 };
        uint32_t target = apart;
        unsigned lowest = 0;
        while (!(changed >> lowest & 1)) {
            lowest++;
        }
        for (unsigned b = 0; b < 8; b++) {
            target ^= changed >> b & 1 ? syndrome[b] : 0;
        }
        for (unsigned b = 8; b < lowest + 32; b++) {
            (void)reduce(basis, syndrome[b], true);
        }
        CHECK(reduce(basis, target, false) != 0);
    }
    printf("bursts that turn a kind into one of the other seed: %d pairs, none can be made up for\n", (int)(sizeof standard * sizeof seeded));
}

/* Every burst of at most 32 bits before stuffing leaves a syndrome: the 32 shifts of a start are linearly independent, for every start. */
static void bursts_proved(void)
{
    enum { BYTES = 60, BITS = (BYTES + 4) * 8 };
    uint8_t plain[BYTES] = { 0 };
    uint32_t syndrome[BITS];
    uint32_t zero = ah_crc32c(AH_SCHEMA_SEED, plain, BYTES);
    for (unsigned i = 0; i < BITS; i++) {
        if (i < BYTES * 8) {
            plain[i / 8] = (uint8_t)(1u << i % 8);
            syndrome[i] = ah_crc32c(AH_SCHEMA_SEED, plain, BYTES) ^ zero;
            plain[i / 8] = 0;
        } else {
            syndrome[i] = 1u << (i - BYTES * 8);
        }
    }
    for (unsigned start = 0; start + 32 <= BITS; start++) {
        uint32_t basis[32] = { 0 };
        unsigned rank = 0;
        for (unsigned b = 0; b < 32; b++) {
            rank += reduce(basis, syndrome[start + b], true) != 0;
        }
        CHECK_EQUAL(32, rank);
    }
    printf("bursts up to 32 bits before stuffing: all %d starts have 32 independent syndromes, none is missed\n", BITS - 31);
    burst_into_other_seed(syndrome);
}

int main(void)
{
    unsigned long long random = 42;
    flip_unstuffed(&random);
    flip_wire(&random);
    bursts_proved();
    bursts(&random);
    return 0;
}
