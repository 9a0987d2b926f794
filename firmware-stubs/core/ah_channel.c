#include "ah_channel.h"

/* A message counts as lost when so many that were sent after it have been acknowledged: one overtaking is not yet a loss. */
#define OVERTAKEN 2u

static ah_sent_slot *sent(const ah_channel *channel, uint16_t sequence)
{
    return &channel->sent[sequence & (channel->slots - 1u)];
}

static ah_received_slot *received(const ah_channel *channel, uint16_t sequence)
{
    return &channel->received[sequence & (channel->slots - 1u)];
}

static uint16_t waiting(const ah_channel *channel)
{
    return (uint16_t)(channel->next - channel->first);
}

void ah_round_trip_reset(ah_round_trip *trip)
{
    trip->smoothed = 0;
    trip->variation = 0;
    trip->timeout = AH_TIMEOUT_FIRST_US;
}

void ah_round_trip_measure(ah_round_trip *trip, uint32_t microseconds)
{
    uint32_t timeout;
    if (microseconds > AH_TIMEOUT_MOST_US) {
        microseconds = AH_TIMEOUT_MOST_US;
    }
    if (trip->smoothed == 0) {
        trip->smoothed = microseconds > 0 ? microseconds : 1;
        trip->variation = microseconds / 2;
    } else {
        uint32_t apart = microseconds > trip->smoothed ? microseconds - trip->smoothed : trip->smoothed - microseconds;
        trip->variation = trip->variation - trip->variation / 4 + apart / 4;
        trip->smoothed = trip->smoothed - trip->smoothed / 8 + microseconds / 8;
    }
    timeout = trip->smoothed + (4 * trip->variation > AH_TIMEOUT_SLACK_US ? 4 * trip->variation : AH_TIMEOUT_SLACK_US);
    trip->timeout = timeout > AH_TIMEOUT_MOST_US ? AH_TIMEOUT_MOST_US : timeout;
}

void ah_round_trip_back_off(ah_round_trip *trip)
{
    trip->timeout = trip->timeout > AH_TIMEOUT_MOST_US / 2 ? AH_TIMEOUT_MOST_US : 2 * trip->timeout;
}

void ah_channel_reset(ah_channel *channel, uint8_t window)
{
    channel->window = window < channel->slots ? window : channel->slots;
    channel->first = 0;
    channel->next = 0;
    channel->order = 0;
    channel->heard_at = 0;
    channel->probes = 0;
    channel->consumed = 0;
    channel->ack_due = false;
    for (uint16_t i = 0; i < channel->slots; i++) {
        received(channel, i)->full = false;
    }
}

bool ah_channel_can_send(const ah_channel *channel)
{
    return waiting(channel) < channel->window;
}

bool ah_channel_send(ah_channel *channel, const uint8_t *payload, uint16_t length, uint64_t now)
{
    ah_sent_slot *slot;
    if (!ah_channel_can_send(channel) || length > AH_MAX_PAYLOAD) {
        return false;
    }
    slot = sent(channel, channel->next);
    slot->length = length;
    slot->tries = 0;
    slot->delivered = false;
    slot->lost = false;
    memcpy(slot->payload, payload, length);
    channel->next++;
    channel->heard_at = now;
    return true;
}

static void delivered(ah_channel *channel, uint16_t sequence, uint64_t now, ah_round_trip *trip, uint32_t *latest)
{
    ah_sent_slot *slot = sent(channel, sequence);
    if (slot->delivered || slot->tries == 0) {
        return;
    }
    slot->delivered = true;
    channel->heard_at = now;
    channel->probes = 0;
    if (slot->order > *latest) {
        *latest = slot->order;
    }
    if (slot->tries == 1) {
        /* Karn: a message that was sent twice does not say which one was answered. */
        uint64_t took = now - slot->sent_at;
        ah_round_trip_measure(trip, took > UINT32_MAX ? UINT32_MAX : (uint32_t)took);
    }
}

bool ah_channel_acknowledged(ah_channel *channel, uint16_t acknowledge, uint8_t bits, uint64_t now, ah_round_trip *trip)
{
    uint32_t latest = 0;
    uint16_t consumed_now = (uint16_t)(acknowledge - channel->first);
    if (consumed_now > waiting(channel)) {
        return consumed_now >= 0x8000u; /* older than what we know: late, not wrong */
    }
    for (uint16_t s = channel->first; s != acknowledge; s++) {
        if (sent(channel, s)->tries == 0) {
            return false;
        }
    }
    for (uint16_t s = channel->first; s != acknowledge; s++) {
        delivered(channel, s, now, trip, &latest);
    }
    if (consumed_now > 0) {
        channel->heard_at = now;
        channel->probes = 0;
    }
    channel->first = acknowledge;
    for (uint16_t i = 0; i < 8 && i < waiting(channel); i++) {
        if (bits >> i & 1) {
            delivered(channel, (uint16_t)(acknowledge + i), now, trip, &latest);
        }
    }
    for (uint16_t s = channel->first; s != channel->next; s++) {
        ah_sent_slot *slot = sent(channel, s);
        if (!slot->delivered && slot->tries > 0 && latest >= slot->order + OVERTAKEN) {
            slot->lost = true;
        }
    }
    return true;
}

bool ah_channel_arrived(ah_channel *channel, uint16_t sequence, const uint8_t *payload, uint16_t length, ah_channel_counts *counts)
{
    uint16_t ahead = (uint16_t)(sequence - channel->consumed);
    ah_received_slot *slot = received(channel, sequence);
    channel->ack_due = true;
    if (ahead >= channel->slots) {
        if (ahead < 0x8000u) {
            return false;
        }
        counts->duplicate++;
        return true;
    }
    if (slot->full) {
        counts->duplicate++;
        return true;
    }
    for (uint16_t s = channel->consumed; s != sequence; s++) {
        if (!received(channel, s)->full) {
            counts->reorder++;
            break;
        }
    }
    slot->full = true;
    slot->length = length;
    memcpy(slot->payload, payload, length);
    return true;
}

const ah_received_slot *ah_channel_peek(const ah_channel *channel)
{
    const ah_received_slot *slot = received(channel, channel->consumed);
    return slot->full ? slot : NULL;
}

void ah_channel_pop(ah_channel *channel)
{
    received(channel, channel->consumed)->full = false;
    channel->consumed++;
    channel->ack_due = true;
}

uint8_t ah_channel_received_bits(const ah_channel *channel)
{
    uint8_t bits = 0;
    for (uint16_t i = 0; i < channel->slots; i++) {
        if (received(channel, (uint16_t)(channel->consumed + i))->full) {
            bits = (uint8_t)(bits | 1u << i);
        }
    }
    return bits;
}

static uint64_t timeout_of(const ah_round_trip *trip, uint8_t tries)
{
    uint64_t wait = (uint64_t)trip->timeout * (tries > 4 ? 4 : tries);
    return wait < AH_TIMEOUT_MOST_US ? wait : AH_TIMEOUT_MOST_US;
}

/* Everything is there but not consumed, and the window is full: the news of the consumption may have been lost. */
static bool stalled(const ah_channel *channel)
{
    for (uint16_t s = channel->first; s != channel->next; s++) {
        if (!sent(channel, s)->delivered) {
            return false;
        }
    }
    return waiting(channel) > 0;
}

int32_t ah_channel_due(const ah_channel *channel, uint64_t now, const ah_round_trip *trip)
{
    int32_t fresh = -1;
    for (uint16_t s = channel->first; s != channel->next; s++) {
        const ah_sent_slot *slot = sent(channel, s);
        if (slot->delivered) {
            continue;
        }
        if (slot->tries == 0) {
            fresh = fresh < 0 ? s : fresh;
        } else if (slot->lost || now - slot->sent_at >= timeout_of(trip, slot->tries)) {
            return s;
        }
    }
    if (fresh < 0 && stalled(channel) && now - channel->heard_at >= timeout_of(trip, (uint8_t)(channel->probes + 1))) {
        return channel->first;
    }
    return fresh;
}

bool ah_channel_sending(ah_channel *channel, uint16_t sequence, uint64_t now, ah_channel_counts *counts, ah_round_trip *trip)
{
    ah_sent_slot *slot = sent(channel, sequence);
    if (slot->delivered) {
        channel->heard_at = now;
        channel->probes = channel->probes < 6 ? (uint8_t)(channel->probes + 1) : channel->probes;
        return true;
    }
    if (slot->tries > 0) {
        counts->retransmit++;
        if (!slot->lost) {
            ah_round_trip_back_off(trip);
        }
    }
    slot->tries = slot->tries < UINT8_MAX ? (uint8_t)(slot->tries + 1) : slot->tries;
    slot->lost = false;
    slot->sent_at = now;
    slot->order = ++channel->order;
    return slot->tries <= AH_CHANNEL_TRIES;
}

uint64_t ah_channel_next_due(const ah_channel *channel, const ah_round_trip *trip)
{
    uint64_t when = UINT64_MAX;
    for (uint16_t s = channel->first; s != channel->next; s++) {
        const ah_sent_slot *slot = sent(channel, s);
        if (slot->delivered) {
            continue;
        }
        if (slot->tries == 0 || slot->lost) {
            return 0;
        }
        if (slot->sent_at + timeout_of(trip, slot->tries) < when) {
            when = slot->sent_at + timeout_of(trip, slot->tries);
        }
    }
    if (stalled(channel) && channel->heard_at + timeout_of(trip, (uint8_t)(channel->probes + 1)) < when) {
        when = channel->heard_at + timeout_of(trip, (uint8_t)(channel->probes + 1));
    }
    return when;
}
