#include "ah_device.h"

#include <math.h>

#define INDIVIDUAL_STREAM 1u
#define NOISE_STREAM 2u

static uint64_t mixed(uint64_t a)
{
    a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
    a = (a ^ a >> 27) * 0x94d049bb133111ebull;
    return a ^ a >> 31;
}

/* A controller without a random source gets its boot id from what it has: boots counted, its timer when the first host spoke, that host's own number. */
static void settle_boot(void *context, uint32_t session)
{
    ah_device *device = context;
    uint64_t boot = mixed(((uint64_t)session << 32 | ah_board_entropy()) + 0x9e3779b97f4a7c15ull * (device->guard.kept.boots + 1u));
    boot = mixed(boot ^ ah_board_microseconds());
    device->link.options.boot = boot != 0 ? boot : 1;

    /* The individual is the same after every boot, its noise never: reads of two boots must not be the same draws. */
    ah_random_seed(&device->noise, (uint64_t)device->truth.value[AH_TRUTH_SEED] ^ boot, NOISE_STREAM);
}

static void make_safe(void *context)
{
    ah_device *device = context;
    ah_guard_safe(&device->guard);
}

static void session_changed(void *context)
{
    ah_device *device = context;
    ah_guard_safe(&device->guard);
    if (device->execution.run == AH_RUN_RUNNING) {
        device->execution.run = AH_RUN_NONE;
    }
}

void ah_device_draw(ah_device *device)
{
    ah_random individual;
    uint64_t seed = (uint64_t)device->truth.value[AH_TRUTH_SEED];
    float gain = (float)device->truth.value[AH_TRUTH_GAIN_SPREAD];
    float offset = (float)device->truth.value[AH_TRUTH_OFFSET_SPREAD];
    ah_random_seed(&individual, seed, INDIVIDUAL_STREAM);
    for (unsigned tile = 0; tile < AH_TILES; tile++) {
        for (unsigned column = 0; column < AH_COLUMNS; column++) {
            device->gain[tile][column] = 1 + gain * ah_random_normal(&individual);
            device->offset[tile][column] = offset * ah_random_normal(&individual);
        }
    }
}

void ah_device_init(ah_device *device, const ah_truth *truth, const char *uid)
{
    static const uint8_t schema[32] = AH_SCHEMA_HASH;
    ah_link_options options = { 0 };
    ah_handler handler = { device, ah_device_execute, session_changed };
    ah_random_prepare();
    device->truth = *truth;
    device->architecture = ah_architecture_of(truth->architecture);
    ah_program_clear(&device->program);
    ah_banks_clear(&device->banks);
    device->execution.run = AH_RUN_NONE;
    device->reads = 0;
    device->joules = 0;
    device->telemetry_interval_ms = 0;
    device->told_fault = AH_FAULT_NONE;
    device->reboot_wanted = false;
    memset(device->uid, 0, sizeof device->uid);
    strncpy(device->uid, uid, sizeof device->uid - 1);
    device->booted_us = ah_board_microseconds();
    device->booted_ms = ah_board_milliseconds();
    ah_device_draw(device);
    ah_random_seed(&device->noise, (uint64_t)truth->value[AH_TRUTH_SEED], NOISE_STREAM);
    ah_guard_init(&device->guard);
    options.role = AH_ROLE_DEVICE;
    options.version_lowest = AH_PROTOCOL_LOWEST;
    options.version_highest = AH_PROTOCOL_HIGHEST;
    options.max_payload = AH_MAX_PAYLOAD;
    options.window = AH_WINDOW;
    options.features = device->architecture->rewritable && device->architecture->signed_inputs ? AH_FEATURE_OPERANDS : 0;
    memcpy(options.schema, schema, sizeof options.schema);
    options.context = device;
    options.on_first_hello = settle_boot;
    options.on_safe = make_safe;
    ah_link_init(&device->link, &options);
    ah_server_init(&device->server, &device->link, &handler);
}

ah_analog ah_device_analog(ah_device *device)
{
    ah_analog analog;
    analog.architecture = device->architecture;
    analog.truth = &device->truth;
    analog.program = &device->program;
    analog.banks = &device->banks;
    analog.random = &device->noise;
    analog.gain = (const float(*)[AH_COLUMNS])device->gain;
    analog.offset = (const float(*)[AH_COLUMNS])device->offset;
    analog.drive = device->guard.target / (double)AH_DRIVE_NOMINAL;
    return analog;
}

ah_telemetry ah_device_telemetry(const ah_device *device)
{
    ah_telemetry telemetry = { 0 };
    telemetry.state = device->guard.state;
    telemetry.fault = device->guard.fault;
    telemetry.fault_at_ms = device->guard.fault == AH_FAULT_NONE ? 0 : device->guard.fault_at_ms - device->booted_ms;
    telemetry.uptime_us = ah_board_microseconds() - device->booted_us;
    telemetry.temperature = ah_board_temperature();
    telemetry.drive = (float)ah_board_measure_drive() / AH_DRIVE_NOMINAL;
    telemetry.epoch = device->guard.epoch;
    telemetry.reads = device->reads;
    telemetry.energy = device->joules;
    memcpy(telemetry.active, ah_banks_read(&device->banks, AH_BANK_ACTIVE)->hash, sizeof telemetry.active);
    return telemetry;
}

void ah_device_receive(ah_device *device, const uint8_t *bytes, size_t count)
{
    ah_link_receive(&device->link, bytes, count, ah_board_microseconds());
}

static bool work(ah_device *device)
{
    uint8_t body[AH_EXECUTE_RESULT_SIZE];
    ah_analog analog;
    if (device->execution.run != AH_RUN_RUNNING) {
        return false;
    }
    if (device->guard.state != AH_STATE_ARMED) {
        ah_refusal refusal = { 0 };
        refusal.value = device->execution.vector;
        refusal.limit = device->execution.vectors;
        device->execution.run = AH_RUN_NONE;
        ah_put_refusal(body, &refusal);
        ah_server_complete(&device->server, AH_STATUS_MADE_SAFE, body, AH_REFUSAL_SIZE);
        return true;
    }
    if (!ah_guard_settled(&device->guard)) {
        return false; /* the timer ramps the drive */
    }
    analog = ah_device_analog(device);
    if (ah_execution_slice(&device->execution, &analog)) {
        device->reads += device->execution.result.reads;
        device->joules += ah_execution_energy(&device->execution);
        ah_put_execute_result(body, &device->execution.result);
        ah_server_complete(&device->server, AH_STATUS_OK, body, sizeof body);
    }
    return true;
}

static void tell(ah_device *device, uint64_t now)
{
    uint8_t body[AH_TELEMETRY_SIZE];
    ah_telemetry telemetry;
    uint32_t now_ms = ah_board_milliseconds();
    uint8_t fault = device->guard.fault;
    bool due = device->telemetry_interval_ms > 0 && now_ms - device->telemetry_at_ms >= device->telemetry_interval_ms;
    if (!device->link.up || (!due && fault == device->told_fault)) {
        return;
    }
    telemetry = ah_device_telemetry(device);
    ah_put_telemetry(body, &telemetry);
    if (fault != device->told_fault
        && (fault == AH_FAULT_NONE || ah_server_event(&device->server, AH_CHANNEL_URGENT, AH_OPCODE_FAULT_EVENT, body, sizeof body, now))) {
        device->told_fault = fault;
    }
    if (due) {
        device->telemetry_at_ms = now_ms;
        (void)ah_server_event(&device->server, AH_CHANNEL_TELEMETRY, AH_OPCODE_TELEMETRY_EVENT, body, sizeof body, now);
    }
}

bool ah_device_poll(ah_device *device)
{
    uint64_t now = ah_board_microseconds();
    bool more;
    ah_server_poll(&device->server, now);
    more = work(device);
    tell(device, now);
    ah_server_poll(&device->server, now);
    return more;
}

size_t ah_device_transmit(ah_device *device, uint8_t wire[AH_FRAME_WIRE_MAX])
{
    return ah_link_transmit(&device->link, wire, ah_board_microseconds());
}

uint32_t ah_device_idle_time(const ah_device *device)
{
    uint64_t now = ah_board_microseconds();
    uint64_t due = ah_link_next_due(&device->link);
    uint64_t most = device->telemetry_interval_ms > 0 || device->execution.run == AH_RUN_RUNNING ? 1000 : 1000000;
    return due <= now ? 0 : due - now < most ? (uint32_t)(due - now) : (uint32_t)most;
}

bool ah_device_wants_reboot(const ah_device *device)
{
    return device->reboot_wanted && ah_board_microseconds() - device->reboot_at_us > 20000;
}
