/* Golden vectors: frames, broken frames, structs, and the constants both sides must share. */
#include "ah_crc32c.h"
#include "ah_frame.h"
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

int main(void)
{
    unsigned frames = check_frames();
    unsigned broken = check_broken();
    unsigned messages = check_messages();
    printf("golden vectors: %u frames, %u broken frames, %u messages\n", frames, broken, messages);
    CHECK(frames >= 300 && broken >= 200 && messages >= 200);
    check_constants();
    return 0;
}
