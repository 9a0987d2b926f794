/* Frames: golden vectors, every error of one and two bits, bursts, and noise. FUZZ sets how many fuzzed inputs (1,000,000; full 10,000,000). */
#include "ah_crc32c.h"
#include "ah_link.h"
#include "ah_schema_text.h"
#include "ah_sha256.h"
#include "check.h"

#define LINE 8192

static unsigned hex(const char *text, uint8_t *to)
{
    unsigned count = 0;
    unsigned value;
    while (*text != '-' && sscanf(text, "%2x", &value) == 1) {
        to[count++] = (uint8_t)value;
        text += 2;
    }
    return count;
}

static FILE *open_vectors(const char *name)
{
    char path[512];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", VECTORS, name);
    file = fopen(path, "r");
    CHECK(file != NULL);
    return file;
}

static unsigned check_frames(void)
{
    static char line[LINE];
    static char payload_text[LINE];
    static char wire_text[LINE];
    FILE *file = open_vectors("frames.txt");
    unsigned count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned kind, channel, length, sequence, acknowledge, received, link;
        uint8_t payload[AH_MAX_PAYLOAD + 8];
        uint8_t expected[AH_FRAME_WIRE_MAX + 8];
        uint8_t wire[AH_FRAME_WIRE_MAX];
        ah_frame_header header = { 0 };
        ah_frame_header read;
        const uint8_t *body;
        unsigned size;
        if (sscanf(line, "%u %u %u %u %u %u %u %8191s %8191s", &kind, &channel, &length, &sequence, &acknowledge, &received, &link,
                   payload_text, wire_text) != 9) {
            continue;
        }
        CHECK_EQUAL(length, hex(payload_text, payload));
        size = hex(wire_text, expected);
        header.kind = (uint8_t)kind;
        header.channel = (uint8_t)channel;
        header.length = (uint16_t)length;
        header.sequence = (uint16_t)sequence;
        header.acknowledge = (uint16_t)acknowledge;
        header.received = (uint8_t)received;
        header.link = (uint16_t)link;
        CHECK_EQUAL(size, ah_frame_encode(&header, payload, wire));
        CHECK(memcmp(wire, expected, size) == 0);
        CHECK_EQUAL(AH_FRAME_GOOD, ah_frame_decode(wire + 1, size - 2, &read, &body));
        CHECK(memcmp(&read, &header, sizeof read) == 0 && memcmp(body, payload, length) == 0);
        count++;
    }
    fclose(file);
    return count;
}

static unsigned check_broken(void)
{
    static char line[LINE];
    static char text[LINE];
    char reason[16];
    FILE *file = open_vectors("broken.txt");
    unsigned count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        static uint8_t stuffed[LINE];
        ah_frame_header header;
        const uint8_t *body;
        ah_frame_result result;
        if (line[0] == '#' || sscanf(line, "%15s %8191s", reason, text) != 2) {
            continue;
        }
        result = ah_frame_decode(stuffed, hex(text, stuffed), &header, &body);
        CHECK(result == (reason[1] == 'r' ? AH_FRAME_CRC : reason[0] == 'l' ? AH_FRAME_LENGTH : AH_FRAME_COBS));
        count++;
    }
    fclose(file);
    return count;
}

static unsigned check_messages(void)
{
    static char line[LINE];
    FILE *file = open_vectors("messages.txt");
    unsigned count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char *fields = strchr(line, '|');
        char *bytes_text = fields == NULL ? NULL : strchr(fields + 1, '|');
        bool found = false;
        if (line[0] == '#' || bytes_text == NULL) {
            continue;
        }
        *fields++ = 0;
        *bytes_text++ = 0;
        for (unsigned i = 0; i < sizeof ah_struct_texts / sizeof ah_struct_texts[0]; i++) {
            if (strcmp(ah_struct_texts[i].name, line) == 0) {
                static char text[LINE];
                uint8_t bytes[512];
                uint8_t again[512];
                unsigned size = hex(bytes_text, bytes);
                CHECK_EQUAL(ah_struct_texts[i].size, size);
                ah_struct_texts[i].text(bytes, text, again);
                CHECK(memcmp(bytes, again, size) == 0);
                if (strcmp(text, fields) != 0) {
                    fprintf(stderr, "%s\n  read %s\n  want %s\n", line, text, fields);
                }
                CHECK(strcmp(text, fields) == 0);
                found = true;
            }
        }
        CHECK(found);
        count++;
    }
    fclose(file);
    return count;
}

static void check_constants(void)
{
    static const uint8_t digits[] = { '1', '2', '3', '4', '5', '6', '7', '8', '9' };
    static const uint8_t abc[32] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                     0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };
    static const uint8_t schema[32] = AH_SCHEMA_HASH;
    static char line[LINE];
    FILE *file = open_vectors("schema.txt");
    ah_sha256 sha;
    uint8_t hash[32];
    unsigned seen = 0;
    CHECK_EQUAL(0xe3069283u, ah_crc32c(AH_CRC_STANDARD_SEED, digits, sizeof digits));
    ah_sha256_begin(&sha);
    ah_sha256_add(&sha, (const uint8_t *)"abc", 3);
    ah_sha256_end(&sha, hash);
    CHECK(memcmp(hash, abc, sizeof hash) == 0);
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned number;
        if (strncmp(line, "hash ", 5) == 0) {
            seen++;
            CHECK_EQUAL(32, hex(line + 5, hash));
            CHECK(memcmp(hash, schema, sizeof hash) == 0);
        } else if (sscanf(line, "schema-check %x", &number) == 1) {
            seen++;
            CHECK_EQUAL(number, ah_crc32c(AH_SCHEMA_SEED, digits, sizeof digits));
        }
    }
    CHECK_EQUAL(2, seen);
    fclose(file);
}

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
    unsigned long long random = 42;
    unsigned frames = check_frames();
    unsigned broken = check_broken();
    unsigned messages = check_messages();
    printf("golden vectors: %u frames, %u broken frames, %u messages\n", frames, broken, messages);
    CHECK(frames >= 300 && broken >= 200 && messages >= 200);
    check_constants();
    flip_unstuffed(&random);
    flip_wire(&random);
    bursts_proved();
    bursts(&random);
    fuzz(&random);
    return 0;
}
