#include <math.h>

#include "ah_device.h"
#include "ah_inquiries.h"
#include "ah_refuse.h"

/* What a command needs before it is looked at. */
#define NEEDS_EPOCH 1u  /* the epoch in force; feeds the watchdog */
#define NEEDS_ARMED 2u
#define NEEDS_IDLE 4u   /* waits for a running execution */
#define EXACT 8u        /* no bytes beyond its body */

typedef uint32_t (*ah_action)(ah_device *device, ah_command *command, ah_refusal *refusal);

typedef struct {
    uint16_t opcode;
    uint16_t size; /* of the body, at least */
    uint8_t needs;
    ah_action action;
} ah_rule;

#define OWNED (NEEDS_EPOCH | NEEDS_ARMED)
#define CHANGES (OWNED | NEEDS_IDLE)

static uint32_t keep_alive(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)device;
    (void)command;
    (void)refusal;
    return AH_STATUS_OK; /* the check of the epoch has fed the watchdog */
}

static uint32_t safe(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)command;
    (void)refusal;
    ah_guard_safe(&device->guard);
    return AH_STATUS_OK;
}

static uint32_t refuse_faulted(const ah_guard *guard, ah_refusal *refusal)
{
    return ah_refuse(refusal, AH_STATUS_FAULTED, guard->fault, 0, guard->fault_at_ms);
}

static uint32_t clear_fault(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)command;
    return ah_guard_clear(&device->guard) == AH_STATUS_OK ? AH_STATUS_OK : refuse_faulted(&device->guard, refusal);
}

static uint32_t establish(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    uint16_t status = ah_guard_establish(&device->guard, command->header.epoch);
    return ah_refuse(refusal, status, (double)command->header.epoch, (double)device->guard.epoch, 0);
}

static uint32_t arm(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    uint16_t status = ah_guard_arm(&device->guard, command->header.epoch, ah_board_milliseconds());
    if (status == AH_STATUS_FAULTED) {
        return refuse_faulted(&device->guard, refusal);
    }
    return ah_refuse(refusal, status, (double)command->header.epoch, (double)device->guard.epoch, 0);
}

static uint32_t set_drive(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    float target = ah_get_f32(command->body);
    if (!(target >= 0 && target <= 1000) || !ah_guard_set_target(&device->guard, (int32_t)lrintf(target * AH_DRIVE_NOMINAL))) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, target,
                         (target < 0.5f ? AH_DRIVE_LOWEST : AH_DRIVE_HIGHEST) / (double)AH_DRIVE_NOMINAL, 0);
    }
    return AH_STATUS_OK;
}

static uint32_t set_truth(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_set_truth given;
    double low;
    double high;
    ah_get_set_truth(command->body, &given);
    if (!ah_truth_allows(given.parameter, given.value, &low, &high)) {
        return ah_refuse(refusal, AH_STATUS_INVALID_VALUE, given.value, given.value < low ? low : high, given.parameter);
    }
    device->truth.value[given.parameter] = given.value;
    if (given.parameter <= AH_TRUTH_OFFSET_SPREAD) {
        ah_device_draw(device);
    }
    return AH_STATUS_OK;
}

static uint32_t reboot(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)command;
    (void)refusal;
    ah_guard_safe(&device->guard);
    device->reboot_wanted = true;
    device->reboot_at_us = ah_board_microseconds();
    return AH_STATUS_OK;
}

static uint32_t program_begin(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_program_start(&device->program, ah_get_u32(command->body), refusal);
}

static uint32_t program_block(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_program_add(&device->program, command->body, command->length, refusal);
}

static uint32_t program_open(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    uint16_t status = ah_program_open(&device->program, refusal);
    (void)command;
    if (status == AH_STATUS_OK) {
        device->execution.run = AH_RUN_NONE;
        ah_banks_clear(&device->banks);
    }
    return status;
}

static uint32_t program_weights(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_program_write(
        &device->program, command->body, command->length, device->architecture->programming_error(&device->truth), &device->noise, refusal);
}

static uint32_t program_end(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_program_finish(&device->program, ah_get_u32(command->body), refusal);
}

static uint32_t stage_begin(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_banks_begin(&device->banks, ah_get_u32(command->body), refusal);
}

static uint32_t stage_repeats(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_banks_add(&device->banks, &device->program, device->architecture, command->body, command->length, refusal);
}

static uint32_t stage_end(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_banks_end(&device->banks, command->body, refusal);
}

static uint32_t commit(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    return ah_banks_commit(&device->banks, command->body, refusal);
}

static uint32_t roll_back(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    (void)command;
    return ah_banks_roll_back(&device->banks, refusal);
}

static uint32_t execute_open(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_analog analog = ah_device_analog(device);
    ah_execute_open open;
    ah_get_execute_open(command->body, &open);
    return ah_execution_open(&device->execution, &analog, &open, refusal);
}

static uint32_t execute_inputs(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_analog analog = ah_device_analog(device);
    return ah_execution_take(&device->execution, &analog, command->body, command->length, refusal);
}

static uint32_t execute_operand(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_analog analog = ah_device_analog(device);
    return ah_execution_take_operand(&device->execution, &analog, command->body, command->length, refusal);
}

static uint32_t execute_run(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    ah_analog analog = ah_device_analog(device);
    uint16_t status = ah_execution_run(&device->execution, &analog, refusal);
    (void)command;
    return status == AH_STATUS_OK ? AH_HANDLER_PENDING : status;
}

static uint32_t execute_outputs(ah_device *device, ah_command *command, ah_refusal *refusal)
{
    const ah_execution *execution = &device->execution;
    const float *values;
    ah_execute_outputs asked;
    ah_outputs_header answer;
    uint32_t all = execution->run == AH_RUN_DONE ? execution->result.outputs : 0;
    ah_get_execute_outputs(command->body, &asked);
    if (asked.first > all || asked.count > all - asked.first) {
        return ah_refuse(refusal, AH_STATUS_WRONG_ORDER, (double)asked.first + asked.count, all, 0);
    }
    if (AH_OUTPUTS_HEADER_SIZE + 4u * asked.count > command->reply_room) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, asked.count, (command->reply_room - AH_OUTPUTS_HEADER_SIZE) / 4u, 0);
    }
    values = asked.variance != 0 ? execution->variances : execution->means;
    answer.first = asked.first;
    answer.count = asked.count;
    ah_put_outputs_header(command->reply, &answer);
    for (uint32_t i = 0; i < asked.count; i++) {
        ah_put_f32(command->reply + AH_OUTPUTS_HEADER_SIZE + 4 * i, values[asked.first + i]);
    }
    command->reply_length = (uint16_t)(AH_OUTPUTS_HEADER_SIZE + 4 * asked.count);
    return AH_STATUS_OK;
}

static const ah_rule rules[] = {
    { AH_OPCODE_ECHO, 0, 0, ah_inquire_echo },
    { AH_OPCODE_SINK, 0, 0, ah_inquire_sink },
    { AH_OPCODE_SOURCE, AH_SOURCE_SIZE, EXACT, ah_inquire_source },
    { AH_OPCODE_IDENTIFY, 0, EXACT, ah_inquire_identify },
    { AH_OPCODE_CAPABILITIES, 0, EXACT, ah_inquire_capabilities },
    { AH_OPCODE_TELEMETRY, 0, EXACT, ah_inquire_telemetry },
    { AH_OPCODE_COUNTERS, 0, EXACT, ah_inquire_counters },
    { AH_OPCODE_TELEMETRY_INTERVAL, AH_TELEMETRY_INTERVAL_SIZE, EXACT, ah_inquire_telemetry_interval },
    { AH_OPCODE_KEEP_ALIVE, 0, EXACT | NEEDS_EPOCH, keep_alive },
    { AH_OPCODE_SAFE, 0, EXACT, safe },
    { AH_OPCODE_CLEAR_FAULT, 0, EXACT | NEEDS_EPOCH, clear_fault },
    { AH_OPCODE_ESTABLISH_EPOCH, 0, EXACT, establish },
    { AH_OPCODE_ARM, 0, EXACT, arm },
    { AH_OPCODE_SET_DRIVE, AH_SET_DRIVE_SIZE, EXACT | CHANGES, set_drive },
    { AH_OPCODE_SET_TRUTH, AH_SET_TRUTH_SIZE, EXACT | CHANGES, set_truth },
    { AH_OPCODE_REBOOT, 0, EXACT | NEEDS_EPOCH, reboot },
    { AH_OPCODE_PROGRAM_BEGIN, AH_PROGRAM_BEGIN_SIZE, EXACT | CHANGES, program_begin },
    { AH_OPCODE_PROGRAM_BLOCK, AH_PROGRAM_BLOCK_SIZE, CHANGES, program_block },
    { AH_OPCODE_PROGRAM_OPEN, 0, EXACT | CHANGES, program_open },
    { AH_OPCODE_PROGRAM_WEIGHTS, AH_PROGRAM_WEIGHTS_SIZE, CHANGES, program_weights },
    { AH_OPCODE_PROGRAM_END, AH_PROGRAM_END_SIZE, EXACT | CHANGES, program_end },
    { AH_OPCODE_STAGE_BEGIN, AH_STAGE_BEGIN_SIZE, EXACT | CHANGES, stage_begin },
    { AH_OPCODE_STAGE_REPEATS, AH_STAGE_REPEATS_SIZE, CHANGES, stage_repeats },
    { AH_OPCODE_STAGE_END, AH_SETTINGS_HASH_SIZE, EXACT | CHANGES, stage_end },
    { AH_OPCODE_READ_SETTINGS, AH_READ_SETTINGS_SIZE, EXACT, ah_inquire_settings },
    { AH_OPCODE_COMMIT, AH_SETTINGS_HASH_SIZE, EXACT | CHANGES, commit },
    { AH_OPCODE_ROLL_BACK, 0, EXACT | CHANGES, roll_back },
    { AH_OPCODE_EXECUTE_OPEN, AH_EXECUTE_OPEN_SIZE, EXACT | CHANGES, execute_open },
    { AH_OPCODE_EXECUTE_INPUTS, AH_EXECUTE_INPUTS_SIZE, CHANGES, execute_inputs },
    { AH_OPCODE_EXECUTE_OPERAND, AH_EXECUTE_INPUTS_SIZE, CHANGES, execute_operand },
    { AH_OPCODE_EXECUTE_RUN, 0, EXACT | CHANGES, execute_run },
    { AH_OPCODE_EXECUTE_OUTPUTS, AH_EXECUTE_OUTPUTS_SIZE, EXACT | OWNED | NEEDS_IDLE, execute_outputs },
};

static uint32_t check_epoch(ah_guard *guard, const ah_command *command, ah_refusal *refusal)
{
    uint16_t status = ah_guard_check_epoch(guard, command->header.epoch, ah_board_milliseconds());
    return ah_refuse(refusal, status, (double)command->header.epoch, (double)guard->epoch, 0);
}

static uint32_t check(ah_device *device, const ah_rule *rule, const ah_command *command, ah_refusal *refusal)
{
    ah_guard *guard = &device->guard;
    if (command->length < rule->size || ((rule->needs & EXACT) != 0 && command->length != rule->size)) {
        return ah_refuse(refusal, AH_STATUS_BAD_LENGTH, command->length, rule->size, 0);
    }
    if ((rule->needs & NEEDS_EPOCH) != 0 && command->header.epoch < guard->epoch) {
        return check_epoch(guard, command, refusal); /* whatever state it is in: who lost the device must not be told to arm it */
    }
    if ((rule->needs & NEEDS_ARMED) != 0 && guard->state == AH_STATE_FAULTED) {
        return refuse_faulted(guard, refusal);
    }
    if ((rule->needs & NEEDS_ARMED) != 0 && guard->state != AH_STATE_ARMED) {
        return ah_refuse(refusal, AH_STATUS_NOT_ARMED, guard->state, AH_STATE_ARMED, 0);
    }
    if ((rule->needs & NEEDS_IDLE) != 0 && device->execution.run == AH_RUN_RUNNING) {
        /* Before the epoch is looked at: a command that waits must not keep the watchdog fed while its sender is gone. */
        return AH_HANDLER_WAIT;
    }
    return (rule->needs & NEEDS_EPOCH) != 0 ? check_epoch(guard, command, refusal) : AH_STATUS_OK;
}

uint32_t ah_device_execute(void *context, ah_command *command)
{
    ah_device *device = context;
    ah_refusal refusal = { 0 };
    uint32_t status = ah_refuse(&refusal, AH_STATUS_UNKNOWN_OPCODE, command->header.opcode, 0, 0);
    for (unsigned i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].opcode == command->header.opcode) {
            status = check(device, &rules[i], command, &refusal);
            if (status == AH_STATUS_OK) {
                status = rules[i].action(device, command, &refusal);
            }
            break;
        }
    }
    if (status != AH_STATUS_OK && status != AH_HANDLER_PENDING && status != AH_HANDLER_WAIT) {
        ah_put_refusal(command->reply, &refusal);
        command->reply_length = AH_REFUSAL_SIZE;
    }
    return status;
}
