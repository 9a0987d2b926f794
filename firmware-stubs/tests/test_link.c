/*
 * Two protocol cores over a line in virtual time that loses, doubles, reorders, damages, cuts, stalls and is unplugged. Counts commands that
 * were lost, executed twice, or taken for something that was never sent. COMMANDS sets how many commands a mix gets (20,000; full 1,000,000).
 */
#include <time.h>

#include "ah_server.h"
#include "check.h"
#include "wire.h"

#define OUTSTANDING 16u

typedef struct {
    ah_link host;
    ah_link device;
    ah_server server;
    wire_line up;   /* host to device */
    wire_line down; /* device to host */
    unsigned long long random;
    uint64_t now;
    uint32_t commands;
    uint32_t next;   /* id of the next new command */
    uint32_t oldest; /* oldest id without a result */
    uint32_t generation;
    uint16_t body_length; /* 0: as the id says */
    bool finished[OUTSTANDING * 2];
    bool to_send[OUTSTANDING * 2];
    uint8_t *executed;
    uint32_t wrong;
    uint32_t answered;
} bench;

static uint8_t byte_of(uint32_t id, unsigned at)
{
    return (uint8_t)((id * 2654435761u >> 13) ^ (at * 31u + id));
}

static uint16_t length_of(const bench *b, uint32_t id)
{
    return b->body_length != 0 ? b->body_length : id % 16 == 0 ? 488 : (uint16_t)(id * 7 % 64);
}

static uint8_t channel_of(const bench *b, uint32_t id)
{
    return b->body_length != 0 || id % 3 == 0 ? AH_CHANNEL_BULK : AH_CHANNEL_CONTROL;
}

static uint32_t execute(void *context, ah_command *command)
{
    bench *b = context;
    uint32_t id = command->header.id;
    bool right = id < b->commands + 1 && command->length == length_of(b, id) && command->header.opcode == AH_OPCODE_ECHO
        && command->header.epoch == (int64_t)id * 1000003;
    for (unsigned i = 0; right && i < command->length; i++) {
        right = command->body[i] == byte_of(id, i);
    }
    if (!right) {
        b->wrong++;
        return AH_STATUS_INVALID_VALUE;
    }
    if (b->executed[id] < 255) {
        b->executed[id]++;
    }
    ah_put_u32(command->reply, id ^ 0x5aa5c33cu);
    ah_put_u32(command->reply + 4, b->executed[id]);
    command->reply_length = 8;
    return AH_STATUS_OK;
}

static void start(bench *b, const wire_faults *faults, double baud, uint32_t commands, uint16_t body_length, unsigned long long seed)
{
    static const uint8_t schema[32] = AH_SCHEMA_HASH;
    ah_link_options options = { 0 };
    ah_handler handler = { 0 };
    memset(b, 0, sizeof *b);
    b->random = seed;
    b->commands = commands;
    b->body_length = body_length;
    b->next = 1;
    b->oldest = 1;
    b->executed = calloc(commands + 1u, 1);
    options.version_lowest = AH_PROTOCOL_LOWEST;
    options.version_highest = AH_PROTOCOL_HIGHEST;
    options.max_payload = AH_MAX_PAYLOAD;
    options.window = AH_MAX_WINDOW;
    memcpy(options.schema, schema, sizeof options.schema);
    options.role = AH_ROLE_DEVICE;
    options.boot = 0x1234567890ull;
    ah_link_init(&b->device, &options);
    options.role = AH_ROLE_HOST;
    options.session = 77;
    ah_link_init(&b->host, &options);
    handler.context = b;
    handler.execute = execute;
    ah_server_init(&b->server, &b->device, &handler);
    wire_init(&b->up, faults, baud, 100, &b->random);
    wire_init(&b->down, faults, baud, 100, &b->random);
}

static void send_command(bench *b, uint32_t id)
{
    uint8_t bytes[AH_MAX_PAYLOAD];
    uint16_t length = length_of(b, id);
    ah_command_header header = { 0 };
    header.id = id;
    header.opcode = AH_OPCODE_ECHO;
    header.epoch = (int64_t)id * 1000003;
    ah_put_command_header(bytes, &header);
    for (unsigned i = 0; i < length; i++) {
        bytes[AH_COMMAND_HEADER_SIZE + i] = byte_of(id, i);
    }
    b->to_send[id % (2 * OUTSTANDING)] = !ah_link_send(&b->host, channel_of(b, id), bytes, (uint16_t)(AH_COMMAND_HEADER_SIZE + length), b->now);
}

static void take_reply(bench *b, const ah_received_slot *message)
{
    ah_reply_header header;
    uint32_t id;
    if (message->length < AH_REPLY_HEADER_SIZE) {
        b->wrong++;
        return;
    }
    ah_get_reply_header(message->payload, &header);
    id = header.id;
    if (id == 0 || id >= b->next || header.status != AH_STATUS_OK || message->length != AH_REPLY_HEADER_SIZE + 8
        || ah_get_u32(message->payload + AH_REPLY_HEADER_SIZE) != (id ^ 0x5aa5c33cu) || ah_get_u32(message->payload + AH_REPLY_HEADER_SIZE + 4) != 1) {
        b->wrong++;
        return;
    }
    if (id >= b->oldest && !b->finished[id % (2 * OUTSTANDING)]) {
        b->finished[id % (2 * OUTSTANDING)] = true;
        b->answered++;
    }
}

static void client(bench *b)
{
    for (uint8_t c = 0; c < AH_CHANNELS; c++) {
        const ah_received_slot *message;
        while ((message = ah_link_peek(&b->host, c)) != NULL) {
            take_reply(b, message);
            ah_link_pop(&b->host, c);
        }
    }
    while (b->oldest < b->next && b->finished[b->oldest % (2 * OUTSTANDING)]) {
        b->oldest++;
    }
    if (!b->host.up) {
        return;
    }
    if (b->generation != b->host.generation) {
        b->generation = b->host.generation;
        for (uint32_t id = b->oldest; id < b->next; id++) {
            b->to_send[id % (2 * OUTSTANDING)] = !b->finished[id % (2 * OUTSTANDING)];
        }
    }
    for (uint32_t id = b->oldest; id < b->next; id++) {
        if (b->to_send[id % (2 * OUTSTANDING)] && ah_link_can_send(&b->host, channel_of(b, id))) {
            send_command(b, id);
        }
    }
    while (b->next <= b->commands && b->next - b->oldest < OUTSTANDING && ah_link_can_send(&b->host, channel_of(b, b->next))) {
        b->finished[b->next % (2 * OUTSTANDING)] = false;
        send_command(b, b->next++);
    }
}

static void drain(wire_line *line, ah_link *link, uint64_t now)
{
    const wire_frame *frame;
    while ((frame = wire_take(line, now)) != NULL) {
        ah_link_receive(link, frame->bytes, frame->count, now);
    }
}

static uint64_t feed(wire_line *line, ah_link *link, uint64_t now)
{
    uint8_t wire[AH_FRAME_WIRE_MAX];
    if (line->free_at <= now) {
        size_t count = ah_link_transmit(link, wire, now);
        if (count > 0) {
            wire_send(line, wire, count, now);
        } else {
            uint64_t due = ah_link_next_due(link);
            return due > now ? due : now + 1;
        }
    }
    return line->free_at;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void run(bench *b)
{
    uint64_t limit = (uint64_t)(b->commands + 100u) * 2000000u;
    while (b->answered < b->commands) {
        uint64_t next;
        drain(&b->up, &b->device, b->now);
        ah_server_poll(&b->server, b->now);
        drain(&b->down, &b->host, b->now);
        if (b->up.unplugged || b->down.unplugged) {
            /* Every other time the host's port reports the hang-up at once. */
            if (test_random(&b->random) & 1 && b->host.up) {
                ah_link_reconnect(&b->host, b->now);
            }
            b->up.unplugged = false;
            b->down.unplugged = false;
        }
        client(b);
        next = feed(&b->up, &b->host, b->now);
        next = least(next, feed(&b->down, &b->device, b->now));
        next = least(next, least(wire_next(&b->up), wire_next(&b->down)));
        CHECK(next != UINT64_MAX);
        b->now = next > b->now ? next : b->now + 1;
        CHECK(b->now < limit);
    }
}

static void judge(bench *b, const char *name, double seconds)
{
    uint32_t lost = 0;
    uint32_t twice = 0;
    ah_counters device = ah_link_counters(&b->device);
    ah_counters host = ah_link_counters(&b->host);
    for (uint32_t id = 1; id <= b->commands; id++) {
        lost += b->executed[id] == 0;
        twice += b->executed[id] > 1;
    }
    printf("%-12s %8u commands: lost %u, twice %u, wrong %u | %6.1f s of line, links %u, sent again %u + %u, "
           "crc %u cobs %u length %u duplicate %u reorder %u replayed %u stale %u (%.1f s)\n",
           name, b->commands, lost, twice, b->wrong, (double)b->now / 1e6, device.links, host.retransmit, device.retransmit,
           device.crc + host.crc, device.cobs + host.cobs, device.length + host.length, device.duplicate + host.duplicate,
           device.reorder + host.reorder, device.replayed, device.stale + host.stale, seconds);
    CHECK_EQUAL(0, lost);
    CHECK_EQUAL(0, twice);
    CHECK_EQUAL(0, b->wrong);
    CHECK_EQUAL(0, device.expired);
}

static void mixes(uint32_t commands)
{
    static const wire_faults all[] = {
        { "clean", 0, 0, 0, 0, 0, 0, 0, 0 },
        { "loss", 0.3, 0, 0, 0, 0, 0, 0, 0 },
        { "duplicate", 0, 0.3, 0, 0, 0, 0, 0, 0 },
        { "reorder", 0, 0, 0.3, 0, 0, 0, 0, 0 },
        { "corrupt", 0, 0, 0, 0.3, 0, 0, 0, 0 },
        { "truncate", 0, 0, 0, 0, 0.3, 0, 0, 0 },
        { "insert", 0, 0, 0, 0, 0, 0.3, 0, 0 },
        { "stall", 0, 0, 0, 0, 0, 0, 0.05, 0 },
        { "unplug", 0.02, 0.02, 0.02, 0.02, 0, 0, 0, 0.002 },
        { "everything", 0.06, 0.06, 0.06, 0.06, 0.03, 0.03, 0.01, 0.0005 },
    };
    static bench b;
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        clock_t started = clock();
        start(&b, &all[i], 921600, commands, 0, 1000 + i);
        run(&b);
        judge(&b, all[i].name, (double)(clock() - started) / CLOCKS_PER_SEC);
        CHECK(all[i].unplug > 0 || b.device.counters.links == 1 || all[i].loss >= 0.3
              || all[i].corrupt >= 0.3 || all[i].truncate >= 0.3 || all[i].insert >= 0.3);
        CHECK(all[i].unplug == 0 || b.device.counters.links > 1);
        CHECK(i > 0 || ah_link_counters(&b.host).retransmit + ah_link_counters(&b.device).retransmit == 0);
        free(b.executed);
    }
}

/* Bulk uploads in full frames: what 5 % loss each way leaves of the line, and what share of a clean line is payload. */
static void throughput(void)
{
    static const wire_faults clean = { "clean", 0, 0, 0, 0, 0, 0, 0, 0 };
    static const wire_faults lossy = { "loss 5 %", 0.05, 0, 0, 0, 0, 0, 0, 0 };
    static bench b;
    uint32_t commands = 20000;
    double took[2];
    for (int i = 0; i < 2; i++) {
        start(&b, i == 0 ? &clean : &lossy, 921600, commands, 496, 7);
        run(&b);
        judge(&b, i == 0 ? "bulk clean" : "bulk 5 %", 0);
        took[i] = (double)b.now / 1e6;
        free(b.executed);
    }
    printf("bulk upload at 921600 baud: %.3f of the line is frame payload (512 of every frame), %.3f data behind the command header\n",
           commands * 512.0 / (92160 * took[0]), commands * 496.0 / (92160 * took[0]));
    printf("throughput at 5 %% loss each way over loss-free: %.3f (needed 0.9)\n", took[0] / took[1]);
    CHECK(commands * 512.0 / (92160 * took[0]) >= 0.9);
    CHECK(took[0] / took[1] >= 0.9);
}

int main(void)
{
    throughput();
    mixes((uint32_t)test_amount("COMMANDS", 20000));
    return 0;
}
