#ifndef AH_INQUIRIES_H
#define AH_INQUIRIES_H

#include "ah_device.h"

/* Commands that ask, measure the line, and change nothing: from every epoch, in every state. */
uint32_t ah_inquire_echo(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_sink(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_source(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_identify(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_capabilities(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_telemetry(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_counters(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_telemetry_interval(ah_device *device, ah_command *command, ah_refusal *refusal);
uint32_t ah_inquire_settings(ah_device *device, ah_command *command, ah_refusal *refusal);

#endif
