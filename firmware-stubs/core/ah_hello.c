#include "ah_hello.h"

static void take_up(ah_link *link, const ah_hello_answer *agreed)
{
    link->id = agreed->link;
    link->session = agreed->session;
    link->attempt = agreed->attempt;
    link->max_payload = agreed->max_payload;
    link->up = true;
    link->generation++;
    link->counters.links++;
    ah_round_trip_reset(&link->trip);
    for (unsigned c = 0; c < AH_CHANNELS; c++) {
        ah_channel_reset(&link->channels[c], agreed->window);
    }
}

void ah_hello_confirm(ah_link *link)
{
    link->pending_id = 0;
    take_up(link, &link->pending);
}

static uint16_t smaller(uint16_t a, uint16_t b)
{
    return a < b ? a : b;
}

static ah_hello_answer answer_to(const ah_link *link, const ah_hello *hello)
{
    const ah_link_options *own = &link->options;
    uint16_t version = smaller(hello->version_highest, own->version_highest);
    ah_hello_answer answer = { 0 };
    answer.version_lowest = own->version_lowest;
    answer.version_highest = own->version_highest;
    answer.max_payload = smaller(hello->max_payload, own->max_payload);
    answer.window = (uint8_t)smaller(hello->window, own->window);
    answer.features = hello->features & own->features;
    answer.session = hello->session;
    answer.attempt = hello->attempt;
    answer.results_kept = AH_RESULTS_KEPT;
    answer.boot = own->boot;
    memcpy(answer.schema, own->schema, sizeof answer.schema);
    if (version < hello->version_lowest || version < own->version_lowest) {
        answer.status = AH_HELLO_STATUS_VERSION_REFUSED;
    } else if (memcmp(hello->schema, own->schema, sizeof hello->schema) != 0) {
        answer.status = AH_HELLO_STATUS_SCHEMA_REFUSED;
    } else if (answer.max_payload < AH_MIN_PAYLOAD || answer.window < 1) {
        answer.status = AH_HELLO_STATUS_LIMITS_REFUSED;
    } else {
        answer.version = version;
    }
    return answer;
}

static void take_hello(ah_link *link, const uint8_t *payload)
{
    ah_hello hello;
    bool same_session;
    ah_get_hello(payload, &hello);
    if (!link->first_hello_done) {
        link->first_hello_done = true;
        if (link->options.on_first_hello != NULL) {
            link->options.on_first_hello(link->options.context, hello.session);
        }
        link->last_id = (uint16_t)link->options.boot;
    }
    same_session = link->generation > 0 && hello.session == link->session;
    if (same_session && (int32_t)(hello.attempt - link->attempt) < 0) {
        link->counters.stale++; /* the line kept it back while a later one was agreed on */
        return;
    }
    link->answer = answer_to(link, &hello);
    link->answered = true;
    link->answer_due = true;
    if (link->answer.status != AH_HELLO_STATUS_OK) {
        return;
    }
    if (same_session && hello.attempt == link->attempt) {
        link->answer.link = link->id; /* our answer was lost, or this is a copy */
        return;
    }
    if (link->pending_id == 0 || link->pending.session != hello.session || link->pending.attempt != hello.attempt) {
        do {
            link->last_id++;
        } while (link->last_id == 0 || link->last_id == link->id);
        link->pending_id = link->last_id;
    }
    link->answer.link = link->pending_id;
    link->pending = link->answer;
}

static void take_answer(ah_link *link, const uint8_t *payload)
{
    ah_hello_answer answer;
    ah_get_hello_answer(payload, &answer);
    if (link->up || answer.session != link->options.session || answer.attempt != link->attempt) {
        link->counters.stale++;
        return;
    }
    link->answer = answer;
    link->answered = true;
    if (answer.status == AH_HELLO_STATUS_OK && answer.link != 0 && answer.window >= 1) {
        link->hello_due = false;
        take_up(link, &answer);
        link->channels[AH_CHANNEL_CONTROL].ack_due = true; /* the first frame of the link puts it in force on the other side */
    }
}

void ah_hello_take(ah_link *link, const ah_frame_header *header, const uint8_t *payload, uint64_t now)
{
    bool device = link->options.role == AH_ROLE_DEVICE;
    if (device && header->kind == AH_FRAME_KIND_HELLO && header->length == AH_HELLO_SIZE) {
        take_hello(link, payload);
    } else if (device && header->kind == AH_FRAME_KIND_SAFE && header->length == AH_SAFE_TOKEN_SIZE) {
        link->safe_token = ah_get_u32(payload);
        link->safe_due = true;
        if (link->options.on_safe != NULL) {
            link->options.on_safe(link->options.context);
        }
    } else if (!device && header->kind == AH_FRAME_KIND_HELLO_ANSWER && header->length == AH_HELLO_ANSWER_SIZE) {
        take_answer(link, payload);
    } else if (!device && header->kind == AH_FRAME_KIND_SAFE_ANSWER && header->length == AH_SAFE_TOKEN_SIZE) {
        link->safe_answered = link->safe_answered || ah_get_u32(payload) == link->safe_token;
    } else if (!device && header->kind == AH_FRAME_KIND_LINK_UNKNOWN && header->length == AH_LINK_UNKNOWN_SIZE) {
        ah_link_unknown unknown;
        ah_get_link_unknown(payload, &unknown);
        if (link->up && unknown.link == link->id) {
            ah_link_reconnect(link, now);
        }
    } else {
        link->counters.stale++;
    }
}

void ah_link_reconnect(ah_link *link, uint64_t now)
{
    (void)now;
    link->up = false;
    link->attempt++;
    link->hello_due = true;
    link->answered = false;
}

void ah_link_make_safe(ah_link *link, uint32_t token)
{
    link->safe_token = token;
    link->safe_answered = false;
    link->safe_due = true;
}

static bool give(ah_frame_header *header, uint8_t kind, uint16_t length)
{
    header->kind = kind;
    header->length = length;
    return true;
}

bool ah_hello_give(ah_link *link, ah_frame_header *header, uint8_t *payload, uint64_t now)
{
    bool device = link->options.role == AH_ROLE_DEVICE;
    if (link->safe_due) {
        link->safe_due = false;
        ah_put_u32(payload, link->safe_token);
        return give(header, device ? AH_FRAME_KIND_SAFE_ANSWER : AH_FRAME_KIND_SAFE, AH_SAFE_TOKEN_SIZE);
    }
    if (link->answer_due) {
        link->answer_due = false;
        ah_put_hello_answer(payload, &link->answer);
        return give(header, AH_FRAME_KIND_HELLO_ANSWER, AH_HELLO_ANSWER_SIZE);
    }
    if (link->unknown != 0) {
        ah_link_unknown unknown = { link->options.boot, link->unknown, 0 };
        link->unknown = 0;
        ah_put_link_unknown(payload, &unknown);
        return give(header, AH_FRAME_KIND_LINK_UNKNOWN, AH_LINK_UNKNOWN_SIZE);
    }
    if (!device && !link->up && (link->hello_due || now - link->hello_at >= AH_TIMEOUT_FIRST_US)) {
        const ah_link_options *own = &link->options;
        ah_hello hello = { 0 };
        hello.version_lowest = own->version_lowest;
        hello.version_highest = own->version_highest;
        hello.features = own->features;
        hello.max_payload = own->max_payload;
        hello.window = own->window;
        hello.session = own->session;
        hello.attempt = link->attempt;
        memcpy(hello.schema, own->schema, sizeof hello.schema);
        link->hello_due = false;
        link->hello_at = now;
        ah_put_hello(payload, &hello);
        return give(header, AH_FRAME_KIND_HELLO, AH_HELLO_SIZE);
    }
    return false;
}
