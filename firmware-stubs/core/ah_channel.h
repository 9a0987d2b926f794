#ifndef AH_CHANNEL_H
#define AH_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ah_schema.h"

/*
 * Times that a host sends a message before the link counts as gone. A device never gives up: were it to, a host that only waits for its answer
 * would wait for ever.
 */
#define AH_CHANNEL_TRIES 12

/* Round-trip estimate (Jacobson 1988, RFC 6298), microseconds. */
typedef struct {
    uint32_t smoothed;
    uint32_t variation;
    uint32_t timeout;
} ah_round_trip;

#define AH_TIMEOUT_FIRST_US 100000u
#define AH_TIMEOUT_SLACK_US 15000u /* two full frames at 921600 baud: an acknowledgement may have to wait behind a frame, and so may what it answers */
#define AH_TIMEOUT_MOST_US 400000u

void ah_round_trip_reset(ah_round_trip *trip);
/* A timeout passed: waits twice as long until the next measurement (Karn). */
void ah_round_trip_back_off(ah_round_trip *trip);
void ah_round_trip_measure(ah_round_trip *trip, uint32_t microseconds);

typedef struct {
    uint16_t length;
    uint8_t tries;   /* times sent */
    bool delivered;  /* the other side has it, though it may not have consumed it */
    bool lost;       /* something sent later has arrived: send again without waiting */
    uint32_t order;  /* position among everything the channel ever sent */
    uint64_t sent_at;
    uint8_t payload[AH_MAX_PAYLOAD];
} ah_sent_slot;

typedef struct {
    uint16_t length;
    bool full;
    uint8_t payload[AH_MAX_PAYLOAD];
} ah_received_slot;

/*
 * One channel, both directions: selective repeat. A message keeps its slot at the receiver until it is consumed, and the sender's window
 * moves with what was consumed, so that a slow receiver slows the sender and nothing overruns.
 */
typedef struct {
    uint8_t slots;  /* frame slots in each direction, a power of two, at most AH_MAX_WINDOW */
    uint8_t window; /* agreed, at most slots */
    uint16_t first; /* oldest message not yet consumed by the other side */
    uint16_t next;  /* number of the next message */
    uint32_t order;
    uint64_t heard_at; /* last acknowledgement that told something new, or last message queued */
    uint8_t probes;
    uint16_t consumed; /* number of the next message to consume */
    bool ack_due;
    ah_sent_slot *sent;
    ah_received_slot *received;
} ah_channel;

typedef struct {
    uint32_t duplicate;
    uint32_t reorder;
    uint32_t retransmit;
} ah_channel_counts;

void ah_channel_reset(ah_channel *channel, uint8_t window);

bool ah_channel_can_send(const ah_channel *channel);

/* Queues a message; false when the window is full. */
bool ah_channel_send(ah_channel *channel, const uint8_t *payload, uint16_t length, uint64_t now);

/* Takes what a frame says about our messages. False when it makes no sense on this channel. */
bool ah_channel_acknowledged(ah_channel *channel, uint16_t acknowledge, uint8_t received, uint64_t now, ah_round_trip *trip);

/* Takes a message that arrived. False when it lies outside the window. */
bool ah_channel_arrived(ah_channel *channel, uint16_t sequence, const uint8_t *payload, uint16_t length, ah_channel_counts *counts);

/* The message to consume next, or null. */
const ah_received_slot *ah_channel_peek(const ah_channel *channel);
void ah_channel_pop(ah_channel *channel);

/* Bits of what arrived from `consumed` on. */
uint8_t ah_channel_received_bits(const ah_channel *channel);

/* The message to be sent now: lost or timed out ones first, then new ones. -1 when there is none. */
int32_t ah_channel_due(const ah_channel *channel, uint64_t now, const ah_round_trip *trip);

/* Marks message `sequence` as sent now; false when it was sent more than AH_CHANNEL_TRIES times. */
bool ah_channel_sending(ah_channel *channel, uint16_t sequence, uint64_t now, ah_channel_counts *counts, ah_round_trip *trip);

/* When ah_channel_due will have something if nothing arrives; UINT64_MAX for never. */
uint64_t ah_channel_next_due(const ah_channel *channel, const ah_round_trip *trip);

#endif
