#include "ah_inquiries.h"

#include "ah_crc32c.h"
#include "ah_declared.h"
#include "ah_refuse.h"

uint32_t ah_inquire_echo(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)device;
    if (command->length > command->reply_room) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, command->length, command->reply_room, 0);
    }
    memcpy(command->reply, command->body, command->length);
    command->reply_length = command->length;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_sink(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_sunk sunk;
    (void)device;
    (void)refusal;
    sunk.count = command->length;
    sunk.checksum = ah_crc32c(AH_CRC_STANDARD_SEED, command->body, command->length);
    ah_put_sunk(command->reply, &sunk);
    command->reply_length = AH_SUNK_SIZE;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_source(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_source source;
    (void)device;
    ah_get_source(command->body, &source);
    if (source.count > command->reply_room) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, source.count, command->reply_room, 0);
    }
    for (uint16_t i = 0; i < source.count; i++) {
        source.seed = 1664525u * source.seed + 1013904223u;
        command->reply[i] = (uint8_t)(source.seed >> 24);
    }
    command->reply_length = source.count;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_identify(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_identity identity = { 0 };
    (void)refusal;
    memcpy(identity.uid, device->uid, sizeof identity.uid);
    memcpy(identity.firmware, AH_FIRMWARE, sizeof AH_FIRMWARE - 1);
    identity.architecture = device->truth.architecture;
    identity.boot = device->link.options.boot;
    memcpy(identity.schema, device->link.options.schema, sizeof identity.schema);
    ah_put_identity(command->reply, &identity);
    command->reply_length = AH_IDENTITY_SIZE;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_capabilities(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    const ah_architecture *architecture = device->architecture;
    ah_capabilities c = { 0 };
    (void)refusal;
    c.rows = AH_ROWS;
    c.columns = AH_COLUMNS;
    c.tiles = AH_TILES;
    c.max_vectors = AH_VECTORS;
    c.max_blocks = AH_BLOCKS;
    c.max_copies = AH_COPIES;
    c.max_accumulate = architecture->max_accumulate;
    c.max_average = architecture->max_average;
    c.dac_bits = architecture->dac_bits;
    c.adc_bits = architecture->adc_bits;
    c.noise_terms = architecture->noise_terms;
    c.flags = (uint8_t)((architecture->signed_inputs ? 1 : 0) | (architecture->rewritable ? 2 : 0) | 4);
    c.watchdog_ms = device->guard.watchdog_ms;
    c.adc_full_scale = architecture->adc_full_scale;
    c.settling_ns = AH_SETTLING_NS;
    c.read_ns = AH_READ_NS;
    c.energy_mac = AH_ENERGY_MAC;
    c.energy_adc = AH_ENERGY_ADC;
    c.energy_dac = AH_ENERGY_DAC;
    c.drive_lowest = AH_DRIVE_LOWEST / (float)AH_DRIVE_NOMINAL;
    c.drive_highest = AH_DRIVE_HIGHEST / (float)AH_DRIVE_NOMINAL;
    c.drive_slew = AH_DRIVE_SLEW_PER_MS / (float)AH_DRIVE_NOMINAL;
    ah_put_capabilities(command->reply, &c);
    command->reply_length = AH_CAPABILITIES_SIZE;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_telemetry(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_telemetry now = ah_device_telemetry(device);
    (void)refusal;
    ah_put_telemetry(command->reply, &now);
    command->reply_length = AH_TELEMETRY_SIZE;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_counters(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_counters now = ah_link_counters(&device->link);
    (void)refusal;
    now.fenced = device->guard.fenced;
    now.watchdog = device->guard.watchdog_trips;
    ah_put_counters(command->reply, &now);
    command->reply_length = AH_COUNTERS_SIZE;
    return AH_STATUS_OK;
}

uint32_t ah_inquire_telemetry_interval(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)refusal;
    device->telemetry_interval_ms = ah_get_u32(command->body);
    device->telemetry_at_ms = ah_board_milliseconds();
    return AH_STATUS_OK;
}

uint32_t ah_inquire_settings(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_read_settings asked;
    ah_settings_entry answer = { 0 };
    const ah_bank *bank;
    uint32_t entries;
    ah_get_read_settings(command->body, &asked);
    bank = ah_banks_read(&device->banks, asked.bank);
    entries = bank == NULL ? 0 : bank->entries;
    answer.blocks = (uint16_t)entries;
    answer.index = asked.index;
    if (asked.index < entries) {
        const ah_bank_entry *entry = &bank->entry[asked.index];
        uint16_t room = (uint16_t)((command->reply_room - AH_SETTINGS_ENTRY_SIZE) / 2);
        uint16_t left = asked.first < entry->count ? (uint16_t)(entry->count - asked.first) : 0;
        answer.block = entry->block;
        answer.mode = entry->mode;
        answer.count = entry->count;
        answer.first = asked.first;
        answer.entries = left < room ? left : room;
        for (uint16_t i = 0; i < answer.entries; i++) {
            ah_put_u16(command->reply + AH_SETTINGS_ENTRY_SIZE + 2 * i, entry->repeats[asked.first + i]);
        }
    } else if (entries > 0) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, asked.index, entries, 0);
    }
    ah_put_settings_entry(command->reply, &answer);
    command->reply_length = (uint16_t)(AH_SETTINGS_ENTRY_SIZE + 2 * answer.entries);
    return AH_STATUS_OK;
}
