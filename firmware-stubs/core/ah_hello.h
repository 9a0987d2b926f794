#ifndef AH_HELLO_H
#define AH_HELLO_H

#include "ah_link.h"

/* Takes a frame that needs no link: HELLO and its answer, safe and its answer, link unknown. */
void ah_hello_take(ah_link *link, const ah_frame_header *header, const uint8_t *payload, uint64_t now);

/* Gives the next such frame to send; false for none. `payload` holds AH_HELLO_ANSWER_SIZE bytes. */
bool ah_hello_give(ah_link *link, ah_frame_header *header, uint8_t *payload, uint64_t now);

/* Device: the offered link is in force from now on. */
void ah_hello_confirm(ah_link *link);

#endif
