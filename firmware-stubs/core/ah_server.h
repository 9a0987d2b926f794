#ifndef AH_SERVER_H
#define AH_SERVER_H

#include "ah_link.h"

/* What a handler returns beside the values of AH_STATUS_*. */
#define AH_HANDLER_PENDING 0x10000u /* begun; ah_server_complete will bring the result */
#define AH_HANDLER_WAIT 0x10001u    /* not begun, nothing changed: ask again later */

typedef struct {
    ah_command_header header;
    const uint8_t *body;
    uint16_t length;
    uint8_t *reply;      /* where the body of the reply goes */
    uint16_t reply_room; /* bytes that fit into a frame of this link */
    uint16_t reply_length;
} ah_command;

typedef struct {
    void *context;
    uint32_t (*execute)(void *context, ah_command *command); /* a status, or one of AH_HANDLER_* */
    void (*session_changed)(void *context);                  /* another host, or the same one after a restart; may be null */
} ah_handler;

typedef struct {
    uint32_t id; /* 0: never used */
    uint8_t channel;
    bool pending;  /* begun, no result yet */
    bool unsent;   /* the result could not be queued yet */
    uint16_t length;
    uint8_t reply[AH_MAX_PAYLOAD];
} ah_result;

/* Executes every command of a session once, however often it arrives, and gives its kept result again. */
typedef struct {
    ah_link *link;
    ah_handler handler;
    uint32_t session;
    bool has_session;
    ah_result results[AH_RESULTS_KEPT];
    uint32_t last_begun; /* id of the command that is pending; 0 for none */
} ah_server;

void ah_server_init(ah_server *server, ah_link *link, const ah_handler *handler);

/* Executes what has arrived and queues what is due. Call it after ah_link_receive. */
void ah_server_poll(ah_server *server, uint64_t now);

/* Brings the result of the pending command. */
void ah_server_complete(ah_server *server, uint16_t status, const uint8_t *body, uint16_t length);

/* Queues an event (id 0) without a result; false when its channel is full: the event is dropped and counted. */
bool ah_server_event(ah_server *server, uint8_t channel, uint16_t opcode, const uint8_t *body, uint16_t length, uint64_t now);

#endif
