#ifndef AH_DEVICE_H
#define AH_DEVICE_H

#include "ah_execute.h"
#include "ah_guard.h"
#include "ah_server.h"

/* One stub device behind one link; static storage of the program, for a controller has no heap. */
typedef struct {
    ah_link link;
    ah_server server;
    ah_guard guard;
    ah_truth truth;
    const ah_architecture *architecture;
    ah_program program;
    ah_banks banks;
    ah_execution execution;
    ah_random noise;
    float gain[AH_TILES][AH_COLUMNS];
    float offset[AH_TILES][AH_COLUMNS];
    char uid[32];
    uint64_t booted_us;
    uint32_t booted_ms;
    uint64_t reads;
    double joules;
    uint32_t telemetry_interval_ms;
    uint32_t telemetry_at_ms;
    uint8_t told_fault; /* last fault that was told as an event */
    bool reboot_wanted;
    uint64_t reboot_at_us;
} ah_device;

/* Powers up: safe, nothing programmed. The truth is copied. */
void ah_device_init(ah_device *device, const ah_truth *truth, const char *uid);

/* Takes bytes from the line. */
void ah_device_receive(ah_device *device, const uint8_t *bytes, size_t count);

/* Commands, events, and a slice of a running execution. True when there is more to compute at once. */
bool ah_device_poll(ah_device *device);

/* Writes the next frame; call it when the line is free. */
size_t ah_device_transmit(ah_device *device, uint8_t wire[AH_FRAME_WIRE_MAX]);

/* Microseconds until something is due if nothing arrives; 0 for now. At most a second. */
uint32_t ah_device_idle_time(const ah_device *device);

/* Whether the reboot command was answered and the board should restart now. */
bool ah_device_wants_reboot(const ah_device *device);

/* For the commands: draws the individual errors of the truth's seed. */
void ah_device_draw(ah_device *device);
ah_telemetry ah_device_telemetry(const ah_device *device);
ah_analog ah_device_analog(ah_device *device);

/* Executes one command; see ah_handler. */
uint32_t ah_device_execute(void *context, ah_command *command);

#endif
