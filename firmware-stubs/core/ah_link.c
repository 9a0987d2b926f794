#include "ah_link.h"

#include "ah_hello.h"

static const uint8_t slots_of[AH_CHANNELS] = { AH_URGENT_WINDOW, AH_CONTROL_WINDOW, AH_BULK_WINDOW, AH_TELEMETRY_WINDOW, AH_LOG_WINDOW };

void ah_link_init(ah_link *link, const ah_link_options *options)
{
    unsigned at = 0;
    memset(link, 0, sizeof *link);
    link->options = *options;
    ah_round_trip_reset(&link->trip);
    for (unsigned c = 0; c < AH_CHANNELS; c++) {
        link->channels[c].slots = slots_of[c];
        link->channels[c].sent = &link->sent[at];
        link->channels[c].received = &link->received[at];
        at += slots_of[c];
        ah_channel_reset(&link->channels[c], options->window);
    }
    link->hello_due = options->role == AH_ROLE_HOST;
    link->attempt = options->role == AH_ROLE_HOST ? 1 : 0;
}

static void take_message(ah_link *link, const ah_frame_header *header, const uint8_t *payload, uint64_t now)
{
    ah_channel *channel = &link->channels[header->channel];
    if (!ah_channel_acknowledged(channel, header->acknowledge, header->received, now, &link->trip)) {
        link->counters.stale++;
        return;
    }
    if (header->kind == AH_FRAME_KIND_DATA
        && !ah_channel_arrived(channel, header->sequence, payload, header->length, &link->counts)) {
        link->counters.stale++;
    }
}

static void take_frame(ah_link *link, const ah_frame_header *header, const uint8_t *payload, uint64_t now)
{
    if (header->kind >= AH_FRAME_KIND_HELLO) {
        ah_hello_take(link, header, payload, now);
        return;
    }
    if ((header->kind != AH_FRAME_KIND_DATA && header->kind != AH_FRAME_KIND_ACK) || header->channel >= AH_CHANNELS || header->link == 0) {
        link->counters.stale++;
        return;
    }
    if (link->pending_id != 0 && header->link == link->pending_id) {
        /* Only a host that has our answer knows this number: now the new link is in force. */
        ah_hello_confirm(link);
    }
    if (!link->up || header->link != link->id) {
        link->counters.stale++;
        if (link->options.role == AH_ROLE_DEVICE) {
            link->unknown = header->link;
        }
        return;
    }
    take_message(link, header, payload, now);
}

void ah_link_receive(ah_link *link, const uint8_t *bytes, size_t count, uint64_t now)
{
    for (size_t i = 0; i < count; i++) {
        ah_frame_header header;
        const uint8_t *payload = NULL;
        if (!ah_deframer_take(&link->deframer, bytes[i])) {
            continue;
        }
        if (link->deframer.count == 0) {
            link->counters.length++;
            continue;
        }
        switch (ah_frame_decode(link->deframer.bytes, link->deframer.count, &header, &payload)) {
        case AH_FRAME_GOOD:
            link->counters.frames_in++;
            take_frame(link, &header, payload, now);
            break;
        case AH_FRAME_COBS:
            link->counters.cobs++;
            break;
        case AH_FRAME_LENGTH:
            link->counters.length++;
            break;
        default:
            link->counters.crc++;
            break;
        }
    }
}

static size_t encode(ah_link *link, ah_frame_header *header, const uint8_t *payload, uint8_t *wire)
{
    link->counters.frames_out++;
    link->recent_frames++;
    if (link->recent_frames >= 512) {
        link->recent_frames /= 2;
        link->recent_retransmits /= 2;
    }
    return ah_frame_encode(header, payload, wire);
}

static size_t transmit_channel(ah_link *link, uint8_t number, bool data, uint8_t *wire, uint64_t now)
{
    ah_channel *channel = &link->channels[number];
    ah_frame_header header = { 0 };
    const uint8_t *payload = NULL;
    int32_t due = ah_channel_due(channel, now, &link->trip);
    if (data ? due < 0 : due >= 0 || !channel->ack_due) {
        return 0;
    }
    header.kind = AH_FRAME_KIND_ACK;
    header.channel = number;
    header.link = link->id;
    header.acknowledge = channel->consumed;
    header.received = ah_channel_received_bits(channel);
    if (due >= 0) {
        const ah_sent_slot *slot = &channel->sent[(uint16_t)due & (channel->slots - 1u)];
        uint32_t before = link->counts.retransmit;
        if (!ah_channel_sending(channel, (uint16_t)due, now, &link->counts, &link->trip) && link->options.role == AH_ROLE_HOST) {
            ah_link_reconnect(link, now);
            return 0;
        }
        link->recent_retransmits += link->counts.retransmit - before;
        header.kind = AH_FRAME_KIND_DATA;
        header.sequence = (uint16_t)due;
        header.length = slot->length;
        payload = slot->payload;
    }
    channel->ack_due = false;
    return encode(link, &header, payload, wire);
}

size_t ah_link_transmit(ah_link *link, uint8_t wire[AH_FRAME_WIRE_MAX], uint64_t now)
{
    ah_frame_header header = { 0 };
    uint8_t payload[AH_HELLO_ANSWER_SIZE];
    if (ah_hello_give(link, &header, payload, now)) {
        return encode(link, &header, payload, wire);
    }
    /* Acknowledgements that no message can carry go first: they are short, and the other side times its messages by them. */
    for (uint8_t i = 0; link->up && i < 2 * AH_CHANNELS; i++) {
        size_t count = transmit_channel(link, i % AH_CHANNELS, i >= AH_CHANNELS, wire, now);
        if (count > 0) {
            return count;
        }
    }
    return 0;
}

uint64_t ah_link_next_due(const ah_link *link)
{
    uint64_t when = UINT64_MAX;
    if (link->answer_due || link->hello_due || link->safe_due || link->unknown != 0) {
        return 0;
    }
    if (!link->up) {
        return link->options.role == AH_ROLE_HOST ? link->hello_at + AH_TIMEOUT_FIRST_US : UINT64_MAX;
    }
    for (unsigned c = 0; c < AH_CHANNELS; c++) {
        uint64_t due = link->channels[c].ack_due ? 0 : ah_channel_next_due(&link->channels[c], &link->trip);
        when = due < when ? due : when;
    }
    return when;
}

bool ah_link_can_send(const ah_link *link, uint8_t channel)
{
    return link->up && ah_channel_can_send(&link->channels[channel]);
}

bool ah_link_send(ah_link *link, uint8_t channel, const uint8_t *payload, uint16_t length, uint64_t now)
{
    return link->up && length <= link->max_payload && ah_channel_send(&link->channels[channel], payload, length, now);
}

const ah_received_slot *ah_link_peek(const ah_link *link, uint8_t channel)
{
    return link->up ? ah_channel_peek(&link->channels[channel]) : NULL;
}

void ah_link_pop(ah_link *link, uint8_t channel)
{
    ah_channel_pop(&link->channels[channel]);
}

ah_counters ah_link_counters(const ah_link *link)
{
    ah_counters all = link->counters;
    all.duplicate = link->counts.duplicate;
    all.reorder = link->counts.reorder;
    all.retransmit = link->counts.retransmit;
    all.retransmit_permille = link->recent_frames == 0 ? 0 : 1000 * link->recent_retransmits / link->recent_frames;
    return all;
}
