#ifndef AH_LINK_H
#define AH_LINK_H

#include "ah_channel.h"
#include "ah_frame.h"

#define AH_CHANNELS 5u
#define AH_LINK_SLOTS (AH_URGENT_WINDOW + AH_CONTROL_WINDOW + AH_BULK_WINDOW + AH_TELEMETRY_WINDOW + AH_LOG_WINDOW)

typedef enum {
    AH_ROLE_DEVICE, /* answers HELLO */
    AH_ROLE_HOST    /* says HELLO until it is answered, and again when the link is gone */
} ah_role;

typedef struct {
    ah_role role;
    uint16_t version_lowest;
    uint16_t version_highest;
    uint16_t max_payload;
    uint8_t window;
    uint32_t features; /* AH_FEATURE_...: host asks for them, device grants those that it has */
    uint8_t schema[16];
    uint32_t session; /* host: random number of this run */
    uint64_t boot;    /* device: identity of this boot; may be filled in by on_first_hello */
    void *context;
    void (*on_first_hello)(void *context, uint32_t session); /* device: last chance to settle `boot`; may be null */
    void (*on_safe)(void *context);                          /* device: a safe frame arrived; may be null */
} ah_link_options;

/* One end of a serial link: frames in, frames out, five channels in order and without loss while the link lives. */
typedef struct {
    ah_link_options options;
    ah_deframer deframer;
    ah_channel channels[AH_CHANNELS];
    ah_sent_slot sent[AH_LINK_SLOTS];
    ah_received_slot received[AH_LINK_SLOTS];
    ah_round_trip trip;
    ah_channel_counts counts;
    ah_counters counters;
    bool up;
    uint16_t id;         /* of the link in force */
    uint32_t generation; /* counts links taken up; whoever sees it change must send again what was not answered */
    uint32_t session;    /* of the link in force */
    uint32_t attempt;
    uint16_t last_id;        /* device: last number given out */
    uint16_t pending_id;     /* device: link that was offered and not yet used by the host; 0 for none */
    ah_hello_answer pending; /* device: what was offered with it */
    ah_hello_answer answer;  /* host: the last one heard, with the reason when there is no link; device: the last one given */
    bool answered;           /* whether there was one since the last reconnect */
    uint16_t max_payload;    /* agreed for the link in force */
    bool first_hello_done;
    bool answer_due;
    bool hello_due;
    uint64_t hello_at;
    bool safe_due; /* host: a safe frame is to be sent; device: to be answered */
    uint32_t safe_token;
    bool safe_answered;
    uint16_t unknown; /* device: link that a frame named and nobody knows; 0 for none */
    uint32_t recent_frames;
    uint32_t recent_retransmits;
} ah_link;

void ah_link_init(ah_link *link, const ah_link_options *options);

/* Takes bytes from the line. */
void ah_link_receive(ah_link *link, const uint8_t *bytes, size_t count, uint64_t now);

/* Writes the next frame for the line; 0 when there is nothing to send. Call it when the line is free, so that priorities and times mean something. */
size_t ah_link_transmit(ah_link *link, uint8_t wire[AH_FRAME_WIRE_MAX], uint64_t now);

/* When ah_link_transmit will have something if nothing arrives: 0 for now, UINT64_MAX for never. */
uint64_t ah_link_next_due(const ah_link *link);

bool ah_link_can_send(const ah_link *link, uint8_t channel);
bool ah_link_send(ah_link *link, uint8_t channel, const uint8_t *payload, uint16_t length, uint64_t now);
const ah_received_slot *ah_link_peek(const ah_link *link, uint8_t channel);
void ah_link_pop(ah_link *link, uint8_t channel);

/* Host: drops the link and says HELLO again. */
void ah_link_reconnect(ah_link *link, uint64_t now);

/* Host: sends a safe frame, with or without a link. */
void ah_link_make_safe(ah_link *link, uint32_t token);

/* The counters with those of the channels. */
ah_counters ah_link_counters(const ah_link *link);

#endif
