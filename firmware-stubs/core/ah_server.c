#include "ah_server.h"

void ah_server_init(ah_server *server, ah_link *link, const ah_handler *handler)
{
    memset(server, 0, sizeof *server);
    server->link = link;
    server->handler = *handler;
}

static void put_result(ah_result *result, uint16_t status, uint16_t opcode, uint16_t length)
{
    ah_reply_header header;
    header.id = result->id;
    header.status = status;
    header.opcode = opcode;
    ah_put_reply_header(result->reply, &header);
    result->length = (uint16_t)(AH_REPLY_HEADER_SIZE + length);
}

static bool give(ah_server *server, ah_result *result, uint64_t now)
{
    result->unsent = !ah_link_send(server->link, result->channel, result->reply, result->length, now);
    return !result->unsent;
}

static bool refuse_expired(ah_server *server, uint8_t channel, const ah_command_header *header, uint64_t now)
{
    uint8_t bytes[AH_REPLY_HEADER_SIZE + AH_REFUSAL_SIZE];
    ah_reply_header reply = { header->id, AH_STATUS_EXPIRED, header->opcode };
    ah_refusal refusal = { 0 };
    refusal.value = header->id;
    refusal.limit = server->results[header->id % AH_RESULTS_KEPT].id;
    ah_put_reply_header(bytes, &reply);
    ah_put_refusal(bytes + AH_REPLY_HEADER_SIZE, &refusal);
    server->link->counters.expired++;
    return ah_link_send(server->link, channel, bytes, sizeof bytes, now);
}

/* False when the command must stay where it is for now. */
static bool begin(ah_server *server, uint8_t channel, ah_result *result, ah_command *command, uint64_t now)
{
    uint32_t status;
    if (result->pending || result->unsent) {
        return false;
    }
    /* The handler writes into the slot; its old content is of a command whose answer the host has, or it would not use this id. */
    command->reply = result->reply + AH_REPLY_HEADER_SIZE;
    command->reply_room = (uint16_t)(server->link->max_payload - AH_REPLY_HEADER_SIZE);
    command->reply_length = 0;
    status = server->handler.execute(server->handler.context, command);
    if (status == AH_HANDLER_WAIT) {
        return false;
    }
    result->id = command->header.id;
    result->channel = channel;
    if (status == AH_HANDLER_PENDING) {
        result->pending = true;
        server->last_begun = result->id;
        put_result(result, AH_STATUS_OK, command->header.opcode, 0);
        return true;
    }
    put_result(result, (uint16_t)status, command->header.opcode, command->reply_length);
    (void)give(server, result, now);
    return true;
}

/* Answers a keep-alive outside the kept results: it may be executed any number of times, and no long execution can hold it up. */
static bool answer_sign_of_life(ah_server *server, uint8_t channel, ah_command *command, uint64_t now)
{
    uint8_t bytes[AH_REPLY_HEADER_SIZE + AH_REFUSAL_SIZE];
    ah_reply_header reply = { AH_SIGN_OF_LIFE_ID, 0, command->header.opcode };
    uint32_t status;
    if (!ah_link_can_send(server->link, channel)) {
        return false;
    }
    command->reply = bytes + AH_REPLY_HEADER_SIZE;
    command->reply_room = AH_REFUSAL_SIZE;
    command->reply_length = 0;
    status = server->handler.execute(server->handler.context, command);
    if (status == AH_HANDLER_WAIT) {
        return false;
    }
    reply.status = (uint16_t)status;
    ah_put_reply_header(bytes, &reply);
    return ah_link_send(server->link, channel, bytes, (uint16_t)(AH_REPLY_HEADER_SIZE + command->reply_length), now);
}

/* Takes one message; false when the channel must wait. */
static bool take(ah_server *server, uint8_t channel, const ah_received_slot *message, uint64_t now)
{
    ah_command command;
    ah_result *result;
    if (message->length < AH_COMMAND_HEADER_SIZE) {
        server->link->counters.stale++;
        return true;
    }
    ah_get_command_header(message->payload, &command.header);
    command.body = message->payload + AH_COMMAND_HEADER_SIZE;
    command.length = (uint16_t)(message->length - AH_COMMAND_HEADER_SIZE);
    if (command.header.id == AH_SIGN_OF_LIFE_ID) {
        if (command.header.opcode == AH_OPCODE_KEEP_ALIVE) {
            return answer_sign_of_life(server, channel, &command, now);
        }
        server->link->counters.stale++;
        return true;
    }
    result = &server->results[command.header.id % AH_RESULTS_KEPT];
    if (result->id == command.header.id) {
        if (result->pending) {
            result->channel = channel;
            return true;
        }
        if (!ah_link_can_send(server->link, channel)) {
            return false;
        }
        server->link->counters.replayed++;
        result->channel = channel;
        return give(server, result, now);
    }
    if (!ah_link_can_send(server->link, channel)) {
        return false;
    }
    if (result->id != 0 && (int32_t)(command.header.id - result->id) < 0) {
        return refuse_expired(server, channel, &command.header, now);
    }
    return begin(server, channel, result, &command, now);
}

void ah_server_poll(ah_server *server, uint64_t now)
{
    ah_link *link = server->link;
    if (!link->up) {
        return;
    }
    if (!server->has_session || server->session != link->session) {
        server->has_session = true;
        server->session = link->session;
        server->last_begun = 0;
        memset(server->results, 0, sizeof server->results);
        if (server->handler.session_changed != NULL) {
            server->handler.session_changed(server->handler.context);
        }
    }
    for (unsigned i = 0; i < AH_RESULTS_KEPT; i++) {
        if (server->results[i].unsent) {
            (void)give(server, &server->results[i], now);
        }
    }
    for (uint8_t c = 0; c < AH_CHANNELS; c++) {
        const ah_received_slot *message;
        while ((message = ah_link_peek(link, c)) != NULL && take(server, c, message, now)) {
            ah_link_pop(link, c);
        }
    }
}

void ah_server_complete(ah_server *server, uint16_t status, const uint8_t *body, uint16_t length)
{
    ah_result *result = &server->results[server->last_begun % AH_RESULTS_KEPT];
    ah_reply_header begun;
    if (server->last_begun == 0 || result->id != server->last_begun || !result->pending) {
        return; /* the session that asked is gone */
    }
    ah_get_reply_header(result->reply, &begun);
    if (length > 0) {
        memcpy(result->reply + AH_REPLY_HEADER_SIZE, body, length);
    }
    put_result(result, status, begun.opcode, length);
    result->pending = false;
    result->unsent = true;
    server->last_begun = 0;
}

bool ah_server_event(ah_server *server, uint8_t channel, uint16_t opcode, const uint8_t *body, uint16_t length, uint64_t now)
{
    uint8_t bytes[AH_MAX_PAYLOAD];
    ah_reply_header header = { 0, AH_STATUS_OK, opcode };
    ah_put_reply_header(bytes, &header);
    if (length > 0) {
        memcpy(bytes + AH_REPLY_HEADER_SIZE, body, length);
    }
    if (!ah_link_send(server->link, channel, bytes, (uint16_t)(AH_REPLY_HEADER_SIZE + length), now)) {
        server->link->counters.events_dropped++;
        return false;
    }
    return true;
}
